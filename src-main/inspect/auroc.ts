/** @file How well a number tells examples of a label from others: the area under the receiver operating characteristic, by ranks, ties counted half. */

/** Which of some places bear a label: their numbers, ascending. */
export type Labelled = Int32Array;

/**
 * The rank of each value, from 1; equal values share the mean of theirs. The order is found by sorting one array of numbers, each of which holds a value's
 * order in its upper and its place in its lower bits.
 * @param values at most 2^20 of them, finite
 */
export function columnRanks(values: Float32Array): Float64Array {
  const count = values.length;
  const bits = new Int32Array(Float32Array.from(values, (value) => value + 0).buffer);
  const keys = new Float64Array(count);
  // As integers, the bits of positive numbers stand in their order, and those of negative ones in the opposite.
  for (let i = 0; i < count; i++) {
    const own = bits[i] as number;
    keys[i] = (own < 0 ? -(own & 0x7fffffff) : own) * 2 ** 20 + i;
  }
  keys.sort();
  const ranks = new Float64Array(count);
  const placeAt = (at: number): number => (((keys[at] as number) % 2 ** 20) + 2 ** 20) % 2 ** 20;
  for (let start = 0, end = 0; start < count; start = end) {
    const value = values[placeAt(start)] as number;
    while (end < count && (values[placeAt(end)] as number) === value) end++;
    for (let at = start; at < end; at++) ranks[placeAt(at)] = (start + 1 + end) / 2;
  }
  return ranks;
}

/** The area, from the ranks of all places (Mann and Whitney 1947); null where all or none bear the label. */
export function aurocOf(ranks: Float64Array, members: Labelled): number | null {
  const [yes, no] = [members.length, ranks.length - members.length];
  if (yes === 0 || no === 0) return null;
  let sum = 0;
  for (const place of members) sum += ranks[place] as number;
  return (sum - (yes * (yes + 1)) / 2) / (yes * no);
}

/**
 * How much of the other side each place has below it (with the label) or above it (without), 0 to 1, ties counted half; their mean on either side is the area
 * (the structural components of DeLong, DeLong and Clarke-Pearson 1988).
 */
export function placements(values: Float32Array, ranks: Float64Array, members: Labelled): Float64Array {
  const [yes, no] = [members.length, ranks.length - members.length];
  const others = new Int32Array(no);
  for (let place = 0, at = 0, next = 0; place < ranks.length; place++) {
    if (members[next] === place) next++;
    else others[at++] = place;
  }
  const placed = new Float64Array(ranks.length);
  const inside = columnRanks(values.length === yes ? values : Float32Array.from(members, (place) => values[place] as number));
  const outside = columnRanks(Float32Array.from(others, (place) => values[place] as number));
  for (let i = 0; i < yes; i++) {
    const place = members[i] as number;
    placed[place] = ((ranks[place] as number) - (inside[i] as number)) / no;
  }
  for (let i = 0; i < no; i++) {
    const place = others[i] as number;
    placed[place] = 1 - ((ranks[place] as number) - (outside[i] as number)) / yes;
  }
  return placed;
}
