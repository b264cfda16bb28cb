/** @file Answers on tracks about one tag, whether of the whole or of a passage. */
import type { TagAnswer, TagId, TrackId } from '../../contract/index.ts';
import type { Store } from '../../store/index.ts';

/** Answers by track. A passage that carries a tag answers for its track; one that does not fit says nothing of the remainder. */
export type TrackAnswers = ReadonlyMap<TrackId, TagAnswer>;

const none: TrackAnswers = new Map();

/** Reads all answers once and keeps them until one changes. */
export class Answers {
  readonly #store: Pick<Store, 'tags'>;
  #kept: { change: number; byTag: Map<TagId, Map<TrackId, TagAnswer>> } | null = null;

  constructor(store: Pick<Store, 'tags'>) {
    this.#store = store;
  }

  /** Answers about a tag. */
  of(tagId: TagId | null): TrackAnswers {
    const change = this.#store.tags.revision;
    if (this.#kept === null || this.#kept.change !== change) this.#kept = { change, byTag: this.#read() };
    return (tagId === null ? undefined : this.#kept.byTag.get(tagId)) ?? none;
  }

  #read(): Map<TagId, Map<TrackId, TagAnswer>> {
    const byTag = new Map<TagId, Map<TrackId, TagAnswer>>();
    for (const { tagId, trackId, startMs, answer } of this.#store.tags.allMarks()) {
      if (startMs !== null && answer === 'no') continue;
      const answers = byTag.get(tagId) ?? new Map<TrackId, TagAnswer>();
      byTag.set(tagId, answers);
      // An answer on the whole track counts before what a passage implies.
      if (startMs === null || !answers.has(trackId)) answers.set(trackId, answer);
    }
    return byTag;
  }
}
