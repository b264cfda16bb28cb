/** @file Brings embeddings into a space. */

/** The vector less the mean, at length 1; zeros when nothing is left, or when it holds what is no number. Both float32 `[dimensions]`. */
export function centred(raw: Float32Array, mean: Float32Array): Float32Array<ArrayBuffer> {
  const vector = new Float32Array(raw);
  centreInPlace(vector, mean);
  return vector;
}

/** Rows `[rows, dimensions]`, each {@link centred}, in place. */
export function centredRows(rows: Float32Array, mean: Float32Array): Float32Array {
  for (let at = 0; at < rows.length; at += mean.length) centreInPlace(rows.subarray(at, at + mean.length), mean);
  return rows;
}

function centreInPlace(vector: Float32Array, mean: Float32Array): void {
  let square = 0;
  for (let i = 0; i < vector.length; i++) {
    const value = (vector[i] = (vector[i] as number) - (mean[i] as number));
    square += value * value;
  }
  const factor = 1 / Math.sqrt(square);
  if (!Number.isFinite(factor) || factor === 0) return void vector.fill(0);
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) * factor;
}
