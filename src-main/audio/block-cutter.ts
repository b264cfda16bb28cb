/** @file Samples that come in chunks of any length, cut into blocks of one length. */

/** Chunks of any length to blocks of one length. */
export class BlockCutter {
  readonly #blockSamples: number;
  #block: Float32Array | null = null;
  #filled = 0;

  constructor(blockSamples: number) {
    this.#blockSamples = blockSamples;
  }

  /** Yields the blocks that the chunk completes; each is handed over for good, and so is the chunk. */
  *push(chunk: Float32Array): Generator<Float32Array, void> {
    if (this.#filled === 0 && chunk.length === this.#blockSamples) {
      yield chunk;
      return;
    }
    for (let from = 0; from < chunk.length;) {
      const part = chunk.subarray(from, from + this.#blockSamples - this.#filled);
      this.#block ??= new Float32Array(this.#blockSamples);
      this.#block.set(part, this.#filled);
      this.#filled += part.length;
      from += part.length;
      if (this.#filled < this.#blockSamples) continue;
      const full = this.#block;
      this.#block = null;
      this.#filled = 0;
      yield full;
    }
  }

  /** Yields what is left. */
  *finish(): Generator<Float32Array, void> {
    if (this.#block !== null) yield this.#block.slice(0, this.#filled);
    this.#block = null;
    this.#filled = 0;
  }
}
