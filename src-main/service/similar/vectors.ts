/** @file Small sums over vectors. All are float32 arrays of one length. */

/** The inner product; the cosine of vectors of unit length. */
export function product(a: Float32Array, b: Float32Array): number {
  const length = a.length;
  const whole = length - (length % 4);
  let [first, second, third, fourth] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    first += (a[i] as number) * (b[i] as number);
    second += (a[i + 1] as number) * (b[i + 1] as number);
    third += (a[i + 2] as number) * (b[i + 2] as number);
    fourth += (a[i + 3] as number) * (b[i + 3] as number);
  }
  for (let i = whole; i < length; i++) first += (a[i] as number) * (b[i] as number);
  return first + second + (third + fourth);
}

/**
 * The cosine in which feature i counts `weights[i]` times: Σ w·a·b / √(Σ w·a² · Σ w·b²), 0 where a length is.
 * @param weights null for the inner product, which is the cosine of vectors of unit length
 */
export function weightedCosine(a: Float32Array, b: Float32Array, weights: Float32Array | null): number {
  if (weights === null) return product(a, b);
  let together = 0;
  let ofA = 0;
  let ofB = 0;
  for (let i = 0; i < a.length; i++) {
    const weighted = (weights[i] as number) * (a[i] as number);
    together += weighted * (b[i] as number);
    ofA += weighted * (a[i] as number);
    ofB += (weights[i] as number) * (b[i] as number) ** 2;
  }
  const length = Math.sqrt(ofA * ofB);
  return length > 0 ? together / length : 0;
}

/** A vector's length. */
export function lengthOf(vector: Float32Array): number {
  return Math.sqrt(product(vector, vector));
}

/** The vector brought to unit length; zeros stay zeros. */
export function unit(vector: Float32Array): Float32Array {
  const length = lengthOf(vector);
  return length === 0 ? vector.slice() : vector.map((value) => value / length);
}

/** `target += share × vector`, in place. */
export function addScaled(target: Float32Array, vector: Float32Array, share: number): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] as number) + share * (vector[i] as number);
}

/** The mean of vectors, of which there is at least one, added up in float64. */
export function meanOf(vectors: readonly Float32Array[]): Float32Array {
  const sums = new Float64Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] as number) + (vector[i] as number);
  return Float32Array.from(sums, (sum) => sum / vectors.length);
}

/** Row `row` of `[rows, dimensions]`, as a view. */
export function rowOf(matrix: Float32Array, dimensions: number, row: number): Float32Array {
  return matrix.subarray(row * dimensions, (row + 1) * dimensions);
}

/** Some rows of `[rows, dimensions]` as a list of views; all without a list. */
export function rowsOf(matrix: Float32Array, dimensions: number, rows?: readonly number[]): Float32Array[] {
  const wanted = rows ?? Array.from({ length: matrix.length / dimensions }, (_, row) => row);
  return wanted.map((row) => rowOf(matrix, dimensions, row));
}
