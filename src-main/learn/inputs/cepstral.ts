/**
 * @file Mel-frequency cepstral coefficients (Davis and Mermelstein 1980) as librosa 0.11 makes them by default, and their statistics over time: what sound tells
 * without a learnt encoder. In 64 bits, without tensors.
 */
import { Fourier } from '../../base/index.ts';
import { melBands } from './mel-bands.ts';

/** Coefficients of a track; each has a mean and a deviation. */
export const cepstralCoefficients = 20;

const [window, hop, bands] = [2048, 512, 128];
const half = window / 2;
/** Keeps a logarithm from zero, and what is kept below the greatest of all. */
const [leastPower, rangeDb] = [1e-10, 80];

const fourier = new Fourier(window);
const hann = Float64Array.from({ length: window }, (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / window));
/** The cosine transform of type II, orthonormal, `[coefficients, bands]`. */
const cosines = Float64Array.from({ length: cepstralCoefficients * bands }, (_, place) => {
  const [row, band] = [Math.floor(place / bands), place % bands];
  return Math.sqrt((row === 0 ? 1 : 2) / bands) * Math.cos((Math.PI * row * (2 * band + 1)) / (2 * bands));
});

/** A band's weights of the frequencies from `from` on. */
type Band = { from: number; weights: Float64Array };

const bandsOf = new Map<number, readonly Band[]>();

/**
 * Means, then deviations, of the coefficients over time: `[2 · cepstralCoefficients]`.
 * @param wave mono samples, at least one
 */
export function cepstralStatistics(wave: Float32Array, sampleRate: number): Float32Array {
  const levels = levelsOf(wave, sampleRate);
  const frames = levels.length / bands;
  const [sums, squares] = [new Float64Array(cepstralCoefficients), new Float64Array(cepstralCoefficients)];
  const coefficients = new Float64Array(frames * cepstralCoefficients);
  for (let frame = 0; frame < frames; frame++)
    for (let row = 0; row < cepstralCoefficients; row++) {
      let value = 0;
      for (let band = 0; band < bands; band++) value += (cosines[row * bands + band] as number) * (levels[frame * bands + band] as number);
      coefficients[frame * cepstralCoefficients + row] = value;
      sums[row] = (sums[row] as number) + value / frames;
    }
  for (const [place, value] of coefficients.entries()) {
    const row = place % cepstralCoefficients;
    squares[row] = (squares[row] as number) + (value - (sums[row] as number)) ** 2 / frames;
  }
  return Float32Array.of(...sums, ...squares.map(Math.sqrt));
}

/** The power of each band in decibels, `[frames, bands]`; frames are centred, and there is silence beyond the ends. */
function levelsOf(wave: Float32Array, sampleRate: number): Float64Array {
  const frames = Math.floor(wave.length / hop) + 1;
  const levels = new Float64Array(frames * bands);
  const [real, imaginary, power] = [new Float64Array(window), new Float64Array(window), new Float64Array(half + 1)];
  const weighted = bandsAt(sampleRate);
  for (let frame = 0; frame < frames; frame++) {
    for (let at = 0; at < window; at++) real[at] = (wave[frame * hop + at - half] ?? 0) * (hann[at] as number);
    imaginary.fill(0);
    fourier.forward(real, imaginary);
    for (let bin = 0; bin <= half; bin++) {
      const place = fourier.places[bin] as number;
      power[bin] = (real[place] as number) ** 2 + (imaginary[place] as number) ** 2;
    }
    for (const [band, { from, weights }] of weighted.entries()) {
      let sum = 0;
      for (const [at, weight] of weights.entries()) sum += weight * (power[from + at] as number);
      levels[frame * bands + band] = 10 * Math.log10(Math.max(leastPower, sum));
    }
  }
  const least = levels.reduce((most, level) => Math.max(most, level), -Infinity) - rangeDb;
  return levels.map((level) => Math.max(least, level));
}

function bandsAt(sampleRate: number): readonly Band[] {
  const known = bandsOf.get(sampleRate);
  if (known !== undefined) return known;
  const all = melBands({ sampleRate, window, bands, lowestHz: 0, highestHz: sampleRate / 2, scale: 'slaney', norm: 'slaney' });
  const made = Array.from({ length: bands }, (_, band): Band => {
    const own = Float64Array.from({ length: half + 1 }, (__, bin) => all[bin * bands + band] as number);
    const from = Math.max(
      0,
      own.findIndex((weight) => weight > 0),
    );
    return { from, weights: own.slice(from, own.findLastIndex((weight) => weight > 0) + 1) };
  });
  bandsOf.set(sampleRate, made);
  return made;
}
