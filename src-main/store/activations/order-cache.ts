/** @file The columns that were last sorted by, in the order of a view, within a fixed amount of memory whatever the library's size. */
import type { ChunkFiles } from './chunk-files.ts';
import { columnKey, fillDerived } from './derived-column.ts';
import type { DerivedColumn } from './derived-column.ts';
import { bestOfGroups, bytesOfColumn, Column, countInGroups, firstPositions, offsetOf, selectAmong, selectPage } from './order.ts';
import type { SortColumn } from './order.ts';
import { inOneStep } from '../steps.ts';
import type { SegmentView } from './segment-view.ts';

/** Memory for columns; a second sort column needs a second one, so two are kept even when they are larger. */
const budgetBytes = 64 * 1024 * 1024;
const mostColumns = 8;
/** Up to here a page is found by looking for the best. */
const nearRows = 1_024;

/** A column to sort by: a feature, or one that is made for a view. */
export type SortKey = { column: number | DerivedColumn; descending: boolean };

/** A page of an order. `perTrack`: of each track the best alone, so many at most. */
export type OrderPage = { offset: number; limit: number; perTrack?: number | undefined };

/** What a column is read from: `rowCount` committed rows of an index, seen through a view. */
export type ColumnSource = { files: ChunkFiles; view: SegmentView; rowCount: number };

type Slot = { view: SegmentView; key: string; column: Column };
/** Positions `[start, end)` lie at the rows from `row` on. */
type Stretch = { start: number; end: number; row: number };

/** Finds the positions of pages, and keeps the columns that this took. */
export class OrderCache {
  /** Most recently used last. */
  #slots: Slot[] = [];
  #byRow = new Float32Array(0);
  #stretches = new WeakMap<SegmentView, Stretch[]>();
  #ends = new WeakMap<SegmentView, Uint32Array>();
  /** The best of each track in the order that was asked for last. */
  #best: { view: SegmentView; key: string; positions: Uint32Array } | null = null;

  /** How many segments are in an order. */
  total(view: SegmentView, perTrack?: number): number {
    return perTrack === undefined ? view.total : countInGroups(this.#endsOf(view), perTrack);
  }

  /** The positions of a page `[offset, offset + limit)` of the order; without a key that of the view. */
  page(source: ColumnSource, sort: readonly SortKey[], { offset, limit, perTrack }: OrderPage): Uint32Array {
    if (perTrack !== undefined) {
      const best = this.#bestOf(source, sort, perTrack);
      return sort.length === 0 ? best.subarray(offset, offset + limit) : selectAmong(this.#columns(source, sort), best, { offset, limit });
    }
    if (sort.length === 0) {
      const size = Math.max(0, Math.min(limit, source.view.total - offset));
      return Uint32Array.from({ length: size }, (_, i) => offset + i);
    }
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

  /** Makes what an order reads, in steps. */
  *preparing(source: ColumnSource, sort: readonly SortKey[]): Generator<void, void> {
    for (const { column } of sort) yield* this.#making(source, column);
  }

  /** Forgets everything. */
  clear(): void {
    this.#slots = [];
    this.#best = null;
  }

  #bestOf({ view, ...source }: ColumnSource, sort: readonly SortKey[], perTrack: number): Uint32Array {
    const key = [perTrack, ...sort.map(({ column, descending }) => `${columnKey(column)} ${descending}`)].join('\n');
    if (this.#best?.view !== view || this.#best.key !== key) {
      const positions = bestOfGroups(this.#columns({ view, ...source }, sort), this.#endsOf(view), perTrack);
      this.#best = { view, key, positions };
    }
    return this.#best.positions;
  }

  /** The position behind the last segment of each track. */
  #endsOf(view: SegmentView): Uint32Array {
    const known = this.#ends.get(view) ?? trackEnds(view);
    this.#ends.set(view, known);
    return known;
  }

  #columns(source: ColumnSource, sort: readonly SortKey[]): SortColumn[] {
    return sort.map(({ column, descending }) => ({ column: this.#column(source, column), descending }));
  }

  #column(source: ColumnSource, column: number | DerivedColumn): Column {
    return inOneStep(this.#making(source, column));
  }

  *#making(source: ColumnSource, column: number | DerivedColumn): Generator<void, Column> {
    const key = columnKey(column);
    const at = this.#slots.findIndex((slot) => slot.view === source.view && slot.key === key);
    if (at >= 0) {
      this.#slots.push(...this.#slots.splice(at, 1));
      return (this.#slots.at(-1) as Slot).column;
    }
    const former = this.#evict(source.view.total);
    const values = former?.values ?? new Float32Array(source.view.total);
    if (typeof column === 'number') this.#read(source, column, values);
    else yield* fillDerived(column, source.view, { values, read: (feature, into) => this.#read(source, feature, into) });
    const made = new Column(values, former);
    this.#slots.push({ view: source.view, key, column: made });
    return made;
  }

  /** Makes room for a column of `total` values; returns the one that had to go when it is as long. */
  #evict(total: number): Column | undefined {
    const room = Math.max(2, Math.min(mostColumns, Math.floor(budgetBytes / Math.max(1, bytesOfColumn(total)))));
    const gone = this.#slots.splice(0, Math.max(0, this.#slots.length - room + 1));
    return gone.map((slot) => slot.column).find((column) => column.values.length === total);
  }

  /** Reads a column as it lies on the disk, and brings it into the view's order. */
  #read({ files, view, rowCount }: ColumnSource, feature: number, values: Float32Array): void {
    const stretches = this.#stretchesOf(view);
    const [only] = stretches;
    // An index that was made in one go lies in the library's order already.
    if (stretches.length === 1 && only !== undefined) files.readColumn(feature, only.row, values);
    else {
      if (this.#byRow.length < rowCount) this.#byRow = new Float32Array(Math.ceil(rowCount * 1.2));
      files.readColumn(feature, 0, this.#byRow.subarray(0, rowCount));
      for (const { start, end, row } of stretches) values.set(this.#byRow.subarray(row, row + end - start), start);
    }
  }

  #stretchesOf(view: SegmentView): Stretch[] {
    const known = this.#stretches.get(view) ?? findStretches(view);
    this.#stretches.set(view, known);
    return known;
  }
}

/** The position behind the last segment of each track. */
function trackEnds({ trackIds, starts }: SegmentView): Uint32Array {
  const ends: number[] = [];
  for (let run = 0; run < trackIds.length; run++) if (trackIds[run] !== trackIds[run + 1]) ends.push(starts[run + 1] as number);
  return Uint32Array.from(ends);
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
