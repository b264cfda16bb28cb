/** @file Which rows and columns are in sight, and which recycled element shows which. */

/** Where columns lie; `offsetsPx` has one entry more than there are columns. */
export interface ColumnLayout {
  readonly offsetsPx: Float64Array;
  readonly widthPx: number;
}

/** Lays columns side by side. */
export function layOutColumns(widthsPx: readonly number[]): ColumnLayout {
  const offsetsPx = new Float64Array(widthsPx.length + 1);
  widthsPx.forEach((width, index) => (offsetsPx[index + 1] = (offsetsPx[index] ?? 0) + width));
  return { offsetsPx, widthPx: offsetsPx[widthsPx.length] ?? 0 };
}

/** Left edge of a column, in px. */
export function offsetOf(layout: ColumnLayout, column: number): number {
  return layout.offsetsPx[column] ?? 0;
}

/** The column that covers a distance from the left; the nearest one outside. */
export function columnAt(layout: ColumnLayout, leftPx: number): number {
  let low = 0;
  let high = Math.max(0, layout.offsetsPx.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (offsetOf(layout, middle) <= leftPx) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Columns of which any part is in sight, end excluded. */
export function columnsInSight(layout: ColumnLayout, leftPx: number, widthPx: number): { first: number; end: number } {
  const count = layout.offsetsPx.length - 1;
  if (count === 0) return { first: 0, end: 0 };
  const first = columnAt(layout, leftPx);
  return { first, end: Math.min(count, columnAt(layout, leftPx + Math.max(0, widthPx - 1)) + 1) };
}

/** The largest number of columns of which any part is in sight at once, wherever the table stands. */
export function mostColumnsInSight(layout: ColumnLayout, widthPx: number): number {
  const count = layout.offsetsPx.length - 1;
  let most = 0;
  for (let first = 0, end = 0; first < count; first++) {
    const reachPx = offsetOf(layout, first + 1) - 1 + widthPx;
    while (end < count && offsetOf(layout, end) < reachPx) end++;
    most = Math.max(most, end - first);
  }
  return most;
}

/** Rows of which any part is in sight and `extra` more on both sides, end excluded. */
export function rowsInSight(total: number, rowPx: number, topPx: number, heightPx: number, extra: number): { first: number; end: number } {
  const first = Math.max(0, Math.floor(topPx / rowPx) - extra);
  return { first, end: Math.min(total, Math.ceil((topPx + heightPx) / rowPx) + extra) };
}

/**
 * The thing that recycled element `slot` of `slots` shows when `first` is the first in sight: every element keeps what it shows until that leaves
 * the window, so that a small movement redraws only what came in.
 */
export function shownBySlot(slot: number, slots: number, first: number): number {
  const shift = (slot - first) % slots;
  return first + (shift < 0 ? shift + slots : shift);
}

/** Moves one item of a list to stand before the item that is now at `to` (or last). */
export function moveItem<Item>(items: readonly Item[], from: number, to: number): Item[] {
  const rest = items.filter((_, index) => index !== from);
  const item = items[from];
  if (item === undefined) return [...items];
  rest.splice(to > from ? to - 1 : to, 0, item);
  return rest;
}
