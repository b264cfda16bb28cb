/** @file How many of some tracks and passages carry each tag. Pure. */
import type { Mark, MarkTarget, TagId, TrackId } from '../../src-main/contract/index.ts';

/** Targets that a tag fits, and that it does not fit, by tag. */
export type AnswerCounts = { yes: ReadonlyMap<TagId, number>; no: ReadonlyMap<TagId, number> };

/** Times are computed from samples; ends that differ by less are the same. */
const sameMs = 1;

/** The tracks of targets, each once. */
export function tracksOf(targets: readonly MarkTarget[]): TrackId[] {
  return [...new Set(targets.map(({ trackId }) => trackId))];
}

/** Counts answers. A passage counts by its own marks, a track by those of the whole. */
export function countAnswers(targets: readonly MarkTarget[], marks: readonly Mark[]): AnswerCounts {
  const byTrack = Map.groupBy(marks, ({ trackId }) => trackId);
  const counts = { yes: new Map<TagId, number>(), no: new Map<TagId, number>() };
  for (const target of targets)
    for (const mark of byTrack.get(target.trackId) ?? [])
      if (isOf(mark, target)) counts[mark.answer].set(mark.tagId, (counts[mark.answer].get(mark.tagId) ?? 0) + 1);
  return counts;
}

function isOf(mark: Mark, target: MarkTarget): boolean {
  if (target.startMs === undefined || target.endMs === undefined) return mark.startMs === null;
  if (mark.startMs === null || mark.endMs === null) return false;
  return Math.abs(mark.startMs - target.startMs) < sameMs && Math.abs(mark.endMs - target.endMs) < sameMs;
}
