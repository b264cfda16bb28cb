/** @file A correlation with Fisher's interval (1915). */
import { normalQuantile } from './tails.ts';

/** `low`, `high`: at 95 %; null with three or fewer that are independent. */
export type CorrelationInterval = { value: number; low: number | null; high: number | null };

/**
 * Correlation of two rows of numbers.
 * @param independent how many of them count as drawn independently, as tracks rather than their segments; all when left out
 * @returns null where one of them is constant, or there is one number
 */
export function correlationInterval(
  one: ArrayLike<number>,
  other: ArrayLike<number>,
  independent = one.length,
): CorrelationInterval | null {
  const [a, b] = [centred(one), centred(other)];
  const product = (x: Float64Array, y: Float64Array): number => x.reduce((sum, value, at) => sum + value * (y[at] as number), 0);
  const length = Math.sqrt(product(a, a) * product(b, b));
  if (!(length > 0)) return null;
  const value = Math.min(1, Math.max(-1, product(a, b) / length));
  if (independent <= 3) return { value, low: null, high: null };
  const [middle, reach] = [Math.atanh(value), normalQuantile(0.975) / Math.sqrt(independent - 3)];
  return { value, low: Math.tanh(middle - reach), high: Math.tanh(middle + reach) };
}

function centred(values: ArrayLike<number>): Float64Array {
  const all = Float64Array.from(values);
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  return all.map((value) => value - mean);
}
