import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src-main/base/index.ts';
import { heads } from '../../../../src-main/learn/index.ts';

/** Artists of different sizes; labels from rare to frequent, some answers unknown. */
function library(): heads.HeadExamples {
  const random = seededRandom(6);
  const [count, labels] = [600, 5];
  const answers = Uint8Array.from({ length: count * labels }, (_, place) => (random.uniform() < 0.02 * 2 ** (place % labels) ? 1 : 0));
  return {
    ...{ dimensions: 1, labels, embeddings: new Float32Array(count), answers },
    weights: Float32Array.from({ length: count * labels }, () => (random.uniform() < 0.2 ? 0 : 1)),
    groups: Int32Array.from({ length: count }, () => 1000 + Math.floor(120 * random.uniform() ** 2)),
  };
}

const wish = { wanted: 5, seed: 1 };

describe('folds', () => {
  it('never part a group', () => {
    const some = library();
    const { foldOf, folds } = heads.groupedFolds(some, wish);
    expect(folds).toBe(5);
    const foldsOf = new Map<number, Set<number>>();
    for (const [row, group] of some.groups.entries()) foldsOf.set(group, (foldsOf.get(group) ?? new Set()).add(foldOf[row] ?? -1));
    expect([...foldsOf.values()].every(({ size }) => size === 1)).toBe(true);
  });

  it('spread every label and all examples about evenly', () => {
    const some = library();
    const { foldOf } = heads.groupedFolds(some, wish);
    for (let label = 0; label < some.labels; label++) {
      const yes = [0, 0, 0, 0, 0];
      for (const [row, fold] of foldOf.entries())
        if (some.answers[row * some.labels + label] === 1 && (some.weights[row * some.labels + label] ?? 0) > 0)
          yes[fold] = (yes[fold] ?? 0) + 1;
      const even = yes.reduce((sum, count) => sum + count, 0) / 5;
      for (const count of yes) expect(Math.abs(count - even)).toBeLessThanOrEqual(Math.max(3, 0.35 * even));
    }
    const sizes = [0, 1, 2, 3, 4].map((fold) => foldOf.filter((own) => own === fold).length);
    for (const size of sizes) expect(Math.abs(size - 120)).toBeLessThan(40);
  });

  it('are the same for the same seed, and as few as there are groups', () => {
    const some = library();
    expect(heads.groupedFolds(some, wish)).toEqual(heads.groupedFolds(some, wish));
    expect(heads.groupedFolds(some, { ...wish, seed: 2 }).foldOf).not.toEqual(heads.groupedFolds(some, wish).foldOf);
    const two = { ...some, groups: some.groups.map((group) => group % 2) };
    expect(heads.groupedFolds(two, wish).folds).toBe(2);
  });
});

describe('weights of examples', () => {
  it('balance the two answers of every label within what each part learns from, and are zero for what it must not know', () => {
    const some = library();
    const cut = heads.groupedFolds(some, wish);
    const balanced = heads.balancedWeights(some, cut);
    const { parts, isWhole } = balanced;
    expect(parts).toBe(6);
    const weights = new Float32Array(600 * parts * some.labels);
    for (let row = 0; row < 600; row++)
      for (let part = 0; part < parts; part++)
        heads.partWeights({ ...some, ...cut, balanced }, { row, part }, { into: weights, at: (row * parts + part) * some.labels });
    for (let part = 0; part < parts; part++)
      for (let label = 0; label < some.labels; label++) {
        const sums = [0, 0];
        for (let row = 0; row < 600; row++) {
          const weight = weights[(row * parts + part) * some.labels + label] ?? NaN;
          if (cut.foldOf[row] === part || some.weights[row * some.labels + label] === 0) expect(weight).toBe(0);
          const answer = some.answers[row * some.labels + label] ?? 0;
          sums[answer] = (sums[answer] ?? 0) + weight;
        }
        expect(sums[0]).toBeCloseTo(0.5, 5);
        expect(sums[1]).toBeCloseTo(0.5, 5);
        expect(isWhole[part * some.labels + label]).toBe(1);
      }
  });

  it('say where a part would learn one answer alone', () => {
    const some = { ...library(), labels: 1, answers: new Uint8Array(600), weights: new Float32Array(600).fill(1) };
    const last = some.groups[599] ?? 0;
    for (const [row, group] of some.groups.entries()) if (group === last) some.answers[row] = 1;
    const cut = heads.groupedFolds(some, wish);
    const { isWhole } = heads.balancedWeights(some, cut);
    expect(Array.from(isWhole)).toEqual([0, 1, 2, 3, 4, 5].map((part) => (part === cut.foldOf[599] ? 0 : 1)));
  });
});
