/**
 * @file Means with intervals where several values come from one group, as segments from one track: the sandwich estimate of Liang and Zeger (1986) with as many
 * degrees of freedom as there are groups less one. Where every group has one value this is Student's interval, and for two sets of values Welch's (1947).
 */
import { studentQuantile } from './student.ts';

/** Numbers; `groups`: parallel, whom each belongs to. */
export type GroupedValues = { values: readonly number[]; groups: readonly number[] };

/** `low`, `high`: its interval at 95 %; null where there are fewer than two groups. */
export type MeanInterval = { mean: number; low: number | null; high: number | null };

const upper = 0.975;

/** Mean of values, its squared standard error and the degrees of freedom of that. */
function errorOf({ values, groups }: GroupedValues): { mean: number; error: number; freedom: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const sums = new Map<number, number>();
  for (const [at, value] of values.entries()) {
    const group = groups[at] as number;
    sums.set(group, (sums.get(group) ?? 0) + value - mean);
  }
  const count = sums.size;
  const squares = [...sums.values()].reduce((sum, own) => sum + own ** 2, 0);
  return { mean, error: ((count / (count - 1)) * squares) / values.length ** 2, freedom: count - 1 };
}

function interval(mean: number, error: number, freedom: number): MeanInterval {
  if (!(freedom >= 1) || !Number.isFinite(error)) return { mean, low: null, high: null };
  const reach = error === 0 ? 0 : studentQuantile(upper, freedom) * Math.sqrt(error);
  return { mean, low: mean - reach, high: mean + reach };
}

/** The mean of some values. */
export function meanInterval(values: GroupedValues): MeanInterval {
  const { mean, error, freedom } = errorOf(values);
  return interval(mean, error, freedom);
}

/** By how much the mean of some values is greater than that of others, with Satterthwaite's degrees of freedom. */
export function differenceInterval(one: GroupedValues, other: GroupedValues): MeanInterval {
  const [a, b] = [errorOf(one), errorOf(other)];
  const freedom = (a.error + b.error) ** 2 / (a.error ** 2 / a.freedom + b.error ** 2 / b.freedom);
  const least = Math.min(a.freedom, b.freedom);
  return interval(a.mean - b.mean, a.error + b.error, least < 1 ? 0 : Number.isNaN(freedom) ? least : freedom);
}
