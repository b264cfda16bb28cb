/** @file What a grid is told: its columns, where its rows come from, and how it is sorted. */

/** One column. `Row` is whatever the caller's rows are. */
export interface GridColumn<Row> {
  readonly id: string;
  /** Shown in the header. */
  readonly title: string;
  /** Shown on hover and read out: what the column means. */
  readonly description?: string;
  readonly widthPx: number;
  /** Its share of the width that the columns leave free; none when absent. */
  readonly grows?: number;
  /** Narrowest that a person can drag it; 40 when absent. */
  readonly leastPx?: number;
  /** Numbers are aligned at the end. */
  readonly align?: 'start' | 'end';
  /** Stays in sight when the others scroll sideways; pinned columns come first. */
  readonly pinned?: boolean;
  /** The order that a first click asks for; absent when the column cannot be sorted. */
  readonly sorts?: 'ascending-first' | 'descending-first';
  /** What a row is called: typing goes to the row whose name begins so. */
  readonly isName?: boolean;
  /** Drawn by the grid's `cell` snippet instead of as text. */
  readonly custom?: boolean;
  /** False keeps the column where it is and as wide as it is. */
  readonly movable?: boolean;
  /** The cell's words; undefined while they are still on their way. */
  text(row: Row, index: number): string | undefined;
  /** Heat behind the words, a level of `lib/heat.ts`. */
  heat?(row: Row, index: number): number | undefined;
}

/** What part of a table is in sight, ends excluded. */
export interface GridWindow {
  readonly firstRow: number;
  readonly endRow: number;
  /** Ids of the columns in sight that are not pinned. */
  readonly columns: readonly string[];
}

/** Where rows come from. Reading `total` and `at` inside an effect or a template follows their changes. */
export interface RowSource<Row> {
  readonly total: number;
  /** The row, or undefined while it is on its way. */
  at(index: number): Row | undefined;
  /** Told whenever another part of the table comes into sight. */
  show?(window: GridWindow): void;
}

/** One key of the order; the first of a list counts first. */
export interface GridSort {
  readonly id: string;
  readonly descending: boolean;
}

/** A place in the grid; row −1 is the header. */
export interface GridPlace {
  readonly row: number;
  readonly column: number;
}

/** Where and on what a context menu was asked for. */
export interface GridMenuRequest<Row> {
  readonly row: Row | undefined;
  /** −1: the header. */
  readonly index: number;
  readonly columnId: string;
  /** Page coordinates. */
  readonly x: number;
  readonly y: number;
}

/** Rows in memory as a source, for short tables and tests. */
export function arraySource<Row>(rows: readonly Row[]): RowSource<Row> {
  return { total: rows.length, at: (index) => rows[index] };
}
