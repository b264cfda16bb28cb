/** @file Vectors that others are compared with again and again, in a memory of their own where the scan's kernel multiplies them several at a time. */
import { makeKernel, makeMemory, rowBytesOf } from '../../store/index.ts';

const bytesEach = Float32Array.BYTES_PER_ELEMENT;

/** A fixed set of vectors. */
export class Landmarks {
  /** Vectors in it. */
  readonly count: number;
  readonly #kernel: ReturnType<typeof makeKernel>;
  readonly #rowBytes: number;
  /** The vector that is asked for lies behind the rows, and their products behind that. */
  readonly #query: Float32Array;
  readonly #products: Float32Array;

  /** @param vectors float32 `[dimensions]` each */
  constructor(vectors: readonly Float32Array[], dimensions: number) {
    this.count = vectors.length;
    this.#rowBytes = rowBytesOf(dimensions);
    const memory = makeMemory((vectors.length + 1) * this.#rowBytes + vectors.length * bytesEach);
    this.#kernel = makeKernel(memory);
    for (const [i, vector] of vectors.entries()) new Float32Array(memory.buffer, i * this.#rowBytes, dimensions).set(vector);
    this.#query = new Float32Array(memory.buffer, vectors.length * this.#rowBytes, dimensions);
    this.#products = new Float32Array(memory.buffer, (vectors.length + 1) * this.#rowBytes, vectors.length);
  }

  /** Inner products of a vector with all of them, in their order; valid until the next question. */
  products(vector: Float32Array): Float32Array {
    this.#query.set(vector);
    this.#kernel.dots(this.#query.byteOffset, 0, this.#rowBytes, this.count, this.#products.byteOffset);
    return this.#products;
  }
}
