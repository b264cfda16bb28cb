/** @file Crops and settings that the tests of the augmentations share. */
import { seededRandom } from '../../../../src-main/base/index.ts';
import type { DrawnTransforms } from '../../../../src-main/audio/augment/index.ts';

export const sampleRate = 22_050;
export const cropSamples = 59_049;

/** No transform. */
export const nothing: DrawnTransforms = {
  polarity: null,
  noise: null,
  gain: null,
  filter: null,
  delay: null,
  pitch: null,
  reverb: null,
};

/** Notes with a beat and noise, well below ±1. */
export function musicLike(seed = 1, length = cropSamples): Float32Array {
  const random = seededRandom(seed);
  const samples = new Float32Array(length);
  let [root, level] = [220, 1];
  for (let i = 0; i < length; i++) {
    const inNote = i % 5512;
    if (inNote === 0) {
      root = 110 * 2 ** (random.below(24) / 12);
      level = 0.4 + 0.6 * random.uniform();
    }
    const seconds = i / sampleRate;
    let value = 0;
    for (let partial = 1; partial <= 5; partial++) value += Math.sin(2 * Math.PI * root * partial * seconds) / partial;
    const attack = Math.min(1, inNote / 200) * Math.exp(-inNote / 4000);
    samples[i] = 0.15 * level * attack * value + 0.01 * random.normal();
  }
  return samples;
}

/** A sine at half of full scale. */
export function sine(hertz: number, length = cropSamples, rate = sampleRate): Float32Array {
  return Float32Array.from({ length }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / rate));
}

/** The part of a crop where a transform's beginning and end play no part. */
export function middleOf(samples: Float32Array): Float32Array {
  return samples.subarray(Math.round(samples.length * 0.2), Math.round(samples.length * 0.8));
}

/** Root of the mean square. */
export function levelOf(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
}
