/** @file Whether what neurons give differs between segments by more than rounding: without that, an order by them is chance. */

/**
 * A feature whose values differ by less than this share of their size tells hardly anything of what is heard: float32 keeps seven digits, sums over
 * layers lose some of them, and untrained encoders differ in the last ones that are left.
 */
const leastSpreadShare = 1e-3;

/** The least difference that fills a scale of values between `least` and `most`. */
export function leastSpread(least: number, most: number): number {
  return leastSpreadShare * Math.max(Math.abs(least), Math.abs(most));
}

/** Whether values between `least` and `most` hardly differ. */
export function hardlyDiffers(least: number, most: number): boolean {
  return most - least <= leastSpread(least, most);
}

/** Whether none of some features differs enough between segments to tell anything; false while ranges are not known. */
export function allHardlyDiffer(
  ranges: { readonly minima: ArrayLike<number>; readonly maxima: ArrayLike<number> } | null,
  chosen: readonly number[],
): boolean {
  if (ranges === null || chosen.length === 0) return false;
  return chosen.every((feature) => hardlyDiffers(ranges.minima[feature] ?? 0, ranges.maxima[feature] ?? 1));
}

/** What is said where neurons are compared that hardly differ. `subject`: `These neurons`, `All neurons of “Mine”`. */
export function flatSentence(subject: string): string {
  return `${subject} hardly differ between segments, so that this order may be chance: the encoder has not learnt anything yet.`;
}
