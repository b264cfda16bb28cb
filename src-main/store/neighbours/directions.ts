/**
 * @file The directions in which centred vectors differ most (principal components), by orthogonal iteration on the covariance of a sample: multiply a
 * basis by the covariance, make it orthonormal again, repeat (Golub and Van Loan, Matrix Computations, 8.2.4). A few rounds suffice, since any
 * orthonormal basis would do for coarse scores; a better one packs more of them into fewer numbers.
 */
import { seededRandom } from '../../base/index.ts';
import type { Kernel } from './kernel.ts';
import { leadFloats } from './space.ts';

/** Numbers of a code come in such groups; the kernel takes as many at a time. */
export const widthStep = 32;

/**
 * Directions of int8 numbers looked for at most, taken at least, and the share of the sample's variance that a code has to cover. On real encoders'
 * segments 64 directions hold 94 % of it, and 128 hold 97 %; of made-up rows like those, 100 directions find 99.5 % of the nearest 50 of a million
 * among 512 proposals. Where variances fall as one over their rank and 100 hold some 70 %, none of the nearest 50 of 250 000 are lost.
 */
const mostWidth = 256;
const leastWidth = 96;
const enoughVariance = 0.7;
const rounds = 8;

/** Leading directions: float32 `[leadFloats + width, dimensions]`, and the share of the variance that they cover. */
export type Directions = { basis: Float32Array<ArrayBuffer>; width: number; share: number };

/**
 * Finds as many leading directions as cover enough of the variance: four, and groups of 32. Where that takes too many, the features themselves are
 * the directions, and nothing leads.
 * @param sample centred rows of length 1, float32 `[rows, dimensions]`
 */
export function leadingDirections(kernel: Kernel, sample: Float32Array, dimensions: number): Directions {
  const covariance = covarianceOf(kernel, sample, dimensions);
  let total = 0;
  for (let i = 0; i < dimensions; i++) total += covariance[i * dimensions + i] as number;
  const { basis, lengths } = iterate(covariance, dimensions, Math.min(leadFloats + mostWidth, dimensions));
  let covered = 0;
  let count = 0;
  const isEnough = (): boolean =>
    (count - leadFloats) % widthStep === 0 && count >= leadFloats + leastWidth && covered >= enoughVariance * total;
  while (count < basis.length && !isEnough()) covered += lengths[count++] as number;
  if (count < dimensions && !isEnough()) return allFeatures(dimensions);
  const width = widthFor(count - leadFloats);
  const directions = new Float32Array((leadFloats + width) * dimensions);
  for (let k = 0; k < count; k++) directions.set(basis[k] as Float64Array, k * dimensions);
  return { basis: directions, width, share: total > 0 ? Math.min(1, covered / total) : 1 };
}

function allFeatures(dimensions: number): Directions {
  const width = widthFor(dimensions);
  const basis = new Float32Array((leadFloats + width) * dimensions);
  for (let i = 0; i < dimensions; i++) basis[(leadFloats + i) * dimensions + i] = 1;
  return { basis, width, share: 1 };
}

function widthFor(count: number): number {
  return Math.max(1, Math.ceil(count / widthStep)) * widthStep;
}

/** Products of all pairs of columns, float64 `[dimensions, dimensions]`: columns are laid out as rows, and the kernel multiplies those. */
function covarianceOf(kernel: Kernel, sample: Float32Array, dimensions: number): Float64Array {
  const rows = sample.length / dimensions;
  const columnFloats = Math.max(16, Math.ceil(rows / 16) * 16);
  const floats = new Float32Array(kernel.memory.buffer);
  floats.fill(0, 0, columnFloats * dimensions);
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < dimensions; i++) floats[i * columnFloats + row] = sample[row * dimensions + i] as number;
  const out = columnFloats * dimensions;
  const covariance = new Float64Array(dimensions * dimensions);
  for (let i = 0; i < dimensions; i++) {
    kernel.dots(4 * i * columnFloats, 0, 4 * columnFloats, dimensions, 4 * out);
    covariance.set(floats.subarray(out, out + dimensions), i * dimensions);
  }
  return covariance;
}

/** Bytes of memory that {@link leadingDirections} needs. */
export function directionsBytes(rows: number, dimensions: number): number {
  return 4 * (Math.max(16, Math.ceil(rows / 16) * 16) * dimensions + dimensions);
}

/** So many directions, best first, and how much its last multiplication stretched each (its eigenvalue). */
function iterate(covariance: Float64Array, dimensions: number, count: number): { basis: Float64Array[]; lengths: Float64Array } {
  const random = seededRandom(1);
  const lengths = new Float64Array(count);
  let basis: Float64Array[] = Array.from({ length: count }, () => Float64Array.from({ length: dimensions }, () => random.normal()));
  makeOrthonormal(basis, lengths);
  for (let round = 0; round < rounds; round++) {
    basis = basis.map((direction) => multiply(covariance, direction));
    makeOrthonormal(basis, lengths);
  }
  return { basis, lengths };
}

function multiply(matrix: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length;
  const product = new Float64Array(size);
  for (let row = 0, at = 0; row < size; row++) {
    let sum = 0;
    for (let i = 0; i < size; i++, at++) sum += (matrix[at] as number) * (vector[i] as number);
    product[row] = sum;
  }
  return product;
}

/** Gram and Schmidt's method, modified. What has no direction of its own left becomes zeros. */
function makeOrthonormal(basis: Float64Array[], lengths: Float64Array): void {
  for (const [k, vector] of basis.entries()) {
    const before = Math.sqrt(product(vector, vector));
    for (let other = 0; other < k; other++) subtract(vector, basis[other] as Float64Array);
    const length = Math.sqrt(product(vector, vector));
    const isKept = length > 1e-9 * before;
    lengths[k] = isKept ? length : 0;
    for (let i = 0; i < vector.length; i++) vector[i] = isKept ? (vector[i] as number) / length : 0;
  }
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function subtract(vector: Float64Array, direction: Float64Array): void {
  const amount = product(vector, direction);
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) - amount * (direction[i] as number);
}
