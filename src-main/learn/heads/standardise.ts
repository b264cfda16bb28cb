/** @file Embeddings brought to mean 0 and deviation 1, and how that is folded into a head's first layer, so that a prediction is one matrix product. */
import { plausibleRows } from '../../base/index.ts';
import type { WeightArray } from '../parameters.ts';

/** Mean and deviation of each dimension over the library. */
export type Standard = { mean: Float32Array; deviation: Float32Array };

/** Mean and deviation of rows `[count, dimensions]`, without those far from all others; a dimension that never changes gets the deviation 1. */
export function standardOf(all: Float32Array, dimensions: number): Standard {
  const rows = plausibleOnly(all, dimensions);
  const count = rows.length / dimensions;
  const [sums, squares] = [new Float64Array(dimensions), new Float64Array(dimensions)];
  for (let at = 0; at < rows.length; at++) sums[at % dimensions] = (sums[at % dimensions] as number) + (rows[at] as number);
  const mean = Float32Array.from(sums, (sum) => (count === 0 ? 0 : sum / count));
  for (let at = 0; at < rows.length; at++) {
    const dimension = at % dimensions;
    squares[dimension] = (squares[dimension] as number) + ((rows[at] as number) - (mean[dimension] as number)) ** 2;
  }
  const deviation = Float32Array.from(squares, (sum, dimension) => {
    const own = Math.sqrt(sum / Math.max(1, count));
    return own > 1e-6 * Math.abs(mean[dimension] as number) + 1e-12 ? own : 1;
  });
  return { mean, deviation };
}

/** Deviations that an example counts at most: one spoilt track must not decide what a tag sounds like. */
const mostDeviations = 20;

function within(value: number): number {
  return Number.isFinite(value) ? Math.max(-mostDeviations, Math.min(mostDeviations, value)) : 0;
}

function plausibleOnly(rows: Float32Array, dimensions: number): Float32Array {
  const count = rows.length / dimensions;
  const isPlausible = plausibleRows(count, dimensions, (row) => rows.subarray(row * dimensions, (row + 1) * dimensions));
  if (!isPlausible.includes(0)) return rows;
  const kept = [...isPlausible.keys()].filter((row) => isPlausible[row] === 1);
  const chosen = new Float32Array(kept.length * dimensions);
  kept.forEach((row, i) => chosen.set(rows.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions));
  return chosen;
}

/** Rows `[count, dimensions]` brought to the standard. @param width of a row in the result; what is beyond the dimensions is filled with 1 */
export function standardised(rows: Float32Array, { mean, deviation }: Standard, width = mean.length): Float32Array {
  const dimensions = mean.length;
  const count = rows.length / dimensions;
  const result = new Float32Array(count * width).fill(1);
  for (let row = 0; row < count; row++)
    for (let dimension = 0; dimension < dimensions; dimension++)
      result[row * width + dimension] = within(
        ((rows[row * dimensions + dimension] as number) - (mean[dimension] as number)) / (deviation[dimension] as number),
      );
  return result;
}

/** A layer for standardised embeddings as one for embeddings as they are: `weight` `[units, dimensions]`, `bias` `[units]`. */
export function foldStandard(
  layer: { weight: Float32Array; bias: Float32Array },
  { mean, deviation }: Standard,
): { weight: WeightArray; bias: WeightArray } {
  const dimensions = mean.length;
  const units = layer.bias.length;
  const weight = new Float32Array(layer.weight.length);
  const bias = new Float32Array(units);
  for (let unit = 0; unit < units; unit++) {
    let shift = layer.bias[unit] as number;
    for (let dimension = 0; dimension < dimensions; dimension++) {
      const own = (layer.weight[unit * dimensions + dimension] as number) / (deviation[dimension] as number);
      weight[unit * dimensions + dimension] = own;
      shift -= own * (mean[dimension] as number);
    }
    bias[unit] = shift;
  }
  return { weight: { shape: [units, dimensions], data: weight }, bias: { shape: [units], data: bias } };
}
