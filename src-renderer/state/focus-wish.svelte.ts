/**
 * @file The keyboard goes into a view's table when the view is opened, also when the table comes a little later; but not when the person has gone
 * elsewhere meanwhile.
 */

/** Something that can have the keyboard; `Element` is. */
export type Focusable = { readonly isConnected: boolean };

/** The wish that the table of the view that was opened takes the keyboard. */
export class FocusWish {
  #isOpen = $state(false);
  #from: Focusable | null = null;
  #openings = 0;

  /** True from when a view was opened until its table was asked. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** How often a view was opened; it stays open for one that has no table. */
  get openings(): number {
    return this.#openings;
  }

  /**
   * A view is being opened.
   * @param from what has the keyboard now; null for the page itself
   */
  open(from: Focusable | null): void {
    this.#from = from;
    this.#isOpen = true;
    this.#openings++;
  }

  /**
   * The table is there; tells whether it is to take the keyboard.
   * @param now what has the keyboard now; null for the page itself
   */
  settle(now: Focusable | null): boolean {
    const isWanted = this.#isOpen && (now === null || now === this.#from || !now.isConnected);
    this.#isOpen = false;
    this.#from = null;
    return isWanted;
  }
}

/** What has the keyboard; null for the page itself. */
export function focusedElement(): Element | null {
  if (typeof document === 'undefined') return null;
  return document.activeElement === document.body ? null : document.activeElement;
}
