/** @file Makes a fingerprint while a file is being decoded. What is kept meanwhile does not grow with the file's length. */
import { BandLevels } from './band-levels.ts';
import { middleEveryWords, middleWords, printBands, printFrameSamples, printHopSamples, printSampleRate, wordMs } from './fingerprint.ts';
import type { Fingerprint, WordRun } from './fingerprint.ts';

/** Seconds of sound that the head and the tail are made from. */
const headSeconds = 90;
const tailSeconds = 30;

/** A stretch of 46 ms is silent when it is quieter than this, root mean square: -60 dB. */
const silentPower = 1e-6;
/** Less sound than this has no fingerprint: single notes and effects would be alike. */
const leastSeconds = 5;

const hopsOf = (seconds: number): number => Math.round((seconds * printSampleRate) / printHopSamples);
const headHops = hopsOf(headSeconds);
const tailHops = hopsOf(tailSeconds);
const leastHops = hopsOf(leastSeconds);

/** Hops that a sample of the middle is made from: a frame more than it has words. */
const middleHops = middleWords + printFrameSamples / printHopSamples;
/** An hour; of what is longer the remainder is not sampled. */
const mostSamples = 180;

/** Takes a file's samples in order. */
export class PrintBuilder {
  readonly #hop = new Float32Array(printHopSamples);
  #filled = 0;
  /** Hops that came, and those of them up to the last loud one. */
  #hops = 0;
  #firstLoud = -1;
  #lastLoud = -1;
  readonly #head = new Float32Array(headHops * printHopSamples);
  /** The last hops up to the last loud one, round and round: hop `h` lies at place `h % tailHops`. */
  readonly #tail = new Float32Array(tailHops * printHopSamples);

  /** A sample of the middle, as far as it came, and those that are whole, with the hop that each ends at. */
  readonly #sample = new Float32Array(middleHops * printHopSamples);
  readonly #middle: { end: number; words: Uint32Array }[] = [];

  /** @param samples mono at {@link printSampleRate} */
  push(samples: Float32Array): void {
    for (let from = 0; from < samples.length;) {
      const count = Math.min(samples.length - from, printHopSamples - this.#filled);
      this.#hop.set(samples.subarray(from, from + count), this.#filled);
      this.#filled += count;
      from += count;
      if (this.#filled === printHopSamples) this.#closeHop();
    }
  }

  /** The fingerprint of everything that came. */
  finish(): Fingerprint {
    if (this.#filled > 0) {
      this.#hop.fill(0, this.#filled);
      this.#closeHop();
    }
    const soundHops = this.#firstLoud < 0 ? 0 : this.#lastLoud - this.#firstLoud + 1;
    if (soundHops < leastHops) return emptyPrint();
    const headLength = Math.min(headHops, soundHops);
    const head = levelsOf(this.#head.subarray(0, headLength * printHopSamples));
    const tailLength = Math.min(tailHops, soundHops);
    const tailStart = this.#lastLoud + 1 - tailLength;
    const tail = levelsOf(this.#unrolled(tailStart, tailLength));
    return {
      head: { startMs: this.#firstLoud * wordMs, words: wordsOf(head) },
      tail: { startMs: tailStart * wordMs, words: wordsOf(tail) },
      middle: joined(this.#middle.filter(({ end }) => end <= this.#lastLoud).map(({ words }) => words)),
      ...outlineOf(head),
    };
  }

  #closeHop(): void {
    const hop = this.#hops++;
    this.#filled = 0;
    if (powerOf(this.#hop) >= silentPower) {
      if (this.#firstLoud < 0) this.#firstLoud = hop;
      // What was silent since the last loud hop belongs to the sound after all; it is kept as silence.
      for (let silent = Math.max(this.#lastLoud + 1, this.#firstLoud, hop - tailHops); silent < hop; silent++)
        this.#tail.fill(0, (silent % tailHops) * printHopSamples, ((silent % tailHops) + 1) * printHopSamples);
      this.#tail.set(this.#hop, (hop % tailHops) * printHopSamples);
      this.#lastLoud = hop;
    }
    const inHead = this.#firstLoud < 0 ? headHops : hop - this.#firstLoud;
    if (inHead < headHops) this.#head.set(this.#hop, inHead * printHopSamples);
    else if (this.#firstLoud >= 0) this.#addToMiddle(inHead - headHops, hop);
  }

  #addToMiddle(behindHead: number, hop: number): void {
    const at = behindHead % middleEveryWords;
    if (at >= middleHops || this.#middle.length === mostSamples) return;
    this.#sample.set(this.#hop, at * printHopSamples);
    if (at === middleHops - 1) this.#middle.push({ end: hop, words: wordsOf(levelsOf(this.#sample)) });
  }

  #unrolled(start: number, length: number): Float32Array {
    const samples = new Float32Array(length * printHopSamples);
    for (let i = 0; i < length; i++) {
      const at = ((start + i) % tailHops) * printHopSamples;
      samples.set(this.#tail.subarray(at, at + printHopSamples), i * printHopSamples);
    }
    return samples;
  }
}

function joined(runs: readonly Uint32Array[]): Uint32Array {
  const words = new Uint32Array(runs.length * middleWords);
  for (const [i, run] of runs.entries()) words.set(run.subarray(0, middleWords), i * middleWords);
  return words;
}

function powerOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return sum / samples.length;
}

/** Energies `[frames, 33]` of all whole frames. */
function levelsOf(samples: Float32Array): Float64Array {
  const frames = Math.max(0, Math.floor((samples.length - printFrameSamples) / printHopSamples) + 1);
  const levels = new Float64Array((frames + (frames % 2)) * printBands);
  const measurer = new BandLevels();
  const pair = new Float64Array(2 * printBands);
  for (let frame = 0; frame < frames; frame += 2) {
    measurer.measure(samples, [frame * printHopSamples, (frame + 1) * printHopSamples], pair);
    levels.set(pair, frame * printBands);
  }
  return levels.subarray(0, frames * printBands);
}

/** Energy of a frame below which its bits are chance: -70 dB in each of the bands together, in the transform's own scale. */
const silentEnergy = 1e-7 * (printFrameSamples / 2) ** 2;

/** One word a frame but the first: bit `m` says whether the difference of bands m and m + 1 grew (equation 1 of the paper). */
function wordsOf(levels: Float64Array): Uint32Array {
  const frames = levels.length / printBands;
  return Uint32Array.from({ length: Math.max(0, frames - 1) }, (_, i) => {
    const [before, now] = [i * printBands, (i + 1) * printBands];
    let [word, energy] = [0, 0];
    for (let band = 0; band + 1 < printBands; band++) {
      const difference = (levels[now + band] as number) - (levels[now + band + 1] as number);
      const differenceBefore = (levels[before + band] as number) - (levels[before + band + 1] as number);
      energy += levels[now + band] as number;
      word = (word << 1) | (difference > differenceBefore ? 1 : 0);
    }
    return energy < silentEnergy ? 0 : word >>> 0;
  });
}

/** Frames this much below the loudest one (30 dB) do not count for the outline: coders leave out what nobody hears beside it. */
const quietShare = 1e-3;

/** The head's spectrum, by mean energies, and how much its loudness varies. */
function outlineOf(levels: Float64Array): Pick<Fingerprint, 'spectrum' | 'loudnessSpread'> {
  const energies = Float64Array.from({ length: levels.length / printBands }, (_, frame) =>
    levels.subarray(frame * printBands, (frame + 1) * printBands).reduce((sum, level) => sum + level, 0),
  );
  const least = energies.reduce((most, energy) => Math.max(most, energy), Number.MIN_VALUE) * quietShare;
  const sums = new Float64Array(printBands);
  const loudness: number[] = [];
  for (const [frame, energy] of energies.entries()) {
    if (energy < least) continue;
    loudness.push(decibels(energy));
    for (let band = 0; band < printBands; band++) sums[band] = (sums[band] as number) + (levels[frame * printBands + band] as number);
  }
  if (loudness.length === 0) return { spectrum: new Float32Array(printBands), loudnessSpread: 0 };
  const total = sums.reduce((sum, band) => sum + band, 0);
  const bands = sums.map((band) => decibels(band + total * 1e-6));
  const middle = meanOf(bands);
  const usual = meanOf(loudness);
  const loudnessSpread = Math.fround(Math.sqrt(meanOf(loudness.map((one) => (one - usual) ** 2))));
  return { spectrum: Float32Array.from(bands, (band) => band - middle), loudnessSpread };
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}

function decibels(energy: number): number {
  return 10 * Math.log10(energy);
}

function emptyPrint(): Fingerprint {
  const none = (): WordRun => ({ startMs: 0, words: new Uint32Array(0) });
  return { head: none(), tail: none(), middle: new Uint32Array(0), spectrum: new Float32Array(printBands), loudnessSpread: 0 };
}
