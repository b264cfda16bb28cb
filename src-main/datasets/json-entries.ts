/** @file Entries of a large JSON object of objects, one after the other, so that the text is never whole in memory. */
import { AppError, breather } from '../base/index.ts';

const mostEntryLength = 2 ** 20;
const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
/** What ends a string, or hides its end; and what is of the structure outside of strings. */
const [stringEnd, structure] = [/["\\]/g, /["{}[\],]/g];

/** @param path for sentences @throws AppError BAD_INPUT for text that is no such object, or that ends in its middle */
export async function* jsonEntries(pieces: AsyncIterable<string>, path: string): AsyncGenerator<[string, unknown], void> {
  const scan = new EntryScan(path);
  const pause = breather();
  for await (const piece of pieces) {
    for (const text of scan.take(piece)) {
      yield entryOf(text, path);
      await pause();
    }
  }
  scan.end();
}

/** Finds where entries of the outermost object end. */
class EntryScan {
  readonly #path: string;
  #text = '';
  #at = 0;
  #start = 0;
  #depth = 0;
  #inString = false;
  #hasEnded = false;

  constructor(path: string) {
    this.#path = path;
  }

  *take(piece: string): Generator<string, void> {
    const text = this.#text + piece;
    this.#text = text;
    while (this.#at < text.length) {
      const next = this.#inString ? stringEnd : structure;
      next.lastIndex = this.#at;
      this.#at = next.test(text) ? next.lastIndex - 1 : text.length;
      if (this.#at === text.length) break;
      const code = text.charCodeAt(this.#at);
      // A backslash at the end of a piece waits for the next one.
      if (code === backslash && this.#at + 1 === text.length) break;
      if (code === quote) this.#inString = !this.#inString;
      const entry = this.#inString || code === quote ? null : this.#structure(code);
      this.#at += code === backslash ? 2 : 1;
      if (entry !== null) yield entry;
    }
    this.#text = text.slice(this.#start);
    this.#at -= this.#start;
    this.#start = 0;
    if (this.#text.length > mostEntryLength) throw noObject(this.#path);
  }

  /** @throws AppError for a text without an end */
  end(): void {
    if (!this.#hasEnded) throw noObject(this.#path);
  }

  /** An entry that a bracket ends. */
  #structure(code: number): string | null {
    const character = String.fromCharCode(code);
    if (character === '{' || character === '[') {
      if (this.#depth === 0 && (character === '[' || this.#hasEnded)) throw noObject(this.#path);
      if (++this.#depth === 1) this.#start = this.#at + 1;
      return null;
    }
    if (code === comma && this.#depth === 1) this.#finishEntry();
    if (character !== '}' && character !== ']') return null;
    if (--this.#depth === 1) {
      const entry = this.#text.slice(this.#start, this.#at + 1);
      this.#start = this.#at + 1;
      return entry;
    }
    if (this.#depth <= 0) this.#finishEntry();
    if (this.#depth < 0) throw noObject(this.#path);
    if (this.#depth === 0) this.#hasEnded = true;
    return null;
  }

  /** Between two entries is nothing but space: a value that is no object would be passed over unsaid. */
  #finishEntry(): void {
    if (this.#text.slice(this.#start, this.#at).trim() !== '') throw noObject(this.#path);
    this.#start = this.#at + 1;
  }
}

function entryOf(text: string, path: string): [string, unknown] {
  try {
    const [entry] = Object.entries(JSON.parse(`{${text}}`) as Record<string, unknown>);
    if (entry !== undefined) return entry;
  } catch (error) {
    throw new AppError('BAD_INPUT', noObject(path).message, { cause: error });
  }
  throw noObject(path);
}

function noObject(path: string): AppError {
  return new AppError('BAD_INPUT', `${path} is no whole JSON object of objects. It may have been cut while it was copied.`, {
    details: { path },
  });
}
