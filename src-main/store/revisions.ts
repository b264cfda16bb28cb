/** @file Counters by which cached orders and views notice that what they were made from has changed. */

/** Counts changes; a cache that was made at other counts is stale. */
export class Revisions {
  #library = 0;
  #index = 0;

  /** Changes of folders and tracks. */
  get library(): number {
    return this.#library;
  }

  /** Changes of any index of activations. */
  get index(): number {
    return this.#index;
  }

  /** Folders or tracks are not what they were. */
  libraryChanged(): void {
    this.#library++;
  }

  /** Some index is not what it was. */
  indexChanged(): void {
    this.#index++;
  }

  /** A transaction was undone: nothing that was cached meanwhile may be trusted. */
  everythingChanged(): void {
    this.#library++;
    this.#index++;
  }
}
