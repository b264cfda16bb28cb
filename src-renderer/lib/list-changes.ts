/** @file What moving and taking out rows makes of a list. Pure. */

/** Rows from `first` up to and with `last`. */
export type ListRange = { readonly first: number; readonly last: number };

function isIn(ranges: readonly ListRange[], index: number): boolean {
  return ranges.some(({ first, last }) => index >= first && index <= last);
}

/** The list with some rows moved, in their order, to stand before the one that is now at `before` (or last). */
export function movedRows<Row>(rows: readonly Row[], ranges: readonly ListRange[], before: number): Row[] {
  const moved = rows.filter((_, index) => isIn(ranges, index));
  const ahead = rows.filter((_, index) => index < before && !isIn(ranges, index));
  const after = rows.filter((_, index) => index >= before && !isIn(ranges, index));
  return [...ahead, ...moved, ...after];
}

/** The list without some rows. */
export function withoutRows<Row>(rows: readonly Row[], ranges: readonly ListRange[]): Row[] {
  return rows.filter((_, index) => !isIn(ranges, index));
}

/** Where a block of rows stands after {@link movedRows}. */
export function placeAfterMove(ranges: readonly ListRange[], before: number): ListRange {
  const count = ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  const aheadOf = ranges.reduce((sum, { first, last }) => sum + Math.max(0, Math.min(last + 1, before) - first), 0);
  const first = before - aheadOf;
  return { first, last: first + count - 1 };
}
