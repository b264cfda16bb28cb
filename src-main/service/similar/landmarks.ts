/** @file Pivots (fixed reference vectors that others are compared with), in shared memory where the scan's kernel multiplies several with several. */
import { makeKernel, makeMemory, rowBytesOf } from '../../store/index.ts';

const bytesEach = Float32Array.BYTES_PER_ELEMENT;

/** Vectors multiplied in one go: with some landmarks they fit the nearest cache. */
const blockRows = 16;
/** The kernel takes so many landmarks at a time. */
const landmarkStep = 4;

/** A fixed set of vectors, of which there is at least one. */
export class Landmarks {
  /** Vectors in it. */
  readonly count: number;
  readonly #kernel: ReturnType<typeof makeKernel>;
  readonly #dimensions: number;
  readonly #rowBytes: number;
  /** With vectors of zeros behind them. */
  readonly #padded: number;
  readonly #blockAt: number;
  readonly #productsAt: number;

  /** @param vectors float32 `[dimensions]` each */
  constructor(vectors: readonly Float32Array[], dimensions: number) {
    this.count = vectors.length;
    this.#dimensions = dimensions;
    this.#rowBytes = rowBytesOf(dimensions);
    this.#padded = Math.ceil(vectors.length / landmarkStep) * landmarkStep;
    this.#blockAt = this.#padded * this.#rowBytes;
    this.#productsAt = this.#blockAt + blockRows * this.#rowBytes;
    const memory = makeMemory(this.#productsAt + blockRows * this.#padded * bytesEach);
    this.#kernel = makeKernel(memory);
    for (const [i, vector] of vectors.entries()) new Float32Array(memory.buffer, i * this.#rowBytes, dimensions).set(vector);
  }

  /**
   * Tells the inner products of each of some vectors with all of them, in their order, float32 `[count]`, valid during the call.
   * @param vectors float32 `[dimensions]` each
   */
  products(vectors: readonly Float32Array[], tell: (products: Float32Array, i: number) => void): void {
    const { buffer } = this.#kernel.memory;
    for (let start = 0; start < vectors.length && this.count > 0; start += blockRows) {
      const block = vectors.slice(start, start + blockRows);
      for (const [i, vector] of block.entries()) new Float32Array(buffer, this.#blockAt + i * this.#rowBytes, this.#dimensions).set(vector);
      const rows = block.length + (block.length % 2);
      this.#kernel.crossDots(0, this.#padded, this.#blockAt, rows, this.#rowBytes, this.#productsAt);
      for (const i of block.keys()) {
        const products = new Float32Array(buffer, this.#productsAt + i * this.#padded * bytesEach, this.count);
        tell(products, start + i);
      }
    }
    if (this.count === 0) for (const i of vectors.keys()) tell(new Float32Array(0), i);
  }
}
