/**
 * @file Reverb: Freeverb (Jezar at Dreampoint, June 2000, public domain), eight low-passed combs side by side and four all-passes in a row, with
 * the delays scaled to the sample rate and the percentages mapped as sox's `reverb` does, which CLMR's released code calls. Of one channel sox makes
 * two sides, whose delays are the less alike the greater the stereo depth is; both are mixed to one again.
 */

/** Each 0 to 100. */
export type ReverbOptions = { roomSize: number; reverberance: number; damping: number; stereoDepth: number };

/** Lengths of the delays at 44 100 Hz. */
const combSamples = [1116, 1188, 1277, 1356, 1422, 1491, 1557, 1617];
const allPassSamples = [556, 441, 341, 225];
const tunedRate = 44_100;
/** How much longer and shorter, in turn, the delays of the other side are at the greatest depth, at 44 100 Hz. */
const sideSamples = 12;
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
  #side = new Float64Array(0);

  /** @param sampleRate hertz */
  constructor(sampleRate: number) {
    this.#rate = sampleRate / tunedRate;
    const line = (samples: number): Float64Array => new Float64Array(this.#length(samples + sideSamples));
    this.#combs = combSamples.map(line);
    this.#allPasses = allPassSamples.map(line);
  }

  /** Adds the reverb of the crop alone: it begins in a silent room, and the tail ends with the crop. */
  apply(crop: Float32Array, { stereoDepth, ...room }: ReverbOptions): void {
    if (this.#wet.length !== crop.length) [this.#wet, this.#side] = [new Float64Array(crop.length), new Float64Array(crop.length)];
    const [wet, side] = [this.#wet, this.#side];
    this.#sideOf(crop, { ...room, offset: 0 }, wet);
    let gain = wetGain;
    if (stereoDepth > 0) {
      this.#sideOf(crop, { ...room, offset: (stereoDepth / 100) * sideSamples }, side);
      for (let i = 0; i < wet.length; i++) wet[i] = (wet[i] as number) + (side[i] as number);
      gain /= 2;
    }
    for (let i = 0; i < crop.length; i++) crop[i] = (crop[i] as number) + gain * (wet[i] as number);
  }

  /** What one side of the room makes of the crop. `offset`: samples at 44 100 Hz that every other delay is longer by, and those between shorter. */
  #sideOf(crop: Float32Array, { roomSize, reverberance, damping, offset }: SideOptions, wet: Float64Array): void {
    const scale = (roomSize / 100) * 0.9 + 0.1;
    const comb = { feedback: combFeedback(reverberance), damping: (damping / 100) * 0.3 + 0.2 };
    // From the shortest delay on, every other one is longer; the all-passes stand here from the longest on.
    const moved = (samples: number, isLonger: boolean): number => samples + (isLonger ? offset : -offset);
    wet.fill(0);
    const lines = this.#combs.map((line, i) =>
      line.subarray(0, this.#length(scale * moved(combSamples[i] as number, i % 2 === 0))).fill(0),
    );
    for (let i = 0; i < lines.length; i += 4)
      addFourCombs(crop, wet, { ...comb, lines: lines.slice(i, i + 4) as [Float64Array, Float64Array, Float64Array, Float64Array] });
    this.#allPasses.forEach((line, i) =>
      passAll(wet, line.subarray(0, this.#length(moved(allPassSamples[i] as number, i % 2 === 1))).fill(0)),
    );
  }

  #length(samples: number): number {
    return Math.max(1, Math.floor(samples * this.#rate + 0.5));
  }
}

type SideOptions = Omit<ReverbOptions, 'stereoDepth'> & { offset: number };

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
