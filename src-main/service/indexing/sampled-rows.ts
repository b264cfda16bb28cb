/** @file Rows of a track that something is learnt from. */
import { evenly } from '../../base/index.ts';
import type { LiveRun, OpenRows } from '../../store/index.ts';

/** Rows of a track, evenly spread where it has more than are taken: `[taken, dimensions]`. @throws AppError for files that are not whole */
export function sampledRows(open: OpenRows, { firstRow, segments }: LiveRun, most: number): Float32Array {
  const rows = open.read(firstRow, segments);
  if (segments <= most) return rows;
  const length = rows.length / segments;
  const taken = new Float32Array(most * length);
  for (const [place, from] of evenly(segments, most).entries())
    taken.set(rows.subarray(from * length, (from + 1) * length), place * length);
  return taken;
}
