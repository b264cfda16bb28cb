/** @file Which of many vectors are so far from all others that they must not have a say in a centre or a scale. */

/** Rows that the typical distance is taken from. */
const sampleRows = 256;
/** So many times as far from the median as half of the rows are: no cluster of music lies there, damaged files do. */
const farTimes = 20;
/** Where half of the rows are alike, this share of the median's length counts as their distance. */
const leastShare = 0.05;

/**
 * Looks for vectors that belong to no crowd: those farther from the median of each dimension than 20 times the median distance (a rule in the manner
 * of Hampel's identifier). Fewer than half of the vectors may be spoilt.
 * @param rowAt the vector `[dimensions]` of a row, valid until the next call
 * @returns one per row: 1 where it is plausible, 0 where it is not, or holds what is no number
 */
export function plausibleRows(count: number, dimensions: number, rowAt: (row: number) => Float32Array): Uint8Array {
  const step = Math.max(1, count / sampleRows);
  const sample = Array.from({ length: Math.min(count, sampleRows) }, (_, i) => Math.floor(i * step));
  const sound = sample.map((row) => rowAt(row).slice()).filter((row) => row.every(Number.isFinite));
  const centre = Float64Array.from({ length: dimensions }, (_, i) => median(sound.map((row) => row[i] as number)));
  // The upper of two: of two rows, one is where the median is.
  const typical = sound.map((row) => distance(row, centre)).toSorted((a, b) => a - b)[Math.floor(sound.length / 2)] ?? 0;
  const limit = farTimes * Math.max(typical, leastShare * Math.hypot(...centre));
  return Uint8Array.from({ length: count }, (_, row) => {
    const far = distance(rowAt(row), centre);
    return far <= limit || (limit === 0 && Number.isFinite(far)) ? 1 : 0;
  });
}

/** The lower of the middle two of an even number; 0 of none. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
}

function distance(row: Float32Array, centre: Float64Array): number {
  let square = 0;
  for (let i = 0; i < centre.length; i++) square += ((row[i] as number) - (centre[i] as number)) ** 2;
  return Math.sqrt(square);
}
