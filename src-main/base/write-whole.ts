/** @file Writing a file as a whole: beside its place, flushed to disk (fsync), then renamed over it. A reader sees the old file or the new one, never half of one. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { toAppError } from './errors.ts';
import { removeDeadTemporariesOf, temporaryPath } from './temporary-path.ts';

/**
 * @param doing what to say that could not be done, for example `write the weights to /a/b`
 * @throws AppError of the file system; nothing half-written stays
 */
export async function writeWhole(path: string, content: Uint8Array | string, doing: string): Promise<void> {
  const temporary = temporaryPath(path);
  try {
    await removeDeadTemporariesOf(path);
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw toAppError(error, doing);
  }
}

/**
 * The same at once, for what must be there before anything else happens.
 * @throws errors of the file system; nothing half-written stays
 */
export function writeWholeNow(path: string, text: string): void {
  const temporary = temporaryPath(path);
  try {
    const file = openSync(temporary, 'wx');
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Flushes a folder's entries to disk, so that files made, moved or deleted in it stay so after a power cut. Windows has no such call. */
export function flushFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
