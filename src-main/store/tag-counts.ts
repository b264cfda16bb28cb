/** @file How many tracks and passages each tag was said of, counted again only where marks or the library changed. */
import type { Tag, TagId } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import type { Revisions } from './revisions.ts';
import { rows } from './statement.ts';

/** Counts over tracks that can be shown. */
export type MarkCounts = Pick<Tag, 'tracks' | 'passages' | 'rejected'>;

/** Tracks that cannot be shown: few, so that leaving them out costs less than looking for all others. */
const hiddenSql = `SELECT id FROM tracks WHERE missing_since IS NOT NULL
  UNION ALL SELECT id FROM tracks WHERE folder_id IN (SELECT id FROM folders WHERE removed_at IS NOT NULL)`;

/** Counts of the tags in a list: one walk over their marks. */
export const countsSql = `SELECT m.tag_id AS tagId, count(DISTINCT CASE WHEN m.answer = 'yes' THEN m.track_id END) AS tracks,
  count(CASE WHEN m.answer = 'yes' AND m.start_ms >= 0 THEN 1 END) AS passages, count(CASE WHEN m.answer = 'no' THEN 1 END) AS rejected
  FROM tag_marks m WHERE m.tag_id IN (SELECT value FROM json_each(?)) AND +m.track_id NOT IN (${hiddenSql}) GROUP BY m.tag_id`;

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
    const made = (tagId: TagId): string => `${this.#revisions.library} ${this.#revisions.ofTag(tagId)}`;
    const stale = tagIds.filter((tagId) => this.#kept.get(tagId)?.made !== made(tagId));
    if (stale.length > 0) {
      const found = rows<[string], MarkCounts & { tagId: TagId }>(this.#connection, countsSql).all(JSON.stringify(stale));
      const counted = new Map(found.map(({ tagId, ...counts }) => [tagId, counts]));
      for (const tagId of stale) this.#kept.set(tagId, { made: made(tagId), counts: counted.get(tagId) ?? none });
    }
    return tagIds.map((tagId) => this.#kept.get(tagId)?.counts ?? none);
  }
}
