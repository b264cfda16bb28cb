/**
 * @file Orders of segments by one or two features, exact to the last bit. The first rows are found by one walk that remembers the best; a whole order
 * is made by radix passes of 11 bits over the numbers' bits (least digit first, so that equal values keep the library's order).
 */

/** A feature's values by position in a view, and the direction to order them in. */
export type SortColumn = { values: Float32Array; descending: boolean };

const digitBits = 11;
const digitCount = 1 << digitBits;
const shifts = [0, digitBits, 2 * digitBits] as const;

/**
 * The first `count` positions of the order by one column, ties by position.
 * @returns null when there are fewer numbers than that (the others are NaN, and come last)
 */
export function firstPositions({ values, descending }: SortColumn, count: number): Uint32Array | null {
  const wanted = Math.min(count, values.length);
  // Room for as many again: the best are sorted out when it is full, which raises the bar for the rest of the walk.
  const capacity = Math.max(64, 2 * wanted);
  const kept = new Uint32Array(capacity);
  let keptCount = 0;
  let bar = descending ? -Infinity : Infinity;
  let isOpen = true;
  const better = (a: number, b: number): number => {
    const [x, y] = [values[a] as number, values[b] as number];
    if (x === y) return a - b;
    return x > y === descending ? -1 : 1;
  };
  for (let position = 0; position < values.length; position++) {
    const value = values[position] as number;
    // A later position loses against an equal value, so the bar itself is not enough. NaN passes neither test.
    if (!(descending ? value > bar : value < bar) && !(isOpen && value === value)) continue;
    kept[keptCount++] = position;
    if (keptCount < capacity) continue;
    kept.sort(better);
    keptCount = wanted;
    bar = values[kept[wanted - 1] as number] as number;
    isOpen = false;
  }
  if (keptCount < wanted) return null;
  return kept.slice(0, keptCount).sort(better).slice(0, wanted);
}

/** All positions in order: by the first column, ties by the second, then by position; NaN last in either direction. */
export function wholeOrder(columns: readonly SortColumn[]): Uint32Array {
  const length = columns[0]?.values.length ?? 0;
  let order = Uint32Array.from({ length }, (_, position) => position);
  let spare = new Uint32Array(length);
  const keys = new Uint32Array(length);
  for (const column of columns.toReversed()) {
    fillKeys(column, keys);
    const counts = countDigits(keys);
    for (const [i, shift] of shifts.entries()) {
      if (!spread(keys, { order, into: spare, shift, counts: counts[i] as Uint32Array })) continue;
      [order, spare] = [spare, order];
    }
  }
  return order;
}

/** Maps values to unsigned integers that ascend in the order wanted. The two zeros are equal; NaN is greatest. */
function fillKeys({ values, descending }: SortColumn, keys: Uint32Array): void {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const flip = descending ? 0xffffffff : 0;
  for (let position = 0; position < bits.length; position++) {
    const raw = bits[position] as number;
    const magnitude = raw & 0x7fffffff;
    const key = raw > 0x80000000 ? ~raw : magnitude | 0x80000000;
    keys[position] = magnitude > 0x7f800000 ? 0xffffffff : key ^ flip;
  }
}

function countDigits(keys: Uint32Array): Uint32Array[] {
  const [low, middle, high] = [new Uint32Array(digitCount), new Uint32Array(digitCount), new Uint32Array(digitCount)];
  for (let position = 0; position < keys.length; position++) {
    const key = keys[position] as number;
    low[key & (digitCount - 1)] = (low[key & (digitCount - 1)] as number) + 1;
    middle[(key >>> digitBits) & (digitCount - 1)] = (middle[(key >>> digitBits) & (digitCount - 1)] as number) + 1;
    high[key >>> (2 * digitBits)] = (high[key >>> (2 * digitBits)] as number) + 1;
  }
  return [low, middle, high];
}

type Pass = { order: Uint32Array; into: Uint32Array; shift: number; counts: Uint32Array };

/** One stable pass; false when all keys share this digit and nothing had to be done. */
function spread(keys: Uint32Array, { order, into, shift, counts }: Pass): boolean {
  let before = 0;
  for (let digit = 0; digit < digitCount; digit++) {
    const count = counts[digit] as number;
    if (count === keys.length) return false;
    counts[digit] = before;
    before += count;
  }
  for (let i = 0; i < order.length; i++) {
    const position = order[i] as number;
    const digit = ((keys[position] as number) >>> shift) & (digitCount - 1);
    const place = counts[digit] as number;
    into[place] = position;
    counts[digit] = place + 1;
  }
  return true;
}
