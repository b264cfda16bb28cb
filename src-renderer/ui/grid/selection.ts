/** @file Selected rows as ranges, so that a million of them cost nothing. */

/** Rows from `first` up to and with `last`. */
export interface RowRange {
  readonly first: number;
  readonly last: number;
}

/** The rows from one to the other, whichever comes first. */
export function rangeBetween(one: number, other: number): RowRange {
  return { first: Math.min(one, other), last: Math.max(one, other) };
}

/** Whether a row is selected. */
export function isSelected(ranges: readonly RowRange[], row: number): boolean {
  return ranges.some((range) => row >= range.first && row <= range.last);
}

/** How many rows are selected; ranges do not overlap. */
export function selectedCount(ranges: readonly RowRange[]): number {
  return ranges.reduce((sum, range) => sum + range.last - range.first + 1, 0);
}

/** The ranges sorted, with those that touch made one. */
export function joinRanges(ranges: readonly RowRange[]): RowRange[] {
  const joined: RowRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.first - b.first)) {
    const before = joined.at(-1);
    if (before === undefined || range.first > before.last + 1) joined.push(range);
    else joined[joined.length - 1] = { first: before.first, last: Math.max(before.last, range.last) };
  }
  return joined;
}

/** Selects a row that was not, and the other way round. */
export function toggleRow(ranges: readonly RowRange[], row: number): RowRange[] {
  if (!isSelected(ranges, row)) return joinRanges([...ranges, { first: row, last: row }]);
  return ranges.flatMap((range) => {
    if (row < range.first || row > range.last) return [range];
    return [
      { first: range.first, last: row - 1 },
      { first: row + 1, last: range.last },
    ].filter((part) => part.first <= part.last);
  });
}

/** The selected rows one by one, at most `most` of them. */
export function selectedRows(ranges: readonly RowRange[], most: number): number[] {
  const rows: number[] = [];
  for (const range of ranges) for (let row = range.first; row <= range.last && rows.length < most; row++) rows.push(row);
  return rows;
}
