/** @file Finds the tracks in whose texts every word of a search occurs. */
import type { Connection } from './connection.ts';
import { RecentlyUsed } from './recently-used.ts';
import type { Revisions } from './revisions.ts';
import { values } from './statement.ts';
import { fold, searchWords } from './text-keys.ts';

/** A set of track ids, one byte an id: 1 when it is in the set. */
export type TrackSet = { has(trackId: number): boolean; readonly size: number };

/** Searches and keeps the last few results until the library changes. */
export class TrackSearch {
  readonly #connection: Connection;
  readonly #revisions: Revisions;
  readonly #kept = new RecentlyUsed<string, TrackSet>(8);
  readonly #keptTitles = new RecentlyUsed<string, ReadonlySet<number>>(8);

  constructor(connection: Connection, revisions: Revisions) {
    this.#connection = connection;
    this.#revisions = revisions;
  }

  /** Tracks, present or missing, that match; null for a blank search, which all match. */
  find(search: string): TrackSet | null {
    const words = searchWords(search);
    if (words.length === 0) return null;
    return this.#kept.get(`${this.#revisions.library} ${words.join(' ')}`, () => this.#scan(words));
  }

  /** Tracks whose title begins with the whole of a search; none for a blank one. A search's text begins with the title, folded as the search is. */
  titled(search: string): ReadonlySet<number> {
    const beginning = fold(search.trim());
    if (beginning === '') return new Set();
    const sql = 'SELECT track_id FROM track_search WHERE substr(text, 1, length(?)) = ?';
    const scan = (): ReadonlySet<number> => new Set(values<[string, string], number>(this.#connection, sql).all(beginning, beginning));
    return this.#keptTitles.get(`${this.#revisions.library} ${beginning}`, scan);
  }

  #scan(words: readonly string[]): TrackSet {
    const highest = values<[], number | null>(this.#connection, 'SELECT max(id) FROM tracks').get() ?? 0;
    const marks = new Uint8Array(highest + 1);
    const all = `SELECT track_id FROM track_search WHERE NOT EXISTS (SELECT 1 FROM json_each(?) w WHERE instr(text, w.value) = 0)`;
    const one = 'SELECT track_id FROM track_search WHERE instr(text, ?) > 0';
    const [first, second] = words;
    const ids =
      second === undefined
        ? values<[string], number>(this.#connection, one).all(first ?? '')
        : values<[string, string], number>(this.#connection, `${all} AND instr(text, ?) > 0`).all(JSON.stringify(words), first ?? '');
    for (const id of ids) marks[id] = 1;
    return { has: (trackId) => marks[trackId] === 1, size: ids.length };
  }
}
