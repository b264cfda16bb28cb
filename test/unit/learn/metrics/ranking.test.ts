/** Reference values: scikit-learn 1.9.1 (`roc_auc_score`, `average_precision_score`, `precision_recall_curve`, with and without `sample_weight`). */
import { describe, expect, it } from 'vitest';
import { metrics } from '../../../../src-main/learn/index.ts';

const { atThresholds, averagePrecision, byClip, byTag, rankingFigures, rankScores, rocAuc } = metrics;

const labels = [
  ...[0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0],
  ...[0, 0, 1, 0, 1, 1, 1, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0],
];
const scores = [
  ...[0.1, 0.2, 0.8, 0.6, 0.1, 0.4, 0.5, 0.2, 0.7, 0.1, 0.4, 0.5, 0.4, 0.6, 0.7, 1.0, 0.3, 0.6, 0.7, 0.3, 0.0, 1.0, 0.3, 0.3],
  ...[0.9, 0.6, 0.5, 0.8, 0.0, 0.7, 0.4, 0.1, 0.7, 0.9, 0.2, 0.6, 0.3, 0.7, 0.7, 0.2, 0.8, 0.7, 0.7, 0.8, 0.4, 0.8, 0.9, 0.1],
];
const weights = [1.11, 0.4, 0.99, 0.25, 0.96, 1.07, 1.55, 0.79, 0.04, 1.06, 0.41, 1.48];
const all = { examples: 12, tags: 4, labels, scores };
const column = (from: readonly number[], tag: number): number[] => from.filter((_, index) => index % 4 === tag);

describe('figures of ranking', () => {
  it('equal scikit-learn’s, with ties', () => {
    const areas = [0.46296296296296297, 0.2857142857142857, 0.42592592592592593];
    const precisions = [0.2777777777777778, 0.5104617604617605, 0.2388888888888889];
    for (const tag of [0, 1, 2]) {
      expect(rocAuc(column(labels, tag), column(scores, tag))).toBeCloseTo(areas[tag] ?? NaN, 12);
      expect(averagePrecision(column(labels, tag), column(scores, tag))).toBeCloseTo(precisions[tag] ?? NaN, 12);
    }
  });

  it('equal scikit-learn’s with weights, from scores and from a ranking made before', () => {
    const areas = [0.20719515196259375, 0.15076886773901757, 0.3656329446830894];
    const precisions = [0.09285831291022258, 0.34625452675316165, 0.3152852456237576];
    for (const tag of [0, 1, 2]) {
      const ranking = rankScores(column(scores, tag));
      expect(rocAuc(column(labels, tag), ranking, weights)).toBeCloseTo(areas[tag] ?? NaN, 12);
      expect(averagePrecision(column(labels, tag), column(scores, tag), weights)).toBeCloseTo(precisions[tag] ?? NaN, 12);
    }
  });

  it('average by tag, by clip and over all pairs as scikit-learn does', () => {
    const figures = rankingFigures(all);
    expect(figures.rocAuc.overAll).toBeCloseTo(0.46813186813186813, 12);
    expect(figures.averagePrecision.overAll).toBeCloseTo(0.26918357074493704, 12);
    expect(figures.rocAuc.byClip.mean).toBeCloseTo(0.4333333333333333, 12);
    expect(figures.averagePrecision.byClip.mean).toBeCloseTo(0.475, 12);
    expect(figures.rocAuc.byTag.mean).toBeCloseTo((0.46296296296296297 + 0.2857142857142857 + 0.42592592592592593) / 3, 12);
  });

  it('leave a tag out of the mean that nothing carries, and say that it has no figure', () => {
    expect(byTag(all, rocAuc).each[3]).toBeNaN();
    expect(byTag(all, averagePrecision).each[3]).toBeNaN();
    expect(byClip(all, rocAuc).each.filter((value) => !Number.isNaN(value))).toHaveLength(10);
    expect(byTag({ examples: 2, tags: 1, labels: [0, 0], scores: [1, 2] }, rocAuc).mean).toBeNaN();
  });

  it('are those of chance when all scores are equal', () => {
    const same = new Array<number>(12).fill(0.3);
    expect(rocAuc(column(labels, 1), same)).toBe(0.5);
    expect(averagePrecision(column(labels, 1), same)).toBeCloseTo(7 / 12, 12);
  });
});

describe('thresholds', () => {
  it('give precision and recall as scikit-learn’s curve has them', () => {
    const own = { labels: column(labels, 0), scores: column(scores, 0) };
    const figures = atThresholds(own, [0.9, 0, 0.4, 0.7, 0.3]);
    expect(figures.map(({ precision }) => precision)).toEqual([0, 0.25, 1 / 3, 0.25, 0.25]);
    expect(figures.map(({ recall }) => recall)).toEqual([0, 1, 2 / 3, 1 / 3, 2 / 3]);
    expect(figures.map(({ accepted }) => accepted)).toEqual([1, 12, 6, 4, 8]);
  });

  it('have no precision where nothing is accepted', () => {
    expect(atThresholds({ labels: [1, 0], scores: [0.2, 0.1] }, [0.5])[0]).toEqual({
      atLeast: 0.5,
      accepted: 0,
      precision: NaN,
      recall: 0,
    });
  });
});
