/** @file Finds the tracks in whose texts every word of a search occurs. */
import type { Connection } from './connection.ts';
import { RecentlyUsed } from './recently-used.ts';
import type { Revisions } from './revisions.ts';
import { values } from './statement.ts';
import { fold, searchWords } from './text-keys.ts';

/** A set of track ids, one byte an id: 1 when it is in the set. */
export type TrackSet = { has(trackId: number): boolean; readonly size: number };

/** Words that a statement compares one by one, without a list to be read for every track; there is a statement for each number of them. */
const wordsApart = 6;

/** Tracks in whose texts `words` words occur, and a list of further ones. */
export function searchSql(words: number, hasOthers: boolean): string {
  const apart = Array.from({ length: words }, () => 'instr(text, ?) > 0');
  const others = hasOthers ? ['NOT EXISTS (SELECT 1 FROM json_each(?) w WHERE instr(text, w.value) = 0)'] : [];
  return `SELECT track_id FROM track_search WHERE ${[...apart, ...others].join(' AND ')}`;
}

function partWords(words: readonly string[]): [string[], string[]] {
  return [words.slice(0, wordsApart), words.slice(wordsApart)];
}

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
    // The longest word is the rarest: it is looked for first, and the others only where it occurs.
    const [apart, others] = partWords(words.toSorted((a, b) => b.length - a.length));
    const ids = values<string[], number>(this.#connection, searchSql(apart.length, others.length > 0)).all(
      ...apart,
      ...(others.length > 0 ? [JSON.stringify(others)] : []),
    );
    for (const id of ids) marks[id] = 1;
    return { has: (trackId) => marks[trackId] === 1, size: ids.length };
  }
}
