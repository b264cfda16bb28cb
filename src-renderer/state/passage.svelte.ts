/** @file The passage that a person has marked on the player's waveform. */

/** A stretch of a track, ends in ms. */
export type Passage = { readonly trackId: number; readonly startMs: number; readonly endMs: number };

/** Shorter than this is a slip of the hand. */
const leastMs = 250;

/** The marked passage. One for the page. */
export class PassageState {
  #passage = $state.raw<Passage | null>(null);
  #openStart = $state.raw<{ trackId: number; startMs: number } | null>(null);

  get passage(): Passage | null {
    return this.#passage;
  }

  /** Marks a stretch, whichever end comes first; one that is too short marks nothing. */
  mark(trackId: number, oneMs: number, otherMs: number): void {
    const [startMs, endMs] = [Math.max(0, Math.min(oneMs, otherMs)), Math.max(oneMs, otherMs)];
    this.#passage = endMs - startMs < leastMs ? null : { trackId, startMs, endMs };
    this.#openStart = null;
  }

  /** Says where a passage begins; {@link markEnd} says where it ends. */
  markStart(trackId: number, startMs: number): void {
    const known = this.#passage;
    if (known !== null && known.trackId === trackId && known.endMs > startMs) this.mark(trackId, startMs, known.endMs);
    else {
      this.#passage = null;
      this.#openStart = { trackId, startMs };
    }
  }

  /** Says where it ends; without a beginning it begins with the track. */
  markEnd(trackId: number, endMs: number): void {
    const begun = this.#passage?.trackId === trackId ? this.#passage : this.#openStart;
    this.mark(trackId, begun?.trackId === trackId ? begun.startMs : 0, endMs);
  }

  clear(): void {
    this.#passage = null;
    this.#openStart = null;
  }
}
