/**
 * @file Which element has the keyboard only because it was clicked. A browser's `:focus-visible` does not tell: it turns true with the first key
 * that is pressed after the click.
 */

/** Follows the pointer and the keyboard's place on a page. */
export class PointerFocus {
  #isDown = false;
  #clicked: EventTarget | null = null;

  /** What a click has given the keyboard to; null when the keyboard came by itself. */
  get clicked(): EventTarget | null {
    return this.#clicked;
  }

  /** The pointer goes down inside the element that has the keyboard already, or (null) elsewhere. */
  press(focused: EventTarget | null): void {
    this.#isDown = true;
    if (focused !== null) this.#clicked = focused;
  }

  release(): void {
    this.#isDown = false;
  }

  /** The keyboard has come to an element. */
  focus(target: EventTarget | null): void {
    this.#clicked = this.#isDown ? target : null;
  }

  /** Follows a page from now on; returns the way to stop. */
  follow(page: Window): () => void {
    const active = (event: Event): Element | null => {
      const focused = page.document.activeElement;
      return event.target instanceof Node && focused !== page.document.body && focused?.contains(event.target) === true ? focused : null;
    };
    const stop = new AbortController();
    const options = { capture: true, signal: stop.signal };
    page.addEventListener('pointerdown', (event) => this.press(active(event)), options);
    page.addEventListener('pointerup', () => this.release(), options);
    page.addEventListener('pointercancel', () => this.release(), options);
    page.addEventListener('focusin', (event) => this.focus(event.target), options);
    return () => stop.abort();
  }
}
