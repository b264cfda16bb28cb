/** Scores beside mir_eval's and scikit-learn's (`make-score-values.py`). */
import { describe, expect, it } from 'vitest';
import { metrics } from '../../src-main/learn/index.ts';
import { readValues } from './reference-values.ts';

const { keyScore, pairedDifference, readKey, rSquared } = metrics;
type Numbers = { truth: number[]; predicted: number[]; weights: number[]; plain: number; weighted: number; far: number };
const { keys, scores, regression } = readValues<{ keys: string[]; scores: number[][]; regression: Numbers }>('scores');

describe('the score of a key', () => {
  it('is mir_eval’s for every pair of keys', () => {
    const ours = keys.map((truth) => keys.map((guess) => keyScore(readKey(truth), readKey(guess))));
    expect(keys).toHaveLength(24);
    expect(ours).toEqual(scores);
  });

  it('knows one pitch by both its names, and refuses what is no key', () => {
    expect(readKey('C# minor')).toEqual(readKey('Db minor'));
    expect(readKey('Cb major')).toEqual(readKey('B major'));
    for (const text of ['H major', 'C', 'C dorian', '', 'C minor/A minor']) expect(() => readKey(text)).toThrow(/is not a key/);
  });
});

describe('R²', () => {
  it('is scikit-learn’s, with and without weights, and where the mean were nearer', () => {
    const { truth, predicted, weights, plain, weighted, far } = regression;
    expect(rSquared({ truth, predicted })).toBeCloseTo(plain, 12);
    expect(rSquared({ truth, predicted, weights })).toBeCloseTo(weighted, 12);
    expect(rSquared({ truth, predicted: predicted.map((value) => -3 * value) })).toBeCloseTo(far, 10);
    expect(rSquared({ truth: [2, 2], predicted: [1, 2] })).toBeNaN();
  });
});

describe('a difference of two encoders', () => {
  const groups = Array.from({ length: 60 }, (_, at) => at);
  const mean = (values: readonly number[]) => (weights: Float64Array) =>
    values.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0) / weights.reduce((sum, weight) => sum + weight, 0);
  const hard = groups.map((at) => (at * 37) % 60);

  it('is told from chance where both find the same examples hard', () => {
    const better = hard.map((value, at) => value + (at % 3 === 0 ? 0 : 0.5));
    const found = pairedDifference(mean(better), mean(hard), { groups });
    expect(found.difference.value).toBeCloseTo(1 / 3, 12);
    expect(found.isBeyondChance).toBe(true);
    expect(pairedDifference(mean(hard), mean(better), { groups }).isBeyondChance).toBe(true);
  });

  it('has no interval where every example says the same, whichever is the better one', () => {
    const always = hard.map((value) => value + 0.25);
    for (const [one, other, value] of [
      [always, hard, 0.25],
      [hard, always, -0.25],
      [hard, hard, 0],
    ] as const) {
      const { difference, isBeyondChance } = pairedDifference(mean(one), mean(other), { groups });
      expect(difference).toEqual({ value: expect.closeTo(value, 12) as number, low: null, high: null });
      expect(isBeyondChance).toBe(value === 0 ? false : null);
    }
  });

  it('is not told from chance where it goes both ways, nor where there is none, nor of few groups', () => {
    const other = hard.map((value, at) => value + (at % 2 === 0 ? 1 : -1));
    expect(pairedDifference(mean(other), mean(hard), { groups }).isBeyondChance).toBe(false);
    expect(pairedDifference(mean(hard), mean(hard), { groups }).isBeyondChance).toBe(false);
    const two = { groups: groups.map((at) => at % 2) };
    expect(pairedDifference(mean(hard.map((value) => value + 1)), mean(hard), two).isBeyondChance).toBeNull();
  });
});
