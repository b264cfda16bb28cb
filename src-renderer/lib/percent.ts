/** @file Shares as people read them. Pure. */

/** A share of one: `80 %`, `0.4 %`; a dash for none. */
export function formatPercent(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return '–';
  const percent = share * 100;
  const isTiny = percent > 0 && percent < 1;
  const isAlmostAll = percent > 99 && percent < 100;
  return `${isTiny || isAlmostAll ? percent.toFixed(1) : Math.round(percent)}\u202f%`;
}
