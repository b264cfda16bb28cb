/**
 * @file Embeddings of the seeded library: a track's are told by its file's name alone, so that what was seeded and what the stand-in of the index
 * process encodes later agree. A few hidden qualities of each track show in many neurons; seeded tags follow them, so that they can be learnt.
 */
import { basename } from 'node:path';
import { noise } from './track-plan.ts';

/** Neurons of the seeded encoders. */
export const seedDimensions = 512;

/** Hidden qualities of a track. */
export const qualities = 8;

/** A number that stands for a file, whatever folder it lies in. */
export function fileKey(path: string): number {
  return [...basename(path)].reduce((hash, letter) => (Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0)) >>> 0, 7) % 1_000_003;
}

/** How much of a hidden quality a file has, in [0, 1). */
export function qualityOf(key: number, quality: number): number {
  return noise(key, 9000 + quality);
}

/** One neuron's answer to a segment: most are small or zero, a few files excite it, and it drifts along a track. */
export function activation(key: number, segment: number, feature: number): number {
  const taste = noise(key, feature + 7) ** 4 * 2;
  const quality = Math.max(0, qualityOf(key, feature % qualities) - 0.5) * (1 + noise(feature, 5)) * 2;
  const drift = Math.sin(segment * (0.2 + noise(feature, 3)) + noise(key, feature) * 6) * 0.5;
  const value = taste + quality + drift + noise(key * 61 + segment, feature) * 0.4 - 0.45;
  return Math.max(0, value);
}

/** Embeddings of consecutive segments, `[segments, neurons]`. */
export function embeddingsOf(path: string, segments: number): Float32Array {
  const key = fileKey(path);
  return Float32Array.from({ length: segments * seedDimensions }, (_, i) =>
    activation(key, Math.floor(i / seedDimensions), i % seedDimensions),
  );
}
