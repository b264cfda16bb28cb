/** @file How well neighbours share a label. */
import { bootstrap } from './intervals.ts';
import type { Estimate } from './intervals.ts';

/**
 * Precision at k of every query: of its `count` nearest neighbours, how many have its label.
 * @param neighbours `[queries, width]`, each row the numbers of examples, nearest first; -1 ends a row early
 * @param labels of examples, as numbers; queries are examples themselves, in the same order
 * @returns `[queries]`; NaN for a query without neighbours
 */
export function precisionsAt(
  neighbours: Int32Array,
  labels: ArrayLike<number>,
  { width, count }: { width: number; count: number },
): Float64Array {
  return Float64Array.from({ length: neighbours.length / width }, (_, query) => {
    let [seen, same] = [0, 0];
    for (let place = 0; place < Math.min(count, width); place++) {
      const neighbour = neighbours[query * width + place] as number;
      if (neighbour < 0) break;
      seen++;
      if (labels[neighbour] === labels[query]) same++;
    }
    return same / seen;
  });
}

/**
 * Mean precision with its interval, resampled by group.
 * @param precisions as {@link precisionsAt} gives them; NaN entries do not count
 * @param groups of the queries (artist or album), from 0
 */
export function meanPrecision(precisions: Float64Array, groups: ArrayLike<number>): Estimate {
  const figure = (weights: Float64Array): number => {
    let [sum, all] = [0, 0];
    for (const [query, precision] of precisions.entries()) {
      if (Number.isNaN(precision)) continue;
      sum += (weights[query] as number) * precision;
      all += weights[query] as number;
    }
    return sum / all;
  };
  return bootstrap(figure, { groups });
}
