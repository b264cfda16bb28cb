/** @file What the Tags view shows: a tag, a label of a published head, questions, or writing to files. */
import type { HeadId, TagId } from '../../src-main/contract/index.ts';

/** What of a tag is shown. */
export type TagTab = 'tracks' | 'suggestions' | 'figures';

/** A page of the Tags view. */
export type TagsPage =
  | { page: 'tag'; tagId: TagId }
  | { page: 'label'; headId: HeadId; label: number }
  | { page: 'ask'; tagId: TagId | null }
  | { page: 'write'; tagIds: readonly TagId[] };

/** The page that is shown, and the tab of it. */
export class TagsPlace {
  #page = $state.raw<TagsPage | null>(null);
  #tab = $state<TagTab>('tracks');

  /** Null: nothing is chosen. */
  get page(): TagsPage | null {
    return this.#page;
  }

  get tab(): TagTab {
    return this.#tab;
  }

  /** The tag that is shown; null for another page. */
  get tagId(): TagId | null {
    return this.#page?.page === 'tag' ? this.#page.tagId : null;
  }

  go(page: TagsPage | null, tab: TagTab = this.#tab): void {
    this.#page = page;
    this.#tab = tab;
  }

  show(tab: TagTab): void {
    this.#tab = tab;
  }
}
