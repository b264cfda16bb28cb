/** @file The row under the pointer plays: after a moment on it, so that a pointer on its way elsewhere starts nothing, and until the pointer goes. */

/** A pointer that rests so long on a row means it. */
const restMs = 180;

/** What is done. */
export interface HoverWays {
  play(index: number): void;
  /** Ends what hovering began. */
  stop(): void;
}

/** Decides when a hovered row plays and when it ends. */
export class HoverPlay {
  readonly #ways: HoverWays;
  readonly #later: (run: () => void, ms: number) => void;
  #row = -1;
  #hasBegun = false;
  #request = 0;

  /** @param later runs something after a time; replaced in tests */
  constructor(ways: HoverWays, later: (run: () => void, ms: number) => void = (run, ms) => void setTimeout(run, ms)) {
    this.#ways = ways;
    this.#later = later;
  }

  /** The pointer is on a row; −1 for none. */
  over(row: number): void {
    if (row === this.#row) return;
    this.#row = row;
    const request = ++this.#request;
    if (row < 0) return this.#stop();
    this.#later(() => {
      if (request !== this.#request) return;
      this.#hasBegun = true;
      this.#ways.play(row);
    }, restMs);
  }

  /** The person played something themselves: it goes on when the pointer goes. */
  keep(): void {
    this.#request++;
    this.#hasBegun = false;
  }

  /** The pointer has gone. */
  end(): void {
    this.#row = -1;
    this.#request++;
    this.#stop();
  }

  #stop(): void {
    if (this.#hasBegun) this.#ways.stop();
    this.#hasBegun = false;
  }
}
