/** @file Weights of rows' nearest neighbours, made the same in both directions. */
import type { NearestGraph } from './nearest-graph.ts';

/** Weighted pairs, each in both directions: those of a row lie from `starts[row]` to `starts[row + 1]`. */
export type Pairs = { starts: Int32Array; others: Int32Array; weights: Float32Array };

/**
 * Joins the weights of both directions.
 * @param own of each row's neighbours, `[count, k]`
 * @param joined what becomes of a weight and the one of the other direction, 0 where there is none
 */
export function symmetricPairs({ k, count, neighbours }: NearestGraph, own: Float32Array, joined: (a: number, b: number) => number): Pairs {
  const back = backwards({ k, count, neighbours });
  const starts = new Int32Array(count + 1);
  const [others, weights] = [new Int32Array(2 * count * k), new Float32Array(2 * count * k)];
  const placeOf = new Int32Array(count).fill(-1);
  let end = 0;
  for (let row = 0; row < count; row++) {
    const first = end;
    for (let at = row * k; at < (row + 1) * k; at++) {
      const other = neighbours[at] as number;
      placeOf[other] = end;
      others[end] = other;
      weights[end++] = own[at] as number;
    }
    const known = end;
    for (let at = back.starts[row] as number; at < (back.starts[row + 1] as number); at++) {
      const from = back.edges[at] as number;
      const other = Math.floor(from / k);
      const place = placeOf[other] as number;
      if (place >= first) weights[place] = -joined(weights[place] as number, own[from] as number);
      else {
        others[end] = other;
        weights[end++] = joined(0, own[from] as number);
      }
    }
    // What was joined is marked by its sign; the rest has no other direction.
    for (let at = first; at < known; at++) {
      const weight = weights[at] as number;
      weights[at] = weight < 0 ? -weight : joined(weight, 0);
    }
    starts[row + 1] = end;
  }
  return { starts, others: others.slice(0, end), weights: weights.slice(0, end) };
}

/** Of each row the places in `neighbours` at which it stands. */
function backwards({ k, count, neighbours }: Pick<NearestGraph, 'k' | 'count' | 'neighbours'>): { starts: Int32Array; edges: Int32Array } {
  const starts = new Int32Array(count + 1);
  for (const other of neighbours) starts[other + 1] = (starts[other + 1] as number) + 1;
  for (let row = 0; row < count; row++) starts[row + 1] = (starts[row + 1] as number) + (starts[row] as number);
  const next = starts.slice();
  const edges = new Int32Array(count * k);
  for (const [place, other] of neighbours.entries()) {
    const at = next[other] as number;
    next[other] = at + 1;
    edges[at] = place;
  }
  return { starts, edges };
}
