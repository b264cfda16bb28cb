/**
 * @file The texts that a search looks through, in memory: some megabytes for a hundred thousand tracks. A text of some thousand tracks at a time is
 * looked through by the engine's own search for a word, which is ten times as fast as asking the database for every track.
 */
import type { Connection } from './connection.ts';
import { tuples } from './statement.ts';
import { highestId, tracksOfStep } from './track-ranks.ts';

/** Texts of some tracks, one behind the other, each with a separator behind it; words hold no white space, so that none reaches over it. */
type Part = { text: string; ids: Int32Array; starts: Int32Array };

const separator = '\n';

/** Texts by the number of their track, some thousand at a step. */
export const textsSql = 'SELECT track_id, text FROM track_search WHERE track_id > ? AND track_id <= ? ORDER BY track_id';

/** The texts of all tracks as they were at one moment. */
export class TrackTexts {
  readonly #parts: readonly Part[];

  private constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  /** Reads all texts. */
  static *reading(connection: Connection): Generator<void, TrackTexts> {
    const highest = highestId(connection);
    const parts: Part[] = [];
    for (let first = 0; first < highest; first += tracksOfStep) {
      const found = tuples<[number, number], [number, string]>(connection, textsSql).all(first, first + tracksOfStep);
      if (found.length > 0) parts.push(partOf(found));
      yield;
    }
    return new TrackTexts(parts);
  }

  /**
   * Finds the tracks in whose texts every word occurs.
   * @param words at least one, none with white space in it
   * @param take hears of every track, in the order of their numbers, and whether its text begins with `beginning`
   */
  *finding(words: readonly string[], beginning: string, take: (trackId: number, begins: boolean) => void): Generator<void, void> {
    for (const part of this.#parts) {
      for (const at of tracksWith(part, words)) take(part.ids[at] as number, part.text.startsWith(beginning, part.starts[at]));
      yield;
    }
  }
}

function partOf(found: readonly [number, string][]): Part {
  const starts = new Int32Array(found.length + 1);
  for (const [i, [, text]] of found.entries()) starts[i + 1] = (starts[i] as number) + text.length + separator.length;
  const text = found.map((one) => one[1] + separator).join('');
  return { text, ids: Int32Array.from(found, ([id]) => id), starts };
}

/**
 * Places of the tracks that have every word. Each word is looked for from the first track on that may still have all; where it comes only in a later
 * one, the search goes on there, so that the rarest word decides how often the others are looked for.
 */
function* tracksWith({ text, ids, starts }: Part, words: readonly string[]): Generator<number, void> {
  let track = 0;
  let agreeing = 0;
  for (let word = 0; track < ids.length; word = (word + 1) % words.length) {
    const found = text.indexOf(words[word] as string, starts[track]);
    if (found < 0) return;
    agreeing = found < (starts[track + 1] as number) ? agreeing + 1 : 1;
    while (found >= (starts[track + 1] as number)) track++;
    if (agreeing < words.length) continue;
    yield track++;
    agreeing = 0;
  }
}
