/** Reference values: scikit-learn 1.9.1, and SciPy's `binomtest(…).proportion_ci(method='wilson')`. */
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src-main/base/index.ts';
import { metrics } from '../../../../src-main/learn/index.ts';

const labels = [0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0];
const probabilities = [0.1, 0.1, 0.7, 0.4, 0.3, 0, 0.9, 0, 0.7, 0.3, 0.8, 0.4];
const weights = [1.11, 0.4, 0.99, 0.25, 0.96, 1.07, 1.55, 0.79, 0.04, 1.06, 0.41, 1.48];

describe('figures of probabilities', () => {
  it('equal scikit-learn’s, also for a certainty that is wrong', () => {
    expect(metrics.brierScore({ labels, probabilities })).toBeCloseTo(0.3125, 12);
    expect(metrics.logLoss({ labels, probabilities })).toBeCloseTo(3.65562595147027, 9);
    expect(metrics.brierScore({ labels, probabilities, weights })).toBeCloseTo(0.32841740850642925, 12);
    expect(metrics.logLoss({ labels, probabilities, weights })).toBeCloseTo(3.538500006055717, 9);
  });

  it('find the calibration error of each bin', () => {
    // Bins 0.2 (says 0.2, is 0), 0.7 (says 0.7, is 2 of 3).
    const some = { labels: [0, 1, 1, 0], probabilities: [0.2, 0.7, 0.7, 0.7] };
    expect(metrics.calibrationError(some)).toBeCloseTo((0.2 + 3 * (0.7 - 2 / 3)) / 4, 12);
    expect(metrics.calibrationError({ labels: [1, 0], probabilities: [1, 0] })).toBe(0);
    expect(metrics.calibrationError({ ...some, weights: [2, 1, 1, 3] })).toBeCloseTo((2 * 0.2 + (3 * 0.7 - 2 * 0.3)) / 7, 12);
  });
});

describe('figures of decisions', () => {
  it('equal scikit-learn’s', () => {
    const decisions = probabilities.map((probability) => (probability >= 0.5 ? 1 : 0));
    expect(metrics.accuracy(labels, decisions)).toBeCloseTo(0.5833333333333334, 12);
    expect(metrics.balancedAccuracy(labels, decisions)).toBeCloseTo(0.5, 12);
    expect(metrics.f1(metrics.confusion(labels, decisions))).toBeCloseTo(0.2857142857142857, 12);
    const classes = [2, 1, 3, 1, 1, 3, 0, 1, 0, 1, 2, 1, 1, 1, 0, 0, 1, 2, 0, 3];
    const chosen = [2, 0, 1, 2, 2, 1, 3, 1, 0, 1, 2, 1, 1, 3, 0, 0, 1, 2, 0, 3];
    expect(metrics.accuracy(classes, chosen)).toBeCloseTo(0.65, 12);
    expect(metrics.balancedAccuracy(classes, chosen)).toBeCloseTo(0.6722222222222223, 12);
  });
});

const endsOf = ({ low, high }: metrics.Estimate): { low: number; high: number } => ({ low: low ?? NaN, high: high ?? NaN });
const widthOf = (estimate: metrics.Estimate): number => endsOf(estimate).high - endsOf(estimate).low;

describe('intervals', () => {
  it('of a share are Wilson’s', () => {
    const some = metrics.wilson(7, 9);
    expect(some.low).toBeCloseTo(0.4525889691069889, 9);
    expect(some.high).toBeCloseTo(0.9367748928821533, 9);
    expect(metrics.wilson(0, 5)).toMatchObject({ value: 0, low: 0 });
    expect(metrics.wilson(0, 5).high).toBeCloseTo(0.43448246478317476, 9);
    expect(metrics.wilson(0, 0).value).toBeNaN();
  });

  it('cover the mean of a normal sample about as often as they claim', () => {
    let covered = 0;
    for (let trial = 0; trial < 100; trial++) {
      const random = seededRandom(trial);
      const values = Float64Array.from({ length: 60 }, () => random.normal());
      const mean = (own: Float64Array): number =>
        values.reduce((sum, value, index) => sum + value * (own[index] ?? 0), 0) / own.reduce((sum, weight) => sum + weight, 0);
      const groups = Array.from(values.keys());
      const { low, high } = endsOf(metrics.bootstrap(mean, { groups, replicates: 400, seed: trial }));
      if (low <= 0 && high >= 0) covered++;
    }
    expect(covered).toBeGreaterThanOrEqual(88);
    expect(covered).toBeLessThanOrEqual(99);
  });

  it('of a mean are as wide as the normal distribution says', () => {
    const random = seededRandom(2);
    const values = Float64Array.from({ length: 400 }, () => random.normal());
    const mean = (own: Float64Array): number =>
      values.reduce((sum, value, index) => sum + value * (own[index] ?? 0), 0) / own.reduce((sum, weight) => sum + weight, 0);
    const estimate = metrics.bootstrap(mean, { groups: Array.from(values.keys()), replicates: 2000 });
    const { value } = estimate;
    const deviation = Math.sqrt(values.reduce((sum, own) => sum + (own - value) ** 2, 0) / 400);
    expect(widthOf(estimate) / ((2 * 1.959964 * deviation) / Math.sqrt(400))).toBeCloseTo(1, 1);
  });

  it('are wider when examples of a group are alike than when they are drawn one by one', () => {
    const random = seededRandom(4);
    const groups = Array.from({ length: 200 }, (_, index) => Math.floor(index / 20));
    const own = Array.from({ length: 10 }, () => random.normal());
    const values = groups.map((group) => (own[group] ?? 0) + 0.1 * random.normal());
    const mean = (weight: Float64Array): number =>
      values.reduce((sum, value, index) => sum + value * (weight[index] ?? 0), 0) / weight.reduce((sum, each) => sum + each, 0);
    const grouped = metrics.bootstrap(mean, { groups });
    const single = metrics.bootstrap(mean, { groups: groups.map((_, index) => index) });
    expect(grouped.value).toBe(single.value);
    expect(widthOf(grouped)).toBeGreaterThan(2 * widthOf(single));
  });

  it('leave out replicates without a figure, and say when there is none', () => {
    const labels = [1, 1, 0, 0, 0, 0];
    const some = metrics.bootstrap((own) => metrics.rocAuc(labels, [5, 3, 4, 2, 1, 0], own), { groups: [0, 1, 2, 3, 4, 5] });
    expect(some.value).toBeCloseTo(7 / 8, 12);
    expect(some.low).toBeLessThan(7 / 8);
    expect(metrics.bootstrap(() => NaN, { groups: [0, 1] })).toEqual({ value: NaN, low: null, high: null });
  });

  it('are unknown of too few groups, however many examples each has, and have a width where everything is right', () => {
    const mean = (own: Float64Array): number => own.reduce((sum, weight) => sum + weight, 0) / own.reduce((sum, weight) => sum + weight, 0);
    const of = (count: number): metrics.Estimate =>
      metrics.bootstrap(mean, { groups: Array.from({ length: 40 }, (_, row) => row % count) });
    expect([1, 2, metrics.leastGroups - 1].map(of)).toEqual(new Array(3).fill({ value: 1, low: null, high: null }));
    expect(endsOf(of(metrics.leastGroups)).low).toBeCloseTo(metrics.wilson(5, 5).low, 12);
    expect(endsOf(of(40)).low).toBeGreaterThan(endsOf(of(metrics.leastGroups)).low);
    expect(of(40).high).toBe(1);
  });

  it('of a ranking hang on the groups with the rarer answer, of all labels together', () => {
    const groups = [0, 0, 1, 2, 3, 4, 5];
    const every = new Array<number>(7).fill(1);
    expect(metrics.bearingGroups([{ answers: [1, 1, 0, 0, 0, 0, 0], weights: every }], groups)).toBe(1);
    expect(metrics.bearingGroups([{ answers: [1, 1, 1, 1, 1, 1, 0], weights: every }], groups)).toBe(1);
    const answers = [
      [1, 1, 0, 0, 0, 0, 0],
      [0, 0, 1, 1, 0, 0, 0],
      [1, 1, 1, 1, 1, 1, 1],
    ];
    expect(
      metrics.bearingGroups(
        answers.map((own) => ({ answers: own, weights: every })),
        groups,
      ),
    ).toBe(3);
    expect(metrics.bearingGroups([{ answers: [1, 1, 0, 1, 0, 0, 0], weights: [1, 1, 1, 0, 1, 1, 1] }], groups)).toBe(1);
  });
});

describe('retrieval', () => {
  it('counts the neighbours that share the label, and averages over queries', () => {
    const neighbours = Int32Array.from([1, 2, 3, 0, 2, 3, 3, -1, -1, -1, -1, -1]);
    const precisions = metrics.precisionsAt(neighbours, [5, 5, 6, 6], { width: 3, count: 2 });
    expect(Array.from(precisions)).toEqual([0.5, 0.5, 1, NaN]);
    expect(metrics.meanPrecision(precisions, [0, 1, 2, 3]).value).toBeCloseTo(2 / 3, 12);
    expect(metrics.meanPrecision(precisions, [0, 1, 2, 3])).toMatchObject({ low: null, high: null });
    const mean = metrics.meanPrecision(Float64Array.of(0.5, 0.5, 0.5, 1, 1, 1), [0, 1, 2, 3, 4, 5]);
    // Of six queries the percentiles lie among sixths of what one of them is worth.
    expect(mean.low).toBeCloseTo(7 / 12, 12);
    expect(mean.high).toBeCloseTo(11 / 12, 12);
  });
});
