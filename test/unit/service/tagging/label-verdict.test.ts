/** @file What is said of a tag that was learnt: nothing is offered that chance may explain. */
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src-main/base/index.ts';
import { metrics } from '../../../../src-main/learn/index.ts';
import { isUnclear, judgedLabel } from '../../../../src-main/service/tagging/label-verdict.ts';

type Measured = Parameters<typeof isUnclear>[0];

const label = (rocAuc: Measured['rocAuc'], changes: Partial<Measured> = {}): Measured => ({
  ...{ state: 'ready', message: '', label: 0, rocAuc, yes: 30, no: 60, groups: 20, kind: 'mood', name: 'rainy' },
  ...changes,
});

describe('a learnt tag', () => {
  it('that is told no better than by guessing says so, and what helps', () => {
    const { state, label: column, message } = judgedLabel(label({ value: 0.39, low: 0.21, high: 0.58 }));
    expect([state, column]).toEqual(['unclear', null]);
    expect(message).toContain('“mood: rainy” cannot be told from the rest yet: ROC-AUC 0.39 (0.21 to 0.58)');
    expect(message).toContain('More examples help most');
    expect(isUnclear(label({ value: 0.6, low: 0.5, high: 0.7 }))).toBe(true);
  });

  it('that is told by more than chance is offered as it is', () => {
    const clear = label({ value: 0.86, low: 0.74, high: 0.95 });
    expect(judgedLabel(clear)).toBe(clear);
  });

  it('that a narrow interval flatters is not believed: so few examples give as much by chance', () => {
    expect(isUnclear(label({ value: 0.8, low: 0.7, high: 0.9 }, { yes: 5, no: 5, groups: 5 }))).toBe(true);
    expect(isUnclear(label({ value: 0.8, low: 0.7, high: 0.9 }, { yes: 40, no: 40, groups: 2 }))).toBe(true);
  });

  it('of too few artists for an interval is judged by what chance gives, and says that it cannot be told', () => {
    const few = { groups: 4, yes: 20, no: 60 };
    expect(isUnclear(label({ value: 0.99, low: null, high: null }, few))).toBe(false);
    const { message } = judgedLabel(label({ value: 0.7, low: null, high: null }, few));
    expect(message).toContain('ROC-AUC 0.70 (too few artists to tell)');
    expect(judgedLabel(label({ value: 0.7, low: null, high: null }, few), 'album').message).toContain('too few albums to tell');
  });

  it('that was not measured, as published ones are not, is not judged; one with too few examples stays so', () => {
    expect(isUnclear(label(null))).toBe(false);
    expect(judgedLabel(label(null, { state: 'tooFew', message: 'Too few.' })).message).toBe('Too few.');
  });

  it('of noise is offered no more often than by the nominal rate', () => {
    const random = seededRandom(21);
    for (const [yes, no] of [
      [5, 5],
      [6, 20],
      [25, 60],
    ] as const) {
      let offered = 0;
      for (let draw = 0; draw < 200; draw++) {
        const labels = Float64Array.from({ length: yes + no }, (_, i) => (i < yes ? 1 : 0));
        const scores = Float64Array.from(labels, () => random.normal());
        const groups = Int32Array.from(labels, (_, i) => i);
        const measured = metrics.bootstrap((weights) => metrics.rocAuc(labels, scores, weights), { groups, replicates: 200, seed: draw });
        if (!isUnclear(label(measured, { yes, no, groups: yes }))) offered++;
      }
      // 2.5 % of 200 is 5; more than 11 happen once in a hundred times.
      expect(offered).toBeLessThanOrEqual(11);
    }
  });
});
