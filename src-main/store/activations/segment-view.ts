/** @file Which segments can be seen and where each lies: runs of rows, one a track, in the library's order. No object a segment. */
import type { TrackId } from '../../contract/index.ts';
import type { TrackSet } from '../track-search.ts';

/** Runs of rows in the library's order; a segment's position is its place in that order, from 0. */
export type SegmentView = {
  trackIds: Int32Array;
  /** Row of each run's first segment. */
  firstRows: Uint32Array;
  /** Position of each run's first segment, and the total behind the last. */
  starts: Uint32Array;
  /** Segments in view. */
  total: number;
};

/** A segment: its row in the index, its track, its number in the track. */
export type SegmentPlace = { row: number; trackId: TrackId; segment: number };

/** Makes a view of runs. */
export function viewOf(runs: Iterable<{ trackId: number; firstRow: number; segments: number }>): SegmentView {
  const list = [...runs];
  const starts = new Uint32Array(list.length + 1);
  let total = 0;
  for (const [i, run] of list.entries()) {
    starts[i] = total;
    total += run.segments;
  }
  starts[list.length] = total;
  const trackIds = Int32Array.from(list, (run) => run.trackId);
  return { trackIds, firstRows: Uint32Array.from(list, (run) => run.firstRow), starts, total };
}

/** The part of a view whose tracks are in `tracks`. */
export function narrow(view: SegmentView, tracks: TrackSet): SegmentView {
  const runs: number[] = [];
  for (const [i, trackId] of view.trackIds.entries()) if (tracks.has(trackId)) runs.push(i);
  return viewOf(runs.map((run) => runAt(view, run)));
}

/** One run of a view. */
export function runAt(view: SegmentView, run: number): { trackId: number; firstRow: number; segments: number } {
  const [start, end] = [view.starts[run] as number, view.starts[run + 1] as number];
  return { trackId: view.trackIds[run] as number, firstRow: view.firstRows[run] as number, segments: end - start };
}

/** The segment at a position. */
export function placeAt(view: SegmentView, position: number): SegmentPlace {
  let low = 0;
  let high = view.trackIds.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((view.starts[middle] as number) <= position) low = middle;
    else high = middle - 1;
  }
  const segment = position - (view.starts[low] as number);
  return { row: (view.firstRows[low] as number) + segment, trackId: view.trackIds[low] as TrackId, segment };
}

/** The position of a row; -1 when it is not in view. */
export function positionOfRow(view: SegmentView, row: number): number {
  for (let run = 0; run < view.trackIds.length; run++) {
    const inRun = row - (view.firstRows[run] as number);
    const start = view.starts[run] as number;
    if (inRun >= 0 && inRun < (view.starts[run + 1] as number) - start) return start + inRun;
  }
  return -1;
}
