/** @file How columns share the width that is left: a table is as wide as its place, and what was made wide by hand stays so. */
import type { GridColumn } from './column.ts';

/** A column that grows is never wider than this many times what it asks for. */
const mostTimes = 2.5;

/** What a person remembers of columns: widths by id. */
type Widths = Readonly<Record<string, number>>;

/** Columns with the widths that a person gave them; those do not grow any more. */
export function withWidths<Column extends Pick<GridColumn<never>, 'id' | 'widthPx' | 'grows'>>(
  columns: readonly Column[],
  widths: Widths,
): Column[] {
  return columns.map((column) => {
    const widthPx = widths[column.id];
    return widthPx === undefined ? column : { ...column, widthPx: Math.round(widthPx), grows: 0 };
  });
}

/**
 * Gives the columns that grow what is left of a width, by their shares.
 * @param roomPx 0 while it is not known
 */
export function spreadColumns<Column extends Pick<GridColumn<never>, 'widthPx' | 'grows'>>(
  columns: readonly Column[],
  roomPx: number,
): readonly Column[] {
  const widths = columns.map(({ widthPx }) => widthPx);
  let leftPx = Math.floor(roomPx) - widths.reduce((sum, width) => sum + width, 0);
  let growing = columns.flatMap(({ grows }, at) => ((grows ?? 0) > 0 ? at : []));
  while (leftPx >= 1 && growing.length > 0) {
    const shares = growing.reduce((sum, at) => sum + (columns[at]?.grows ?? 0), 0);
    const before = leftPx;
    for (const at of growing) {
      const { widthPx = 0, grows = 0 } = columns[at] ?? {};
      const wanted = (widths[at] ?? 0) + Math.max(1, Math.floor((before * grows) / shares));
      const given = Math.min(wanted, Math.floor(widthPx * mostTimes), (widths[at] ?? 0) + leftPx);
      leftPx -= given - (widths[at] ?? 0);
      widths[at] = given;
    }
    growing = growing.filter((at) => (widths[at] ?? 0) < Math.floor((columns[at]?.widthPx ?? 0) * mostTimes));
    if (leftPx === before) break;
  }
  return columns.map((column, at) => (widths[at] === column.widthPx ? column : { ...column, widthPx: widths[at] ?? column.widthPx }));
}
