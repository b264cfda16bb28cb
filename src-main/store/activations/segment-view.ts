/**
 * @file Which segments can be seen and where each lies: runs of rows in the library's order, one a track, or several where passages of it are left out.
 * No object a segment.
 */
import type { TrackId } from '../../contract/index.ts';
import type { TrackSet } from '../track-search.ts';

/** Runs of rows in the library's order; a segment's position is its place in that order, from 0. */
export type SegmentView = {
  trackIds: Int32Array;
  /** Row of each run's first segment. */
  firstRows: Uint32Array;
  /** Number in its track of each run's first segment. */
  firstSegments: Uint32Array;
  /** Position of each run's first segment, and the total behind the last. */
  starts: Uint32Array;
  /** Segments in view. */
  total: number;
};

/** Segments of a track, by number: `[from, end)`. */
export type SegmentSpan = readonly [from: number, end: number];

/** Which segments a question is about, besides what is searched for. The same `key` means the same segments. */
export type SegmentScope = TrackSet & {
  key: string;
  /** Of a track that is in it: the stretches that are, in order and apart from each other; null for all. @param count of its segments */
  spans?: (trackId: number, count: number) => readonly SegmentSpan[] | null;
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
  const made = new ViewMaker(shown.length);
  for (const trackId of shown) made.add(trackId, firstRows[trackId] as number, [0, segments[trackId] as number]);
  return made.view();
}

/** The part of a view whose tracks are in `tracks`, and of these the stretches that are. */
export function narrow(view: SegmentView, tracks: Pick<SegmentScope, 'has' | 'spans'>): SegmentView {
  const made = new ViewMaker(view.trackIds.length);
  for (let run = 0; run < view.trackIds.length; run++) {
    const trackId = view.trackIds[run] as number;
    if (!tracks.has(trackId)) continue;
    const first = view.firstSegments[run] as number;
    const end = first + (view.starts[run + 1] as number) - (view.starts[run] as number);
    const firstRow = (view.firstRows[run] as number) - first;
    const spans = tracks.spans?.(trackId, end) ?? null;
    if (spans === null) made.add(trackId, firstRow, [first, end]);
    else for (const [from, until] of spans) made.add(trackId, firstRow, [Math.max(first, from), Math.min(end, until)]);
  }
  return made.view();
}

/** How many tracks have segments in view. */
export function tracksIn({ trackIds }: SegmentView): number {
  let count = 0;
  for (let run = 0; run < trackIds.length; run++) if (trackIds[run] !== trackIds[run - 1]) count++;
  return count;
}

/** Gathers runs; room is made for more as they come. */
class ViewMaker {
  #trackIds: Int32Array;
  #firstRows: Uint32Array;
  #firstSegments: Uint32Array;
  #starts: Uint32Array;
  #count = 0;
  #total = 0;

  constructor(room: number) {
    this.#trackIds = new Int32Array(room);
    this.#firstRows = new Uint32Array(room);
    this.#firstSegments = new Uint32Array(room);
    this.#starts = new Uint32Array(room + 1);
  }

  /** @param trackRow the row of the track's segment 0 */
  add(trackId: number, trackRow: number, [from, end]: SegmentSpan): void {
    if (end <= from) return;
    if (this.#count === this.#trackIds.length) this.#grow();
    this.#trackIds[this.#count] = trackId;
    this.#firstRows[this.#count] = trackRow + from;
    this.#firstSegments[this.#count] = from;
    this.#total += end - from;
    this.#starts[++this.#count] = this.#total;
  }

  view(): SegmentView {
    const count = this.#count;
    return {
      trackIds: this.#trackIds.slice(0, count),
      firstRows: this.#firstRows.slice(0, count),
      firstSegments: this.#firstSegments.slice(0, count),
      starts: this.#starts.slice(0, count + 1),
      total: this.#total,
    };
  }

  #grow(): void {
    const room = 2 * this.#count + 16;
    const grown = <Numbers extends Int32Array | Uint32Array>(larger: Numbers, held: Numbers): Numbers => {
      larger.set(held);
      return larger;
    };
    this.#trackIds = grown(new Int32Array(room), this.#trackIds);
    this.#firstRows = grown(new Uint32Array(room), this.#firstRows);
    this.#firstSegments = grown(new Uint32Array(room), this.#firstSegments);
    this.#starts = grown(new Uint32Array(room + 1), this.#starts);
  }
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
  const inRun = position - (view.starts[low] as number);
  const segment = (view.firstSegments[low] as number) + inRun;
  return { row: (view.firstRows[low] as number) + inRun, trackId: view.trackIds[low] as TrackId, segment };
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
