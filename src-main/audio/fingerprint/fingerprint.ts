/**
 * @file What a fingerprint is: 32-bit words over time, after Haitsma and Kalker 2002 (A Highly Robust Audio Fingerprinting System, section 4),
 * from where the sound begins and before where it ends, and an outline of its spectrum that tells one mastering from another.
 */
import { AppError } from '../../base/index.ts';

/** Counts up when fingerprints of before can no longer be compared with new ones. */
export const fingerprintVersion = 2;

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

/** Words of a sample of what lies between head and tail, two seconds, and words from the start of one sample to that of the next, twenty seconds. */
export const middleWords = 43;
export const middleEveryWords = 431;

/** Consecutive words; word `i` begins at `startMs + i * wordMs` in the file. A silent frame's word is 0. */
export type WordRun = { startMs: number; words: Uint32Array };

/** One recording. Both runs are empty when there is no sound, or too little of it. */
export type Fingerprint = {
  /** From where the sound begins, 90 seconds at most. */
  head: WordRun;
  /** Before where the sound ends, 30 seconds at most. */
  tail: WordRun;
  /** Samples of what follows the head, one behind the other, {@link middleWords} each; the first begins where the head ends. */
  middle: Uint32Array;
  /** Mean level of each band of the head, decibels about their mean `[33]`: not changed by volume, changed by an equaliser. */
  spectrum: Float32Array;
  /** Standard deviation of the head's loudness, decibels: made smaller by a compressor. */
  loudnessSpread: number;
};

const headerBytes = 4 + 4 + 4 + 8 + 8 + 4 + 4 * printBands;

/** A fingerprint as it is kept: little-endian counts, starts, spectrum, words. */
export function packFingerprint({ head, tail, middle, spectrum, loudnessSpread }: Fingerprint): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(headerBytes + 4 * (head.words.length + tail.words.length + middle.length));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, head.words.length, true);
  view.setUint32(4, tail.words.length, true);
  view.setUint32(8, middle.length, true);
  view.setFloat64(12, head.startMs, true);
  view.setFloat64(20, tail.startMs, true);
  view.setFloat32(28, loudnessSpread, true);
  for (let band = 0; band < printBands; band++) view.setFloat32(32 + 4 * band, spectrum[band] ?? 0, true);
  let at = headerBytes;
  for (const words of [head.words, tail.words, middle])
    for (const word of words) {
      view.setUint32(at, word, true);
      at += 4;
    }
  return bytes;
}

/** The opposite of {@link packFingerprint}. @throws AppError `DATABASE_DAMAGED` when the bytes are not what was packed */
export function unpackFingerprint(bytes: Uint8Array): Fingerprint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const counts = bytes.length < headerBytes ? null : [view.getUint32(0, true), view.getUint32(4, true), view.getUint32(8, true)];
  const [headWords = 0, tailWords = 0, middleCount = 0] = counts ?? [];
  if (counts === null || bytes.length !== headerBytes + 4 * (headWords + tailWords + middleCount))
    throw new AppError('DATABASE_DAMAGED', 'A stored fingerprint is not whole. Look for duplicates once more; it is made anew.');
  // A copy, since words must lie at a multiple of four; a Buffer's own `slice` makes none.
  const wordsAt = (start: number, count: number): Uint32Array =>
    new Uint32Array(new Uint8Array(bytes.subarray(headerBytes + 4 * start, headerBytes + 4 * (start + count))).buffer);
  return {
    head: { startMs: view.getFloat64(12, true), words: wordsAt(0, headWords) },
    tail: { startMs: view.getFloat64(20, true), words: wordsAt(headWords, tailWords) },
    middle: wordsAt(headWords + tailWords, middleCount),
    spectrum: Float32Array.from({ length: printBands }, (_, band) => view.getFloat32(32 + 4 * band, true)),
    loudnessSpread: view.getFloat32(28, true),
  };
}
