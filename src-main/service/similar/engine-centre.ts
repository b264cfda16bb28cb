/** @file Brings embeddings into a space. */

/** What is done to vectors of a space: multiplied by the scale, if there is one, then the mean is subtracted. Both float32 `[dimensions]`. */
export type Centre = { mean: Float32Array; scale: Float32Array | null };

/** The vector less the mean, at length 1; zeros when nothing is left, or when it holds what is no number. */
export function centred(raw: Float32Array, centre: Centre): Float32Array<ArrayBuffer> {
  const vector = new Float32Array(raw);
  centreInPlace(vector, centre);
  return vector;
}

/** Rows `[rows, dimensions]`, each {@link centred}, in place. */
export function centredRows(rows: Float32Array, centre: Centre): Float32Array {
  const { length } = centre.mean;
  for (let at = 0; at < rows.length; at += length) centreInPlace(rows.subarray(at, at + length), centre);
  return rows;
}

function centreInPlace(vector: Float32Array, { mean, scale }: Centre): void {
  let square = 0;
  for (let i = 0; i < vector.length; i++) {
    const value = (vector[i] = (vector[i] as number) * (scale?.[i] ?? 1) - (mean[i] as number));
    square += value * value;
  }
  const factor = 1 / Math.sqrt(square);
  if (!Number.isFinite(factor) || factor === 0) return void vector.fill(0);
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) * factor;
}
