/** @file Counters by which cached orders and views notice that what they were made from has changed. */

/** Counts changes; a cache that was made at other counts is stale. */
export class Revisions {
  #library = 0;
  #tracks = 0;
  #index = 0;
  #tags = 0;
  #allTags = 0;
  readonly #byTag = new Map<number, number>();

  /** Changes of folders and tracks. */
  get library(): number {
    return this.#library;
  }

  /** Changes of tracks alone: what is read of every track, whichever folders are in the library. */
  get tracks(): number {
    return this.#tracks;
  }

  /** Changes of any index of activations. */
  get index(): number {
    return this.#index;
  }

  /** Changes of tags and marks. */
  get tags(): number {
    return this.#tags;
  }

  /** Folders are not what they were, or what is said of them. */
  libraryChanged(): void {
    this.#library++;
  }

  /** Tracks are not what they were. */
  tracksChanged(): void {
    this.#library++;
    this.#tracks++;
  }

  /** Some index is not what it was. */
  indexChanged(): void {
    this.#index++;
  }

  /** Changes of one tag's marks. */
  ofTag(tagId: number): string {
    return `${this.#allTags} ${this.#byTag.get(tagId) ?? 0}`;
  }

  /** Tags or marks are not what they were; only those of some tags where these are named. */
  tagsChanged(tagIds?: readonly number[]): void {
    this.#tags++;
    if (tagIds === undefined) this.#allTags++;
    else for (const tagId of tagIds) this.#byTag.set(tagId, (this.#byTag.get(tagId) ?? 0) + 1);
  }

  /** A transaction was undone: nothing that was cached meanwhile may be trusted. */
  everythingChanged(): void {
    this.tracksChanged();
    this.#index++;
    this.tagsChanged();
  }
}
