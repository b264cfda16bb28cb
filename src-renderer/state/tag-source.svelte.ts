/** @file What the key for tagging is about: the view that is shown lends its selection. */
import type { MarkTarget } from '../../src-main/contract/index.ts';
import { Lent } from '../lib/lent.svelte.ts';

/** Something that can be tagged, with its name; the targets are fetched when they are needed. */
export type Taggable = { what: string; targets: () => Promise<readonly MarkTarget[]> };

/** The selection of the view that is shown; none when nothing is selected. */
export class TagSourceSlot {
  readonly #read = new Lent<() => Taggable | null>();

  /** What is selected now. */
  current(): Taggable | null {
    return this.#read.current?.() ?? null;
  }

  /** Lends a selection; returns the way to take it back. For `whileShown`. */
  lend(read: () => Taggable | null): () => void {
    return this.#read.lend(read);
  }
}
