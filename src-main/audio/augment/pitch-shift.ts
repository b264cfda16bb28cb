/**
 * @file Higher or lower at the same length: the crop is stretched in time and then read faster or slower through a windowed sinc, as sox's
 * `pitch` does. Written out here because of the libraries at hand the kept ones are ten times slower, and the fast one is no longer kept.
 */
import { TimeStretch } from './time-stretch.ts';

/** Zero crossings to each side of the kernel. */
const zeroCrossings = 8;
/** Of the lower Nyquist frequency. */
const passed = 0.95;
const kaiserBeta = 7;
/** Places between two samples; the nearest is taken, which errs by less than −62 dB at the Nyquist frequency and less below. */
const phases = 1024;
/** Places of the kernel that are tabulated, between two zero crossings. */
const kernelSteps = 4096;

const kernel = kaiserSinc();

/** One side of sin(πx)/(πx) under a Kaiser window. */
function kaiserSinc(): Float64Array {
  const values = new Float64Array(zeroCrossings * kernelSteps + 2);
  const edge = besselZero(kaiserBeta);
  for (let i = 0; i <= zeroCrossings * kernelSteps; i++) {
    const x = i / kernelSteps;
    const window = besselZero(kaiserBeta * Math.sqrt(1 - (x / zeroCrossings) ** 2)) / edge;
    values[i] = window * (i === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));
  }
  return values;
}

/** The modified Bessel function of the first kind and order zero, by its series. */
function besselZero(x: number): number {
  let [term, sum] = [1, 1];
  for (let i = 1; term > 1e-12 * sum; i++) {
    term *= (x / (2 * i)) ** 2;
    sum += term;
  }
  return sum;
}

/** Shifts crops of one rate in place; keeps its buffers between calls. */
export class PitchShift {
  readonly #stretch: TimeStretch;
  #stretched = new Float32Array(0);
  #weights = new Float64Array(0);

  /** @param sampleRate hertz */
  constructor(sampleRate: number) {
    this.#stretch = new TimeStretch(sampleRate);
  }

  /** @param semitones positive is higher */
  apply(crop: Float32Array, semitones: number): void {
    const speed = 2 ** (semitones / 12);
    const cutoff = Math.min(1, 1 / speed) * passed;
    const reach = Math.ceil(zeroCrossings / cutoff);
    const length = Math.ceil(crop.length * speed);
    const wanted = length + 2 * reach + 2;
    if (this.#stretched.length < wanted) this.#stretched = new Float32Array(wanted);
    const stretched = this.#stretched.subarray(0, wanted);
    stretched.fill(0);
    this.#stretch.stretch(crop, stretched.subarray(reach, reach + length), speed);
    this.#fillWeights(cutoff, reach);
    read(stretched, crop, { speed, weights: this.#weights, taps: 2 * reach });
  }

  /** Weights `[phases, taps]`; of a phase, the sample at the place itself has number `reach - 1`. */
  #fillWeights(cutoff: number, reach: number): void {
    const taps = 2 * reach;
    if (this.#weights.length < phases * taps) this.#weights = new Float64Array(phases * taps);
    for (let phase = 0; phase < phases; phase++) {
      for (let tap = 0; tap < taps; tap++) {
        const distance = Math.abs(tap - (reach - 1) - phase / phases) * cutoff;
        const place = Math.min(zeroCrossings * kernelSteps, Math.round(distance * kernelSteps));
        this.#weights[phase * taps + tap] = cutoff * (kernel[place] as number);
      }
    }
  }
}

type Reading = { speed: number; weights: Float64Array; taps: number };

/** Reads at every `speed`-th place; `source` begins `taps / 2` samples before the first. */
function read(source: Float32Array, output: Float32Array, { speed, weights, taps }: Reading): void {
  for (let i = 0; i < output.length; i++) {
    const ticks = Math.round(i * speed * phases);
    const first = Math.floor(ticks / phases) + 1;
    const row = (ticks % phases) * taps;
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) sum += (source[first + tap] as number) * (weights[row + tap] as number);
    output[i] = sum;
  }
}
