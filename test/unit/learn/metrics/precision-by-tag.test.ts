/** Average precision of every tag without an order of examples, beside that from an order and scikit-learn 1.9.1's. */
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src-main/base/index.ts';
import { metrics } from '../../../../src-main/learn/index.ts';

/** Labels and scores, which are equal where `levels` are few. */
function drawn({
  seed,
  levels,
  examples = 60,
  tags = 4,
}: {
  seed: number;
  levels: number;
  examples?: number;
  tags?: number;
}): metrics.LabelledScores {
  const random = seededRandom(seed);
  const count = examples * tags;
  const labels = Float64Array.from({ length: count }, () => (random.uniform() < 0.3 ? 1 : 0));
  return { examples, tags, labels, scores: Float64Array.from({ length: count }, () => Math.floor(random.uniform() * levels) / levels) };
}

describe('average precision of every tag from sorted scores', () => {
  it('is scikit-learn’s, where scores are equal too, and where the best are wrong', () => {
    const labels = [0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1];
    const scores = [0.1, 0.9, 0.4, 0.2, 0.8, 0.3, 0.35, 0.2, 0.8, 0.9, 0.6, 0.1];
    const one = metrics.precisionByTag({ examples: 12, tags: 1, labels, scores });
    // sklearn.metrics.average_precision_score(labels, scores)
    expect(one.each[0]).toBeCloseTo(0.5160714285714285, 12);
    const even = metrics.precisionByTag({ examples: 4, tags: 1, labels: [1, 0, 1, 0], scores: [0.5, 0.5, 0.5, 0.5] });
    expect(even.each[0]).toBe(0.5);
  });

  it.each([2, 5, 1e9])('is that of an order, with scores of %i levels', (levels) => {
    for (let seed = 0; seed < 20; seed++) {
      const all = drawn({ seed, levels });
      const [quick, ordered] = [metrics.precisionByTag(all), metrics.byTag(all, metrics.averagePrecision)];
      for (const [tag, value] of ordered.each.entries()) expect(quick.each[tag]).toBeCloseTo(value, 12);
      expect(quick.mean).toBeCloseTo(ordered.mean, 12);
    }
  });

  it('leaves tags without examples out of the mean, and ranks what is no number last', () => {
    const { each, mean } = metrics.precisionByTag({ examples: 2, tags: 2, labels: [1, 0, 0, 0], scores: [0.1, 0.5, Number.NaN, 0.4] });
    expect([...each]).toEqual([1, Number.NaN]);
    expect(mean).toBe(1);
  });
});
