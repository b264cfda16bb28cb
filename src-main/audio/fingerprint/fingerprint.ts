/**
 * @file What a fingerprint is: 32-bit words over time, after Haitsma and Kalker 2002 (A Highly Robust Audio Fingerprinting System, section 4),
 * from where the sound begins and before where it ends, and an outline of its spectrum that tells one mastering from another.
 */
import { AppError } from '../../base/index.ts';

/** Counts up when fingerprints of before can no longer be compared with new ones. */
export const fingerprintVersion = 1;

/** Hertz; bands end at 2 000. */
export const printSampleRate = 5512;
/** Samples of a frame, 0.37 s as in the paper. */
export const printFrameSamples = 2048;
/** Samples from a frame to the next, 46 ms. The paper takes 11.6 ms; a whole library then has four times as many words. */
export const printHopSamples = 256;
/** Bands from 300 to 2 000 Hz, a semitone each; two neighbours give a bit. */
export const printBands = 33;
/** Milliseconds from a word to the next. */
export const wordMs = (printHopSamples * 1000) / printSampleRate;

/** Consecutive words; word `i` begins at `startMs + i * wordMs` in the file. A silent frame's word is 0. */
export type WordRun = { startMs: number; words: Uint32Array };

/** One recording. Both runs are empty when there is no sound, or too little of it. */
export type Fingerprint = {
  /** From where the sound begins, 90 seconds at most. */
  head: WordRun;
  /** Before where the sound ends, 30 seconds at most. */
  tail: WordRun;
  /** Mean level of each band of the head, decibels about their mean `[33]`: not changed by volume, changed by an equaliser. */
  spectrum: Float32Array;
  /** Standard deviation of the head's loudness, decibels: made smaller by a compressor. */
  loudnessSpread: number;
};

const headerBytes = 4 + 4 + 8 + 8 + 4 + 4 * printBands;

/** A fingerprint as it is kept: little-endian counts, starts, spectrum, words. */
export function packFingerprint({ head, tail, spectrum, loudnessSpread }: Fingerprint): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(headerBytes + 4 * (head.words.length + tail.words.length));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, head.words.length, true);
  view.setUint32(4, tail.words.length, true);
  view.setFloat64(8, head.startMs, true);
  view.setFloat64(16, tail.startMs, true);
  view.setFloat32(24, loudnessSpread, true);
  for (let band = 0; band < printBands; band++) view.setFloat32(28 + 4 * band, spectrum[band] ?? 0, true);
  let at = headerBytes;
  for (const { words } of [head, tail])
    for (const word of words) {
      view.setUint32(at, word, true);
      at += 4;
    }
  return bytes;
}

/** The opposite of {@link packFingerprint}. @throws AppError `DATABASE_DAMAGED` when the bytes are not what was packed */
export function unpackFingerprint(bytes: Uint8Array): Fingerprint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const counts = bytes.length < headerBytes ? null : [view.getUint32(0, true), view.getUint32(4, true)];
  const [headWords = 0, tailWords = 0] = counts ?? [];
  if (counts === null || bytes.length !== headerBytes + 4 * (headWords + tailWords))
    throw new AppError('DATABASE_DAMAGED', 'A stored fingerprint is not whole. Look for duplicates once more; it is made anew.');
  // A copy, since words must lie at a multiple of four; a Buffer's own `slice` makes none.
  const wordsAt = (start: number, count: number): Uint32Array =>
    new Uint32Array(new Uint8Array(bytes.subarray(headerBytes + 4 * start, headerBytes + 4 * (start + count))).buffer);
  return {
    head: { startMs: view.getFloat64(8, true), words: wordsAt(0, headWords) },
    tail: { startMs: view.getFloat64(16, true), words: wordsAt(headWords, tailWords) },
    spectrum: Float32Array.from({ length: printBands }, (_, band) => view.getFloat32(28 + 4 * band, true)),
    loudnessSpread: view.getFloat32(24, true),
  };
}
