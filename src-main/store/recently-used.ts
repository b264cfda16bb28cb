/** @file A map that keeps its most recently used entries. */
import { inOneStep } from './steps.ts';

/** Makes what is asked for and keeps the last few. */
export class RecentlyUsed<Key, Value> {
  readonly #capacity: number;
  readonly #entries = new Map<Key, Value>();

  /** @param capacity how many entries are kept */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The entry of a key, made when it is not there. */
  get(key: Key, make: () => Value): Value {
    return inOneStep(
      this.making(key, function* () {
        return make();
      }),
    );
  }

  /** As {@link get}, where making takes steps. */
  *making(key: Key, make: () => Generator<void, Value>): Generator<void, Value> {
    const value = this.#entries.has(key) ? (this.#entries.get(key) as Value) : yield* make();
    this.#entries.delete(key);
    this.#entries.set(key, value);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#capacity) break;
      this.#entries.delete(oldest);
    }
    return value;
  }

  /** How many entries are kept now. */
  get size(): number {
    return this.#entries.size;
  }

  /** Forgets all entries. */
  clear(): void {
    this.#entries.clear();
  }
}
