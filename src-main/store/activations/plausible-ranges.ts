/** @file Ranges of features for the table's colours, which one spoilt track must not stretch until all others look alike. */
import { plausibleRows } from '../../base/index.ts';

/** Least, greatest and mean of every feature, float32 `[dimensions]` each. */
export type Ranges = { minima: Float32Array; maxima: Float32Array; means: Float32Array };

const mostSampled = 2048;
/** How far, in widths of the sample's range, the rest may go beyond it. */
const room = 3;

/** Rows spread evenly over the committed ones. */
export function sampledRows(committedRows: number): Int32Array {
  const count = Math.min(committedRows, mostSampled);
  return Int32Array.from({ length: count }, (_, i) => Math.floor((i * committedRows) / count));
}

/**
 * Ranges held within what a sample's plausible rows leave room for. A range that needs no narrowing is the exact one.
 * @param sample embeddings `[rows, dimensions]`
 */
export function plausibleRanges({ minima, maxima, means }: Ranges, sample: Float32Array): Ranges {
  const dimensions = minima.length;
  const count = sample.length / dimensions;
  const isPlausible = plausibleRows(count, dimensions, (row) => sample.subarray(row * dimensions, (row + 1) * dimensions));
  const kept = [...isPlausible.keys()].filter((row) => isPlausible[row] === 1);
  if (kept.length === 0) return { minima, maxima, means };
  const narrowed: Ranges = { minima: minima.slice(), maxima: maxima.slice(), means: means.slice() };
  for (let feature = 0; feature < dimensions; feature++) {
    let [least, most, sum] = [Infinity, -Infinity, 0];
    for (const row of kept) {
      const value = sample[row * dimensions + feature] as number;
      least = Math.min(least, value);
      most = Math.max(most, value);
      sum += value;
    }
    const margin = room * Math.max(most - least, Math.abs(most) * 1e-3);
    const isOdd = !((minima[feature] as number) >= least - margin && (maxima[feature] as number) <= most + margin);
    if (!isOdd) continue;
    [narrowed.minima[feature], narrowed.maxima[feature], narrowed.means[feature]] = [least, most, sum / kept.length];
  }
  return narrowed;
}
