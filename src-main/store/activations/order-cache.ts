/** @file The columns that were last sorted by, in the order of a view, within a fixed amount of memory whatever the library's size. */
import type { ChunkFiles } from './chunk-files.ts';
import { bytesOfColumn, Column, firstPositions, offsetOf, selectPage } from './order.ts';
import type { SortColumn } from './order.ts';
import type { SegmentView } from './segment-view.ts';

/** Memory for columns; a second sort column needs a second one, so two are kept even when they are larger. */
const budgetBytes = 64 * 1024 * 1024;
const mostColumns = 8;
/** Up to here a page is found by looking for the best. */
const nearRows = 1_024;

/** A column to sort by. */
export type SortKey = { feature: number; descending: boolean };

/** What a column is read from: `rowCount` committed rows of an index, seen through a view. */
export type ColumnSource = { files: ChunkFiles; view: SegmentView; rowCount: number };

type Slot = { view: SegmentView; feature: number; column: Column };
/** Positions `[start, end)` lie at the rows from `row` on. */
type Stretch = { start: number; end: number; row: number };

/** Finds the positions of pages, and keeps the columns that this took. */
export class OrderCache {
  /** Most recently used last. */
  #slots: Slot[] = [];
  #byRow = new Float32Array(0);
  #stretches = new WeakMap<SegmentView, Stretch[]>();

  /** The positions of a page `[offset, offset + limit)` of the order. */
  page(source: ColumnSource, sort: readonly SortKey[], { offset, limit }: { offset: number; limit: number }): Uint32Array {
    const columns = this.#columns(source, sort);
    const [first, second] = columns;
    const end = Math.min(source.view.total, offset + limit);
    if (first === undefined || offset >= end) return new Uint32Array(0);
    const near = second === undefined && end <= nearRows ? firstPositions(first, end) : null;
    return near === null ? selectPage(columns, offset, limit) : near.subarray(offset);
  }

  /** The place of a position in the order. */
  offsetOf(source: ColumnSource, sort: readonly SortKey[], position: number): number {
    return offsetOf(this.#columns(source, sort), position);
  }

  /** A feature's values by position; to be read at once, since their memory is used again. */
  values(source: ColumnSource, feature: number): Float32Array {
    return this.#column(source, feature).values;
  }

  /** Forgets everything. */
  clear(): void {
    this.#slots = [];
  }

  #columns(source: ColumnSource, sort: readonly SortKey[]): SortColumn[] {
    return sort.map(({ feature, descending }) => ({ column: this.#column(source, feature), descending }));
  }

  #column(source: ColumnSource, feature: number): Column {
    const at = this.#slots.findIndex((slot) => slot.view === source.view && slot.feature === feature);
    if (at >= 0) this.#slots.push(...this.#slots.splice(at, 1));
    else this.#slots.push({ view: source.view, feature, column: this.#read(source, feature, this.#evict(source.view.total)) });
    return (this.#slots.at(-1) as Slot).column;
  }

  /** Makes room for a column of `total` values; returns the one that had to go when it is as long. */
  #evict(total: number): Column | undefined {
    const room = Math.max(2, Math.min(mostColumns, Math.floor(budgetBytes / Math.max(1, bytesOfColumn(total)))));
    const gone = this.#slots.splice(0, Math.max(0, this.#slots.length - room + 1));
    return gone.map((slot) => slot.column).find((column) => column.values.length === total);
  }

  /** Reads a column as it lies on the disk, and brings it into the view's order. */
  #read({ files, view, rowCount }: ColumnSource, feature: number, former: Column | undefined): Column {
    const values = former?.values ?? new Float32Array(view.total);
    const stretches = this.#stretchesOf(view);
    const [only] = stretches;
    // An index that was made in one go lies in the library's order already.
    if (stretches.length === 1 && only !== undefined) files.readColumn(feature, only.row, values);
    else {
      if (this.#byRow.length < rowCount) this.#byRow = new Float32Array(Math.ceil(rowCount * 1.2));
      files.readColumn(feature, 0, this.#byRow.subarray(0, rowCount));
      for (const { start, end, row } of stretches) values.set(this.#byRow.subarray(row, row + end - start), start);
    }
    return new Column(values, former);
  }

  #stretchesOf(view: SegmentView): Stretch[] {
    const known = this.#stretches.get(view) ?? findStretches(view);
    this.#stretches.set(view, known);
    return known;
  }
}

/** Joins the runs that lie one behind the other. */
function findStretches({ firstRows, starts }: SegmentView): Stretch[] {
  const stretches: Stretch[] = [];
  for (let run = 0; run < firstRows.length; run++) {
    const [row, start, end] = [firstRows[run] as number, starts[run] as number, starts[run + 1] as number];
    const before = stretches.at(-1);
    if (before !== undefined && before.row + before.end - before.start === row) before.end = end;
    else stretches.push({ start, end, row });
  }
  return stretches;
}
