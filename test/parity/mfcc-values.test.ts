/** @file Statistics of mel-frequency cepstral coefficients beside librosa's (`make-values.py`). */
import { expect, it } from 'vitest';
import { cepstralCoefficients, cepstralStatistics } from '../../src-main/learn/index.ts';
import { readValues } from './reference-values.ts';

type Case = { sampleRate: number; samples: number; mean: number[]; deviation: number[] };

/** The wave of the values: noise and a sawtooth, loud and soft in turns, and silent from 0.7 of its length on. */
function waveOf(samples: number): Float32Array {
  return Float32Array.from({ length: samples }, (_, at) => {
    const noise = (((7 * at * at + 3 * at) % 2047) - 1023) / 4096 + ((at % 50) - 25) / 128;
    return at < 0.7 * samples ? noise * (Math.floor(at / 4000) % 2 === 0 ? 1 : 1 / 64) : 0;
  });
}

it.each(readValues<Case[]>('mfcc'))('mean and deviation of 20 coefficients are librosa’s: $samples samples at $sampleRate Hz', (one) => {
  const found = cepstralStatistics(waveOf(one.samples), one.sampleRate);
  expect(found).toHaveLength(2 * cepstralCoefficients);
  // Values reach hundreds of decibels; librosa computes them in 32 bits.
  for (const [at, value] of [...one.mean, ...one.deviation].entries())
    expect(Math.abs((found[at] ?? NaN) - value), `value ${at}`).toBeLessThan(2e-3);
});

it('silence has no deviation', () => {
  const found = cepstralStatistics(new Float32Array(5000), 16_000);
  expect(found.slice(cepstralCoefficients).every((value) => value < 1e-9)).toBe(true);
  expect(found.every(Number.isFinite)).toBe(true);
});
