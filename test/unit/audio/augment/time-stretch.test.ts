import { describe, expect, it } from 'vitest';
import { TimeStretch } from '../../../../src-main/audio/augment/time-stretch.ts';
import { seededRandom } from '../../../../src-main/base/index.ts';
import { sampleRate } from './settings-for-test.ts';

/** Noise that changes slowly and never repeats, so that no two segments fit each other. */
function slowNoise(length: number): Float32Array {
  const random = seededRandom(11);
  let [first, second] = [0, 0];
  return Float32Array.from({ length }, () => {
    first += 0.03 * (random.normal() - first);
    second += 0.03 * (first - second);
    return second;
  });
}

const largestOf = (values: Float32Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const steepestOf = (values: Float32Array): number => largestOf(values.subarray(1).map((value, i) => value - (values[i] ?? 0)));

describe('the time stretch', () => {
  it.each([0.7, 0.9, 1.2, 1.5])('goes over from segment to segment without a click, at %d times the length', (factor) => {
    const input = slowNoise(40_000);
    const output = new Float32Array(Math.round(input.length * factor));
    new TimeStretch(sampleRate).stretch(input, output, factor);
    // Between two segments a straight line of 12 ms, at most from one extreme to the other.
    const fade = (2 * largestOf(input)) / (0.012 * sampleRate);
    expect(steepestOf(output)).toBeLessThan(steepestOf(input) + fade);
    expect(largestOf(output)).toBeGreaterThan(0.5 * largestOf(input));
  });

  it('begins as the input does, and plays it once where nothing is stretched', () => {
    const input = slowNoise(12_000);
    const output = new Float32Array(input.length);
    new TimeStretch(sampleRate).stretch(input, output, 1);
    // The last segment begins where a whole one is left.
    const played = output.subarray(0, 9000);
    expect(largestOf(played.map((value, i) => value - (input[i] ?? 0)))).toBeLessThan(1e-6);
  });
});
