import { describe, expect, it } from 'vitest';
import { PitchShift } from '../../../../src-main/audio/augment/pitch-shift.ts';
import { amplitudeAt } from '../../../support/make-audio.ts';
import { hasSox, soxEffects } from '../../../support/sox.ts';
import { bandLevels, correlation } from './spectrum.ts';
import { cropSamples, levelOf, middleOf, musicLike, sampleRate, sine } from './settings-for-test.ts';

function shifted(crop: Float32Array, semitones: number, rate = sampleRate): Float32Array {
  const copy = crop.slice();
  new PitchShift(rate).apply(copy, semitones);
  return copy;
}

/** The loudest frequency near one, to a tenth of a hertz. */
function peakNear(samples: Float32Array, rate: number, hertz: number): number {
  let [best, loudest] = [0, 0];
  for (let offset = -10; offset <= 10; offset += 0.1) {
    const level = amplitudeAt(samples, rate, hertz + offset);
    if (level > loudest) [best, loudest] = [hertz + offset, level];
  }
  return best;
}

describe('the pitch shift', () => {
  it.each([-7, -3, -0.5, 0.3, 3, 7, 12, -12])('moves a tone by %d semitones and keeps its level', (semitones) => {
    const target = 440 * 2 ** (semitones / 12);
    const middle = middleOf(shifted(sine(440), semitones));
    expect(Math.abs(peakNear(middle, sampleRate, target) - target)).toBeLessThan(0.35);
    expect(levelOf(middle) / levelOf(middleOf(sine(440)))).toBeCloseTo(1, 1);
  });

  it.each([
    [16_000, 43_740],
    [8000, 20_736],
  ])('does so at %d Hz', (rate, length) => {
    const middle = middleOf(shifted(sine(440, length, rate), 5, rate));
    expect(Math.abs(peakNear(middle, rate, 440 * 2 ** (5 / 12)) - 440 * 2 ** (5 / 12))).toBeLessThan(0.5);
  });

  it('moves tones that would pass the Nyquist frequency out of hearing instead of folding them back', () => {
    expect(levelOf(middleOf(shifted(sine(9000), 7)))).toBeLessThan(0.01 * levelOf(sine(9000)));
  });

  it('keeps the time: an attack stays where it was', () => {
    for (const semitones of [-7, -4, 4, 7]) {
      const crop = new Float32Array(cropSamples);
      crop.set(musicLike(4, 25_000), 30_000);
      const moved = shifted(crop, semitones);
      const first = moved.findIndex((value) => Math.abs(value) > 0.02);
      expect(Math.abs(first - 30_000) / sampleRate).toBeLessThan(0.05);
    }
  });

  it('takes crops that are shorter than a segment', () => {
    for (const length of [10, 300, 1807, 1808, 1809, 4000]) expect(shifted(musicLike(5, length), 4).every(Number.isFinite)).toBe(true);
  });

  it.skipIf(!hasSox)('sounds as sox does: the same energy in the same bands at the same times', () => {
    for (const semitones of [-7, -2.5, 1, 4, 7]) {
      for (const seed of [1, 2, 3]) {
        const ours = shifted(musicLike(seed), semitones);
        const theirs = soxEffects(musicLike(seed), sampleRate, ['pitch', String(semitones * 100)]).subarray(0, cropSamples);
        const unmoved = correlation(bandLevels(musicLike(seed)), bandLevels(theirs));
        const agreement = correlation(bandLevels(ours), bandLevels(theirs));
        expect(agreement).toBeGreaterThan(0.95);
        expect(agreement).toBeGreaterThan(unmoved);
        expect(Math.abs(20 * Math.log10(levelOf(ours) / levelOf(theirs)))).toBeLessThan(0.5);
      }
    }
  });
});
