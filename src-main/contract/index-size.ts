/** @file How much space an index takes on the disk. */

/** From this size on a person is told before an index is made. */
export const largeIndexBytes = 2 ** 30;

/** Every number is kept twice, in its row and in its column, with four bytes each. */
const bytesOfNumber = 8;

/** Bytes of an index of so much sound, about: a track's remainder is no segment. */
export function indexBytes(about: { audioMs: number; sampleRate: number; hopSamples: number; dimensions: number }): number {
  const segments = (about.audioMs / 1000) * (about.sampleRate / about.hopSamples);
  return segments * about.dimensions * bytesOfNumber;
}
