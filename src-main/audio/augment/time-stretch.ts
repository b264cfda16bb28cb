/**
 * @file Longer or shorter at the same pitch: segments are laid over each other at another distance than they were taken at, each where it fits
 * the one before best (WSOLA, Verhelst and Roelands 1993), with the lengths of sox's `pitch`. The fit is sought on a thinned copy first and
 * then, around the best place, on every sample.
 */

const segmentMs = 82;
const searchMs = 14.68;
const overlapMs = 12;
/** The first search hears up to half of this, hertz: where nearly all of the energy of music lies. */
const coarseRate = 5500;

/** Stretches crops of one rate; keeps its buffers between calls. */
export class TimeStretch {
  readonly #segment: number;
  readonly #search: number;
  readonly #overlap: number;
  readonly #thin: number;
  #coarse = new Float32Array(0);

  /** @param sampleRate hertz */
  constructor(sampleRate: number) {
    const samples = (ms: number): number => Math.round((ms * sampleRate) / 1000);
    this.#segment = samples(segmentMs);
    this.#search = samples(searchMs);
    this.#overlap = samples(overlapMs);
    this.#thin = Math.max(1, Math.round(sampleRate / coarseRate));
  }

  /**
   * @param input at least one segment (82 ms) long, else it is repeated as it is
   * @param output filled to its end; `factor` of it to one of the input
   */
  stretch(input: Float32Array, output: Float32Array, factor: number): void {
    const [segment, overlap] = [this.#segment, this.#overlap];
    const last = input.length - segment;
    if (last < 0) {
      for (let i = 0; i < output.length; i++) output[i] = input[i % input.length] as number;
      return;
    }
    this.#fillCoarse(input);
    const step = segment - overlap;
    let place = 0;
    output.set(input.subarray(0, Math.min(segment, output.length)));
    for (let at = step; at < output.length; at += step) {
      const wanted = Math.min(last, Math.round(at / factor));
      place = this.#bestPlace(input, place + step, wanted);
      fade(output, at, { input, place, overlap });
      const rest = Math.min(segment, output.length - at);
      if (rest > overlap) output.set(input.subarray(place + overlap, place + rest), at + overlap);
    }
  }

  /** Means of a few neighbours. */
  #fillCoarse(input: Float32Array): void {
    const thin = this.#thin;
    const length = Math.floor(input.length / thin);
    if (this.#coarse.length !== length) this.#coarse = new Float32Array(length);
    for (let i = 0; i < length; i++) {
      let sum = 0;
      for (let j = 0; j < thin; j++) sum += input[i * thin + j] as number;
      this.#coarse[i] = sum;
    }
  }

  /** Where near `wanted` the input is most like what would have followed, which begins at `next`. */
  #bestPlace(input: Float32Array, next: number, wanted: number): number {
    const thin = this.#thin;
    const last = input.length - this.#segment;
    const least = Math.max(0, wanted - (this.#search >> 1));
    const most = Math.min(last, least + this.#search);
    const [coarseLeast, coarseMost] = [Math.floor(least / thin), Math.floor(most / thin)];
    const coarseOverlap = Math.floor(this.#overlap / thin) - 1;
    const coarse = closest(this.#coarse, Math.round(next / thin), { least: coarseLeast, most: coarseMost, length: coarseOverlap });
    const around = { least: Math.max(least, (coarse - 1) * thin), most: Math.min(most, (coarse + 1) * thin), length: this.#overlap };
    return closest(input, next, around);
  }
}

type Search = { least: number; most: number; length: number };

/** The place of least squared difference. */
function closest(samples: Float32Array, next: number, { least, most, length }: Search): number {
  let [best, bestDifference] = [least, Infinity];
  for (let place = least; place <= most; place++) {
    let difference = 0;
    for (let i = 0; i < length; i++) {
      const distance = (samples[place + i] as number) - (samples[next + i] as number);
      difference += distance * distance;
    }
    if (difference < bestDifference) {
      bestDifference = difference;
      best = place;
    }
  }
  return best;
}

/** Goes over from what is there to the input in a straight line. */
function fade(output: Float32Array, at: number, { input, place, overlap }: { input: Float32Array; place: number; overlap: number }): void {
  const count = Math.min(overlap, output.length - at);
  for (let i = 0; i < count; i++) {
    const share = i / overlap;
    output[at + i] = (output[at + i] as number) * (1 - share) + (input[place + i] as number) * share;
  }
}
