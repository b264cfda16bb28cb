/** @file What a person said of a tag, segment by segment: what was said of a passage counts before what was said of its track. */
import { SegmentTimes } from '../../contract/index.ts';
import type { SegmentTiming, TagAnswer, TagId, TrackId } from '../../contract/index.ts';
import type { Store } from '../../store/index.ts';

type Passage = { startMs: number; endMs: number; answer: TagAnswer };

/** What was said of one tag on one track. */
export type TrackMarks = { whole: TagAnswer | null; passages: readonly Passage[] };

/** Tags whose answers are kept. */
const mostTags = 64;

/** Reads a tag's answers once and keeps them until one changes. */
export class SegmentAnswers {
  readonly #tags: Store['tags'];
  readonly #kept = new Map<TagId, ReadonlyMap<number, TrackMarks>>();
  #revision = -1;

  constructor({ tags }: Pick<Store, 'tags'>) {
    this.#tags = tags;
  }

  /** Answers about a tag, by track. */
  of(tagId: TagId): ReadonlyMap<number, TrackMarks> {
    if (this.#revision !== this.#tags.revision) this.#kept.clear();
    this.#revision = this.#tags.revision;
    const known = this.#kept.get(tagId) ?? this.#read(tagId);
    this.#kept.delete(tagId);
    this.#kept.set(tagId, known);
    for (const oldest of this.#kept.keys()) if (this.#kept.size > mostTags) this.#kept.delete(oldest);
    return known;
  }

  #read(tagId: TagId): ReadonlyMap<number, TrackMarks> {
    const byTrack = new Map<TrackId, { whole: TagAnswer | null; passages: Passage[] }>();
    for (const { trackId, startMs, endMs, answer } of this.#tags.marksWith(tagId)) {
      const marks = byTrack.get(trackId) ?? { whole: null, passages: [] };
      byTrack.set(trackId, marks);
      if (startMs === null || endMs === null) marks.whole = answer;
      else marks.passages.push({ startMs, endMs, answer });
    }
    return byTrack;
  }
}

/** What was said on each segment of a track; null where nothing was. Of passages that share a segment, one that carries the tag counts. */
export function answersOn({ whole, passages }: TrackMarks, timing: SegmentTiming): (segment: number) => TagAnswer | null {
  const times = new SegmentTimes(timing, Infinity);
  const own = new Map<number, TagAnswer>();
  for (const { answer, ...passage } of passages)
    for (const segment of times.of(passage)) if (own.get(segment) !== 'yes') own.set(segment, answer);
  return (segment) => own.get(segment) ?? whole;
}

/** Whether any of a track's segments may carry the tag. */
export function carriesAny(marks: TrackMarks | undefined): boolean {
  return marks !== undefined && (marks.whole === 'yes' || marks.passages.some(({ answer }) => answer === 'yes'));
}
