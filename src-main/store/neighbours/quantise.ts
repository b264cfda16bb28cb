/**
 * @file Vectors as int8. A row has a scale of its own; a query has 7 bits, moved into 1 to 127, since that is what machines multiply fastest. What
 * the move adds to a product depends on the row alone, and is kept beside it.
 */

/** What is added to a query's numbers, which lie between -63 and 63: what stands for zero. */
export const zeroOfQuery = 64;
const mostOfQuery = 63;
const mostOfRow = 127;

/**
 * Codes a row.
 * @param values float32 `[width]`
 * @param codes gets int8 `[width]`
 * @returns the scale, and what is to be subtracted from the scaled product with a moved query
 */
export function codeRow(values: Float32Array, codes: Int8Array): { scale: number; offset: number } {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i] as number));
  if (!(most > 0) || most === Infinity) {
    codes.fill(0);
    return { scale: 0, offset: 0 };
  }
  const factor = mostOfRow / most;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const code = ((values[i] as number) * factor + (mostOfRow + 0.5)) | 0;
    sum += codes[i] = code - mostOfRow;
  }
  const scale = most / mostOfRow;
  return { scale, offset: zeroOfQuery * scale * sum };
}

/**
 * Codes a query.
 * @param values float32 `[width]`
 * @returns uint8 `[width]` of 1 to 127, and the scale: products with rows times this are about those of the vectors
 */
export function codeQuery(values: Float32Array): { codes: Uint8Array<ArrayBuffer>; scale: number } {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  const factor = most > 0 ? mostOfQuery / most : 0;
  const codes = Uint8Array.from(values, (value) => Math.round(value * factor) + zeroOfQuery);
  return { codes, scale: most / mostOfQuery };
}
