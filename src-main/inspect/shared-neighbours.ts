/** @file The nearest of each query in one space, and how many of them another space has too. */
import { dotAt } from './alignment.ts';

/** Of each query its nearest by place, the nearest first, and their cosines; `[queries × k]`. */
export type NearestList = { places: Int32Array; cosines: Float64Array };

/**
 * Of rows less their mean those with the greatest cosine; a query is no neighbour of itself, and what has no direction comes last.
 * @param rows `[count, width]`, finite
 * @param queries places of rows
 * @param k fewer than rows
 */
export function nearestRows(
  rows: Float32Array,
  width: number,
  { queries, k, onQuery = () => undefined }: { queries: Int32Array; k: number; onQuery?: (done: number) => void },
): NearestList {
  const directions = directionsOf(rows, width);
  const count = rows.length / width;
  const [places, cosines] = [new Int32Array(queries.length * k), new Float64Array(queries.length * k)];
  for (const [at, query] of queries.entries()) {
    const own = directions.subarray(query * width, (query + 1) * width);
    let kept = 0;
    for (let other = 0; other < count; other++) {
      if (other === query) continue;
      const cosine = dotAt(own, directions, other * width);
      if (kept === k && !(cosine > (cosines[at * k + k - 1] as number))) continue;
      let place = kept < k ? kept++ : k - 1;
      for (; place > 0 && cosine > (cosines[at * k + place - 1] as number); place--) {
        cosines[at * k + place] = cosines[at * k + place - 1] as number;
        places[at * k + place] = places[at * k + place - 1] as number;
      }
      cosines[at * k + place] = cosine;
      places[at * k + place] = other;
    }
    onQuery(at + 1);
  }
  return { places, cosines };
}

/** Of each query, how many of its `k` nearest both lists have. */
export function sharedCounts(first: Int32Array, second: Int32Array, k: number): Int32Array {
  return Int32Array.from({ length: first.length / k }, (_, query) => {
    const own = new Set(first.subarray(query * k, (query + 1) * k));
    return second.subarray(query * k, (query + 1) * k).reduce((sum, place) => sum + (own.has(place) ? 1 : 0), 0);
  });
}

/** Rows less their mean, each of length 1; 0 where it is the mean. */
function directionsOf(rows: Float32Array, width: number): Float64Array {
  const count = rows.length / width;
  const mean = new Float64Array(width);
  for (let at = 0; at < rows.length; at++) mean[at % width] = (mean[at % width] as number) + (rows[at] as number) / count;
  const result = Float64Array.from(rows, (value, at) => value - (mean[at % width] as number));
  for (let from = 0; from < result.length; from += width) {
    const row = result.subarray(from, from + width);
    const length = Math.sqrt(dotAt(row, row, 0));
    for (let i = 0; i < width; i++) row[i] = length > 0 ? (row[i] as number) / length : 0;
  }
  return result;
}
