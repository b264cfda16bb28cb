/** @file Segments as rows that can be shown and played. */
import { SegmentTimes } from '../../contract/index.ts';
import type { SegmentRow, SegmentTiming } from '../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import type { Place } from './clearest.ts';

/** Rows with the titles and labels of their tracks. */
export function segmentRows({ tracks }: Pick<Store, 'tracks'>, places: readonly Place[], timing: SegmentTiming): SegmentRow[] {
  const times = new SegmentTimes(timing, Infinity);
  const meta = new Map(tracks.meta([...new Set(places.map(({ trackId }) => trackId))]).map((track) => [track.id, track]));
  return places.map(({ row, trackId, segment }) => {
    const { title, artist, labels } = meta.get(trackId) ?? { title: '', artist: '', labels: [] };
    return { row, trackId, title, artist, segment, startMs: times.startOf(segment), durationMs: times.segmentMs, labels };
  });
}
