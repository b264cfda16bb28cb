/** @file Activation profiles: how many neurons respond to a segment, and how flatly (Spijkervet 2021, MSc thesis, Figures 7.4 and 7.5). */

/** Of each place: mean, and the values below which a tenth, a half and nine tenths of the segments lie. */
export type Spread = { mean: number[]; low: number[]; middle: number[]; high: number[] };

/** What segments have in common. */
export type ActivationProfile = {
  /** Neurons sorted within each segment, the strongest first: the spread of the strongest, of the second, and so on. */
  ranks: Spread;
  /** The spread of each neuron, by number. */
  neurons: Spread;
  /** Neurons that give more than the middle of a segment’s own range: how many in a segment, on average. */
  responding: number;
};

const [lowShare, highShare] = [0.1, 0.9];

/**
 * @param rows `[segments, dimensions]`, finite
 * @returns null without segments
 */
export function activationProfile(rows: Float32Array, dimensions: number): ActivationProfile | null {
  const segments = rows.length / dimensions;
  if (segments === 0) return null;
  const sorted = rows.slice();
  let responding = 0;
  for (let at = 0; at < rows.length; at += dimensions) {
    const row = sorted
      .subarray(at, at + dimensions)
      .sort()
      .reverse();
    const middle = ((row[0] as number) + (row[dimensions - 1] as number)) / 2;
    responding += row.findIndex((value) => !(value > middle));
  }
  return { ranks: spreadOf(sorted, dimensions), neurons: spreadOf(rows, dimensions), responding: responding / segments };
}

/** The spread of each column of `[segments, columns]`. */
function spreadOf(rows: Float32Array, columns: number): Spread {
  const spread: Spread = { mean: [], low: [], middle: [], high: [] };
  const values = new Float32Array(rows.length / columns);
  for (let column = 0; column < columns; column++) {
    let sum = 0;
    for (let segment = 0; segment < values.length; segment++) sum += values[segment] = rows[segment * columns + column] as number;
    values.sort();
    spread.mean.push(sum / values.length);
    spread.low.push(quantile(values, lowShare));
    spread.middle.push(quantile(values, 0.5));
    spread.high.push(quantile(values, highShare));
  }
  return spread;
}

/** Between the two nearest of sorted values, in proportion (Hyndman and Fan 1996, definition 7). */
export function quantile(sorted: Float32Array | Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const [lower, upper] = [sorted[below] as number, sorted[Math.min(sorted.length - 1, below + 1)] as number];
  return lower + (upper - lower) * (place - below);
}

/** What rows were brought to mean 0 and deviation 1 by: `[dimensions]` each; a deviation of 0 where a neuron does not differ. */
export type Standardised = { means: Float64Array; deviations: Float64Array };

/**
 * Brings rows to each neuron’s own mean and deviation over all of them, in place; a neuron that does not differ becomes 0.
 * @param parts `[segments, dimensions]` each
 */
export function standardiseTogether(parts: readonly Float32Array[], dimensions: number): Standardised {
  const found = { means: new Float64Array(dimensions), deviations: new Float64Array(dimensions) };
  const count = parts.reduce((sum, rows) => sum + rows.length / dimensions, 0);
  for (let neuron = 0; neuron < dimensions; neuron++) {
    let [sum, squares] = [0, 0];
    for (const rows of parts) for (let at = neuron; at < rows.length; at += dimensions) sum += rows[at] as number;
    const mean = sum / count;
    for (const rows of parts) for (let at = neuron; at < rows.length; at += dimensions) squares += ((rows[at] as number) - mean) ** 2;
    const deviation = Math.sqrt(squares / count);
    found.means[neuron] = mean;
    found.deviations[neuron] = deviation;
    for (const rows of parts)
      for (let at = neuron; at < rows.length; at += dimensions) rows[at] = deviation > 0 ? ((rows[at] as number) - mean) / deviation : 0;
  }
  return found;
}
