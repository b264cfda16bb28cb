import { describe, expect, it } from 'vitest';
import { plausibleRows, seededRandom } from '../../../src-main/base/index.ts';

const dimensions = 8;

function judged(rows: readonly Float32Array[]): number[] {
  const plausible = plausibleRows(rows.length, dimensions, (row) => rows[row] as Float32Array);
  return [...plausible.keys()].filter((row) => plausible[row] === 0);
}

const usual = (count: number, centre = 0): Float32Array[] => {
  const random = seededRandom(count);
  return Array.from({ length: count }, () => Float32Array.from({ length: dimensions }, () => centre + random.normal()));
};

describe('plausible rows', () => {
  it('are all rows of a library, of two kinds of music as well', () => {
    expect(judged(usual(500))).toEqual([]);
    expect(judged([...usual(300), ...usual(40, 9)])).toEqual([]);
    expect(judged([])).toEqual([]);
    expect(judged(usual(1))).toEqual([]);
    expect(judged(usual(2))).toEqual([]);
  });

  it.each([1e3, 1e31, -1e9, NaN, Infinity])('are not those that hold %d, however few others there are', (odd) => {
    for (const count of [3, 10, 700]) {
      const rows = usual(count);
      rows.splice(1, 0, new Float32Array(dimensions).fill(odd));
      expect(judged(rows)).toEqual([1]);
    }
  });

  it('are all where rows are alike but one that differs as music does', () => {
    const [first, second] = usual(2, 5) as [Float32Array, Float32Array];
    expect(judged([first, first, first, second])).toEqual([]);
  });
});
