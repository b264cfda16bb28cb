// @vitest-environment happy-dom
/** @file Rows and columns as a table puts them into the page: their order for reading, and columns that are sought before they are there. */
import { beforeAll, describe, expect, it } from 'vitest';
import { Grid, arraySource } from '../../../../src-renderer/ui/grid/index.ts';
import type { GridColumn } from '../../../../src-renderer/ui/grid/index.ts';
import { act, show } from '../../../support/mount.svelte.ts';
import type { Mounted } from '../../../support/mount.svelte.ts';

type Row = { title: string };
let widthPx = 800;

beforeAll(() => {
  Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, get: () => widthPx });
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, get: () => 400 });
});

const column = (id: string, more: Partial<GridColumn<Row>> = {}): GridColumn<Row> => ({
  id,
  title: id,
  widthPx: 100,
  text: (row) => `${id} ${row.title}`,
  ...more,
});

function made(columns: readonly GridColumn<Row>[]): Mounted<Record<string, unknown>> {
  return show(Grid as never, { label: 'Tracks', columns, source: arraySource([{ title: 'One' }, { title: 'Two' }]) });
}

const words = (table: Mounted<Record<string, unknown>>, row: number): string[] =>
  [...table.place.querySelectorAll(`[aria-rowindex="${row}"] [aria-colindex]`)].map((cell) => cell.textContent?.trim() ?? '');
const numbers = (table: Mounted<Record<string, unknown>>, row: number): number[] =>
  [...table.place.querySelectorAll(`[aria-rowindex="${row}"] [aria-colindex]`)].map((cell) => Number(cell.getAttribute('aria-colindex')));

describe('a table', () => {
  it('has pinned cells first in reading order, in the header and in every row', () => {
    const table = made([column('artist'), column('title', { pinned: true }), column('album')]);
    for (const row of [1, 2, 3]) expect(numbers(table, row)).toEqual([1, 2, 3]);
    expect(words(table, 2)).toEqual(['title One', 'artist One', 'album One']);
  });

  it('pins nothing where that would leave no room for the other columns', () => {
    widthPx = 240;
    const table = made([column('title', { pinned: true, widthPx: 200 }), column('artist')]);
    expect(table.place.querySelectorAll('.body .pinned [role="gridcell"]')).toHaveLength(0);
    expect(words(table, 2)).toEqual(['title One', 'artist One']);
    widthPx = 800;
  });

  it('goes to a column as soon as it is there', () => {
    const table = made([column('title')]);
    const active = (): string | null => table.place.querySelector('.cell.active')?.textContent ?? null;
    act(() => (table.made as { goToColumn(id: string): void }).goToColumn('f51'));
    expect(active()).toBe('title One');
    table.set({ columns: [column('title'), column('f51')] });
    expect(active()).toBe('f51 One');
  });
});
