/**
 * @file One page of an order, without making the order. A feature's values are halves, so there are 65 536 of them at most: a count of each value
 * tells which values a page spans, and one walk collects the segments that have them. Ties of the first column are resolved by the second in the
 * same way, then by position. A page costs the same wherever it lies, and nothing needs to be kept for the next.
 */
import { halfOrder } from '../../base/index.ts';

const valueCount = 65_536;

/** A feature's values by position, as the bits of halves, and how often each occurs. */
export type ViewColumn = { keys: Uint16Array; counts: Uint32Array };

/** A column to order by. */
export type SortColumn = { column: ViewColumn; descending: boolean };

const ascendingRanks = Uint16Array.from({ length: valueCount }, (_, bits) => halfOrder(bits === 0x8000 ? 0 : bits));
const descendingRanks = ascendingRanks.map((rank) => valueCount - 1 - rank);

/** Maps a half's bits to its place among all values in the direction; the two zeros share one. */
export function ranksOf(descending: boolean): Uint16Array {
  return descending ? descendingRanks : ascendingRanks;
}

/** Which values a page spans: `first` and `last` by rank, how many of each belong to pages before it or to it. */
type Span = {
  first: number;
  last: number;
  /** Segments of value `first` that lie on earlier pages. */
  skipped: number;
  /** Segments of value `last` up to the page's end, `skipped` ones included when it is the first too. */
  taken: number;
};

/**
 * The positions of a page, in order.
 * @param columns one or two columns over the same segments
 */
export function selectPage(columns: readonly SortColumn[], offset: number, limit: number): Uint32Array {
  const [first, second] = columns;
  if (first === undefined) throw new RangeError('an order has at least one column');
  const total = first.column.keys.length;
  const end = Math.min(total, offset + limit);
  if (offset >= end) return new Uint32Array(0);
  const ranks = ranksOf(first.descending);
  const span = spanOf(first.column.counts, ranks, offset, end);
  if (second === undefined) return sortPositions(collect(first.column.keys, ranks, span, end - offset), columns);
  return selectWithTies(columns, second, span, end - offset);
}

/** How many segments come before one in an order. */
export function offsetOf(columns: readonly SortColumn[], position: number): number {
  const compare = comparison(columns);
  const total = columns[0]?.column.keys.length ?? 0;
  let before = 0;
  for (let other = 0; other < total; other++) if (compare(other, position) < 0) before++;
  return before;
}

/** A page when ties of the first column are ordered by the second. */
function selectWithTies(columns: readonly SortColumn[], second: SortColumn, span: Span, size: number): Uint32Array {
  const { keys } = (columns[0] as SortColumn).column;
  const ranks = ranksOf((columns[0] as SortColumn).descending);
  if (span.first === span.last) return selectAmong(members(keys, ranks, span.first), second, span.skipped, size);
  const page = new Uint32Array(size);
  const head = members(keys, ranks, span.first);
  const fromHead = selectAmong(head, second, span.skipped, head.length - span.skipped);
  const fromTail = selectAmong(members(keys, ranks, span.last), second, 0, span.taken);
  const between = size - fromHead.length - fromTail.length;
  const inner = collect(keys, ranks, { first: span.first + 1, last: span.last - 1, skipped: 0, taken: between }, between);
  page.set(fromHead, 0);
  page.set(sortPositions(inner, columns), fromHead.length);
  page.set(fromTail, size - fromTail.length);
  return page;
}

/** The part of `positions` (ascending) from `offset` on, when ordered by one column. */
function selectAmong(positions: Uint32Array, sort: SortColumn, offset: number, size: number): Uint32Array {
  const { keys } = sort.column;
  const counts = new Uint32Array(valueCount);
  const chosen = new Uint16Array(positions.length);
  for (let i = 0; i < positions.length; i++) {
    const bits = keys[positions[i] as number] as number;
    chosen[i] = bits;
    counts[bits] = (counts[bits] as number) + 1;
  }
  const page = selectPage([{ column: { keys: chosen, counts }, descending: sort.descending }], offset, size);
  return page.map((i) => positions[i] as number);
}

function spanOf(counts: Uint32Array, ranks: Uint16Array, offset: number, end: number): Span {
  const byRank = new Uint32Array(valueCount);
  for (let bits = 0; bits < valueCount; bits++) {
    const rank = ranks[bits] as number;
    byRank[rank] = (byRank[rank] as number) + (counts[bits] as number);
  }
  let before = 0;
  let rank = 0;
  while (before + (byRank[rank] as number) <= offset) before += byRank[rank++] as number;
  const first = rank;
  const skipped = offset - before;
  while (before + (byRank[rank] as number) < end) before += byRank[rank++] as number;
  return { first, last: rank, skipped, taken: end - before };
}

const valueClass = { outside: 0, inside: 1, first: 2, last: 3 } as const;

/** Marks each value as outside a span, within it, or one of its two ends. */
function classify(ranks: Uint16Array, span: Span): Uint8Array {
  const classes = new Uint8Array(valueCount);
  for (let bits = 0; bits < valueCount; bits++) {
    const rank = ranks[bits] as number;
    if (rank < span.first || rank > span.last) continue;
    classes[bits] = rank === span.first ? valueClass.first : rank === span.last ? valueClass.last : valueClass.inside;
  }
  return classes;
}

/** The segments of a page in order of position. */
function collect(keys: Uint16Array, ranks: Uint16Array, span: Span, size: number): Uint32Array {
  const found = new Uint32Array(size);
  if (size === 0) return found;
  const classes = classify(ranks, span);
  const firstEnd = span.first === span.last ? span.taken : keys.length;
  let count = 0;
  let firstSeen = 0;
  let lastSeen = 0;
  for (let position = 0; count < size && position < keys.length; position++) {
    const kind = classes[keys[position] as number];
    if (kind === valueClass.outside) continue;
    if (kind === valueClass.first) {
      const seen = firstSeen++;
      if (seen < span.skipped || seen >= firstEnd) continue;
    } else if (kind === valueClass.last && lastSeen++ >= span.taken) continue;
    found[count++] = position;
  }
  return found;
}

/** All positions whose value has a rank. */
function members(keys: Uint16Array, ranks: Uint16Array, rank: number): Uint32Array {
  let found = new Uint32Array(1024);
  let count = 0;
  for (let position = 0; position < keys.length; position++) {
    if (ranks[keys[position] as number] !== rank) continue;
    if (count === found.length) {
      const grown = new Uint32Array(found.length * 4);
      grown.set(found);
      found = grown;
    }
    found[count++] = position;
  }
  return found.subarray(0, count);
}

function sortPositions(positions: Uint32Array, columns: readonly SortColumn[]): Uint32Array {
  return positions.sort(comparison(columns));
}

function comparison(columns: readonly SortColumn[]): (a: number, b: number) => number {
  const keyed = columns.map(({ column, descending }) => ({ keys: column.keys, ranks: ranksOf(descending) }));
  return (a, b) => {
    for (const { keys, ranks } of keyed) {
      const difference = (ranks[keys[a] as number] as number) - (ranks[keys[b] as number] as number);
      if (difference !== 0) return difference;
    }
    return a - b;
  };
}
