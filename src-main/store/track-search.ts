/** @file Finds the tracks in whose texts every word of a search occurs. */
import type { Connection } from './connection.ts';
import { RecentlyUsed } from './recently-used.ts';
import type { Revisions } from './revisions.ts';
import { inOneStep } from './steps.ts';
import { fold, searchWords } from './text-keys.ts';
import { highestId } from './track-ranks.ts';
import { TrackTexts } from './track-texts.ts';

/** A set of track ids, one byte an id: 1 when it is in the set. */
export type TrackSet = { has(trackId: number): boolean; readonly size: number };

/** What a search finds, and which of it has a title that begins with the whole of the search. */
type Found = TrackSet & { titled: ReadonlySet<number> };

/** Searches and keeps the last few results, and the texts, until the library changes. */
export class TrackSearch {
  readonly #connection: Connection;
  readonly #revisions: Revisions;
  readonly #kept = new RecentlyUsed<string, Found>(8);
  readonly #texts = new RecentlyUsed<number, TrackTexts>(1);

  constructor(connection: Connection, revisions: Revisions) {
    this.#connection = connection;
    this.#revisions = revisions;
  }

  /** Tracks, present or missing, that match; null for a blank search, which all match. */
  find(search: string): TrackSet | null {
    return inOneStep(this.finding(search));
  }

  /** Tracks whose title begins with the whole of a search; none for a blank one. A search's text begins with the title, folded as the search is. */
  titled(search: string): ReadonlySet<number> {
    return inOneStep(this.finding(search))?.titled ?? new Set();
  }

  /** As {@link find}, in steps. */
  *finding(search: string): Generator<void, Found | null> {
    const words = searchWords(search);
    if (words.length === 0) return null;
    const beginning = fold(search.trim());
    return yield* this.#kept.making(`${this.#revisions.tracks} ${beginning}`, () => this.#scan(words, beginning));
  }

  /**
   * As {@link finding}, where a word may also occur in the name of a tag that the track carries.
   * @param taggedWith tracks that carry a tag with a word in its name; null where no tag has
   */
  *findingTagged(search: string, taggedWith: (word: string) => TrackSet | null): Generator<void, TrackSet | null> {
    const words = searchWords(search).map((word) => ({ word, tagged: taggedWith(word) }));
    if (words.every(({ tagged }) => tagged === null)) return yield* this.finding(search);
    const marks = new Uint8Array(highestId(this.#connection) + 1).fill(1);
    let size = 0;
    for (const { word, tagged } of words) {
      const found = yield* this.finding(word);
      size = 0;
      for (let id = 0; id < marks.length; id++) {
        if (marks[id] === 1 && found?.has(id) !== true && tagged?.has(id) !== true) marks[id] = 0;
        size += marks[id] as number;
      }
      yield;
    }
    return { has: (trackId) => marks[trackId] === 1, size };
  }

  /** Reads the texts that searches look through, in steps. */
  *reading(): Generator<void, TrackTexts> {
    return yield* this.#texts.making(this.#revisions.tracks, () => TrackTexts.reading(this.#connection));
  }

  *#scan(words: readonly string[], beginning: string): Generator<void, Found> {
    const texts = yield* this.reading();
    const marks = new Uint8Array(highestId(this.#connection) + 1);
    const titled = new Set<number>();
    let size = 0;
    yield* texts.finding(words, beginning, (id, begins) => {
      marks[id] = 1;
      size++;
      if (begins) titled.add(id);
    });
    return { has: (trackId) => marks[trackId] === 1, size, titled };
  }
}
