/**
 * @file How a segment sounds, in few numbers: how loud it is, how its power lies over third octaves (IEC 61260-1, base 2), how sharply it rises and how fast it
 * falls. What the thesis's listeners described in words (section 7.5: spectrum, loudness, attack and decay).
 */
import { Fourier } from '../base/index.ts';

/** Middles of the bands, in Hz: third octaves about 1 kHz. */
export const soundBandsHz: readonly number[] = Array.from({ length: 23 }, (_, at) => 1000 * 2 ** ((at - 13) / 3));

/** Half of a band's width, as a factor. */
const edge = 2 ** (1 / 6);

/** `bandsDb`: each band's share of the power of all bands. `attackDb`, `decayDb`: how far the level goes up, and down, within 50 ms where it does so fast. */
export type SegmentSound = { levelDb: number; bandsDb: number[]; attackDb: number; decayDb: number };

const window = 4096;
const fourier = new Fourier(window);
/** Power that is taken for none: 100 dB below full scale. */
const silence = 1e-10;
/** Lengths in seconds: of a frame whose level is taken, and of the stretch over which levels are compared. */
const [frameSeconds, stretchFrames] = [0.01, 5] as const;
/** Levels further below the loudest frame than this are taken for that. */
const mostBelowDb = 60;
/** Of all stretches, so many rise (or fall) less. */
const steepShare = 0.95;

/** Measures a segment. @param wave mono samples, full scale is 1 @returns null for one that is silent, or too short to be measured */
export function segmentSound(wave: Float32Array, sampleRate: number): SegmentSound | null {
  const frame = Math.round(frameSeconds * sampleRate);
  if (wave.length < Math.max(window, (stretchFrames + 1) * frame)) return null;
  const power = meanSquare(wave, 0, wave.length);
  if (!(power > silence)) return null;
  const changes = changesOf(wave, frame);
  return {
    levelDb: decibels(power),
    bandsDb: bandsOf(wave, sampleRate),
    attackDb: Math.max(0, quantileOf(changes, steepShare)),
    decayDb: Math.max(0, -quantileOf(changes, 1 - steepShare)),
  };
}

function decibels(power: number): number {
  return 10 * Math.log10(Math.max(power, silence));
}

function meanSquare(wave: Float32Array, from: number, end: number): number {
  let sum = 0;
  for (let at = from; at < end; at++) sum += (wave[at] as number) ** 2;
  return sum / (end - from);
}

/** Changes of level over each stretch, sorted. */
function changesOf(wave: Float32Array, frame: number): Float64Array {
  const levels = Float64Array.from({ length: Math.floor(wave.length / frame) }, (_, at) =>
    decibels(meanSquare(wave, at * frame, (at + 1) * frame)),
  );
  const least = levels.reduce((most, level) => Math.max(most, level), -Infinity) - mostBelowDb;
  const held = levels.map((level) => Math.max(least, level));
  return Float64Array.from(
    { length: held.length - stretchFrames },
    (_, at) => (held[at + stretchFrames] as number) - (held[at] as number),
  ).sort();
}

/** Linear between the nearest two, as numpy has it. */
function quantileOf(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const [low, high] = [sorted[below] as number, sorted[Math.ceil(place)] as number];
  return low + (high - low) * (place - below);
}

/** Power of each band by Welch's method (1967): Hann windows that overlap by half. */
function bandsOf(wave: Float32Array, sampleRate: number): number[] {
  const powers = new Float64Array(window / 2 + 1);
  const [real, imaginary] = [new Float64Array(window), new Float64Array(window)];
  for (let from = 0; from + window <= wave.length; from += window / 2) {
    for (let at = 0; at < window; at++) real[at] = (wave[from + at] as number) * (0.5 - 0.5 * Math.cos((2 * Math.PI * at) / window));
    imaginary.fill(0);
    fourier.forward(real, imaginary);
    for (let bin = 0; bin < powers.length; bin++) {
      const place = fourier.places[bin] as number;
      powers[bin] = (powers[bin] as number) + (real[place] as number) ** 2 + (imaginary[place] as number) ** 2;
    }
  }
  const hertz = sampleRate / window;
  const bands = soundBandsHz.map((middle) => {
    const [first, end] = [Math.ceil(middle / edge / hertz), Math.min(Math.ceil((middle * edge) / hertz), powers.length)];
    return powers.subarray(first, Math.max(first + 1, end)).reduce((sum, power) => sum + power, 0);
  });
  const all = bands.reduce((sum, power) => sum + power, 0);
  return bands.map((power) => decibels(all > 0 ? power / all : 0));
}
