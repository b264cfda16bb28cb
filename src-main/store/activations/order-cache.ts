/** @file The columns that were last sorted by and the orders that were last made, within a fixed amount of memory whatever the library's size. */
import type { ChunkFiles } from './chunk-files.ts';
import { firstPositions, wholeOrder } from './order.ts';
import type { SortColumn } from './order.ts';
import type { SegmentView } from './segment-view.ts';

/** Memory for columns; a second sort column needs a second one, so two are kept even when they are larger. */
const columnBytes = 32 * 1024 * 1024;
const mostColumns = 8;
/** Memory for orders; one is kept even when it is larger. */
const orderBytes = 16 * 1024 * 1024;
const mostOrders = 4;
/** Up to here a page is found by looking for the best, without making the whole order. */
const nearRows = 2_048;

/** A column to sort by. */
export type SortKey = { feature: number; descending: boolean };

/** What a column is read from: `rowCount` committed rows of an index, seen through a view. */
export type ColumnSource = { files: ChunkFiles; view: SegmentView; rowCount: number };

type Column = { view: SegmentView; feature: number; values: Float32Array };
type Order = { view: SegmentView; name: string; positions: Uint32Array };

/** Finds the positions of pages, and remembers what that took. */
export class OrderCache {
  /** Most recently used last. */
  #columns: Column[] = [];
  #orders: Order[] = [];
  #byRow = new Float32Array(0);

  /** The positions of a page `[offset, offset + limit)` of the order. */
  page(source: ColumnSource, sort: readonly SortKey[], { offset, limit }: { offset: number; limit: number }): Uint32Array {
    const [first, second] = sort;
    const end = Math.min(source.view.total, offset + limit);
    if (offset >= end || first === undefined) return new Uint32Array(0);
    const known = this.#known(source.view, sort);
    if (known === undefined && second === undefined && end <= nearRows) {
      const best = firstPositions(this.#column(source, first), end);
      if (best !== null) return best.subarray(offset);
    }
    return (known ?? this.#make(source, sort)).subarray(offset, end);
  }

  /** The place of a position in the order. */
  offsetOf(source: ColumnSource, sort: readonly SortKey[], position: number): number {
    return (this.#known(source.view, sort) ?? this.#make(source, sort)).indexOf(position);
  }

  /** Forgets everything. */
  clear(): void {
    this.#columns = [];
    this.#orders = [];
  }

  #known(view: SegmentView, sort: readonly SortKey[]): Uint32Array | undefined {
    const name = nameOf(sort);
    const at = this.#orders.findIndex((order) => order.view === view && order.name === name);
    if (at < 0) return undefined;
    const [order] = this.#orders.splice(at, 1) as [Order];
    this.#orders.push(order);
    return order.positions;
  }

  #make(source: ColumnSource, sort: readonly SortKey[]): Uint32Array {
    const positions = wholeOrder(sort.map((key) => this.#column(source, key)));
    this.#orders.push({ view: source.view, name: nameOf(sort), positions });
    const room = Math.max(1, Math.min(mostOrders, Math.floor(orderBytes / Math.max(1, positions.byteLength))));
    this.#orders = this.#orders.slice(-room);
    return positions;
  }

  #column(source: ColumnSource, { feature, descending }: SortKey): SortColumn {
    const at = this.#columns.findIndex((column) => column.view === source.view && column.feature === feature);
    const column = at >= 0 ? (this.#columns.splice(at, 1)[0] as Column) : this.#read(source, feature);
    this.#columns.push(column);
    const room = Math.max(2, Math.min(mostColumns, Math.floor(columnBytes / Math.max(1, column.values.byteLength))));
    this.#columns = this.#columns.slice(-room);
    return { values: column.values, descending };
  }

  /** Reads a column as it lies on the disk, and brings it into the view's order, run by run. */
  #read({ files, view, rowCount }: ColumnSource, feature: number): Column {
    if (this.#byRow.length < rowCount) this.#byRow = new Float32Array(Math.ceil(rowCount * 1.2));
    const byRow = this.#byRow.subarray(0, rowCount);
    files.readColumn(feature, 0, byRow);
    const values = new Float32Array(view.total);
    const { firstRows, starts } = view;
    for (let run = 0; run < firstRows.length; run++) {
      const [row, start, end] = [firstRows[run] as number, starts[run] as number, starts[run + 1] as number];
      for (let position = start, from = row; position < end; position++, from++) values[position] = byRow[from] as number;
    }
    return { view, feature, values };
  }
}

function nameOf(sort: readonly SortKey[]): string {
  return sort.map(({ feature, descending }) => `${feature}${descending ? '-' : '+'}`).join(' ');
}
