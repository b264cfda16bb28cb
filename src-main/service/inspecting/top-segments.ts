/** @file Top segments of neurons as places of tracks. */
import type { HeardSegment, TrackId } from '../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import { timingOf } from '../listening/listening.ts';
import { segmentRows } from '../listening/segment-rows.ts';
import type { Inspected } from './inspected.ts';
import type { IndexedTracks } from './indexed-tracks.ts';

/** A segment: row in the index, track (and which of the tracks that is), number in the track. */
export type TopPlace = { row: number; trackId: TrackId; place: number; segment: number };

/** Segments by their places when all tracks’ follow each other; places of nothing (−1) are left out. */
export function placesOf(places: Int32Array, { trackIds, firstRows, counts }: IndexedTracks): TopPlace[] {
  const starts = startsOf(counts);
  return Array.from(places)
    .filter((at) => at >= 0)
    .map((at) => {
      const place = trackAt(starts, at);
      const segment = at - (starts[place] as number);
      return { row: (firstRows[place] as number) + segment, trackId: trackIds[place] as TrackId, place, segment };
    });
}

/** Segments with their titles, and what a neuron gives on each. */
export function heardSegments(
  store: Store,
  { encoder, index }: Pick<Inspected, 'encoder' | 'index'>,
  places: readonly TopPlace[],
  number: number,
): HeardSegment[] {
  const values = store.index.embeddingsAt(
    encoder.id,
    places.map(({ row }) => row),
  );
  const rows = segmentRows(store, places, timingOf(encoder, index.hopSamples));
  return rows.map((row, at) => ({ ...row, activation: values[at * index.dimensions + number] ?? 0 }));
}

/** Of each neuron, the tracks (by place) of its first `top` segments. */
export function trackTops(tops: readonly Int32Array[], top: number, { counts }: IndexedTracks): Int32Array[] {
  const starts = startsOf(counts);
  return tops.map((own) =>
    own
      .subarray(0, top)
      .filter((at) => at >= 0)
      .map((at) => trackAt(starts, at)),
  );
}

function startsOf(counts: Int32Array): Int32Array {
  let at = 0;
  return counts.map((count) => (at += count) - count);
}

/** The last track that begins at a place or before it, and has segments. */
function trackAt(starts: Int32Array, place: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] as number) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}
