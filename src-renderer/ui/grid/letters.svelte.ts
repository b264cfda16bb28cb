/**
 * @file What a letter means in a table: a key of its own, or the beginning of a word to go to. A letter that does something waits for the next one;
 * when that follows soon, both are a word, else the letter does what it does.
 */

/** What of a keyboard event counts. */
export type LetterPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'repeat'>;

/** What a letter does, and whether it does so without waiting for the next one. */
export type LetterAction = { run: () => void; isQuick: boolean };

/** Runs something after a time; gives the way to call it off. */
export type Later = (run: () => void, ms: number) => () => void;

/** A second letter within this time makes a word of both, in ms. */
const soonMs = 500;
/** A longer pause ends the word, in ms. */
const wordMs = 1000;
/** Letters and digits begin words. */
const first = /^[\p{L}\p{N}]$/u;

const onClock: Later = (run, ms) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

/** Takes letters as they are typed. */
export class Letters {
  readonly #type: (word: string) => void;
  readonly #later: Later;
  #word = $state('');
  /** What the first letter does if no other follows. */
  #action: (() => void) | null = null;
  #callOff: () => void = () => undefined;

  /**
   * @param type goes to the row that begins with a word
   * @param later replaced in tests
   */
  constructor(type: (word: string) => void, later: Later = onClock) {
    this.#type = type;
    this.#later = later;
  }

  /** What has been typed of a word; empty when none is under way. */
  get word(): string {
    return this.#word;
  }

  /**
   * Takes a key; true when it was a letter of a word, or a letter that does something.
   * @param actionOf what the key does where it is no part of a word
   */
  press(event: LetterPress, actionOf: () => LetterAction | null): boolean {
    const isCharacter = [...event.key].length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!isCharacter) {
      if (!isModifier(event.key)) this.settle();
      return false;
    }
    if (this.#word !== '') {
      // A repeated key press types nothing more.
      if (event.repeat && this.#action !== null) return true;
      this.#goOn(this.#word + event.key);
      return true;
    }
    if (!first.test(event.key)) return false;
    const action = actionOf();
    if (action === null) this.#goOn(event.key);
    else if (action.isQuick) action.run();
    else this.#hold(event.key, action.run);
    return true;
  }

  /** Another key has come: a letter that waited does what it does, and a word is over. */
  settle(): void {
    const action = this.#action;
    this.end();
    action?.();
  }

  /** Forgets what was typed. */
  end(): void {
    this.#callOff();
    this.#word = '';
    this.#action = null;
  }

  #hold(letter: string, run: () => void): void {
    this.#word = letter;
    this.#action = run;
    this.#callOff = this.#later(() => this.settle(), soonMs);
  }

  #goOn(word: string): void {
    this.#callOff();
    this.#action = null;
    this.#word = word;
    this.#callOff = this.#later(() => this.end(), wordMs);
    this.#type(word);
  }
}

function isModifier(key: string): boolean {
  return key === 'Shift' || key === 'Control' || key === 'Meta' || key === 'Alt' || key === 'AltGraph' || key === 'CapsLock';
}
