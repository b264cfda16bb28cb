/** @file Segments that lie together, as passages of their tracks. */
import type { TrackId } from '../../contract/index.ts';
import type { SegmentColumns } from '../../store/index.ts';

/** A stretch of a track. */
export type Passage = { trackId: TrackId; startMs: number; endMs: number };

/** Times are computed from samples; what rounding puts between two segments is no gap. */
const toleranceMs = 0.5;

/**
 * Joins segments that overlap or touch.
 * @param segments each track's together, ascending
 * @param timing step from one segment to the next, and a segment's length, in ms
 */
export function passagesOf(segments: SegmentColumns, { hopMs, segmentMs }: { hopMs: number; segmentMs: number }): Passage[] {
  const passages: Passage[] = [];
  for (const [i, number] of segments.segments.entries()) {
    const trackId = segments.trackIds[i] as TrackId;
    const startMs = number * hopMs;
    const last = passages.at(-1);
    if (last !== undefined && last.trackId === trackId && startMs <= last.endMs + toleranceMs) last.endMs = startMs + segmentMs;
    else passages.push({ trackId, startMs, endMs: startMs + segmentMs });
  }
  return passages;
}
