/** @file How many tracks and passages each tag was said of, counted again only where marks or the library changed. */
import { defined } from '../base/index.ts';
import type { Tag, TagId } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import type { Revisions } from './revisions.ts';
import { rows } from './statement.ts';
import { inOneStep } from './steps.ts';
import { highestId, tracksOfStep } from './track-ranks.ts';

/** Counts over tracks that can be shown. */
export type MarkCounts = Pick<Tag, 'tracks' | 'passages' | 'rejected'>;

/** Tracks of a range of numbers that cannot be shown: few, so that leaving them out costs less than looking for all others. */
const hiddenSql = `SELECT id FROM tracks INDEXED BY tracks_in_short WHERE id > $first AND id <= $last
  AND (missing_since IS NOT NULL OR folder_id IN (SELECT id FROM folders WHERE removed_at IS NOT NULL))`;

/** Counts of the tags in a list, over the tracks whose numbers lie in a range: one walk over their marks. */
export const countsSql = `SELECT m.tag_id AS tagId, count(DISTINCT CASE WHEN m.answer = 'yes' THEN m.track_id END) AS tracks,
  count(CASE WHEN m.answer = 'yes' AND m.start_ms >= 0 THEN 1 END) AS passages, count(CASE WHEN m.answer = 'no' THEN 1 END) AS rejected
  FROM tag_marks m WHERE m.tag_id IN (SELECT value FROM json_each($tags)) AND m.track_id > $first AND m.track_id <= $last
    AND +m.track_id NOT IN (${hiddenSql}) GROUP BY m.tag_id`;

const none: MarkCounts = { tracks: 0, passages: 0, rejected: 0 };

/** Keeps each tag's counts until its marks or the library change. */
export class TagCounts {
  readonly #connection: Connection;
  readonly #revisions: Revisions;
  #kept = new Map<TagId, { made: string; counts: MarkCounts }>();

  constructor(connection: Connection, revisions: Revisions) {
    this.#connection = connection;
    this.#revisions = revisions;
  }

  /** Counts in the order of `tagIds`. */
  of(tagIds: readonly TagId[]): MarkCounts[] {
    inOneStep(this.counting(tagIds));
    return tagIds.map((tagId) => this.#kept.get(tagId)?.counts ?? none);
  }

  /** Counts what is not known any more, the marks of some thousand tracks at a step. */
  *counting(tagIds: readonly TagId[]): Generator<void, void> {
    const stale = new Map(tagIds.map((tagId) => [tagId, { made: this.#made(tagId), counts: { ...none } }]));
    for (const [tagId, { made }] of stale) if (this.#kept.get(tagId)?.made === made) stale.delete(tagId);
    if (stale.size === 0) return;
    const highest = highestId(this.#connection);
    const tags = JSON.stringify([...stale.keys()]);
    for (let first = 0; first < highest; first += tracksOfStep) {
      const range = { tags, first, last: first + tracksOfStep };
      for (const { tagId, ...part } of rows<[typeof range], MarkCounts & { tagId: TagId }>(this.#connection, countsSql).all(range)) {
        const counts = defined(stale.get(tagId), 'the tag that was counted').counts;
        counts.tracks += part.tracks;
        counts.passages += part.passages;
        counts.rejected += part.rejected;
      }
      yield;
    }
    for (const [tagId, counted] of stale) this.#kept.set(tagId, counted);
  }

  #made(tagId: TagId): string {
    return `${this.#revisions.library} ${this.#revisions.ofTag(tagId)}`;
  }
}
