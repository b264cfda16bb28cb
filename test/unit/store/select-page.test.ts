import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src-main/base/index.ts';
import { offsetOf, rankOfBits, selectPage } from '../../../src-main/store/activations/select-page.ts';
import type { SortColumn } from '../../../src-main/store/activations/select-page.ts';

function columnOf(values: readonly number[], descending: boolean): SortColumn {
  const ranks = new Uint16Array(new Float16Array(values).buffer).map((bits) => rankOfBits[bits] ?? 0);
  const counts = new Uint32Array(65_536);
  for (const rank of ranks) counts[rank] = (counts[rank] ?? 0) + 1;
  return { column: { ranks, counts }, descending };
}

/** The order by plain comparison of numbers, for columns without NaN. */
function expectedOrder(columns: readonly { values: readonly number[]; descending: boolean }[], size: number): number[] {
  const halves = columns.map(({ values, descending }) => ({ values: new Float16Array(values), descending }));
  return Array.from({ length: size }, (_, i) => i).sort((a, b) => {
    for (const { values, descending } of halves) {
      const [x, y] = [values[a] ?? 0, values[b] ?? 0];
      if (x !== y) return x < y === descending ? 1 : -1;
    }
    return a - b;
  });
}

describe('a page of an order', () => {
  const random = seededRandom(5);
  const makers: Record<string, () => number> = {
    'normal values': () => random.normal(),
    'half zeros': () => Math.max(0, random.normal()),
    'few values': () => random.below(3) - 1,
    'one value': () => 7,
    'both zeros': () => (random.uniform() < 0.5 ? -0 : 0),
    'infinite values': () => [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 65_504, 6e-8][random.below(4)] ?? 0,
  };

  for (const [name, make] of Object.entries(makers)) {
    it(`equals that of a full sort for ${name}, by one and by two columns, in both directions`, () => {
      const size = 700;
      const first = Array.from({ length: size }, make);
      const second = Array.from({ length: size }, makers['few values'] ?? make);
      for (const descending of [true, false]) {
        const one = [{ values: first, descending }];
        const two = [...one, { values: second, descending: !descending }];
        for (const columns of [one, two]) {
          const expected = expectedOrder(columns, size);
          const sorted = columns.map(({ values, descending }) => columnOf(values, descending));
          for (const offset of [0, 1, 99, 350, 650, 699])
            for (const limit of [1, 2, 50, 1000])
              expect([...selectPage(sorted, offset, limit)]).toEqual(expected.slice(offset, offset + limit));
          expect(offsetOf(sorted, expected[123] ?? 0)).toBe(123);
        }
      }
    });
  }

  it('is empty behind the end, for no rows wanted, and for no rows at all', () => {
    expect(selectPage([columnOf([1, 2], true)], 2, 10)).toHaveLength(0);
    expect(selectPage([columnOf([1, 2], true)], 0, 0)).toHaveLength(0);
    expect(selectPage([columnOf([], true)], 0, 10)).toHaveLength(0);
  });

  it('puts values that are no numbers at the low end', () => {
    expect([...selectPage([columnOf([Number.NaN, -5, 3], true)], 0, 3)]).toEqual([2, 1, 0]);
    expect([...selectPage([columnOf([Number.NaN, -5, 3], false)], 0, 3)]).toEqual([0, 1, 2]);
  });

  it('ranks every half in the order of its number', () => {
    const finite = Array.from({ length: 65_536 }, (_, bits) => bits).filter((bits) => (bits & 0x7c00) !== 0x7c00);
    const numbers = new Float16Array(Uint16Array.from(finite).buffer);
    const sorted = finite.map((bits, i) => ({ rank: rankOfBits[bits] ?? 0, number: numbers[i] ?? 0 })).sort((a, b) => a.number - b.number);
    for (const [i, { rank, number }] of sorted.entries()) {
      const before = sorted[i - 1];
      if (before !== undefined) expect(rank > before.rank || (rank === before.rank && number === before.number)).toBe(true);
    }
  });
});
