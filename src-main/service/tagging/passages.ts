/** @file Segments that lie together, as passages of their tracks. */
import { SegmentTimes } from '../../contract/index.ts';
import type { SegmentTiming, TrackId } from '../../contract/index.ts';
import type { SegmentColumns } from '../../store/index.ts';

/** A stretch of a track. */
export type Passage = { trackId: TrackId; startMs: number; endMs: number };

/**
 * Joins segments that overlap or touch; what rounding puts between two is no gap.
 * @param segments each track's together, ascending
 * @param timing step from one segment to the next, and a segment's length, in ms
 */
export function passagesOf(segments: SegmentColumns, timing: SegmentTiming): Passage[] {
  const times = new SegmentTimes(timing, Infinity);
  const passages: Passage[] = [];
  for (const [i, number] of segments.segments.entries()) {
    const trackId = segments.trackIds[i] as TrackId;
    const [startMs, endMs] = [times.startOf(number), times.endOf(number)];
    const last = passages.at(-1);
    if (last !== undefined && last.trackId === trackId && startMs <= last.endMs + times.toleranceMs) last.endMs = endMs;
    else passages.push({ trackId, startMs, endMs });
  }
  return passages;
}
