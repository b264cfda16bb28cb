import { describe, expect, it } from 'vitest';
import { Augmenter } from '../../../../src-main/audio/augment/index.ts';
import type { DrawnTransforms } from '../../../../src-main/audio/augment/index.ts';
import { seededRandom } from '../../../../src-main/base/index.ts';
import { pretraining } from '../../../../src-main/contract/index.ts';
import { largestDifference } from '../../../support/decode-all.ts';
import { cropSamples, levelOf, middleOf, musicLike, nothing, sampleRate, sine } from './settings-for-test.ts';

const { released } = pretraining.augmentationSets;
const makeAugmenter = (rate = sampleRate): Augmenter => new Augmenter({ sampleRate: rate, settings: released });

describe('the augmentation chain', () => {
  it('gives the same view for the same stream, whatever went through it before', () => {
    const fresh = (seed: number): Float32Array => {
      const crop = musicLike();
      makeAugmenter().augment(crop, seededRandom(seed));
      return crop;
    };
    const used = makeAugmenter();
    for (let seed = 1; seed <= 12; seed++) {
      const crop = musicLike();
      used.augment(crop, seededRandom(seed));
      expect(crop).toEqual(fresh(seed));
    }
  });

  it('says what it did, and does nothing else', () => {
    const rarely = { ...released, polarity: { probability: 0.2 }, filter: { ...released.filter, probability: 0.2 } };
    const augmenter = new Augmenter({ sampleRate, settings: rarely });
    const clean = musicLike(1, 4000);
    const untouched = [];
    for (let seed = 0; seed < 200; seed++) {
      const crop = clean.slice();
      const applied = augmenter.augment(crop, seededRandom(seed));
      expect(largestDifference(crop, clean) === 0).toBe(applied.length === 0);
      if (applied.length === 0) untouched.push(seed);
    }
    expect(untouched.length).toBeGreaterThan(0);
  });

  it.each([
    [22_050, 59_049],
    [16_000, 43_740],
    [8000, 20_736],
  ])('keeps length and finite values at %d Hz', (rate, length) => {
    const augmenter = makeAugmenter(rate);
    for (let seed = 0; seed < 60; seed++) {
      const crop = musicLike(seed, length);
      augmenter.augment(crop, seededRandom(seed));
      expect(crop.length).toBe(length);
      expect(crop.every(Number.isFinite)).toBe(true);
      expect(levelOf(crop)).toBeGreaterThan(1e-4);
    }
  });

  it('leaves silence silent', () => {
    const augmenter = makeAugmenter();
    for (let seed = 0; seed < 20; seed++) {
      const crop = new Float32Array(cropSamples);
      augmenter.augment(crop, seededRandom(seed));
      expect(levelOf(crop)).toBe(0);
    }
  });

  it('applies the transforms in the published order', () => {
    const together = musicLike();
    const oneByOne = musicLike();
    const augmenter = makeAugmenter();
    const steps = [
      { polarity: true as const },
      { noise: { ratio: 0.01, seed: 3 } },
      { gain: { db: -4 } },
      { filter: { pass: 'low' as const, hertz: 2500, slope: 'steep' as const } },
      { delay: { ms: 250, feedback: 0.5, halve: false } },
      { pitch: { semitones: -2 } },
      { reverb: { roomSize: 60, reverberance: 70, damping: 20, stereoDepth: 100 } },
    ];
    augmenter.apply(
      together,
      steps.reduce<DrawnTransforms>((drawn, step) => ({ ...drawn, ...step }), nothing),
    );
    for (const step of steps) augmenter.apply(oneByOne, { ...nothing, ...step });
    expect(largestDifference(together, oneByOne)).toBe(0);
  });

  it.each(['low', 'high'] as const)('filters with the slope that was drawn: %s-pass', (pass) => {
    const through = (slope: 'gentle' | 'steep', hertz: number): number => {
      const tone = sine(2000);
      makeAugmenter().apply(tone, { ...nothing, filter: { pass, hertz, slope } });
      return 20 * Math.log10(levelOf(middleOf(tone)) / levelOf(middleOf(sine(2000))));
    };
    const beyond = pass === 'low' ? 2000 / 1.5 : 2000 * 1.5;
    expect(through('gentle', beyond)).toBeCloseTo(-5.2, 0);
    expect(through('steep', beyond)).toBeLessThan(-50);
  });

  it('turns polarity, and sets a gain in decibels', () => {
    const augmenter = makeAugmenter();
    const crop = musicLike();
    augmenter.apply(crop, { ...nothing, polarity: true, gain: { db: -6.0206 } });
    expect(
      largestDifference(
        crop,
        musicLike().map((value) => -value / 2),
      ),
    ).toBeLessThan(1e-6);
  });

  it.each([0.1, 0.0001])('adds noise of %d of the signal’s deviation', (ratio) => {
    const clean = musicLike();
    const crop = clean.slice();
    makeAugmenter().apply(crop, { ...nothing, noise: { ratio, seed: 9 } });
    const noise = crop.map((value, i) => value - (clean[i] ?? 0));
    expect(levelOf(noise) / levelOf(clean) / ratio).toBeCloseTo(1, 1);
  });

  it.each([
    { halve: false, dry: 1, wet: 0.5 },
    { halve: true, dry: 0.5, wet: 0.25 },
  ])('adds an echo of half the level, halve: $halve', ({ halve, dry, wet }) => {
    const crop = new Float32Array(20_000);
    crop[100] = 1;
    makeAugmenter().apply(crop, { ...nothing, delay: { ms: 300, feedback: 0.5, halve } });
    const expected = new Float32Array(20_000);
    expected[100] = dry;
    expected[100 + 0.3 * sampleRate] = wet;
    expect(crop).toEqual(expected);
  });

  it('leaves a crop that is shorter than the delay without an echo', () => {
    const crop = musicLike(1, 3000);
    makeAugmenter().apply(crop, { ...nothing, delay: { ms: 300, feedback: 0.5, halve: false } });
    expect(crop).toEqual(musicLike(1, 3000));
  });
});
