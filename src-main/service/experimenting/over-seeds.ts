/** @file A mean over seeds with its 95 % interval by Student’s t (Student 1908, “The probable error of a mean”). */
import type { Interval } from '../../contract/index.ts';

/** Quantiles 0.975 of Student’s t with 1, 2, … degrees of freedom, as SciPy 1.17.1 has them (`scipy.stats.t.ppf`). */
const quantiles = [
  12.7062047362, 4.30265272975, 3.18244630528, 2.7764451052, 2.57058183564, 2.44691185114, 2.36462425159, 2.3060041352, 2.2621571628,
  2.22813885199, 2.20098516009, 2.17881282967, 2.16036865646, 2.14478668792, 2.13144954556, 2.11990529922, 2.10981557783, 2.10092204024,
  2.09302405441,
];

/** @param values one figure of each seed, at least one and 20 at most; of a single one the interval is not known */
export function overSeeds(values: readonly number[]): Interval {
  const count = values.length;
  const value = values.reduce((sum, one) => sum + one, 0) / count;
  const quantile = quantiles[count - 2];
  if (quantile === undefined) return { value, low: null, high: null };
  const squares = values.reduce((sum, one) => sum + (one - value) ** 2, 0);
  const half = quantile * Math.sqrt(squares / (count - 1) / count);
  return { value, low: value - half, high: value + half };
}
