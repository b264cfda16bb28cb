/**
 * @file Low-pass and high-pass: the windowed sinc that CLMR's released code takes from the package `julius` (8 zero crossings to each side,
 * Hann window, edges repeated). It is symmetric, so it moves nothing in time, and it falls much more steeply than a biquad. Convolved by
 * Fourier transforms, two blocks of the crop at a time as real and imaginary part.
 */
import { Fourier } from '../../base/index.ts';

/** What passes, and the cut-off in hertz; from half the rate on everything passes a low-pass. */
export type PassOptions = { pass: 'low' | 'high'; hertz: number; sampleRate: number };

const zeroCrossings = 8;
const smallestTransform = 2048;

/** One side of the kernel, from the middle on; the whole sums to 1. */
export function lowPassKernel(cutoff: number): Float64Array {
  const half = Math.trunc(zeroCrossings / cutoff / 2);
  const kernel = new Float64Array(half + 1);
  let sum = 0;
  for (let i = 0; i <= half; i++) {
    const angle = 2 * Math.PI * cutoff * i;
    const window = 0.5 + 0.5 * Math.cos((Math.PI * i) / half);
    kernel[i] = window * (i === 0 ? 1 : Math.sin(angle) / angle);
    sum += (i === 0 ? 1 : 2) * (kernel[i] as number);
  }
  return kernel.map((value) => value / sum);
}

/** Filters crops in place; keeps transforms and buffers between calls. */
export class PassFilter {
  readonly #transforms = new Map<number, Fourier>();
  #input = new Float32Array(0);
  #real = new Float64Array(0);
  #imaginary = new Float64Array(0);
  #response = new Float64Array(0);

  /** Filters in place. */
  apply(crop: Float32Array, { pass, hertz, sampleRate }: PassOptions): void {
    const kernel = lowPassKernel(Math.min(0.5, hertz / sampleRate));
    const half = kernel.length - 1;
    const fourier = this.#transformFor(8 * kernel.length);
    this.#prepare(crop, fourier, { kernel, pass });
    const block = fourier.size - 2 * half;
    for (let start = 0; start < crop.length; start += 2 * block) {
      this.#fill(this.#real, start - half, crop.length);
      this.#fill(this.#imaginary, start + block - half, crop.length);
      fourier.forward(this.#real, this.#imaginary);
      multiply(this.#real, this.#response);
      multiply(this.#imaginary, this.#response);
      fourier.inverse(this.#real, this.#imaginary);
      copy(this.#real, crop, { from: half, to: start, count: block });
      copy(this.#imaginary, crop, { from: half, to: start + block, count: block });
    }
  }

  #transformFor(wanted: number): Fourier {
    let size = smallestTransform;
    while (size < wanted) size *= 2;
    const known = this.#transforms.get(size);
    if (known !== undefined) return known;
    const fourier = new Fourier(size);
    this.#transforms.set(size, fourier);
    return fourier;
  }

  /** Keeps a copy of the crop, and makes the filter's response in the transform's order: real, for the kernel is symmetric. */
  #prepare(crop: Float32Array, fourier: Fourier, { kernel, pass }: { kernel: Float64Array; pass: 'low' | 'high' }): void {
    const { size } = fourier;
    if (this.#input.length !== crop.length) this.#input = new Float32Array(crop.length);
    this.#input.set(crop);
    if (this.#real.length !== size) {
      this.#real = new Float64Array(size);
      this.#imaginary = new Float64Array(size);
      this.#response = new Float64Array(size);
    }
    this.#real.fill(0);
    this.#imaginary.fill(0);
    this.#real.set(kernel);
    for (let i = 1; i < kernel.length; i++) this.#real[size - i] = kernel[i] as number;
    fourier.forward(this.#real, this.#imaginary);
    for (let i = 0; i < size; i++) {
      const low = this.#real[i] as number;
      this.#response[i] = (pass === 'low' ? low : 1 - low) / size;
    }
  }

  /** Copies the crop from `start` on; before its beginning and behind its end the edge is repeated. */
  #fill(into: Float64Array, start: number, length: number): void {
    const input = this.#input;
    const [first, last] = [input[0] as number, input[length - 1] as number];
    const begin = Math.min(into.length, Math.max(0, -start));
    const end = Math.max(begin, Math.min(into.length, length - start));
    for (let i = 0; i < begin; i++) into[i] = first;
    for (let i = begin; i < end; i++) into[i] = input[start + i] as number;
    for (let i = end; i < into.length; i++) into[i] = last;
  }
}

function multiply(values: Float64Array, factors: Float64Array): void {
  for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) * (factors[i] as number);
}

function copy(source: Float64Array, crop: Float32Array, { from, to, count }: { from: number; to: number; count: number }): void {
  const end = Math.min(crop.length, to + count);
  for (let i = to; i < end; i++) crop[i] = source[from + i - to] as number;
}
