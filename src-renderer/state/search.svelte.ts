/** @file The search field of the header; the view that is shown lends it its search. */
import { Lent } from '../lib/lent.svelte.ts';

/** What a view's search is. The functions may read runes. */
export type SearchSource = { label: string; value(): string; set(value: string): void };

/** The search of the view that is shown; none when it has nothing to search. */
export class SearchSlot {
  readonly #source = new Lent<SearchSource>();
  #focusRequests = $state(0);

  get source(): SearchSource | null {
    return this.#source.current;
  }

  /** Grows by one whenever the field is asked to take the keyboard. */
  get focusRequests(): number {
    return this.#focusRequests;
  }

  /** Lends a view's search to the header; returns the way to take it back. For `whileShown`. */
  lend(source: SearchSource): () => void {
    return this.#source.lend(source);
  }

  focus(): void {
    this.#focusRequests++;
  }
}
