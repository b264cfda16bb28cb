/** @file Where the marks of an axis stand. Pure. */

import { linearTicks } from '../../src-main/contract/index.ts';

export { linearTicks };

/** As {@link linearTicks}, for an axis that counts: whole numbers alone, each once. */
export function countTicks(least: number, most: number, wanted: number): number[] {
  return linearTicks(least, most, Math.min(wanted, most - least)).filter(Number.isInteger);
}

/** Powers of ten in a range of positive numbers; with fewer than two of them, 2 and 5 times those as well, and else plain round numbers. */
export function logTicks(least: number, most: number): number[] {
  if (!(least > 0) || !(most > least)) return least > 0 ? [least] : [];
  const among = (factors: readonly number[]): number[] => {
    const ticks: number[] = [];
    for (let power = Math.floor(Math.log10(least)); power <= Math.ceil(Math.log10(most)); power++)
      for (const factor of factors) {
        const tick = Number((factor * 10 ** power).toPrecision(12));
        if (tick >= least * 0.999 && tick <= most * 1.001) ticks.push(tick);
      }
    return ticks;
  };
  const powers = among([1]);
  if (powers.length >= 2) return powers;
  const finer = among([1, 2, 5]);
  return finer.length >= 2 ? finer : linearTicks(least, most, 3);
}

/** The least and the most of the finite numbers of several lists (above zero alone, where asked for); null when there are none. */
export function extent(lists: readonly (readonly number[])[], positiveOnly = false): { least: number; most: number } | null {
  let least = Infinity;
  let most = -Infinity;
  for (const list of lists)
    for (const value of list) {
      if (!Number.isFinite(value) || (positiveOnly && value <= 0)) continue;
      if (value < least) least = value;
      if (value > most) most = value;
    }
  return least <= most ? { least, most } : null;
}

/** Index of the number nearest to `wanted` in a rising list; −1 in an empty one. */
export function nearestIndex(rising: readonly number[], wanted: number): number {
  let low = 0;
  let high = rising.length - 1;
  if (high < 0) return -1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rising[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  const before = rising[low - 1];
  return before !== undefined && wanted - before < (rising[low] ?? 0) - wanted ? low - 1 : low;
}
