/** @file What the timbre statistics are made of, and what each of them is called. Pure, so that pages have it too. */
import { melEdges } from '../../inputs/mel-edges.ts';
import type { MelSettings } from '../../inputs/settings.ts';

/** A crop is so many frames of the averaged spectrogram, of which there are so many a second. */
export const [timbreFrames, framesPerSecond] = [100, 25] as const;
/** Bands of the spectrogram, cepstral coefficients, and groups of adjacent bands in which rhythm is looked for. */
export const [timbreBands, timbreCoefficients, timbreGroups] = [64, 20, 8] as const;
/** Where means and deviations of the cepstral coefficients stand among the features: behind three figures of every band. */
export const mfccColumns: readonly number[] = Array.from({ length: 2 * timbreCoefficients }, (_, at) => 3 * timbreBands + at);
/** Where the ranges of modulation begin, as bins of a transform over a crop, four a hertz; the last one is where they end. */
export const modulationBins = [1, 2, 3, 5, 8, 12, 18, 26, 40] as const;

/** The spectrogram: 64 ms, 50 times a second, of which two are averaged. */
export const timbreMel: MelSettings & { sampleRate: 16_000 } = {
  ...{ sampleRate: 16_000, window: 1024, hop: 320, bands: timbreBands, lowestHz: 30, highestHz: 8000 },
  ...{ scale: 'slaney', norm: 'slaney', power: 2, compression: 'none', normalisation: 'none' },
};

/** A weight of the orthonormal cosine transform of the second kind that gives the cepstral coefficients. */
export function cosineOf(band: number, coefficient: number): number {
  const length = Math.sqrt((coefficient === 0 ? 1 : 2) / timbreBands);
  return length * Math.cos((Math.PI * (band + 0.5) * coefficient) / timbreBands);
}

/** What is said of a band or coefficient over a crop, in the order of the features. */
const kinds = ['how loud', 'how much it varies', 'how fast it changes'];
const kindsOfColour = ['how much', ...kinds.slice(1)];

/** Bass, treble, loudness, brightness, dynamics, and the beat in low and in high bands. */
export const firstOfTimbre: readonly number[] = [2, 51, 192, 193, 212, 256, 312];

/** The names of all features, in their order. */
export const timbreNames: readonly string[] = namesOf();

function namesOf(): string[] {
  const edges = melEdges(timbreMel);
  // A band counts for half where the one beside it begins to count for more.
  const halves = edges.slice(1).map((edge, at) => ((edges[at] ?? 0) + edge) / 2);
  const range = (first: number, last: number): string => frequencies(halves[first] ?? 0, halves[last + 1] ?? 0);
  const all = <Value>(count: number, of: (at: number) => Value): Value[] => Array.from({ length: count }, (_, at) => of(at));
  const bands = kinds.flatMap((kind) => all(timbreBands, (band) => `${range(band, band)}: ${kind}`));
  const colours = kinds.flatMap((loudness, kind) =>
    all(timbreCoefficients, (number) => `${colour(number)}: ${number === 0 ? loudness : kindsOfColour[kind]}`),
  );
  const perGroup = timbreBands / timbreGroups;
  const rhythms = all(timbreGroups, (group) => range(group * perGroup, (group + 1) * perGroup - 1)).flatMap((where) =>
    modulationBins.slice(1).map((end, at) => `rhythm at ${cycles(modulationBins[at] ?? 0)}–${cycles(end)} Hz, ${where}`),
  );
  return [...bands, ...colours, ...rhythms];
}

/** The first coefficient is the sum of all bands, the second falls from the lowest to the highest. */
function colour(number: number): string {
  return number === 0 ? 'all bands' : number === 1 ? 'dark rather than bright' : `colour ${number}`;
}

function cycles(bin: number): string {
  return String((bin * framesPerSecond) / timbreFrames);
}

/** `520–570 Hz`, `1.21–1.27 kHz`. */
function frequencies(low: number, high: number): string {
  if (high < 1000) return `${Math.round(low / 5) * 5}–${Math.round(high / 5) * 5} Hz`;
  return `${(low / 1000).toFixed(2)}–${(high / 1000).toFixed(2)} kHz`;
}
