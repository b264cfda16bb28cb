/** @file How well numbers are predicted. */

/** Numbers, what was predicted of each, and what each counts; 1 each when absent. */
export type PredictedNumbers = { truth: ArrayLike<number>; predicted: ArrayLike<number>; weights?: ArrayLike<number> };

/**
 * R²: the share of the variance that is explained (scikit-learn, `r2_score`); below 0 where the mean would have been nearer.
 * @returns NaN where the numbers that have weight do not differ
 */
export function rSquared({ truth, predicted, weights }: PredictedNumbers): number {
  const weightOf = (at: number): number => (weights === undefined ? 1 : (weights[at] as number));
  let [count, sum] = [0, 0];
  for (let at = 0; at < truth.length; at++) {
    count += weightOf(at);
    sum += weightOf(at) * (truth[at] as number);
  }
  const mean = sum / count;
  let [left, whole] = [0, 0];
  for (let at = 0; at < truth.length; at++) {
    left += weightOf(at) * ((truth[at] as number) - (predicted[at] as number)) ** 2;
    whole += weightOf(at) * ((truth[at] as number) - mean) ** 2;
  }
  return whole > 0 ? 1 - left / whole : NaN;
}
