/** @file Drawing over a track's waveform: where its segments begin, which one is current, and a feature's activation over time. */
import type { SegmentTimes } from '../../src-main/contract/index.ts';

/** A track's segments on a time axis. */
export interface SegmentMarks {
  readonly durationMs: number;
  readonly times: SegmentTimes;
  /** The segment that stands out, or null. */
  readonly current: number | null;
}

/** Colours as CSS writes them. */
export interface MarkColours {
  readonly border: string;
  readonly current: string;
}

/** Borders nearer to each other than this are not drawn, in px. */
const nearestBordersPx = 4;

/** Draws segment borders and the current segment on a canvas of a given CSS size. */
export function drawSegmentMarks(
  context: CanvasRenderingContext2D,
  size: { width: number; height: number },
  marks: SegmentMarks,
  colours: MarkColours,
): void {
  const { width, height } = size;
  if (marks.durationMs <= 0) return;
  const pxPerMs = width / marks.durationMs;
  if (marks.current !== null) {
    const left = marks.times.startOf(marks.current) * pxPerMs;
    context.fillStyle = colours.current;
    context.fillRect(left, 0, Math.max(2, marks.times.segmentMs * pxPerMs), height);
  }
  if (marks.times.hopMs * pxPerMs < nearestBordersPx) return;
  context.fillStyle = colours.border;
  for (let segment = 1; segment <= marks.times.count; segment++) {
    context.fillRect(Math.round(marks.times.startOf(segment) * pxPerMs), height - 5, 1, 5);
  }
}
