/**
 * @file A fast Fourier transform. Forward leaves the spectrum in bit-reversed order and inverse takes it so: a product of spectra
 * cares for no order, and the two reorderings are saved (Gentleman and Sande 1966, Cooley and Tukey 1965).
 */

/** Transforms of one length, a power of two, in place on real and imaginary parts. */
export class Fourier {
  readonly size: number;
  /** For butterflies `half` apart, cosines and sines of π·j/half from place `half` on. */
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;

  /** Where each frequency lies in what forward leaves. */
  readonly places: Uint32Array;

  constructor(size: number) {
    this.size = size;
    this.places = Uint32Array.from({ length: size }, (_, bin) => {
      let reversed = 0;
      for (let bit = 1, rest = bin; bit < size; bit <<= 1, rest >>= 1) reversed = (reversed << 1) | (rest & 1);
      return reversed;
    });
    this.#cosines = new Float64Array(size);
    this.#sines = new Float64Array(size);
    for (let half = 1; half < size; half *= 2) {
      for (let j = 0; j < half; j++) {
        this.#cosines[half + j] = Math.cos((Math.PI * j) / half);
        this.#sines[half + j] = Math.sin((Math.PI * j) / half);
      }
    }
  }

  /** Samples to spectrum, in bit-reversed order. */
  forward(real: Float64Array, imaginary: Float64Array): void {
    const cosines = this.#cosines;
    const sines = this.#sines;
    const size = this.size;
    for (let half = size >> 1; half >= 1; half >>= 1) {
      for (let start = 0; start < size; start += 2 * half) {
        for (let j = 0; j < half; j++) {
          const a = start + j;
          const b = a + half;
          const differenceReal = (real[a] as number) - (real[b] as number);
          const differenceImaginary = (imaginary[a] as number) - (imaginary[b] as number);
          const cosine = cosines[half + j] as number;
          const sine = sines[half + j] as number;
          real[a] = (real[a] as number) + (real[b] as number);
          imaginary[a] = (imaginary[a] as number) + (imaginary[b] as number);
          real[b] = differenceReal * cosine + differenceImaginary * sine;
          imaginary[b] = differenceImaginary * cosine - differenceReal * sine;
        }
      }
    }
  }

  /** Spectrum in bit-reversed order to samples, times the size. */
  inverse(real: Float64Array, imaginary: Float64Array): void {
    const cosines = this.#cosines;
    const sines = this.#sines;
    const size = this.size;
    for (let half = 1; half < size; half <<= 1) {
      for (let start = 0; start < size; start += 2 * half) {
        for (let j = 0; j < half; j++) {
          const a = start + j;
          const b = a + half;
          const cosine = cosines[half + j] as number;
          const sine = sines[half + j] as number;
          const turnedReal = (real[b] as number) * cosine - (imaginary[b] as number) * sine;
          const turnedImaginary = (real[b] as number) * sine + (imaginary[b] as number) * cosine;
          real[b] = (real[a] as number) - turnedReal;
          imaginary[b] = (imaginary[a] as number) - turnedImaginary;
          real[a] = (real[a] as number) + turnedReal;
          imaginary[a] = (imaginary[a] as number) + turnedImaginary;
        }
      }
    }
  }
}
