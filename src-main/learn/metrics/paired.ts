/** @file Whether one encoder is better than another on the same examples. */
import { bootstrapAll } from './intervals.ts';
import type { BootstrapOptions, Estimate } from './intervals.ts';

/** The difference of two figures; `isBeyondChance` where its 95 % interval leaves zero out, null where there is none. */
export type PairedDifference = { difference: Estimate; isBeyondChance: boolean | null };

/**
 * Paired bootstrap (Efron and Tibshirani 1993, chapter 16): both figures are taken of the same resampled groups, so that what makes an example hard for both
 * cancels out.
 */
export function pairedDifference(
  one: (weights: Float64Array) => number,
  other: (weights: Float64Array) => number,
  options: BootstrapOptions,
): PairedDifference {
  const [difference = { value: NaN, low: null, high: null }] = bootstrapAll((weights) => [one(weights) - other(weights)], {
    ...options,
    isShare: false,
  });
  const { low, high, value } = difference;
  // Where no replicate differs at all, resampling says nothing about a difference.
  if (low === null || high === null) return { difference, isBeyondChance: value === 0 ? false : null };
  return { difference, isBeyondChance: low > 0 || high < 0 };
}
