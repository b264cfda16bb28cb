/** @file The words that music is asked for by: a person's tags, and the genres of the library. */
import type { Api } from '../client/index.ts';
import type { FieldValue, Tag, TagId } from '../../src-main/contract/index.ts';

/** What is used of the core. */
type WordsApi = { tags: Pick<Api['tags'], 'list' | 'fieldValues'> };

/** A tag in words: `mood: rainy`. */
export function tagLabel({ kind, name }: Pick<Tag, 'kind' | 'name'>): string {
  return kind === '' ? name : `${kind}: ${name}`;
}

/** Tags and genres as last heard of. */
export class TagWordsState {
  readonly #api: WordsApi;
  #tags = $state.raw<readonly Tag[]>([]);
  #genres = $state.raw<readonly FieldValue[]>([]);

  constructor(api: WordsApi) {
    this.#api = api;
  }

  get tags(): readonly Tag[] {
    return this.#tags;
  }

  /** Genres, the most frequent first. */
  get genres(): readonly FieldValue[] {
    return this.#genres;
  }

  /** A tag in words; what stands for one that is gone. */
  label(tagId: TagId): string {
    const tag = this.#tags.find(({ id }) => id === tagId);
    return tag === undefined ? 'a tag that is gone' : tagLabel(tag);
  }

  async loadTags(): Promise<void> {
    this.#tags = await this.#api.tags.list();
  }

  async loadGenres(): Promise<void> {
    this.#genres = await this.#api.tags.fieldValues({ field: 'genre' });
  }
}
