/** @file How much the search by codes finds of what the exact one finds, on segments of the library itself. */
import { seededRandom } from '../../base/index.ts';
import { runAtPlace } from '../../store/index.ts';
import type { PlacedRuns } from '../../store/index.ts';
import type { SegmentHits } from './engine-search.ts';

/** Scores that differ by less are the same: both sides add up float32 numbers in the same order, but from differently laid out rows. */
const sameScore = 1e-6;

/** What is measured. `vectors` gives a track's segments. */
export type RecallParts = {
  runs: PlacedRuns;
  queries: number;
  vectors: (trackId: number) => Float32Array;
  search: (query: Float32Array, exact: boolean) => Promise<SegmentHits>;
};

/**
 * Recall over random segments, the same ones every time. A segment counts as found when it is as near as the last of the exact answer, so that it
 * does not matter which of several equal ones is named.
 * @returns 0 to 1; 1 without segments
 */
export async function measureRecall({ runs, queries, vectors, search }: RecallParts): Promise<number> {
  const random = seededRandom(1);
  let [wanted, found] = [0, 0];
  for (let query = 0; query < queries && runs.total > 0; query++) {
    const place = random.below(runs.total);
    const run = runAtPlace(runs.starts, place);
    const matrix = vectors(runs.trackIds[run] as number);
    const dimensions = matrix.length / (runs.segments[run] as number);
    const segment = place - (runs.starts[run] as number);
    const vector = matrix.slice(segment * dimensions, (segment + 1) * dimensions);
    const exact = await search(vector, true);
    const least = (exact.scores.at(-1) ?? Infinity) - sameScore;
    const fast = await search(vector, false);
    wanted += exact.scores.length;
    found += Math.min(exact.scores.length, fast.scores.filter((score) => score >= least).length);
  }
  return wanted === 0 ? 1 : found / wanted;
}
