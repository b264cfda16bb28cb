/** @file The outline of a track's sound, for drawing. */
import { assert } from '../base/index.ts';

/** Bins a second; 3 600 s make 72 kB. */
export const peaksPerSecond = 20;

/** Gathers the largest absolute amplitude of every twentieth of a second. */
export class PeaksBuilder {
  readonly #sampleRate: number;
  #bins = new Uint8Array(4096);
  #count = 0;
  #samples = 0;
  #largest = 0;
  #nextEdge: number;

  /** @param sampleRate of the samples that will come, hertz */
  constructor(sampleRate: number) {
    assert(sampleRate >= peaksPerSecond, 'a sample rate of at least one sample a bin');
    this.#sampleRate = sampleRate;
    this.#nextEdge = this.#edge(1);
  }

  /** Takes the next samples, mono. */
  push(block: Float32Array): void {
    for (let from = 0; from < block.length;) {
      const to = Math.min(block.length, from + this.#nextEdge - this.#samples);
      let largest = this.#largest;
      for (let i = from; i < to; i++) {
        const amplitude = Math.abs(block[i] as number);
        if (amplitude > largest) largest = amplitude;
      }
      this.#largest = largest;
      this.#samples += to - from;
      from = to;
      if (this.#samples === this.#nextEdge) this.#closeBin();
    }
  }

  /** The bins, one byte each: amplitude 0 is 0, amplitude 1 and above is 255. A last bin that is not full counts as one. */
  finish(): Uint8Array {
    if (this.#samples > this.#edge(this.#count)) this.#closeBin();
    return this.#bins.slice(0, this.#count);
  }

  /** Bins end at the nearest sample, so that they do not drift where the rate is no multiple of their number. */
  #edge(bin: number): number {
    return Math.round((bin * this.#sampleRate) / peaksPerSecond);
  }

  #closeBin(): void {
    if (this.#count === this.#bins.length) {
      const grown = new Uint8Array(this.#bins.length * 2);
      grown.set(this.#bins);
      this.#bins = grown;
    }
    this.#bins[this.#count++] = Math.min(255, Math.round(this.#largest * 255));
    this.#largest = 0;
    this.#nextEdge = this.#edge(this.#count + 1);
  }
}
