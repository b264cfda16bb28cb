/** @file The transforms that need no memory of what came before: polarity, gain, noise; and the echo. All change the crop in place. */
import { seededRandom } from '../../base/index.ts';

/** Multiplies; −1 turns the wave upside down. */
export function scale(crop: Float32Array, factor: number): void {
  for (let i = 0; i < crop.length; i++) crop[i] = (crop[i] as number) * factor;
}

/**
 * Adds white Gaussian noise.
 * @param ratio the noise's deviation as a share of the crop's; a silent crop stays silent
 */
export function addNoise(crop: Float32Array, { ratio, seed }: { ratio: number; seed: number }): void {
  const deviation = ratio * deviationOf(crop);
  if (deviation === 0) return;
  const random = seededRandom(seed);
  for (let i = 0; i < crop.length; i++) crop[i] = (crop[i] as number) + deviation * random.normal();
}

/** Standard deviation about the mean. */
export function deviationOf(crop: Float32Array): number {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < crop.length; i++) {
    const value = crop[i] as number;
    sum += value;
    squares += value * value;
  }
  const mean = sum / crop.length;
  return Math.sqrt(Math.max(0, squares / crop.length - mean * mean));
}

/**
 * Adds one echo.
 * @param feedback the echo's level; `halve`: halves the sum, as CLMR's released code does
 */
export function addDelay(crop: Float32Array, { samples, feedback, halve }: { samples: number; feedback: number; halve: boolean }): void {
  const dry = halve ? 0.5 : 1;
  const wet = dry * feedback;
  for (let i = crop.length - 1; i >= samples; i--) crop[i] = dry * (crop[i] as number) + wet * (crop[i - samples] as number);
  for (let i = Math.min(samples, crop.length) - 1; i >= 0; i--) crop[i] = dry * (crop[i] as number);
}
