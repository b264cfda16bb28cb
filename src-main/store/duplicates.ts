/** @file What the last search for duplicates found, and which groups a person dismissed. */
import type { DuplicateRelation, TrackId } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { change, rows, values } from './statement.ts';

/** Tracks that were found to be one recording, the best copy first; `offsetMs` and `bitErrorRate` are against that one. */
export type StoredDuplicateGroup = {
  key: string;
  relation: DuplicateRelation;
  tracks: { trackId: TrackId; offsetMs: number; bitErrorRate: number }[];
};

/** A search for duplicates as it ended. */
export type DuplicateSearch = { at: number; groups: StoredDuplicateGroup[] };

/** Keeps the last search; an older one is forgotten. */
export class Duplicates {
  readonly #connection: Connection;
  /** Asked with every search for similar music. */
  #same: TrackId[][] | null = null;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Keeps what a search found, in place of what was found before. */
  save(groups: readonly StoredDuplicateGroup[]): void {
    this.#same = null;
    this.#connection.transaction(() => {
      change(this.#connection, 'DELETE FROM duplicate_searches').run();
      change(this.#connection, 'INSERT INTO duplicate_searches (at, groups) VALUES (?, ?)').run(Date.now(), JSON.stringify(groups));
    })();
  }

  /** The last search without what was dismissed; null when there was none yet. */
  last(): DuplicateSearch | null {
    const row = rows<[], { at: number; groups: string }>(this.#connection, 'SELECT at, groups FROM duplicate_searches').get();
    if (row === undefined) return null;
    const dismissed = new Set(values<[], string>(this.#connection, 'SELECT key FROM dismissed_duplicates').all());
    const groups = JSON.parse(row.groups) as StoredDuplicateGroup[];
    return { at: row.at, groups: groups.filter(({ key }) => !dismissed.has(key)) };
  }

  /** Tracks that are the same recording, group by group, the best copy first; none of them dismissed, none mastered otherwise. */
  groups(): TrackId[][] {
    this.#same ??= (this.last()?.groups ?? [])
      .filter(({ relation }) => relation === 'same')
      .map(({ tracks }) => tracks.map(({ trackId }) => trackId));
    return this.#same;
  }

  /** Says that a group is none, also in later searches; `false` takes that back. */
  dismiss(key: string, dismissed: boolean): void {
    this.#same = null;
    if (dismissed) change(this.#connection, 'INSERT OR IGNORE INTO dismissed_duplicates (key, at) VALUES (?, ?)').run(key, Date.now());
    else change(this.#connection, 'DELETE FROM dismissed_duplicates WHERE key = ?').run(key);
  }
}
