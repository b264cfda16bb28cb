/** @file Two spaces, and two kinds of music, beside each other: held to numpy, scipy and scikit-learn (`test/parity/make-beside-values.py`). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src-main/base/index.ts';
import {
  alignment,
  grownNames,
  matchNeurons,
  nearestRows,
  rowProducts,
  sharedCounts,
  topLikeness,
} from '../../../src-main/inspect/index.ts';
import type { LikenessSide } from '../../../src-main/inspect/index.ts';
import { bestAssignment } from '../../../src-main/inspect/assignment.ts';
import { upperTail } from '../../../src-main/inspect/grown-names.ts';
import { drawn } from '../../support/drawn.ts';

type Triple = [number, number, number];
type Nearest = { places: number[][]; cosines: number[][] };
type Values = {
  count: number;
  first: number;
  second: number;
  alignment: { both: number; turned: number };
  matched: { pairs: Triple[]; best: Triple[]; dead: number };
  turnedMatch: Triple[];
  assigned: { rows: number; columns: number; chosen: number[] };
  queries: number[];
  neighbours: [Nearest, Nearest];
  tops: { width: number; standing: [number[], number[]]; likeness: number };
  tails: { count: number; drawn: number; bearing: number; tracks: number; tail: number }[];
};
const values = JSON.parse(readFileSync(new URL('../../parity/values/beside.json', import.meta.url), 'utf8')) as Values;
const { count, first, second } = values;

/** The formula of `make-beside-values.py`. */
const own = drawn(51, count * first).map((value, at) => (at % first === 1 ? 0.5 : value));
const its = drawn(52, count * second);
for (let neuron = 0; neuron < Math.floor(Math.min(first, second) / 2); neuron++)
  for (let row = 0; row < count; row++) {
    const at = row * second + second - 1 - neuron;
    its[at] = Math.fround((neuron === 2 ? -1 : 1) * (own[row * first + neuron] as number)) + Math.fround(0.25 * (its[at] as number));
  }

describe('centred kernel alignment', () => {
  const [ownRows, itsRows] = [rowProducts(own, first), rowProducts(its, second)];

  it('is numpy’s from whole matrices, to 1e-6', () => {
    expect(Math.abs((alignment(ownRows, itsRows) ?? NaN) - values.alignment.both)).toBeLessThan(1e-6);
    expect(alignment(itsRows, ownRows)).toBeCloseTo(values.alignment.both, 12);
  });

  it('is 1 where one space is the other, turned and scaled, and moved', () => {
    expect(values.alignment.turned).toBeCloseTo(1, 6);
    expect(alignment(ownRows, ownRows)).toBeCloseTo(1, 12);
    const turned = own.map((_, at) => {
      const [row, neuron] = [Math.floor(at / first), at % first];
      const cell = (column: number): number => own[row * first + column] as number;
      // A turn by 30° of the first and the third neuron, three times as large, and moved.
      if (neuron === 0) return 3 * (cell(0) * Math.cos(Math.PI / 6) - cell(2) * Math.sin(Math.PI / 6)) + 5;
      return neuron === 2 ? 3 * (cell(0) * Math.sin(Math.PI / 6) + cell(2) * Math.cos(Math.PI / 6)) : 3 * cell(neuron);
    });
    expect(alignment(ownRows, rowProducts(turned, first))).toBeCloseTo(1, 5);
  });

  it('is about 0 of spaces that have nothing in common, however few segments there are', () => {
    let sum = 0;
    for (let trial = 0; trial < 40; trial++) {
      const [one, other] = [drawn(100 + trial, 12 * 30), drawn(200 + trial, 12 * 30)];
      sum += (alignment(rowProducts(one, 30), rowProducts(other, 30)) ?? NaN) / 40;
    }
    // The biased estimate of as few segments gives 0.7 here.
    expect(Math.abs(sum)).toBeLessThan(0.1);
  });

  it('cannot be told of constant neurons, or of fewer than four segments', () => {
    expect(alignment(ownRows, rowProducts(new Float32Array(count).fill(2), 1))).toBeNull();
    expect(alignment(rowProducts(own.subarray(0, 3 * first), first), rowProducts(its.subarray(0, 3 * second), second))).toBeNull();
  });
});

describe('matched neurons', () => {
  const ownSpace = { values: own, width: first };
  const itsSpace = { values: its, width: second };
  const triples = (pairs: readonly { first: number; second: number; correlation: number }[]): Triple[] =>
    pairs.map((pair) => [pair.first, pair.second, pair.correlation]);
  const expectTriples = (found: readonly Triple[], wanted: readonly Triple[]): void => {
    expect(found.map(([a, b]) => [a, b])).toEqual(wanted.map(([a, b]) => [a, b]));
    for (const [at, [, , correlation]] of found.entries()) expect(Math.abs(correlation - (wanted[at]?.[2] ?? NaN))).toBeLessThan(1e-6);
  };

  it('are paired as scipy does, whichever space comes first, with signs', () => {
    const found = matchNeurons(ownSpace, itsSpace);
    expectTriples(triples(found.pairs), values.matched.pairs);
    expect(found.pairs.some(({ correlation }) => correlation < -0.9)).toBe(true);
    expect(found.dead).toEqual([values.matched.dead, 0]);
    const turned = matchNeurons(itsSpace, ownSpace);
    expect(new Set(triples(turned.pairs).map(([a, b]) => `${a} ${b}`))).toEqual(new Set(values.turnedMatch.map(([a, b]) => `${a} ${b}`)));
  });

  it('tell of every neuron its best partner, those that stand alone first', () => {
    const [best, others] = matchNeurons(ownSpace, itsSpace).best;
    expectTriples(
      best.map(({ number, partner, correlation }) => [number, partner ?? -1, correlation]),
      values.matched.best,
    );
    expect(others).toHaveLength(second);
  });

  it('are none where nothing differs', () => {
    const flat = { values: new Float32Array(count * 2).fill(1), width: 2 };
    expect(matchNeurons(ownSpace, flat)).toMatchObject({ pairs: [], dead: [1, 2], best: [expect.any(Array), []] });
    expect(matchNeurons(ownSpace, flat).best[0][0]).toMatchObject({ partner: null, correlation: 0 });
  });

  it('are assigned as scipy does where many rows want the same columns', () => {
    const { rows, columns, chosen } = values.assigned;
    expect([...bestAssignment(Float64Array.from(drawn(72, rows * columns)), rows, columns)]).toEqual(chosen);
  });

  it('leave no better assignment: all of six neurons were tried', () => {
    const gains = Float64Array.from(drawn(71, 36));
    const sumOf = (columns: ArrayLike<number>): number =>
      Array.from(columns).reduce((sum, column, row) => sum + (gains[row * 6 + column] as number), 0);
    const orders = (left: number[]): number[][] =>
      left.length === 0 ? [[]] : left.flatMap((one) => orders(left.filter((other) => other !== one)).map((rest) => [one, ...rest]));
    const best = Math.max(...orders([0, 1, 2, 3, 4, 5]).map(sumOf));
    expect(sumOf(bestAssignment(gains, 6, 6))).toBeCloseTo(best, 12);
  });
});

describe('neighbours of two spaces', () => {
  const queries = Int32Array.from(values.queries);
  const lists = [nearestRows(own, first, { queries, k: 5 }), nearestRows(its, second, { queries, k: 5 })];

  it('are scikit-learn’s, without the query itself', () => {
    for (const [at, { places, cosines }] of lists.entries()) {
      const wanted = values.neighbours[at === 0 ? 0 : 1];
      expect([...places]).toEqual(wanted.places.flat());
      for (const [place, cosine] of wanted.cosines.flat().entries()) expect(cosines[place]).toBeCloseTo(cosine, 6);
    }
  });

  it('are counted where both have them', () => {
    const [one, other] = values.neighbours;
    const wanted = one.places.map((places, query) => places.filter((place) => other.places[query]?.includes(place)).length);
    expect([...sharedCounts(lists[0]?.places as Int32Array, lists[1]?.places as Int32Array, 5)]).toEqual(wanted);
  });
});

/** Two sides, by the formula of `make-beside-values.py`. */
function sides(width: number): [LikenessSide, LikenessSide] {
  const more = drawn(65, width);
  const side = (at: number): LikenessSide => ({
    music: { values: drawn(61 + at, 48 * width), groups: Int32Array.from({ length: 48 }, (_, row) => Math.floor(row / 4)) },
    top: {
      values: drawn(63 + at, 12 * width).map((value, place) => value + 0.5 * (more[place % width] as number)),
      groups: Int32Array.from({ length: 12 }, (_, row) => Math.floor(row / 2)),
    },
  });
  return [side(0), side(1)];
}

describe('likeness of top segments', () => {
  const { width, standing, likeness } = values.tops;
  const [one, other] = sides(width);
  const found = topLikeness(one, other, width, seededRandom(1));

  it('stands out as numpy says, and is the cosine of that', () => {
    expect(Math.abs((found.likeness?.value ?? NaN) - likeness)).toBeLessThan(1e-6);
    for (const at of [0, 1] as const)
      for (const [statistic, value] of standing[at].entries())
        expect(Math.abs((found.sides[at][statistic]?.value ?? NaN) - value)).toBeLessThan(1e-5);
  });

  it('has an interval over tracks that holds it, and more than chance where the same stands out', () => {
    const { low, high, value } = found.likeness ?? { low: null, high: null, value: NaN };
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
    expect(found.byChance).toBeLessThan(0.05);
    expect(found.chance?.low).toBeLessThan(0);
    expect(found.chance?.high).toBeLessThan(value);
  });

  it('is what chance gives where top segments are any segments, in one of twenty sets at most about', () => {
    let rare = 0;
    for (let trial = 0; trial < 20; trial++) {
      const any = (at: number): LikenessSide => {
        const music = {
          values: drawn(300 + 2 * trial + at, 96 * width),
          groups: Int32Array.from({ length: 96 }, (_, row) => Math.floor(row / 4)),
        };
        return { music, top: { values: music.values.slice(0, 24 * width), groups: music.groups.slice(0, 24) } };
      };
      if ((topLikeness(any(0), any(1), width, seededRandom(trial)).byChance ?? 1) < 0.05) rare++;
    }
    expect(rare).toBeLessThanOrEqual(3);
  });

  it('takes all top segments of a track along where tracks are resampled: repeated segments narrow nothing', () => {
    const twice = ({ top: { values: rows, groups }, music }: LikenessSide): LikenessSide => ({
      music,
      top: {
        values: doubled(rows, width),
        groups: Int32Array.from([...groups].flatMap((group) => [group, group])),
      },
    });
    const again = topLikeness(twice(one), twice(other), width, seededRandom(1));
    expect(again.likeness?.value).toBeCloseTo(found.likeness?.value ?? NaN, 6);
    expect((again.likeness?.high ?? 0) - (again.likeness?.low ?? 0)).toBeCloseTo(
      (found.likeness?.high ?? 0) - (found.likeness?.low ?? 0),
      6,
    );
  });

  it('has no interval of few tracks, and none at all where nothing differs', () => {
    const few = ({ top, music }: LikenessSide): LikenessSide => ({
      music,
      top: { values: top.values.slice(0, 6 * width), groups: top.groups.slice(0, 6) },
    });
    expect(topLikeness(few(one), other, width, seededRandom(1)).likeness).toMatchObject({ low: null, high: null });
    const flat = (): LikenessSide => ({
      music: { values: new Float32Array(8 * width).fill(1), groups: Int32Array.of(0, 0, 1, 1, 2, 2, 3, 3) },
      top: { values: new Float32Array(2 * width).fill(1), groups: Int32Array.of(0, 1) },
    });
    expect(topLikeness(flat(), flat(), width, seededRandom(1))).toMatchObject({ likeness: null, chance: null, byChance: null });
  });
});

/** Every row twice, one behind the other. */
function doubled(rows: Float32Array, width: number): Float32Array {
  const all: number[] = [];
  for (let from = 0; from < rows.length; from += width)
    all.push(...rows.subarray(from, from + width), ...rows.subarray(from, from + width));
  return Float32Array.from(all);
}

describe('names that grow', () => {
  it('are as rare as scipy’s hypergeometric distribution says', () => {
    for (const { tail, ...draw } of values.tails) expect(upperTail(draw)).toBeCloseTo(tail, 9);
  });

  it('are told where chance hardly gives them, for all names that were tried together', () => {
    const names = [Array.from({ length: 10 }, (_, at) => at), Array.from({ length: 50 }, (_, at) => at), [0, 1, 2]];
    // Of 100 tracks eight are top ones: all bear the first name, and all the second, which half of the tracks bear.
    const found = grownNames([0, 3, 4, 5, 6, 7, 8, 9, 9, 9], names, 100);
    expect(found.map(({ name, count: own }) => [name, own])).toEqual([
      [0, 8],
      [1, 8],
    ]);
    expect(found[1]?.probability).toBeCloseTo(3 * upperTail({ count: 8, drawn: 8, bearing: 50, tracks: 100 }), 12);
    const one = grownNames([0, 3, 4], names, 100);
    expect(one.map(({ name }) => name)).toEqual([0]);
  });
});
