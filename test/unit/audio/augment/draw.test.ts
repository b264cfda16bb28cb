import { describe, expect, it } from 'vitest';
import { describeTransforms, drawTransforms } from '../../../../src-main/audio/augment/draw.ts';
import type { DrawnTransforms } from '../../../../src-main/audio/augment/index.ts';
import { seededRandom } from '../../../../src-main/base/index.ts';
import { pretraining } from '../../../../src-main/contract/index.ts';

const { released, thesis } = pretraining.augmentationSets;
const draws = 20_000;
const drawMany = (settings: typeof released): DrawnTransforms[] => {
  const random = seededRandom(5);
  return Array.from({ length: draws }, () => drawTransforms(settings, random));
};
const released20k = drawMany(released);
const thesis20k = drawMany(thesis);

describe('the draws', () => {
  it.each(['polarity', 'noise', 'gain', 'filter', 'delay', 'pitch', 'reverb'] as const)(
    'apply %s as often as its probability says',
    (name) => {
      for (const [settings, drawn] of [
        [released, released20k],
        [thesis, thesis20k],
      ] as const) {
        const { probability } = settings[name];
        const share = drawn.filter((one) => one[name] !== null).length / draws;
        // Four deviations of a binomial share.
        expect(Math.abs(share - probability)).toBeLessThanOrEqual(4 * Math.sqrt((probability * (1 - probability)) / draws));
      }
    },
  );

  it('stay within their ranges and reach near both ends', () => {
    const check = (values: (number | undefined)[], least: number, most: number): void => {
      const known = values.filter((value) => value !== undefined);
      const near = (most - least) * 0.05;
      expect(Math.min(...known)).toBeGreaterThanOrEqual(least);
      expect(Math.max(...known)).toBeLessThanOrEqual(most);
      expect(Math.min(...known)).toBeLessThan(least + near);
      expect(Math.max(...known)).toBeGreaterThan(most - near);
    };
    check(
      released20k.map(({ gain }) => gain?.db),
      -20,
      -1,
    );
    check(
      thesis20k.map(({ gain }) => gain?.db),
      -6,
      0,
    );
    check(
      released20k.map(({ pitch }) => pitch?.semitones),
      -7,
      7,
    );
    check(
      released20k.map(({ reverb }) => reverb?.roomSize),
      0,
      100,
    );
    check(
      released20k.map(({ reverb }) => reverb?.damping),
      0,
      100,
    );
    const cutoffs = (pass: 'low' | 'high'): (number | undefined)[] =>
      released20k.map(({ filter }) => (filter?.pass === pass ? filter.hertz : undefined));
    check(cutoffs('low'), 2200, 4000);
    check(cutoffs('high'), 200, 1200);
  });

  it('take low-pass and high-pass alike often', () => {
    const filters = released20k.flatMap(({ filter }) => filter ?? []);
    const share = filters.filter(({ pass }) => pass === 'low').length / filters.length;
    expect(Math.abs(share - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / filters.length));
  });

  it('take delays in whole steps, both ends among them', () => {
    const times = new Set(released20k.flatMap(({ delay }) => delay?.ms ?? []));
    expect([...times].sort((a, b) => a - b)).toEqual([200, 250, 300, 350, 400, 450, 500]);
    expect(thesis20k.find(({ delay }) => delay !== null)?.delay?.halve).toBe(false);
  });

  it('of the thesis and its first code have no noise, a gentle filter and, in the code, a softer echo', () => {
    for (const set of [thesis, pretraining.augmentationSets.first]) {
      expect(drawMany(set).filter(({ noise }) => noise !== null)).toEqual([]);
      expect(set.noise.snrDb).toEqual({ least: 40, most: 40 });
      expect(set.filter.slope).toBe('gentle');
    }
    expect([thesis, pretraining.augmentationSets.first, released].map(({ delay }) => [delay.feedback, delay.halve])).toEqual([
      [0.5, false],
      [0.2, true],
      [0.5, true],
    ]);
    expect([thesis, pretraining.augmentationSets.first, released].map(({ gain }) => gain.db.least)).toEqual([-6, -20, -20]);
  });

  it('take the noise by its kind', () => {
    const always = { ...released.noise, probability: 1, snrDb: { least: 80, most: 100 } };
    const ratios = (kind: 'snr' | 'relative'): number[] =>
      drawMany({ ...released, noise: { ...always, kind } }).map(({ noise }) => noise?.ratio ?? NaN);
    expect(Math.max(...ratios('relative'))).toBeLessThanOrEqual(0.01);
    expect(Math.max(...ratios('snr'))).toBeLessThanOrEqual(1e-4);
    expect(Math.min(...ratios('snr'))).toBeGreaterThanOrEqual(1e-5);
  });

  it('leave the other transforms as they were when one gets another probability', () => {
    const settings = { ...released, gain: { ...released.gain, probability: 1 } };
    for (let seed = 0; seed < 50; seed++) {
      const { gain, ...rest } = drawTransforms(settings, seededRandom(seed));
      const { gain: _, ...before } = drawTransforms(released, seededRandom(seed));
      expect(rest).toEqual(before);
      expect(gain).not.toBeNull();
    }
  });

  it('read as words', () => {
    const lines = describeTransforms({
      polarity: true,
      noise: { ratio: 1e-4, seed: 1 },
      gain: { db: -3.24 },
      filter: { pass: 'high', hertz: 312.4, slope: 'gentle' },
      delay: { ms: 350, feedback: 0.5, halve: true },
      pitch: { semitones: 3.21 },
      reverb: { roomSize: 40.2, reverberance: 19.7, damping: 73, stereoDepth: 100 },
    });
    expect(lines).toEqual([
      'polarity inverted',
      'noise −80 dB',
      'gain −3.2 dB',
      'gentle high-pass 312 Hz',
      'delay 350 ms',
      'pitch +3.2 semitones',
      'reverb room 40 %, reverberance 20 %, damping 73 %',
    ]);
  });
});
