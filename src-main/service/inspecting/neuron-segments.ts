/** @file Segments by which a neuron is judged: those that it hears most, few of each track, and others that are spread evenly over the library. */
import { evenly } from '../../base/index.ts';
import type { Store } from '../../store/index.ts';
import type { Inspected } from './inspected.ts';
import { placesOf } from './top-segments.ts';
import type { TopPlace } from './top-segments.ts';

/** How many are wanted. `perTrack`: of the top ones, so many at most of one track. */
export type SegmentWish = { top: number; perTrack: number; others: number };

/** So many of the top ones are looked through for those of other tracks. */
const lookedThrough = 400;

/** The top ones in their order, and others. */
export function neuronSegments(
  store: Store,
  { encoder, tracks }: Inspected,
  number: number,
  { top: wanted, perTrack, others }: SegmentWish,
): { top: TopPlace[]; others: TopPlace[] } {
  const placeOf = new Map(tracks.trackIds.map((trackId, place) => [trackId, place]));
  const most = Math.min(wanted, Math.floor(tracks.segments / 4));
  const taken = new Map<number, number>();
  const top: TopPlace[] = [];
  for (const { row, trackId, segment } of store.index.top(encoder.id, number, lookedThrough).rows) {
    const own = taken.get(trackId) ?? 0;
    const place = placeOf.get(trackId);
    if (top.length === most || own === perTrack || place === undefined) continue;
    taken.set(trackId, own + 1);
    top.push({ row, trackId, place, segment });
  }
  const isTop = new Set(top.map(({ row }) => row));
  const spread = placesOf(Int32Array.from(evenly(tracks.segments, others + top.length)), tracks).filter(({ row }) => !isTop.has(row));
  return { top, others: evenly(spread.length, others).map((at) => spread[at] as TopPlace) };
}
