/** @file A place to which the view that is shown lends something of its own. */

/** Holds what was lent last; null when nothing is. */
export class Lent<Value> {
  #value = $state.raw<Value | null>(null);
  /** The same, to compare with: while a view goes, states read as they were before the next view came (`old_values` in Svelte's runtime). */
  #newest: Value | null = null;

  get current(): Value | null {
    return this.#value;
  }

  /** Lends something; returns the way to take it back, which leaves what another view has lent since. For `whileShown`. */
  lend(value: Value): () => void {
    this.#put(value);
    return () => {
      if (this.#newest === value) this.#put(null);
    };
  }

  #put(value: Value | null): void {
    this.#newest = value;
    this.#value = value;
  }
}
