import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src-main/base/index.ts';
import {
  bestOfGroups,
  Column,
  countInGroups,
  firstPositions,
  offsetOf,
  selectAmong,
  selectPage,
} from '../../../src-main/store/activations/order.ts';

type Plain = { values: Float32Array; descending: boolean };

function sorts(...columns: Plain[]): { column: Column; descending: boolean }[] {
  return columns.map(({ values, descending }) => ({ column: new Column(values), descending }));
}

/** The order by plain comparison of numbers; NaN is less than everything, ties by position. */
function expectedOrder(columns: readonly Plain[]): number[] {
  const length = columns[0]?.values.length ?? 0;
  return Array.from({ length }, (_, i) => i).sort((a, b) => {
    for (const { values, descending } of columns) {
      const [x, y] = [values[a] ?? 0, values[b] ?? 0];
      if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) === descending ? 1 : -1;
      if (x < y || x > y) return x < y === descending ? 1 : -1;
    }
    return a - b;
  });
}

const random = seededRandom(5);
const least = 2 ** -149;
const makers: Record<string, () => number> = {
  'normal values': () => random.normal(),
  'half zeros': () => Math.max(0, random.normal()),
  'few values': () => random.below(3) - 1,
  'one value': () => 7,
  'both zeros': () => (random.uniform() < 0.5 ? -0 : 0),
  'values that differ in the last bit': () => Math.fround(0.607) + random.below(5) * 2 ** -24,
  'infinite and tiny values': () => [Infinity, -Infinity, 3.4e38, least, -least][random.below(5)] ?? 0,
  'values that are no numbers': () => (random.uniform() < 0.4 ? NaN : random.normal()),
};

describe.each(Object.entries(makers))('an order of %s', (name, make) => {
  const size = 9000;
  const column = (descending: boolean): Plain => ({ values: Float32Array.from({ length: size }, make), descending });
  const pages = [0, 1, 99, 2100, 4500, 8950, 8999].flatMap((offset) => [1, 2, 100, 1000, 20_000].map((limit) => [offset, limit] as const));

  it.each([true, false])('has the pages of a plain sort (descending: %s)', (descending) => {
    const one = column(descending);
    const expected = expectedOrder([one]);
    const columns = sorts(one);
    for (const [offset, limit] of pages)
      expect([...selectPage(columns, offset, limit)], `${offset} ${limit}`).toEqual(expected.slice(offset, offset + limit));
    expect(offsetOf(columns, expected[1234] ?? 0)).toBe(1234);
  });

  it.each([true, false])('breaks ties by a second column, then by position (descending: %s)', (descending) => {
    const first = column(descending);
    const second = { values: Float32Array.from({ length: size }, () => random.below(4)), descending: !descending };
    const expected = expectedOrder([first, second]);
    const columns = sorts(first, second);
    for (const [offset, limit] of pages)
      expect([...selectPage(columns, offset, limit)], `${offset} ${limit}`).toEqual(expected.slice(offset, offset + limit));
  });

  it.each([1, 2, 50, 128, 2000])('begins with the %i that a walk finds', (count) => {
    for (const descending of [true, false]) {
      const one = column(descending);
      const [sort] = sorts(one);
      const found = sort === undefined ? null : firstPositions(sort, count);
      const expected = expectedOrder([one]).slice(0, count);
      const hasNaN = expected.some((position) => Number.isNaN(one.values[position]));
      if (hasNaN) expect(found).toBeNull();
      else expect([...(found ?? [])], name).toEqual(expected);
    }
  });
});

describe.each(Object.entries(makers))('the best of each group by %s', (_, make) => {
  const size = 9000;
  const ends: number[] = [];
  for (let end = 0; end < size;) ends.push((end = Math.min(size, end + 1 + random.below(9))));
  const startOf = (group: number): number => ends[group - 1] ?? 0;

  it.each([
    [1, true],
    [3, false],
    [20, true],
  ])('are, %i of each, those that a plain sort puts first (descending: %s), and so are their pages', (most, descending) => {
    const columns = [0, 1].map((at) => ({
      values: Float32Array.from({ length: size }, make),
      descending: at === 0 ? descending : !descending,
    }));
    const expected = expectedOrder(columns);
    const counts = new Map<number, number>();
    const kept = expected.filter((position) => {
      const group = ends.findIndex((end) => position < end);
      counts.set(group, (counts.get(group) ?? 0) + 1);
      return (counts.get(group) ?? 0) <= most;
    });
    const made = sorts(...columns);
    const best = bestOfGroups(made, Uint32Array.from(ends), most);
    expect([...best]).toEqual(kept.toSorted((a, b) => a - b));
    expect(countInGroups(Uint32Array.from(ends), most)).toBe(kept.length);
    for (const [offset, limit] of [
      [0, 10],
      [5, 3000],
      [kept.length - 3, 10],
      [kept.length, 1],
    ] as const)
      expect([...selectAmong(made, best, { offset, limit })], `${offset} ${limit}`).toEqual(kept.slice(offset, offset + limit));
  });

  it('are the first of each where nothing is sorted by', () => {
    const best = bestOfGroups([], Uint32Array.from(ends), 2);
    expect([...best]).toEqual(ends.flatMap((end, group) => [startOf(group), startOf(group) + 1].filter((position) => position < end)));
  });
});

describe('an order', () => {
  it('of nothing is empty', () => {
    const [none] = sorts({ values: new Float32Array(0), descending: true });
    if (none === undefined) throw new Error('there is one');
    expect(selectPage([none], 0, 10)).toHaveLength(0);
    expect(firstPositions(none, 10)).toHaveLength(0);
  });

  it('of values that rise or fall along the way is left to counting, before a walk has sorted thousands of times', () => {
    const rising = Float32Array.from({ length: 100_000 }, (_, i) => i);
    for (const descending of [true, false]) {
      const [up] = sorts({ values: rising, descending });
      const [down] = sorts({ values: rising.toReversed(), descending });
      if (up === undefined || down === undefined) throw new Error('there are two');
      expect(firstPositions(descending ? up : down, 100)).toBeNull();
      expect([...(firstPositions(descending ? down : up, 3) ?? [])]).toEqual([0, 1, 2]);
      expect([...selectPage([descending ? up : down], 0, 2)]).toEqual([99_999, 99_998]);
    }
  });

  it('of fewer than are wanted is whole', () => {
    const columns = sorts({ values: Float32Array.of(1, 3, 2), descending: true });
    expect([...selectPage(columns, 0, 10)]).toEqual([1, 2, 0]);
    expect(selectPage(columns, 3, 10)).toHaveLength(0);
  });
});
