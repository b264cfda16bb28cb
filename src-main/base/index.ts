/** @file What every room may use. */
export { assert, defined, unreachable } from './assert.ts';
export { breather } from './breather.ts';
export { evenly } from './evenly.ts';
export { countOf, formatCount, singularOf, withUnit } from './counts.ts';
export { AsyncQueue } from './async-queue.ts';
export { contained, defectLine } from './contained.ts';
export { AppError, errorCodes, isCancelled, toAppError } from './errors.ts';
export type { ErrorCode, ErrorData } from './errors.ts';
export { Fourier } from './fourier.ts';
export { toStoredPath, toSystemPath } from './file-path.ts';
export { plausibleRows } from './plausible-rows.ts';
export { openRegularFile, readRegularFile } from './regular-file.ts';
export { checkTarget } from './target-path.ts';
export { isProcessAlive, removeDeadTemporaries, removeDeadTemporariesOf, temporaryPath } from './temporary-path.ts';
export { visibleJson, visibleLine, visibleText } from './visible-text.ts';
export { seededRandom } from './random.ts';
export type { Random } from './random.ts';
export { flushFolder, writeWhole, writeWholeNow } from './write-whole.ts';
