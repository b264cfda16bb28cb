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

/**
 * Makes a view of tracks in an order.
 * @param firstRows by track id
 * @param segments by track id; 0 for a track that is not in the index
 */
export function viewInOrder(trackIds: Int32Array, { firstRows, segments }: { firstRows: Uint32Array; segments: Uint32Array }): SegmentView {
  const shown = trackIds.filter((trackId) => (segments[trackId] ?? 0) > 0);
  const view = { trackIds: shown, firstRows: new Uint32Array(shown.length), starts: new Uint32Array(shown.length + 1), total: 0 };
  for (let i = 0; i < shown.length; i++) {
    const trackId = shown[i] as number;
    view.firstRows[i] = firstRows[trackId] as number;
    view.starts[i] = view.total;
    view.total += segments[trackId] as number;
  }
  view.starts[shown.length] = view.total;
  return view;
}

/** The part of a view whose tracks are in `tracks`. */
export function narrow(view: SegmentView, tracks: TrackSet): SegmentView {
  const size = view.trackIds.length;
  const part = { trackIds: new Int32Array(size), firstRows: new Uint32Array(size), starts: new Uint32Array(size + 1), total: 0 };
  let count = 0;
  for (let run = 0; run < size; run++) {
    const trackId = view.trackIds[run] as number;
    if (!tracks.has(trackId)) continue;
    part.trackIds[count] = trackId;
    part.firstRows[count] = view.firstRows[run] as number;
    part.total += (view.starts[run + 1] as number) - (view.starts[run] as number);
    part.starts[++count] = part.total;
  }
  const { trackIds, firstRows, starts, total } = part;
  return { trackIds: trackIds.slice(0, count), firstRows: firstRows.slice(0, count), starts: starts.slice(0, count + 1), total };
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
