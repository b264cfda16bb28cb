/** @file Counters by which cached orders and views notice that what they were made from has changed. */

/** Counts changes; a cache that was made at other counts is stale. */
export class Revisions {
  #library = 0;
  #index = 0;
  #tags = 0;

  /** Changes of folders and tracks. */
  get library(): number {
    return this.#library;
  }

  /** Changes of any index of activations. */
  get index(): number {
    return this.#index;
  }

  /** Changes of tags and marks. */
  get tags(): number {
    return this.#tags;
  }

  /** Folders or tracks are not what they were. */
  libraryChanged(): void {
    this.#library++;
  }

  /** Some index is not what it was. */
  indexChanged(): void {
    this.#index++;
  }

  /** Tags or marks are not what they were. */
  tagsChanged(): void {
    this.#tags++;
  }

  /** A transaction was undone: nothing that was cached meanwhile may be trusted. */
  everythingChanged(): void {
    this.#library++;
    this.#index++;
    this.#tags++;
  }
}
