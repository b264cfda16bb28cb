/** @file The leading principal components of rows, by orthogonal iteration on the covariance of a sample (Golub and Van Loan, Matrix Computations, 8.2.4). */
import { evenly } from '../base/index.ts';
import type { Random } from '../base/index.ts';

/** Rows of equal width, one after the other. */
export type Rows = { values: Float32Array; count: number; width: number };

const mostSampled = 4_096;
const rounds = 24;

/** Rows in the coordinates of their first components, the most varied first: `[count, components]`. */
export function principalRows({ values, count, width }: Rows, components: number, random: Random): Rows {
  const kept = Math.min(components, width);
  const sample = evenly(count, mostSampled);
  const mean = new Float64Array(width);
  for (const row of sample)
    for (let i = 0; i < width; i++) mean[i] = (mean[i] as number) + (values[row * width + i] as number) / sample.length;
  const start = Float64Array.from({ length: kept * width }, () => random.normal());
  const basis = iterate(covariance(values, sample, mean), start, width);
  const result = new Float32Array(count * kept);
  const centred = new Float64Array(width);
  const sums = new Float64Array(kept);
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < width; i++) centred[i] = (values[row * width + i] as number) - (mean[i] as number);
    multiply(basis, centred, sums);
    result.set(sums, row * kept);
  }
  return { values: result, count, width: kept };
}

/** A product of rows `[sums, width]` with a vector; four sums run side by side, so that no addition waits for the one before. */
function multiply(rows: Float64Array, vector: Float64Array, sums: Float64Array): void {
  const width = vector.length;
  const by = width - (width % 4);
  for (let at = 0; at < sums.length; at++) {
    const from = at * width;
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let i = 0; i < by; i += 4) {
      a += (vector[i] as number) * (rows[from + i] as number);
      b += (vector[i + 1] as number) * (rows[from + i + 1] as number);
      c += (vector[i + 2] as number) * (rows[from + i + 2] as number);
      d += (vector[i + 3] as number) * (rows[from + i + 3] as number);
    }
    for (let i = by; i < width; i++) a += (vector[i] as number) * (rows[from + i] as number);
    sums[at] = a + b + (c + d);
  }
}

function covariance(values: Float32Array, sample: readonly number[], mean: Float64Array): Float64Array {
  const width = mean.length;
  const result = new Float64Array(width * width);
  const centred = new Float64Array(width);
  for (const row of sample) {
    for (let i = 0; i < width; i++) centred[i] = (values[row * width + i] as number) - (mean[i] as number);
    for (let i = 0; i < width; i++) {
      const own = centred[i] as number;
      for (let j = i; j < width; j++) result[i * width + j] = (result[i * width + j] as number) + own * (centred[j] as number);
    }
  }
  for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) result[i * width + j] = result[j * width + i] as number;
  return result;
}

function iterate(matrix: Float64Array, start: Float64Array, width: number): Float64Array {
  let basis = orthonormal(start, width);
  for (let round = 0; round < rounds; round++) {
    const next = new Float64Array(basis.length);
    for (let at = 0; at < basis.length; at += width) multiply(matrix, basis.subarray(at, at + width), next.subarray(at, at + width));
    basis = orthonormal(next, width);
  }
  return basis;
}

/** Gram and Schmidt, modified; a row that nothing is left of becomes zero. */
function orthonormal(rows: Float64Array, width: number): Float64Array {
  const result = rows.slice();
  for (let at = 0; at < result.length; at += width) {
    const before = norm(result, at, width);
    for (let other = 0; other < at; other += width) {
      let dot = 0;
      for (let i = 0; i < width; i++) dot += (result[at + i] as number) * (result[other + i] as number);
      for (let i = 0; i < width; i++) result[at + i] = (result[at + i] as number) - dot * (result[other + i] as number);
    }
    const left = norm(result, at, width);
    for (let i = 0; i < width; i++) result[at + i] = left > before * 1e-9 ? (result[at + i] as number) / left : 0;
  }
  return result;
}

function norm(rows: Float64Array, at: number, width: number): number {
  let sum = 0;
  for (let i = 0; i < width; i++) sum += (rows[at + i] as number) ** 2;
  return Math.sqrt(sum);
}
