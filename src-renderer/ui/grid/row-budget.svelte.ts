/**
 * @file How many rows may be drawn anew in one frame while a table moves fast. After an idle frame any number may: a jump or a page shows at once. In the
 * middle of dragging only some do, so that no frame comes late; the others keep showing the shape of what comes until a next frame.
 */

/** Rows in a frame while the table moves. */
const movingRows = 5;
/** This long after the last new row the table counts as at rest. */
const restMs = 120;

/** Runs something before the next frame is drawn; gives it the time in ms. */
export type NextFrame = (run: (atMs: number) => void) => void;

/** The budget of one table. */
export class RowBudget {
  readonly #nextFrame: NextFrame;
  #left = Infinity;
  #isCounting = false;
  #hasRefused = false;
  #lastTakenAt = 0;
  #taken = 0;
  /** Changes whenever rows that were refused may ask again. */
  #round = $state(0);

  /** `nextFrame` is replaced in tests. */
  constructor(nextFrame: NextFrame = (run) => void requestAnimationFrame(run)) {
    this.#nextFrame = nextFrame;
  }

  /** Whether a row may be drawn in this frame. A reader that was refused runs again when there is room. */
  take(): boolean {
    if (!this.#isCounting) this.#count();
    if (this.#left > 0) {
      this.#left--;
      this.#taken++;
      return true;
    }
    this.#hasRefused = true;
    return this.#round < 0;
  }

  /** Counts frame after frame until the table has rested. */
  #count(): void {
    this.#isCounting = true;
    this.#nextFrame((atMs) => {
      if (this.#taken > 0) this.#lastTakenAt = atMs;
      const isAtRest = this.#taken === 0 && !this.#hasRefused && atMs - this.#lastTakenAt > restMs;
      this.#left = isAtRest ? Infinity : movingRows;
      this.#taken = 0;
      this.#isCounting = false;
      if (this.#hasRefused) {
        this.#hasRefused = false;
        this.#round++;
      }
      if (!isAtRest) this.#count();
    });
  }
}
