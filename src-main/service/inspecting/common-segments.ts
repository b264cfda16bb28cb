/** @file Segments that several spaces have heard, each as rows of every space's index. */
import { evenly } from '../../base/index.ts';
import { SegmentTimes } from '../../contract/index.ts';
import type { TrackId } from '../../contract/index.ts';
import { timingOf } from '../listening/listening.ts';
import type { Inspected } from './inspected.ts';

/** Rows of one space: as many of each item as `counts` says, one behind the other. */
export type RowsOfItems = { rows: Int32Array; counts: Int32Array };

/** Where a track's segments lie in each space. */
type CommonTrack = { trackId: TrackId; places: number[] };

/** What all of them have heard. */
export type Common = { tracks: CommonTrack[]; times: SegmentTimes[]; spaces: readonly Inspected[] };

/** Tracks that every space has heard, in the order of their numbers. */
export function commonTracks(spaces: readonly Inspected[]): Common {
  const others = spaces.map(({ tracks }) => new Map(tracks.trackIds.map((trackId, place) => [trackId, place])));
  const tracks = (spaces[0]?.tracks.trackIds ?? []).flatMap((trackId) => {
    const places = others.map((own) => own.get(trackId) ?? -1);
    const isCommon = places.every((place, at) => place >= 0 && (spaces[at]?.tracks.counts[place] ?? 0) > 0);
    return isCommon ? [{ trackId, places }] : [];
  });
  return { tracks, times: spaces.map(timesOf), spaces };
}

function timesOf({ encoder, index }: Inspected): SegmentTimes {
  return new SegmentTimes(timingOf(encoder, index.hopSamples), Infinity);
}

/** Whether segments lie at other times, so that means over those that cover each other stand for them. */
export function differInTime({ times: [first, ...others] }: Pick<Common, 'times'>): boolean {
  return (
    first !== undefined &&
    others.some(({ hopMs, segmentMs }) => Math.abs(hopMs - first.hopMs) > 1e-6 || Math.abs(segmentMs - first.segmentMs) > 1e-6)
  );
}

/** Segments by the space whose steps are longest: in every other each is the mean of the fewest segments that cover it; one that a space has not heard is none. */
export function commonSegments(common: Common, most: number): { items: RowsOfItems[]; total: number } {
  const { times, tracks, spaces } = common;
  const base = times.reduce((longest, own, at) => (own.hopMs > (times[longest]?.hopMs ?? 0) + 1e-6 ? at : longest), 0);
  const counts = tracks.map((track) => countOf(spaces, track, base));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const items = spaces.map(() => ({ rows: [] as number[], counts: [] as number[] }));
  let [track, before] = [0, 0];
  for (const wanted of evenly(total, most)) {
    for (; wanted >= before + (counts[track] as number); track++) before += counts[track] as number;
    const found = rowsOfSegment(common, { track: tracks[track] as CommonTrack, base, segment: wanted - before });
    if (found.some((rows) => rows.length === 0)) continue;
    for (const [at, rows] of found.entries()) {
      items[at]?.rows.push(...rows);
      items[at]?.counts.push(rows.length);
    }
  }
  return { items: items.map(typed), total };
}

function countOf(spaces: readonly Inspected[], { places }: CommonTrack, at: number): number {
  return spaces[at]?.tracks.counts[places[at] as number] ?? 0;
}

function rowsOfSegment(
  { times, spaces }: Common,
  { track, base, segment }: { track: CommonTrack; base: number; segment: number },
): number[][] {
  const own = times[base] as SegmentTimes;
  const passage = { startMs: own.startOf(segment), endMs: own.endOf(segment) };
  return spaces.map(({ tracks }, at) => {
    const firstRow = tracks.firstRows[track.places[at] as number] as number;
    const count = countOf(spaces, track, at);
    const its = times[at] as SegmentTimes;
    if (at === base || !differInTime({ times: [own, its] })) return segment < count ? [firstRow + segment] : [];
    return new SegmentTimes(its, count).of(passage).map((one) => firstRow + one);
  });
}

/** Tracks, evenly spread, each as the mean of some of its segments, evenly spread over it. */
export function trackItems({ tracks, spaces }: Common, most: number, perTrack: number): { chosen: CommonTrack[]; items: RowsOfItems[] } {
  const chosen = evenly(tracks.length, most).map((at) => tracks[at] as CommonTrack);
  const items = spaces.map(({ tracks: own }, at) => {
    const found = chosen.map(({ places }) => {
      const place = places[at] as number;
      return evenly(own.counts[place] as number, perTrack).map((segment) => (own.firstRows[place] as number) + segment);
    });
    return typed({ rows: found.flat(), counts: found.map((rows) => rows.length) });
  });
  return { chosen, items };
}

function typed({ rows, counts }: { rows: readonly number[]; counts: readonly number[] }): RowsOfItems {
  return { rows: Int32Array.from(rows), counts: Int32Array.from(counts) };
}
