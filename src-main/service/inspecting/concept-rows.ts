/** @file Rows of an index that concepts are learnt from: all of them, or of a large library some of each track. */
import { AppError } from '../../base/index.ts';
import type { Store, StoredEncoder } from '../../store/index.ts';
import { allRuns } from '../indexing/all-runs.ts';
import { sampledRows } from '../indexing/sampled-rows.ts';

/** So many numbers are learnt from at most: 512 MB. */
const mostNumbers = 2 ** 27;
/** Tracks whose rows are handed over at a time. */
const together = 64;

/** `next` gives some more rows, none at the end. */
export type ConceptRows = { segments: number; next(): Float32Array[]; close(): void };

/** Opens them. @throws AppError NOT_FOUND without an index, or one in which nothing is */
export function conceptRows(store: Store, space: StoredEncoder): ConceptRows {
  const index = store.index.current(space.id);
  const runs = index === null ? [] : [...allRuns(store, index.id).values()].filter(({ segments }) => segments > 0);
  if (index === null || runs.length === 0)
    throw new AppError(
      'NOT_FOUND',
      `${space.name} has heard no track yet, and concepts are learnt from what it has heard. Index the library with it first.`,
    );
  const most = Math.max(1, Math.floor(mostNumbers / space.dimensions / runs.length));
  const open = store.index.openRows(index.id);
  let at = 0;
  return {
    segments: runs.reduce((sum, { segments }) => sum + Math.min(segments, most), 0),
    next: () => {
      const some = runs.slice(at, at + together);
      at += together;
      return some.map((run) => sampledRows(open, run, most));
    },
    close: () => open.close(),
  };
}
