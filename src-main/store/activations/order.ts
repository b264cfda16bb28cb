/**
 * @file Pages of an order by one or two features, exact to the last bit, without making the whole order. The first rows are found by one walk that
 * remembers the best. A page anywhere is found by counting: the numbers are mapped to integers that ascend as wanted, a count of their upper halves
 * tells which of those the page spans, one walk collects the segments that have them, and only those at the page's two ends are looked at more closely
 * (lower half, then the second feature, then position).
 */

/** A feature's values by position in a view, and the direction to order them in. */
export type SortColumn = { column: Column; descending: boolean };

const digitCount = 65_536;
/** Up to so many segments a plain sort is quicker than another round of counting. */
const fewRows = 2_048;
/** A walk for the best gives up after so many sorts: in a random order a million values need about ten, rising or falling ones need thousands. */
const mostSorts = 24;

/** A feature's values by position; what counting needs is made when it is first wanted. */
export class Column {
  readonly values: Float32Array;
  readonly #spareKeys: Uint32Array | undefined;
  readonly #spareCounts: Uint32Array | undefined;
  #keys: Uint32Array | undefined;
  #counts: Uint32Array | undefined;

  /** @param former a column as long that is used no more: its memory is used again, which is quicker than asking the system for new */
  constructor(values: Float32Array, former?: Column) {
    this.values = values;
    if (former === undefined) return;
    this.#spareKeys = former.#keys ?? former.#spareKeys;
    this.#spareCounts = former.#counts ?? former.#spareCounts;
  }

  /** Integers that ascend as the values do. The two zeros are equal; NaN is least. */
  get keys(): Uint32Array {
    return (this.#keys ??= keysOf(this.values, this.#spareKeys ?? new Uint32Array(this.values.length)));
  }

  /** How many keys have each upper half. */
  get counts(): Uint32Array {
    if (this.#counts === undefined) {
      const { keys } = this;
      const counts = this.#spareCounts?.fill(0) ?? new Uint32Array(digitCount);
      for (let position = 0; position < keys.length; position++) {
        const digit = (keys[position] as number) >>> 16;
        counts[digit] = (counts[digit] as number) + 1;
      }
      this.#counts = counts;
    }
    return this.#counts;
  }
}

/** Bytes of a column of so many values, everything made. */
export function bytesOfColumn(total: number): number {
  return 8 * total + 4 * digitCount;
}

/** Negates the magnitude by the sign and moves all above zero: without a branch on the sign, which no processor can guess. */
function keysOf(values: Float32Array, keys: Uint32Array): Uint32Array {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  for (let position = 0; position < bits.length; position++) {
    const raw = bits[position] as number;
    const magnitude = raw & 0x7fffffff;
    const sign = raw >> 31;
    keys[position] = magnitude > 0x7f800000 ? 0 : ((magnitude ^ sign) - sign) ^ 0x80000000;
  }
  return keys;
}

/**
 * The first `count` positions of the order by one column, ties by position.
 * @returns null when this walk is not the way to find them: NaN comes among them, or the values keep getting better along the way
 */
export function firstPositions({ column: { values }, descending }: SortColumn, count: number): Uint32Array | null {
  const wanted = Math.min(count, values.length);
  // Room for as many again: the best are sorted out when it is full, which raises the bar for the remainder of the walk.
  const kept = new Uint32Array(Math.max(64, 2 * wanted));
  const better = betterIn(values, descending);
  let keptCount = 0;
  let from = 0;
  const isNaNFirst = (start: number, end: number): boolean =>
    !descending && kept.subarray(start, end).some((position) => Number.isNaN(values[position]));
  for (; from < values.length && keptCount < kept.length; from++) if (!descending || !Number.isNaN(values[from])) kept[keptCount++] = from;
  if (isNaNFirst(0, keptCount)) return null;
  for (let sorts = 0; keptCount === kept.length && wanted > 0; sorts++) {
    if (sorts === mostSorts) return null;
    kept.sort(better);
    const bar = values[kept[wanted - 1] as number] as number;
    [from, keptCount] = collectBetter(values, { from, bar, descending, kept, keptCount: wanted });
    if (isNaNFirst(wanted, keptCount)) return null;
  }
  return keptCount < wanted ? null : kept.slice(0, keptCount).sort(better).slice(0, wanted);
}

type Walk = { from: number; bar: number; descending: boolean; kept: Uint32Array; keptCount: number };

/** Walks on until there is no more room. A later position loses against an equal value, so only better ones count; NaN is less than all. */
function collectBetter(values: Float32Array, { from, bar, descending, kept, keptCount }: Walk): [from: number, keptCount: number] {
  let position = from;
  let found = keptCount;
  const room = kept.length;
  if (descending) {
    for (; position < values.length && found < room; position++) if ((values[position] as number) > bar) kept[found++] = position;
  } else {
    for (; position < values.length && found < room; position++) if (!((values[position] as number) >= bar)) kept[found++] = position;
  }
  return [position, found];
}

function betterIn(values: Float32Array, descending: boolean): (a: number, b: number) => number {
  return (a, b) => {
    const [x, y] = [values[a] as number, values[b] as number];
    if (x === y) return a - b;
    return x > y === descending ? -1 : 1;
  };
}

/** The positions of the page `[offset, offset + limit)`, in order; ties by position. NaN counts as less than everything. */
export function selectPage(columns: readonly SortColumn[], offset: number, limit: number): Uint32Array {
  const total = columns[0]?.column.values.length ?? 0;
  const end = Math.min(total, offset + limit);
  return offset >= end ? new Uint32Array(0) : select(columns, { members: null, total, level: 0, offset, end });
}

/** As {@link selectPage}, of the order of some positions alone. @param members ascending */
export function selectAmong(columns: readonly SortColumn[], members: Uint32Array, page: { offset: number; limit: number }): Uint32Array {
  const end = Math.min(members.length, page.offset + page.limit);
  return page.offset >= end ? new Uint32Array(0) : select(columns, { members, total: members.length, level: 0, offset: page.offset, end });
}

/**
 * The best positions of each group, `most` at most.
 * @param ends the position behind the last of each group; groups follow each other from 0 on
 * @returns ascending
 */
export function bestOfGroups(columns: readonly SortColumn[], ends: Uint32Array, most: number): Uint32Array {
  const compare = comparison(columns);
  const kept = new Uint32Array(countInGroups(ends, most));
  const best: number[] = [];
  let [start, count] = [0, 0];
  for (const end of ends) {
    best.length = 0;
    for (let position = start; position < end; position++) {
      if (best.length === most && compare(best[most - 1] as number, position) <= 0) continue;
      let at = best.length;
      while (at > 0 && compare(best[at - 1] as number, position) > 0) at--;
      best.splice(at, 0, position);
      if (best.length > most) best.pop();
    }
    best.sort((a, b) => a - b);
    for (const position of best) kept[count++] = position;
    start = end;
  }
  return kept;
}

/** How many positions are left where each group keeps `most` at most. */
export function countInGroups(ends: Uint32Array, most: number): number {
  let [start, count] = [0, 0];
  for (const end of ends) {
    count += Math.min(most, end - start);
    start = end;
  }
  return count;
}

/** How many segments come before one in an order. */
export function offsetOf(columns: readonly SortColumn[], position: number): number {
  const compare = comparison(columns);
  const total = columns[0]?.column.values.length ?? 0;
  let before = 0;
  for (let other = 0; other < total; other++) if (compare(other, position) < 0) before++;
  return before;
}

/** Part of an order: `members` (all when null) agree in every digit before `level`; the page is `[offset, end)` among them. */
type Part = { members: Uint32Array | null; total: number; level: number; offset: number; end: number };

/** One digit of 16 bits of every position, ascending as wanted. */
type Digit = { keys: Uint32Array; shift: number; flip: number };

function select(columns: readonly SortColumn[], part: Part): Uint32Array {
  const { members, total, level, offset, end } = part;
  if (members !== null && total <= fewRows) return members.slice().sort(comparison(columns)).slice(offset, end);
  const sort = columns[level >> 1];
  if (sort === undefined) return members === null ? new Uint32Array(0) : members.slice(offset, end);
  const digit: Digit = { keys: sort.column.keys, shift: level % 2 === 0 ? 16 : 0, flip: sort.descending ? 0xffff : 0 };
  const counts = members === null ? sort.column.counts : countOf(digit, members);
  const [first, before] = bucketAt(counts, digit.flip, offset);
  const [last, beforeLast] = bucketAt(counts, digit.flip, end - 1);
  const next = (bucket: number, from: number, to: number): Uint32Array => {
    const size = counts[bucket ^ digit.flip] as number;
    const own = size === total && members !== null ? members : collect(digit, { members, first: bucket, last: bucket, size });
    return select(columns, { members: own, total: size, level: level + 1, offset: from, end: to });
  };
  if (first === last) return next(first, offset - before, end - before);
  const page = new Uint32Array(end - offset);
  const headSize = (counts[first ^ digit.flip] as number) - (offset - before);
  page.set(next(first, offset - before, offset - before + headSize));
  page.set(inner(columns, digit, { members, first: first + 1, last: last - 1, size: beforeLast - offset - headSize }), headSize);
  page.set(next(last, 0, end - beforeLast), beforeLast - offset);
  return page;
}

/** Which digit the segment at a place of the order has, and how many segments come before that digit. */
function bucketAt(counts: Uint32Array, flip: number, place: number): [digit: number, before: number] {
  let before = 0;
  for (let digit = 0; ; digit++) {
    const count = counts[digit ^ flip] as number;
    if (before + count > place) return [digit, before];
    before += count;
  }
}

type Buckets = { members: Uint32Array | null; first: number; last: number; size: number };

/** Buckets that lie whole within a page, so that there are few segments in them. */
function inner(columns: readonly SortColumn[], digit: Digit, buckets: Buckets): Uint32Array {
  return buckets.size === 0 ? new Uint32Array(0) : collect(digit, buckets).sort(comparison(columns));
}

function countOf({ keys, shift }: Digit, members: Uint32Array): Uint32Array {
  const counts = new Uint32Array(digitCount);
  for (let i = 0; i < members.length; i++) {
    const digit = ((keys[members[i] as number] as number) >>> shift) & 0xffff;
    counts[digit] = (counts[digit] as number) + 1;
  }
  return counts;
}

/** The segments whose digit lies in `[first, last]`, by position. */
function collect({ keys, shift, flip }: Digit, { members, first, last, size }: Buckets): Uint32Array {
  const found = new Uint32Array(size);
  const [low, span] = flip === 0 ? [first, last - first] : [last ^ flip, last - first];
  let count = 0;
  if (members === null) {
    for (let position = 0; count < size; position++)
      if (((((keys[position] as number) >>> shift) & 0xffff) - low) >>> 0 <= span) found[count++] = position;
  } else {
    for (let i = 0; count < size; i++) {
      const position = members[i] as number;
      if (((((keys[position] as number) >>> shift) & 0xffff) - low) >>> 0 <= span) found[count++] = position;
    }
  }
  return found;
}

function comparison(columns: readonly SortColumn[]): (a: number, b: number) => number {
  const sorts = columns.map(({ column: { keys }, descending }) => ({ keys, descending }));
  return (a, b) => {
    for (const { keys, descending } of sorts) {
      const difference = (keys[a] as number) - (keys[b] as number);
      if (difference !== 0) return descending ? -difference : difference;
    }
    return a - b;
  };
}
