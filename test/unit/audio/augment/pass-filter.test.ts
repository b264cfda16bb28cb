import { describe, expect, it } from 'vitest';
import { PassFilter } from '../../../../src-main/audio/augment/pass-filter.ts';
import type { PassOptions } from '../../../../src-main/audio/augment/pass-filter.ts';
import { largestDifference } from '../../../support/decode-all.ts';
import { amplitudeAt } from '../../../support/make-audio.ts';
import { middleOf, musicLike, sampleRate, sine } from './settings-for-test.ts';

/** The definition, sum by sum: sin(x)/x under a Hann window, edges repeated. */
function slowLowPass(crop: Float32Array, cutoff: number): Float32Array {
  const half = Math.trunc(8 / cutoff / 2);
  const kernel = Array.from({ length: 2 * half + 1 }, (_, i) => {
    const x = 2 * Math.PI * cutoff * (i - half);
    return Math.sin((Math.PI * i) / (2 * half)) ** 2 * (x === 0 ? 1 : Math.sin(x) / x);
  });
  const total = kernel.reduce((sum, value) => sum + value, 0);
  const at = (i: number): number => crop[Math.min(crop.length - 1, Math.max(0, i))] ?? 0;
  return crop.map((_, n) => kernel.reduce((sum, value, i) => sum + (value / total) * at(n + i - half), 0));
}

function filtered(crop: Float32Array, options: Omit<PassOptions, 'sampleRate'>): Float32Array {
  const copy = crop.slice();
  new PassFilter().apply(copy, { ...options, sampleRate });
  return copy;
}

const decibels = (pass: 'low' | 'high', hertz: number, tone: number): number =>
  20 * Math.log10(amplitudeAt(middleOf(filtered(sine(tone), { pass, hertz })), sampleRate, tone) / 0.5);

describe('the filter', () => {
  it.each([220, 1200, 4000, 11_025])('equals the plain convolution at %d Hz, beginning and end included', (hertz) => {
    const crop = musicLike(2, 7000);
    const low = slowLowPass(crop, hertz / sampleRate);
    expect(largestDifference(filtered(crop, { pass: 'low', hertz }), low)).toBeLessThan(1e-6);
    expect(
      largestDifference(
        filtered(crop, { pass: 'high', hertz }),
        crop.map((value, i) => value - (low[i] ?? 0)),
      ),
    ).toBeLessThan(1e-6);
  });

  it('halves the amplitude at the cut-off, and stops what lies beyond', () => {
    for (const hertz of [300, 1000, 2500, 4000]) {
      for (const pass of ['low', 'high'] as const) {
        expect(decibels(pass, hertz, hertz)).toBeCloseTo(-6.02, 1);
        expect(Math.abs(decibels(pass, hertz, pass === 'low' ? hertz * 0.6 : hertz * 1.4))).toBeLessThan(0.1);
        expect(decibels(pass, hertz, pass === 'low' ? hertz * 1.4 : hertz * 0.6)).toBeLessThan(-40);
      }
    }
  });

  it('takes crops of any length in turn', () => {
    const filter = new PassFilter();
    for (const [length, hertz] of [
      [59_049, 230],
      [500, 3000],
      [20_736, 900],
      [3, 200],
    ] as const) {
      const crop = musicLike(3, length);
      filter.apply(crop, { pass: 'low', hertz, sampleRate });
      expect(crop).toEqual(filtered(musicLike(3, length), { pass: 'low', hertz }));
    }
  });
});
