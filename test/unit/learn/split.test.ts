import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src-main/base/index.ts';
import { heads } from '../../../src-main/learn/index.ts';

/** Examples with the labels of each (`+` fits, `-` does not, `?` not known) and their group. */
function examplesOf(rows: readonly (readonly [labels: string, group: number])[]): heads.FoldExamples {
  const labels = rows[0]?.[0].length ?? 0;
  const all = rows.flatMap(([own]) => [...own]);
  return {
    labels,
    answers: Uint8Array.from(all, (one) => (one === '+' ? 1 : 0)),
    weights: Float32Array.from(all, (one) => (one === '?' ? 0 : 1)),
    groups: Int32Array.from(rows, ([, group]) => group),
  };
}

const share = { share: 0.2, seed: 1 };

describe('what is held out', () => {
  it('never has a group on both sides, and is about the share of each label', () => {
    const random = seededRandom(3);
    const rows = Array.from({ length: 600 }, () => {
      const group = random.below(90);
      return [`${group % 3 === 0 ? '+' : '-'}${random.uniform() < 0.1 ? '+' : '-'}`, group] as const;
    });
    const sides = heads.groupedSplit(examplesOf(rows), share);
    const byGroup = new Map<number, Set<number>>();
    for (const [row, [, group]] of rows.entries()) byGroup.set(group, (byGroup.get(group) ?? new Set()).add(sides[row] as number));
    for (const own of byGroup.values()) expect(own.size).toBe(1);
    for (const label of [0, 1]) {
      const having = [...rows.keys()].filter((row) => rows[row]?.[0][label] === '+');
      const held = having.filter((row) => sides[row] === 1).length / having.length;
      expect(Math.abs(held - 0.2)).toBeLessThan(0.05);
    }
    expect(heads.groupedSplit(examplesOf(rows), share)).toEqual(sides);
  });

  it('has what a label fits and what it does not on both sides, where two groups have it', () => {
    const rows = [
      ['+-', 1],
      ['+-', 1],
      ['+-', 2],
      ['-+', 3],
      ['-+', 4],
      ['-?', 5],
    ] as const;
    const sides = heads.groupedSplit(examplesOf(rows), share);
    expect(heads.lacking(examplesOf(rows), sides)).toEqual([]);
  });

  it('says of what a side has none, where a single group has it', () => {
    const rows = [
      ['+', 1],
      ['+', 1],
      ['-', 2],
      ['-', 3],
      ['-', 4],
    ] as const;
    const sides = heads.groupedSplit(examplesOf(rows), share);
    const isHeld = sides[0] === 1;
    expect(heads.lacking(examplesOf(rows), sides)).toEqual([{ label: 0, answer: 1, isHeldOut: !isHeld }]);
    expect(
      heads.lacking(
        examplesOf([
          ['?', 1],
          ['?', 2],
        ]),
        Uint8Array.of(0, 1),
      ),
    ).toHaveLength(4);
  });
});

describe('a share of the labels', () => {
  const sets = Array.from({ length: 200 }, (_, at) => (at % 100 === 7 ? 'rare' : at % 2 === 0 ? 'even' : 'odd'));

  it('is drawn from each set of labels by itself, of each at least one', () => {
    const counts = (percent: number): number[] => {
      const taken = heads.stratifiedShare(sets, { percent, seed: 5 });
      return ['even', 'odd', 'rare'].map((set) => taken.filter((place) => sets[place] === set).length);
    };
    expect(counts(1)).toEqual([1, 1, 1]);
    expect(counts(10)).toEqual([10, 10, 1]);
    expect(counts(50)).toEqual([50, 49, 1]);
    expect(counts(100)).toEqual([100, 98, 2]);
  });

  it('lies within every larger one of the same seed', () => {
    let smaller: number[] = [];
    for (const percent of [1, 2, 5, 10, 20, 50, 100]) {
      const larger = heads.stratifiedShare(sets, { percent, seed: 5 });
      expect(larger).toEqual(larger.toSorted((a, b) => a - b));
      for (const place of smaller) expect(larger).toContain(place);
      smaller = larger;
    }
    expect(heads.stratifiedShare(sets, { percent: 10, seed: 6 })).not.toEqual(heads.stratifiedShare(sets, { percent: 10, seed: 5 }));
  });
});
