/** @file Peaks of a neuron's activation over a track. */

/** Of what values reach over a track, a peak stands out by so much at least. */
const leastProminence = 0.25;

/**
 * Places at which values are greatest among those about them, the greatest first. A peak stands out from the higher of the two lowest places between it and
 * what is higher (its prominence, as scipy's `find_peaks` has it) by a quarter of the range; of equal neighbours the one in the middle counts. The first and the
 * last may be peaks too.
 */
export function peaksIn(values: ArrayLike<number>, most: number): number[] {
  const all = Array.from(values);
  const [least, greatest] = [Math.min(...all), Math.max(...all)];
  if (!(greatest > least)) return [];
  const found: number[] = [];
  for (let at = 0; at < all.length;) {
    const value = all[at] as number;
    let end = at + 1;
    while (all[end] === value) end++;
    const isTop = (all[at - 1] ?? -Infinity) < value && (all[end] ?? -Infinity) < value;
    if (isTop && prominenceOf(all, at, least) >= leastProminence * (greatest - least)) found.push(Math.floor((at + end - 1) / 2));
    at = end;
  }
  return found.sort((a, b) => (all[b] as number) - (all[a] as number) || a - b).slice(0, most);
}

/** How far a peak stands above the higher of its two sides; what is beyond an end of the track lies as low as the lowest. */
function prominenceOf(values: readonly number[], at: number, least: number): number {
  const value = values[at] as number;
  const lowest = (step: 1 | -1): number => {
    let low = value;
    for (let place = at + step; ; place += step) {
      const other = values[place];
      if (other === undefined) return Math.min(low, least);
      if (other > value) return low;
      low = Math.min(low, other);
    }
  };
  return value - Math.max(lowest(-1), lowest(1));
}
