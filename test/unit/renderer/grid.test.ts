/** @file The table's arithmetic: what is in sight, where a scroll leads, what keys, clicks and ranges do. */
import { describe, expect, it } from 'vitest';
import { findTyped, movedPlace } from '../../../src-renderer/ui/grid/keys.ts';
import {
  columnAt,
  columnsInSight,
  layOutColumns,
  mostColumnsInSight,
  moveItem,
  rowsInSight,
  shownBySlot,
} from '../../../src-renderer/ui/grid/layout.ts';
import { RowBudget } from '../../../src-renderer/ui/grid/row-budget.svelte.ts';
import { contentTopAt, followScroll, lastContentTop, scrollExtent, scrollTopFor } from '../../../src-renderer/ui/grid/scroll-scale.ts';
import { isSelected, joinRanges, selectedCount, selectedRows, toggleRow } from '../../../src-renderer/ui/grid/selection.ts';
import { nextSort } from '../../../src-renderer/ui/grid/sort.ts';

describe('scrolling a table that is taller than an element may be', () => {
  const extent = scrollExtent(10_000_000, 28, 700);

  it('keeps the element below the limit and still reaches the last row', () => {
    expect(extent.elementPx).toBeLessThanOrEqual(16_000_000);
    expect(contentTopAt(extent, extent.elementPx - 700)).toBe(lastContentTop(extent));
    expect(contentTopAt(extent, 0)).toBe(0);
  });

  it('goes back and forth between the two scales without loss', () => {
    for (const top of [0, 1, 399_999, 400_001, 5_000_000, 139_999_999, 279_000_000, 279_999_299]) {
      expect(contentTopAt(extent, scrollTopFor(extent, top))).toBeCloseTo(top, 3);
    }
  });

  it('never moves back while the thumb moves on', () => {
    let before = -1;
    for (let scrollTop = 0; scrollTop <= extent.elementPx - 700; scrollTop += 9973) {
      const top = contentTopAt(extent, scrollTop);
      expect(top).toBeGreaterThan(before);
      before = top;
    }
  });

  it('moves by exactly as many pixels as a small movement has', () => {
    const start = { scrollTop: 8_000_000, contentTop: contentTopAt(extent, 8_000_000) };
    const after = followScroll(extent, start, start.scrollTop + 56);
    expect(after.contentTop - start.contentTop).toBe(56);
    expect(after.astray).toBe(false);
  });

  it('goes by the scale when the thumb is dragged far', () => {
    const after = followScroll(extent, { scrollTop: 0, contentTop: 0 }, 8_000_000);
    expect(after.contentTop).toBe(contentTopAt(extent, 8_000_000));
  });

  it('says when the thumb has run into an end that the table has not reached', () => {
    expect(followScroll(extent, { scrollTop: 30, contentTop: 5000 }, 0)).toMatchObject({ contentTop: 4970, astray: true });
    expect(followScroll(extent, { scrollTop: 30, contentTop: 30 }, 0)).toMatchObject({ contentTop: 0, astray: false });
  });

  it('is the plain scroll position where everything fits', () => {
    const small = scrollExtent(1000, 28, 700);
    expect(followScroll(small, { scrollTop: 0, contentTop: 0 }, 12_345)).toEqual({ scrollTop: 12_345, contentTop: 12_345, astray: false });
    expect(lastContentTop(scrollExtent(3, 28, 700))).toBe(0);
  });
});

describe('what is in sight', () => {
  const layout = layOutColumns([100, 50, 70, 30]);

  it('finds the column under a distance, edges belonging to the right one', () => {
    expect([0, 99, 100, 149, 150, 219, 220, 9999].map((px) => columnAt(layout, px))).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  });

  it('counts partly seen columns and rows', () => {
    expect(columnsInSight(layout, 99, 52)).toEqual({ first: 0, end: 3 });
    expect(columnsInSight(layOutColumns([]), 0, 100)).toEqual({ first: 0, end: 0 });
    expect(rowsInSight(100, 28, 27, 30, 0)).toEqual({ first: 0, end: 3 });
    expect(rowsInSight(2, 28, 0, 700, 4)).toEqual({ first: 0, end: 2 });
  });

  it('knows the most columns that any position shows', () => {
    expect(mostColumnsInSight(layout, 40)).toBe(2);
    expect(mostColumnsInSight(layout, 60)).toBe(3);

    expect(mostColumnsInSight(layout, 1000)).toBe(4);
    const many = layOutColumns(Array.from({ length: 60 }, (_, index) => 40 + ((index * 37) % 90)));
    const most = mostColumnsInSight(many, 500);
    for (let left = 0; left < many.widthPx - 500; left++) {
      const { first, end } = columnsInSight(many, left, 500);
      expect(end - first).toBeLessThanOrEqual(most);
    }
  });

  it('lets every recycled element keep its row until that leaves', () => {
    const shown = (first: number): number[] => [0, 1, 2, 3, 4].map((slot) => shownBySlot(slot, 5, first));
    expect([...shown(7)].sort((a, b) => a - b)).toEqual([7, 8, 9, 10, 11]);
    expect(shown(8).filter((row, slot) => row !== shown(7)[slot])).toEqual([12]);
  });

  it('moves a column before the one it is dropped at', () => {
    expect(moveItem(['a', 'b', 'c', 'd'], 0, 2)).toEqual(['b', 'a', 'c', 'd']);
    expect(moveItem(['a', 'b', 'c', 'd'], 3, 0)).toEqual(['d', 'a', 'b', 'c']);
    expect(moveItem(['a', 'b'], 0, 2)).toEqual(['b', 'a']);
  });
});

describe('the order', () => {
  const options = { second: false, descendingFirst: true };

  it('begins descending where the column asks for it and turns at the next click', () => {
    const once = nextSort([], '51', options);
    expect(once).toEqual([{ id: '51', descending: true }]);
    expect(nextSort(once, '51', options)).toEqual([{ id: '51', descending: false }]);
    expect(nextSort([], 'title', { second: false, descendingFirst: false })).toEqual([{ id: 'title', descending: false }]);
  });

  it('adds, turns and replaces the second key', () => {
    const first = [{ id: '51', descending: true }];
    const both = nextSort(first, '61', { second: true, descendingFirst: true });
    expect(both).toEqual([...first, { id: '61', descending: true }]);
    expect(nextSort(both, '61', { second: true, descendingFirst: true })[1]).toEqual({ id: '61', descending: false });
    expect(nextSort(both, '80', { second: true, descendingFirst: true })).toEqual([...first, { id: '80', descending: true }]);
    expect(nextSort(both, '51', { second: true, descendingFirst: true })).toEqual([{ id: '51', descending: false }, both[1]]);
    expect(nextSort(both, '51', options)).toEqual([{ id: '51', descending: true }]);
  });
});

describe('keys', () => {
  const size = { rows: 100, columns: 5, page: 20 };
  const go = (row: number, column: number, key: string, control = false): unknown => movedPlace({ row, column }, { key, control }, size);

  it('moves by cells, pages and to the ends', () => {
    expect(go(3, 1, 'ArrowDown')).toEqual({ row: 4, column: 1 });
    expect(go(0, 1, 'ArrowUp')).toEqual({ row: -1, column: 1 });
    expect(go(95, 1, 'PageDown')).toEqual({ row: 99, column: 1 });
    expect(go(5, 1, 'PageUp')).toEqual({ row: 0, column: 1 });
    expect(go(5, 1, 'Home')).toEqual({ row: 0, column: 1 });
    expect(go(5, 1, 'Home', true)).toEqual({ row: 0, column: 0 });
    expect(go(5, 1, 'End', true)).toEqual({ row: 99, column: 4 });
    expect(go(5, 4, 'ArrowRight')).toEqual({ row: 5, column: 4 });
    expect(go(5, 4, 'x')).toBeNull();
  });

  it('finds the next row that begins with the letters and wraps around', () => {
    const rows = ['Anthem', 'Knolls', undefined, 'Battle', 'knight'];
    const find = (text: string, from: number): number => findTyped(text, from, rows.length, (index) => rows[index]);
    expect(find('kn', 0)).toBe(1);
    expect(find('kn', 2)).toBe(4);
    expect(find('a', 2)).toBe(0);
    expect(find('z', 0)).toBe(-1);
  });
});

describe('selected rows', () => {
  it('joins ranges that touch and takes single rows out', () => {
    const ranges = joinRanges([
      { first: 5, last: 9 },
      { first: 0, last: 2 },
      { first: 3, last: 3 },
    ]);
    expect(ranges).toEqual([
      { first: 0, last: 3 },
      { first: 5, last: 9 },
    ]);
    const without = toggleRow(ranges, 7);
    expect(isSelected(without, 7)).toBe(false);
    expect(selectedCount(without)).toBe(8);
    expect(toggleRow(without, 7)).toEqual(ranges);
    expect(selectedRows(without, 6)).toEqual([0, 1, 2, 3, 5, 6]);
  });
});

describe('rows drawn in a frame', () => {
  function made(): { take: (rows: number) => number; frame: (atMs: number) => void } {
    let run: ((atMs: number) => void) | null = null;
    const budget = new RowBudget((next) => (run = next));
    return {
      take: (rows) => Array.from({ length: rows }, () => budget.take()).filter(Boolean).length,
      frame: (atMs) => {
        const now = run;
        run = null;
        now?.(atMs);
      },
    };
  }

  it('are all of them after a rest, and only some while the table goes on moving', () => {
    const { take, frame } = made();
    expect(take(40)).toBe(40);
    frame(16);
    expect(take(40)).toBe(5);
    frame(32);
    expect(take(40)).toBe(5);
    frame(48);
  });

  it('are all of them again when nothing has come for a while', () => {
    const { take, frame } = made();
    take(40);
    for (let atMs = 16; atMs < 300; atMs += 16) frame(atMs);
    expect(take(40)).toBe(40);
  });
});
