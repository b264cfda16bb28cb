/** @file Finds the tracks in whose texts every word of a search occurs. */
import type { Connection } from './connection.ts';
import { RecentlyUsed } from './recently-used.ts';
import type { Revisions } from './revisions.ts';
import { values } from './statement.ts';
import { fold, searchWords } from './text-keys.ts';

/** A set of track ids, one byte an id: 1 when it is in the set. */
export type TrackSet = { has(trackId: number): boolean; readonly size: number };

/** What a search finds, and which of it has a title that begins with the whole of the search. */
type Found = TrackSet & { titled: ReadonlySet<number> };

/** One number a track: its id, and whether its text, which begins with the title, begins with the search. */
const idStep = 2;

/** Words that a statement compares one by one, without a list to be read for every track; there is a statement for each number of them. */
const wordsApart = 6;

/** Tracks in whose texts `words` words occur, and a list of further ones; the first value is what a title is to begin with. */
export function searchSql(words: number, hasOthers: boolean): string {
  const apart = Array.from({ length: words }, () => 'instr(text, ?) > 0');
  const others = hasOthers ? ['NOT EXISTS (SELECT 1 FROM json_each(?) w WHERE instr(text, w.value) = 0)'] : [];
  return `SELECT track_id * ${idStep} + (instr(text, ?) = 1) FROM track_search WHERE ${[...apart, ...others].join(' AND ')}`;
}

function partWords(words: readonly string[]): [string[], string[]] {
  return [words.slice(0, wordsApart), words.slice(wordsApart)];
}

/** Searches and keeps the last few results until the library changes. */
export class TrackSearch {
  readonly #connection: Connection;
  readonly #revisions: Revisions;
  readonly #kept = new RecentlyUsed<string, Found>(8);

  constructor(connection: Connection, revisions: Revisions) {
    this.#connection = connection;
    this.#revisions = revisions;
  }

  /** Tracks, present or missing, that match; null for a blank search, which all match. */
  find(search: string): TrackSet | null {
    return this.#found(search);
  }

  /** Tracks whose title begins with the whole of a search; none for a blank one. A search's text begins with the title, folded as the search is. */
  titled(search: string): ReadonlySet<number> {
    return this.#found(search)?.titled ?? new Set();
  }

  #found(search: string): Found | null {
    const words = searchWords(search);
    if (words.length === 0) return null;
    const beginning = fold(search.trim());
    return this.#kept.get(`${this.#revisions.library} ${beginning}`, () => this.#scan(words, beginning));
  }

  #scan(words: readonly string[], beginning: string): Found {
    const highest = values<[], number | null>(this.#connection, 'SELECT max(id) FROM tracks').get() ?? 0;
    const marks = new Uint8Array(highest + 1);
    const titled = new Set<number>();
    // The longest word is the rarest: it is looked for first, and the others only where it occurs.
    const [apart, others] = partWords(words.toSorted((a, b) => b.length - a.length));
    const packed = values<string[], number>(this.#connection, searchSql(apart.length, others.length > 0)).all(
      ...[beginning, ...apart],
      ...(others.length > 0 ? [JSON.stringify(others)] : []),
    );
    for (const track of packed) {
      const id = Math.floor(track / idStep);
      marks[id] = 1;
      if (track % idStep === 1) titled.add(id);
    }
    return { has: (trackId) => marks[trackId] === 1, size: packed.length, titled };
  }
}
