/** @file What a click on a column's header makes of the order. */
import type { GridSort } from './column.ts';

/**
 * The order after a header was clicked. A plain click makes the column the only key, and turns its direction if it was the only one already.
 * With `second` (shift) the column becomes, or turns, the second key; on the first key it turns that.
 */
export function nextSort(sort: readonly GridSort[], id: string, options: { second: boolean; descendingFirst: boolean }): GridSort[] {
  const fresh: GridSort = { id, descending: options.descendingFirst };
  const first = sort[0];
  if (!options.second || first === undefined) {
    return sort.length === 1 && first?.id === id ? [turned(first)] : [fresh];
  }
  if (first.id === id) return [turned(first), ...sort.slice(1)];
  const second = sort[1];
  return [first, second?.id === id ? turned(second) : fresh];
}

function turned(sort: GridSort): GridSort {
  return { id: sort.id, descending: !sort.descending };
}
