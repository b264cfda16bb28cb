import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src-main/base/index.ts';
import { firstPositions, wholeOrder } from '../../../src-main/store/activations/order.ts';
import type { SortColumn } from '../../../src-main/store/activations/order.ts';

/** The order by plain comparison of numbers; NaN last in either direction, ties by position. */
function expectedOrder(columns: readonly SortColumn[]): number[] {
  const length = columns[0]?.values.length ?? 0;
  return Array.from({ length }, (_, i) => i).sort((a, b) => {
    for (const { values, descending } of columns) {
      const [x, y] = [values[a] ?? 0, values[b] ?? 0];
      if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
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
  const size = 3000;
  const column = (descending: boolean): SortColumn => ({ values: Float32Array.from({ length: size }, make), descending });

  it.each([true, false])('equals that of a plain sort (descending: %s)', (descending) => {
    const one = column(descending);
    expect([...wholeOrder([one])]).toEqual(expectedOrder([one]));
  });

  it('breaks ties by a second column, then by position', () => {
    const first = column(true);
    const second = { values: Float32Array.from({ length: size }, () => random.below(4)), descending: false };
    expect([...wholeOrder([first, second])]).toEqual(expectedOrder([first, second]));
  });

  it.each([1, 2, 50, 128, 2000])('begins with the %i that a walk finds', (count) => {
    for (const descending of [true, false]) {
      const one = column(descending);
      const found = firstPositions(one, count);
      const numbers = one.values.filter((value) => !Number.isNaN(value)).length;
      if (count > numbers) expect(found).toBeNull();
      else expect([...(found ?? [])], name).toEqual(expectedOrder([one]).slice(0, count));
    }
  });
});

describe('an order', () => {
  it('of nothing is empty', () => {
    const none = { values: new Float32Array(0), descending: true };
    expect(wholeOrder([none])).toHaveLength(0);
    expect(firstPositions(none, 10)).toHaveLength(0);
  });

  it('of fewer than are wanted is whole', () => {
    expect([...(firstPositions({ values: Float32Array.of(1, 3, 2), descending: true }, 10) ?? [])]).toEqual([1, 2, 0]);
  });
});
