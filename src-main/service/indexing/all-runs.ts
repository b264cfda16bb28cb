/** @file Where all tracks of an index lie. */
import type { IndexId, LiveRun, Store } from '../../store/index.ts';

const page = 10_000;

/** Of all tracks that can be shown, by their numbers. */
export function allRuns({ index }: Pick<Store, 'index'>, indexId: IndexId): Map<number, LiveRun> {
  const all = new Map<number, LiveRun>();
  for (let after = 0; ;) {
    const runs = index.liveRuns(indexId, { after, limit: page });
    for (const run of runs) all.set(run.trackId, run);
    const last = runs.at(-1);
    if (last === undefined || runs.length < page) return all;
    after = last.trackId;
  }
}
