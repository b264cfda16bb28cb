import { describe, expect, it } from 'vitest';
import { metrics } from '../../../../src-main/learn/index.ts';

const groups = Int32Array.of(0, 1, 2, 3, 4);

describe('figures of labels', () => {
  it('are means over the labels, of answers as they count', () => {
    // The fourth answer on the first label is not known, the fifth counts half.
    const labels = Float32Array.of(1, 0, 1, 1, 0, 0, -1, 1, -0.5, 0);
    const logits = Float32Array.of(2, -1, 0.5, 2, 1, -2, 9, -3, 1.5, 0);
    const { loss, scores, each } = metrics.labelFigures({ outputs: 2, isExclusive: false, labels, logits, groups });
    const first = metrics.figuresOfRanking([1, 1, 0, 0, 0], [2, 0.5, 1, 9, 1.5], [1, 1, 1, 0, 0.5]);
    const second = metrics.figuresOfRanking([0, 1, 0, 1, 0], [-1, 2, -2, -3, 0]);
    expect(each).toEqual([first, second]);
    expect(scores.rocAuc?.value).toBeCloseTo((first.rocAuc + second.rocAuc) / 2, 12);
    expect(scores.averagePrecision?.value).toBeCloseTo((first.averagePrecision + second.averagePrecision) / 2, 12);
    expect(scores.accuracy).toBeNull();
    // Of five artists, but three of them have the rarer answer of a label.
    expect(scores.rocAuc).toMatchObject({ low: null, high: null });
    const soft = (x: number): number => Math.log(1 + Math.exp(x));
    const sum = soft(2) - 2 + soft(-1) + (soft(0.5) - 0.5) + (soft(2) - 2) + soft(1) + soft(-2) + (soft(-3) + 3) + soft(1.5) / 2 + soft(0);
    expect(loss).toBeCloseTo(sum / 8.5, 6);
  });

  it('tell of classes how many were met, and rank them by their probability', () => {
    const labels = Float32Array.of(1, 0, 0, 1, 0, 1, 1, 0, 0, 1);
    const logits = Float32Array.of(3, 1, 10, 9, 0, 4, 1, 2, -5, -6.5);
    const { loss, scores, each } = metrics.labelFigures({ outputs: 2, isExclusive: true, labels, logits, groups });
    expect(scores.accuracy?.value).toBeCloseTo(2 / 5, 12);
    // By the difference of the two, not by the logit itself.
    expect(each[0]?.rocAuc).toBeCloseTo(metrics.rocAuc([1, 0, 0, 1, 0], [2, 1, -4, -1, 1.5]), 12);
    const lost = [2, -1, 4, -1, -1.5].map((lead) => Math.log(1 + Math.exp(-lead)));
    expect(loss).toBeCloseTo(lost.reduce((a, b) => a + b, 0) / 5, 6);
  });

  it('have an interval where enough artists have the rarer answer, and then no less than a width', () => {
    const of = (artists: number): metrics.LabelFigures =>
      metrics.labelFigures({
        ...{ outputs: 1, isExclusive: false, groups: Int32Array.from({ length: 40 }, (_, row) => row % artists) },
        labels: Float32Array.from({ length: 40 }, (_, row) => row % 2),
        logits: Float32Array.from({ length: 40 }, (_, row) => 2 * (row % 2) - 1),
      });
    // Two artists a side, and five.
    expect(of(4).scores.rocAuc).toEqual({ value: 1, low: null, high: null });
    expect(of(10).scores.rocAuc).toMatchObject({ value: 1, high: 1 });
    expect(of(10).scores.rocAuc?.low).toBeLessThan(0.7);
  });

  it('have no interval of one group, and none without two answers', () => {
    const labels = Float32Array.of(1, 1, 0, 1, 1, 1);
    const one = metrics.labelFigures({
      ...{ outputs: 2, isExclusive: false, labels, logits: Float32Array.of(1, 2, 0, 3, 4, 4), groups: Int32Array.of(7, 7, 7) },
    });
    expect(one.each[1]?.rocAuc).toBeNull();
    expect(one.scores.rocAuc).toEqual({ value: 1, low: null, high: null });
  });
});

describe('guessing', () => {
  it('has the share of a label as its average precision, and names the class that is most frequent among what was taught', () => {
    const labels = Float32Array.of(1, 0, 0, 1, 0, 1, -1, 1, -0.5, 0);
    expect(metrics.chanceFigures({ outputs: 2, isExclusive: false, labels, groups }, labels)).toEqual({
      ...{ rocAuc: 0.5, accuracy: null, averagePrecision: (1 / 3.5 + 3 / 5) / 2 },
    });
    const classes = Float32Array.of(1, 0, 0, 1, 0, 1, 0, 1, 1, 0);
    const taught = Float32Array.of(1, 0, 1, 0, 0, 1);
    expect(metrics.chanceFigures({ outputs: 2, isExclusive: true, labels: classes, groups }, taught).accuracy).toBeCloseTo(2 / 5, 12);
  });

  it('names any of several classes that are equally frequent, and is told as what is expected of that', () => {
    const held = Float32Array.of(0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1);
    const of = (...taught: number[]): number | null =>
      metrics.chanceFigures({ outputs: 3, isExclusive: true, labels: held, groups: Int32Array.of(0, 1, 2, 3) }, Float32Array.from(taught))
        .accuracy;
    expect(of(1, 0, 0, 0, 1, 0)).toBeCloseTo((0 + 2 / 4) / 2, 12);
    expect(of(1, 0, 0, 0, 1, 0, 0, 0, 1)).toBeCloseTo(1 / 3, 12);
    expect(of(0, 1, 0, 0, 1, 0, 1, 0, 0)).toBeCloseTo(2 / 4, 12);
  });
});
