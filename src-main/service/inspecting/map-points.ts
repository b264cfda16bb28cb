/** @file Which points a map has: whole tracks, or segments of them, evenly taken where there are too many. */
import { evenly } from '../../base/index.ts';
import { mostMapPoints } from '../../contract/index.ts';
import type { MapWish, TrackId } from '../../contract/index.ts';
import type { IndexedTracks } from './indexed-tracks.ts';

/** Tracks with points, where their rows lie, and the points: whose each is (by place), and which segment; -1 stands for the whole track. */
export type MapPoints = {
  trackIds: TrackId[];
  firstRows: Int32Array;
  counts: Int32Array;
  owners: Int32Array;
  segments: Int32Array;
  /** Tracks, or segments, of the whole index. */
  outOf: number;
};

/** Numbers of all points together: 512 MB. */
const mostNumbers = 2 ** 27;

/** Takes them. @param dimensions numbers of a point: where there are many, fewer points are taken */
export function mapPoints(tracks: IndexedTracks, { level, tracks: asked, perTrack }: MapWish, dimensions: number): MapPoints {
  const most = Math.min(mostMapPoints, Math.floor(mostNumbers / dimensions));
  const all = [...tracks.counts.keys()].filter((track) => (tracks.counts[track] as number) > 0);
  const chosen = choose(all, tracks.counts, { most: Math.min(most, asked ?? most), perTrack: level === 'segments' ? perTrack : null });
  const counts = Int32Array.from(chosen, (track) => tracks.counts[track] as number);
  const limit = level === 'tracks' ? 0 : Math.min(perTrack ?? Infinity, limitOf(counts, most));
  const [owners, segments] = [[] as number[], [] as number[]];
  for (const [place, count] of counts.entries())
    for (const segment of level === 'tracks' ? [-1] : evenly(count, limit)) {
      owners.push(place);
      segments.push(segment);
    }
  return {
    trackIds: chosen.map((track) => tracks.trackIds[track] as TrackId),
    firstRows: Int32Array.from(chosen, (track) => tracks.firstRows[track] as number),
    counts,
    owners: Int32Array.from(owners),
    segments: Int32Array.from(segments),
    outOf: level === 'tracks' ? all.length : tracks.segments,
  };
}

/** Tracks, evenly; those that have as many segments as are wanted of each, where there are enough of those. */
function choose(all: readonly number[], counts: Int32Array, { most, perTrack }: { most: number; perTrack: number | null }): number[] {
  const long = all.filter((track) => (counts[track] as number) >= (perTrack ?? 1));
  const from = long.length >= most ? long : all;
  return evenly(from.length, most).map((at) => from[at] as number);
}

/** The greatest number of segments of each track with which there are no more than `most`. */
function limitOf(counts: Int32Array, most: number): number {
  let [low, high] = [1, counts.reduce((longest, count) => Math.max(longest, count), 1)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const total = counts.reduce((sum, count) => sum + Math.min(count, middle), 0);
    if (total <= most) low = middle;
    else high = middle - 1;
  }
  return low;
}
