/** @file What the core may know of sound files without loading a codec: names, kinds, scales. The room's second door; see `.config/edges.js`. */
export { audioExtensions, isAudioName, unreadSound } from './audio-name.ts';
export { checkField } from './field-name.ts';
export { finishWriting } from './fields/overwrite.ts';
export { leftoverOf } from './fields/temporary-name.ts';
export { comparePrints, shiftBetween } from './fingerprint/compare.ts';
export type { PrintMatch } from './fingerprint/compare.ts';
export { fingerprintVersion, unpackFingerprint } from './fingerprint/fingerprint.ts';
export type { Fingerprint } from './fingerprint/fingerprint.ts';
export { peaksPerSecond } from './peaks.ts';
export { isPlayableInBrowser, mimeTypeOf } from './playable.ts';
