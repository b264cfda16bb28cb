/**
 * @file One page of an order, without making the order. A feature's values are halves, so there are 65 536 of them at most: a count of each value
 * tells which values a page spans, and one walk collects the segments that have them. Ties of the first column are resolved by the second in the
 * same way, then by position. A page costs the same wherever it lies, and nothing needs to be kept for the next.
 */
import { halfOrder } from '../../base/index.ts';

/** How many different halves there are. */
export const rankCount = 65_536;

/** A feature's values by position, each as its rank among all halves, and how often each rank occurs. */
export type ViewColumn = { ranks: Uint16Array; counts: Uint32Array };

/** A column to order by. */
export type SortColumn = { column: ViewColumn; descending: boolean };

/** Maps a half's bits to its rank: 0 the least, 65 535 the greatest; the two zeros share one. */
export const rankOfBits: Uint16Array = Uint16Array.from({ length: rankCount }, (_, bits) => halfOrder(bits === 0x8000 ? 0 : bits));

/** Which ranks a page spans, in the direction of the order, and how much of the two at its ends. */
type Span = {
  first: number;
  last: number;
  /** Segments of rank `first` that lie on earlier pages. */
  skipped: number;
  /** Segments of rank `last` up to the page's end, `skipped` ones included when it is the first too. */
  taken: number;
};

/**
 * The positions of a page, in order.
 * @param columns one or two columns over the same segments
 */
export function selectPage(columns: readonly SortColumn[], offset: number, limit: number): Uint32Array {
  const [first, second] = columns;
  if (first === undefined) throw new RangeError('an order has at least one column');
  const { ranks } = first.column;
  const end = Math.min(ranks.length, offset + limit);
  if (offset >= end) return new Uint32Array(0);
  const span = spanOf(first, offset, end);
  if (second === undefined) return collect(ranks, span, end - offset).sort(comparison(columns));
  return selectWithTies(columns, second, span, end - offset);
}

/** How many segments come before one in an order. */
export function offsetOf(columns: readonly SortColumn[], position: number): number {
  const compare = comparison(columns);
  const total = columns[0]?.column.ranks.length ?? 0;
  let before = 0;
  for (let other = 0; other < total; other++) if (compare(other, position) < 0) before++;
  return before;
}

/** A page when ties of the first column are ordered by the second. */
function selectWithTies(columns: readonly SortColumn[], second: SortColumn, span: Span, size: number): Uint32Array {
  const { ranks, counts } = (columns[0] as SortColumn).column;
  const members = (rank: number): Uint32Array => collect(ranks, wholeRank(rank, counts), counts[rank] as number);
  if (span.first === span.last) return selectAmong(members(span.first), second, span.skipped, size);
  const page = new Uint32Array(size);
  const head = members(span.first);
  page.set(selectAmong(head, second, span.skipped, head.length - span.skipped), 0);
  page.set(selectAmong(members(span.last), second, 0, span.taken), size - span.taken);
  const between = size - span.taken - (head.length - span.skipped);
  page.set(innerPositions(columns, span, between), head.length - span.skipped);
  return page;
}

function wholeRank(rank: number, counts: Uint32Array): Span {
  return { first: rank, last: rank, skipped: 0, taken: counts[rank] as number };
}

/** The `size` segments strictly between a span's ends, in order. */
function innerPositions(columns: readonly SortColumn[], span: Span, size: number): Uint32Array {
  if (size === 0) return new Uint32Array(0);
  const step = span.first < span.last ? 1 : -1;
  const inner = { first: span.first + step, last: span.last - step, skipped: 0, taken: size };
  return collect((columns[0] as SortColumn).column.ranks, inner, size).sort(comparison(columns));
}

/** The part of `positions` (ascending) from `offset` on, when ordered by one column. */
function selectAmong(positions: Uint32Array, { column, descending }: SortColumn, offset: number, size: number): Uint32Array {
  const counts = new Uint32Array(rankCount);
  const ranks = new Uint16Array(positions.length);
  for (let i = 0; i < positions.length; i++) {
    const rank = column.ranks[positions[i] as number] as number;
    ranks[i] = rank;
    counts[rank] = (counts[rank] as number) + 1;
  }
  return selectPage([{ column: { ranks, counts }, descending }], offset, size).map((i) => positions[i] as number);
}

function spanOf({ column: { counts }, descending }: SortColumn, offset: number, end: number): Span {
  const step = descending ? -1 : 1;
  let rank = descending ? rankCount - 1 : 0;
  let before = 0;
  for (; before + (counts[rank] as number) <= offset; rank += step) before += counts[rank] as number;
  const first = rank;
  const skipped = offset - before;
  for (; before + (counts[rank] as number) < end; rank += step) before += counts[rank] as number;
  return { first, last: rank, skipped, taken: end - before };
}

/** The segments of a span by position. */
function collect(ranks: Uint16Array, span: Span, size: number): Uint32Array {
  const found = new Uint32Array(size);
  const { first, last, skipped, taken } = span;
  const [lowest, highest, end] = [Math.min(first, last), Math.max(first, last), ranks.length];
  const firstEnd = first === last ? taken : end;
  let [count, firstSeen, lastSeen] = [0, 0, 0];
  for (let position = 0; position < end; position++) {
    const rank = ranks[position] as number;
    if (rank < lowest || rank > highest) continue;
    if (rank === first) {
      const seen = firstSeen++;
      if (seen < skipped || seen >= firstEnd) continue;
    } else if (rank === last && lastSeen++ >= taken) continue;
    found[count++] = position;
    if (count === size) break;
  }
  return found;
}

function comparison(columns: readonly SortColumn[]): (a: number, b: number) => number {
  return (a, b) => {
    for (const { column, descending } of columns) {
      const difference = (column.ranks[a] as number) - (column.ranks[b] as number);
      if (difference !== 0) return descending ? -difference : difference;
    }
    return a - b;
  };
}
