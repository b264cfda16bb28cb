/** @file The sound on which a foreign model is tried. */
import { seededRandom } from '../../base/index.ts';

/** Two crops of noise, and both one after the other; the same every time. */
export function noiseCrops(cropSamples: number): [first: Float32Array, second: Float32Array, pair: Float32Array] {
  const random = seededRandom(1);
  const pair = Float32Array.from({ length: 2 * cropSamples }, () => (random.uniform() - 0.5) / 2);
  return [pair.subarray(0, cropSamples), pair.subarray(cropSamples), pair];
}
