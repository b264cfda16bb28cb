/** @file A file to its fingerprint. */
import { AppError } from '../../base/index.ts';
import { decodeMono } from '../decode.ts';
import { packFingerprint, printSampleRate } from './fingerprint.ts';
import { PrintBuilder } from './print-builder.ts';

/**
 * Decodes a whole file and makes its fingerprint.
 * @param path stored form (see `toStoredPath`)
 * @param isCancelled polled
 * @returns what `unpackFingerprint` takes
 * @throws AppError as `decodeMono`; CANCELLED
 */
export function printAudio(path: string, isCancelled: () => boolean = () => false): Uint8Array<ArrayBuffer> {
  const builder = new PrintBuilder();
  for (const block of decodeMono(path, { sampleRate: printSampleRate })) {
    if (isCancelled()) throw new AppError('CANCELLED', 'The work was cancelled.');
    builder.push(block);
  }
  return packFingerprint(builder.finish());
}
