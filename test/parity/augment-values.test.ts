/** Values of julius, whose filters CLMR's released code takes, and of SciPy (`make-values.py`), and of sox (`make-sox-values.ts`); of levels, their definitions. */
import { describe, expect, it } from 'vitest';
import { Augmenter } from '../../src-main/audio/augment/index.ts';
import { drawTransforms } from '../../src-main/audio/augment/draw.ts';
import { passFirstOrder } from '../../src-main/audio/augment/first-order-filter.ts';
import { PassFilter } from '../../src-main/audio/augment/pass-filter.ts';
import { PitchShift } from '../../src-main/audio/augment/pitch-shift.ts';
import { Reverb } from '../../src-main/audio/augment/reverb.ts';
import { seededRandom } from '../../src-main/base/index.ts';
import { pretraining } from '../../src-main/contract/index.ts';
import { cropSamples, levelOf, musicLike, nothing, sampleRate } from '../unit/audio/augment/settings-for-test.ts';
import { bandLevels, correlation } from '../unit/audio/augment/spectrum.ts';
import { expectNear, readValues } from './reference-values.ts';

type Filters = { crop: number[]; cases: { sampleRate: number; hertz: number; pass: 'low' | 'high'; output: number[] }[] };
type Room = { rate: number; roomSize: number; reverberance: number; damping: number; stereoDepth: number; output: number[] };
type Sox = { reverb: Room[]; pitch: { semitones: number; level: number; bands: number[] }[] };

const filters = readValues<Filters>('filters');
const gentle = readValues<Pick<Filters, 'cases'>>('gentle-filters');
const sox = readValues<Sox>('sox');
const { released } = pretraining.augmentationSets;
const makeAugmenter = (): Augmenter => new Augmenter({ sampleRate, settings: released });

describe('the filter', () => {
  it.each(filters.cases)('gives what julius gives: $pass-pass, $hertz Hz at $sampleRate Hz', ({ output, ...options }) => {
    const crop = Float32Array.from(filters.crop);
    new PassFilter().apply(crop, options);
    expectNear('samples', { ours: crop, reference: output, tolerance: 1e-6 });
  });
});

describe('the gentle filter', () => {
  it.each(gentle.cases)('gives what a first-order Butterworth filter of SciPy gives: $pass-pass, $hertz Hz at $sampleRate Hz', (one) => {
    const { output, ...options } = one;
    const crop = Float32Array.from(filters.crop);
    passFirstOrder(crop, options);
    expectNear('samples', { ours: crop, reference: output, tolerance: 1e-6 });
  });
});

describe('the reverb', () => {
  it.each(sox.reverb)(
    'answers a click as sox does: $roomSize/$reverberance/$damping, depth $stereoDepth, at $rate Hz',
    ({ rate, output, ...room }) => {
      const click = new Float32Array(output.length);
      click[0] = 0.5;
      new Reverb(rate).apply(click, room);
      // Beside the click itself, which passes as it is.
      expectNear('the room', { ours: click.subarray(1), reference: output.slice(1), tolerance: 1e-5 });
      expect(click[0]).toBe(output[0]);
    },
  );
});

describe('the pitch shift', () => {
  it.each(sox.pitch)('has the energy of sox’s in the same bands at the same times: $semitones', ({ semitones, level, bands }) => {
    const crop = musicLike(1);
    new PitchShift(sampleRate).apply(crop, semitones);
    expect(correlation(bandLevels(crop), Float64Array.from(bands))).toBeGreaterThan(0.95);
    expect(Math.abs(20 * Math.log10(levelOf(crop) / level))).toBeLessThan(0.5);
  });
});

describe('levels', () => {
  /** Of a constant and a wave: the deviation is about the mean. */
  const signal = (): Float32Array => musicLike().map((value) => value + 0.25);

  it.each([40, 20])('of noise are so many decibels below the signal: %d', (decibels) => {
    const { noise } = drawTransforms(
      { ...released, noise: { ...released.noise, probability: 1, kind: 'snr', snrDb: { least: decibels, most: decibels } } },
      seededRandom(1),
    );
    const [clean, noisy] = [signal(), signal()];
    makeAugmenter().apply(noisy, { ...nothing, noise });
    const added = noisy.map((value, i) => value - (clean[i] ?? 0));
    const mean = musicLike().reduce((sum, value) => sum + value, 0) / cropSamples;
    const level = levelOf(musicLike().map((value) => value - mean));
    expect(Math.abs(20 * Math.log10(level / levelOf(added)) - decibels)).toBeLessThan(0.1);
    expect(Math.abs(added.reduce((sum, value) => sum + value, 0) / added.length)).toBeLessThan(0.02 * levelOf(added));
  });

  it.each([
    [-20, 0.1],
    [-6, 0.501187],
    [6, 1.995262],
  ])('change by a gain of %d dB to %d', (db, factor) => {
    const crop = musicLike();
    makeAugmenter().apply(crop, { ...nothing, gain: { db } });
    expectNear('samples', { ours: crop, reference: musicLike().map((value) => value * factor), tolerance: 1e-6 });
  });

  it('are turned over by polarity alone', () => {
    const crop = musicLike();
    makeAugmenter().apply(crop, { ...nothing, polarity: true });
    expectNear('samples', { ours: crop, reference: musicLike().map((value) => -value), tolerance: 1e-12 });
  });

  it.each([200, 450, 500])('of an echo follow after %d ms', (ms) => {
    const crop = musicLike();
    makeAugmenter().apply(crop, { ...nothing, delay: { ms, feedback: 0.5, halve: true } });
    const clean = musicLike();
    const later = Math.round((ms / 1000) * sampleRate);
    const reference = clean.map((value, i) => (value + 0.5 * (i < later ? 0 : (clean[i - later] ?? 0))) / 2);
    expect(crop.length).toBe(cropSamples);
    expectNear('samples', { ours: crop, reference, tolerance: 1e-6 });
  });
});
