/** @file Which tracks carry a tag, as a whole or in a passage. */
import type { TagId, TrackId } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { RecentlyUsed } from './recently-used.ts';
import type { Revisions } from './revisions.ts';
import { values } from './statement.ts';
import type { TrackSet } from './track-search.ts';

/** Tracks that can be shown: present, in a folder that was not removed. `t` is the track. */
export const shownTrackSql = `t.missing_since IS NULL AND t.folder_id IN (SELECT id FROM folders WHERE removed_at IS NULL)`;

/** Finds tracks by tag and keeps the last few sets until tags change. */
export class TagTracks {
  readonly #connection: Connection;
  readonly #revisions: Revisions;
  readonly #sets = new RecentlyUsed<string, TrackSet>(8);
  readonly #named = new RecentlyUsed<string, TrackSet | null>(16);

  constructor(connection: Connection, revisions: Revisions) {
    this.#connection = connection;
    this.#revisions = revisions;
  }

  /** Tracks that carry a tag and can be shown, by number. */
  list(tagId: TagId): TrackId[] {
    const sql = `SELECT DISTINCT m.track_id FROM tag_marks m JOIN tags g ON g.id = m.tag_id AND g.removed_at IS NULL
      JOIN tracks t ON t.id = m.track_id WHERE m.tag_id = ? AND m.answer = 'yes' AND ${shownTrackSql} ORDER BY m.track_id`;
    return values<[number], TrackId>(this.#connection, sql).all(tagId);
  }

  /** All tracks that carry a tag, whether they can be shown or not. */
  set(tagId: TagId): TrackSet {
    return this.#sets.get(`${this.#revisions.tags} ${tagId}`, () => {
      const sql = `SELECT DISTINCT m.track_id FROM tag_marks m JOIN tags g ON g.id = m.tag_id AND g.removed_at IS NULL
        WHERE m.tag_id = ? AND m.answer = 'yes'`;
      return new Set(values<[number], number>(this.#connection, sql).all(tagId));
    });
  }

  /** All tracks that carry a tag whose kind or name has a folded word in it; null where no tag has. */
  named(word: string): TrackSet | null {
    return this.#named.get(`${this.#revisions.tags} ${word}`, () => {
      const tagIds = values<[string], number>(this.#connection, 'SELECT id FROM tags WHERE removed_at IS NULL AND instr(key, ?) > 0').all(
        word,
      );
      if (tagIds.length === 0) return null;
      const sql = `SELECT DISTINCT track_id FROM tag_marks WHERE answer = 'yes' AND tag_id IN (SELECT value FROM json_each(?))`;
      return new Set(values<[string], number>(this.#connection, sql).all(JSON.stringify(tagIds)));
    });
  }
}
