/** @file How alike two spaces are that heard the same segments: centred kernel alignment of linear kernels, without the bias that few segments give. */

/** Products of centred rows with each other, those of a row with itself left out: `[count × (count − 1) / 2]`, row after row; and their sums by row. */
export type RowProducts = { count: number; products: Float64Array; sums: Float64Array };

/** Fewer rows give no unbiased estimate. */
export const leastAligned = 4;

/**
 * Products of all pairs of rows.
 * @param rows `[count, width]`, finite
 * @param onRow hears how many rows are done
 */
export function rowProducts(rows: Float32Array, width: number, onRow: (done: number) => void = () => undefined): RowProducts {
  const count = rows.length / width;
  const centred = centredRows(rows, width);
  const products = new Float64Array((count * (count - 1)) / 2);
  const sums = new Float64Array(count);
  let at = 0;
  for (let row = 0; row < count; row++) {
    const own = centred.subarray(row * width, (row + 1) * width);
    for (let other = row + 1; other < count; other++) {
      const product = dotAt(own, centred, other * width);
      products[at++] = product;
      sums[row] = (sums[row] as number) + product;
      sums[other] = (sums[other] as number) + product;
    }
    onRow(row + 1);
  }
  return { count, products, sums };
}

/**
 * Linear centred kernel alignment (Kornblith, Norouzi, Lee and Hinton 2019, section 3) of two spaces over the same rows, with the unbiased estimate of the
 * Hilbert-Schmidt independence criterion (Song et al. 2012, equation 5; Nguyen, Raghu and Kornblith 2021, equation 3): 1 where they are the same but for a
 * rotation and one scale, about 0 where nothing goes together; a little less than 0 is possible.
 * @returns null where a space does not differ between rows, or of fewer than four
 */
export function alignment(first: RowProducts, second: RowProducts): number | null {
  if (first.count < leastAligned || first.count !== second.count) return null;
  const [own, its] = [independence(first, first), independence(second, second)];
  return own > 0 && its > 0 ? independence(first, second) / Math.sqrt(own * its) : null;
}

/** The unbiased estimate, but for a factor that the ratio cancels. */
function independence(first: RowProducts, second: RowProducts): number {
  const { count } = first;
  let [traces, shared, ofFirst, ofSecond] = [0, 0, 0, 0];
  for (let at = 0; at < first.products.length; at++) traces += 2 * (first.products[at] as number) * (second.products[at] as number);
  for (let row = 0; row < count; row++) {
    const [own, its] = [first.sums[row] as number, second.sums[row] as number];
    shared += own * its;
    ofFirst += own;
    ofSecond += its;
  }
  return traces + (ofFirst * ofSecond) / ((count - 1) * (count - 2)) - (2 * shared) / (count - 2);
}

/** Less the mean row; neurons that give one number become exactly 0. */
function centredRows(rows: Float32Array, width: number): Float64Array {
  const count = rows.length / width;
  const mean = new Float64Array(width);
  const differs = new Uint8Array(width);
  for (let at = 0; at < rows.length; at++) {
    mean[at % width] = (mean[at % width] as number) + (rows[at] as number) / count;
    if (rows[at] !== rows[at % width]) differs[at % width] = 1;
  }
  return Float64Array.from(rows, (value, at) => (differs[at % width] === 1 ? value - (mean[at % width] as number) : 0));
}

/** A product of a vector with what stands at a place; four sums run side by side. */
export function dotAt(vector: Float64Array, all: Float64Array, from: number): number {
  const width = vector.length;
  const by = width - (width % 4);
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < by; i += 4) {
    a += (vector[i] as number) * (all[from + i] as number);
    b += (vector[i + 1] as number) * (all[from + i + 1] as number);
    c += (vector[i + 2] as number) * (all[from + i + 2] as number);
    d += (vector[i + 3] as number) * (all[from + i + 3] as number);
  }
  for (let i = by; i < width; i++) a += (vector[i] as number) * (all[from + i] as number);
  return a + b + (c + d);
}
