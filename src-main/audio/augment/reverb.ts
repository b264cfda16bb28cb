/**
 * @file Reverb: Freeverb (Jezar at Dreampoint, June 2000, public domain), eight low-passed combs side by side and four all-passes in a row, with
 * the delays scaled to the sample rate and the percentages mapped as sox's `reverb` does, which CLMR's released code calls. One channel: sox's
 * with a stereo depth of 0.
 */

/** Each 0 to 100. */
export type ReverbOptions = { roomSize: number; reverberance: number; damping: number };

/** Lengths of the delays at 44 100 Hz. */
const combSamples = [1116, 1188, 1277, 1356, 1422, 1491, 1557, 1617];
const allPassSamples = [556, 441, 341, 225];
const tunedRate = 44_100;
const wetGain = 0.015;
const allPassFeedback = 0.5;
const [leastFeedback, mostFeedback] = [0.3, 0.98];

/** The share of a comb's sound that comes round again, by sox's curve: 0.3 at 0 %, 0.98 at 100 %. */
export function combFeedback(reverberance: number): number {
  const a = -1 / Math.log(1 - leastFeedback);
  const b = 100 / (Math.log(1 - mostFeedback) * a + 1);
  return 1 - Math.exp((reverberance - b) / (a * b));
}

/** Adds reverb to crops in place; keeps its delay lines between calls. */
export class Reverb {
  readonly #rate: number;
  readonly #combs: Float64Array[];
  readonly #allPasses: Float64Array[];
  #wet = new Float64Array(0);

  /** @param sampleRate hertz */
  constructor(sampleRate: number) {
    this.#rate = sampleRate / tunedRate;
    this.#combs = combSamples.map((samples) => new Float64Array(this.#length(samples)));
    this.#allPasses = allPassSamples.map((samples) => new Float64Array(this.#length(samples)));
  }

  /** Adds the reverb of the crop alone: it begins in a silent room, and the tail ends with the crop. */
  apply(crop: Float32Array, { roomSize, reverberance, damping }: ReverbOptions): void {
    const scale = (roomSize / 100) * 0.9 + 0.1;
    const comb = { feedback: combFeedback(reverberance), damping: (damping / 100) * 0.3 + 0.2 };
    if (this.#wet.length !== crop.length) this.#wet = new Float64Array(crop.length);
    const wet = this.#wet;
    wet.fill(0);
    const lines = this.#combs.map((line, i) => line.subarray(0, this.#length((combSamples[i] as number) * scale)).fill(0));
    for (let i = 0; i < lines.length; i += 4)
      addFourCombs(crop, wet, { ...comb, lines: lines.slice(i, i + 4) as [Float64Array, Float64Array, Float64Array, Float64Array] });
    for (const line of this.#allPasses) passAll(wet, line.fill(0));
    for (let i = 0; i < crop.length; i++) crop[i] = (crop[i] as number) + wetGain * (wet[i] as number);
  }

  #length(samples: number): number {
    return Math.max(1, Math.floor(samples * this.#rate + 0.5));
  }
}

type FourCombs = { lines: [Float64Array, Float64Array, Float64Array, Float64Array]; feedback: number; damping: number };

/** Four at once: each waits for its own last sample, and the processor works on the other three meanwhile. */
function addFourCombs(input: Float32Array, output: Float64Array, { lines, feedback, damping }: FourCombs): void {
  const [lineA, lineB, lineC, lineD] = lines;
  const [sizeA, sizeB, sizeC, sizeD] = [lineA.length, lineB.length, lineC.length, lineD.length];
  const fresh = 1 - damping;
  let [atA, atB, atC, atD] = [0, 0, 0, 0];
  let [storeA, storeB, storeC, storeD] = [0, 0, 0, 0];
  for (let i = 0; i < input.length; i++) {
    const value = input[i] as number;
    const a = lineA[atA] as number;
    const b = lineB[atB] as number;
    const c = lineC[atC] as number;
    const d = lineD[atD] as number;
    storeA = storeA * damping + a * fresh;
    storeB = storeB * damping + b * fresh;
    storeC = storeC * damping + c * fresh;
    storeD = storeD * damping + d * fresh;
    lineA[atA] = value + storeA * feedback;
    lineB[atB] = value + storeB * feedback;
    lineC[atC] = value + storeC * feedback;
    lineD[atD] = value + storeD * feedback;
    if (++atA === sizeA) atA = 0;
    if (++atB === sizeB) atB = 0;
    if (++atC === sizeC) atC = 0;
    if (++atD === sizeD) atD = 0;
    output[i] = (output[i] as number) + (a + b + c + d);
  }
}

function passAll(samples: Float64Array, line: Float64Array): void {
  let at = 0;
  for (let i = 0; i < samples.length; i++) {
    const delayed = line[at] as number;
    const value = samples[i] as number;
    line[at] = value + delayed * allPassFeedback;
    samples[i] = delayed - value;
    if (++at === line.length) at = 0;
  }
}
