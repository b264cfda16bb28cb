/** @file What a random equaliser does to timbre statistics: decibels that are added to a band for a whole crop change its level and nothing else. */
import { cosineOf, timbreBands, timbreCoefficients } from './timbre-names.ts';

/** Decibels are drawn at so many places over the bands, and lie on straight lines between. */
export const equaliserPoints = 5;

/** Where the levels of the cepstral coefficients begin among the features: behind level, deviation and change of the bands. */
const firstCoefficient = 3 * timbreBands;

/**
 * Statistics of a crop as they are after an equaliser. A constant in each band moves the band's mean and those of the coefficients, which are sums of bands;
 * deviations, changes and rhythms stay as they are.
 * @param row `[316]`, changed in place
 * @param decibels at {@link equaliserPoints} places from the lowest band to the highest
 */
export function equalise(row: Float32Array, decibels: readonly number[]): void {
  const gains = Array.from({ length: timbreBands }, (_, band) => between(decibels, (band * (decibels.length - 1)) / (timbreBands - 1)));
  for (const [band, gain] of gains.entries()) row[band] = (row[band] ?? 0) + gain;
  for (let number = 0; number < timbreCoefficients; number++) {
    const at = firstCoefficient + number;
    row[at] = gains.reduce((sum, gain, band) => sum + gain * cosineOf(band, number), row[at] ?? 0);
  }
}

function between(values: readonly number[], place: number): number {
  const before = Math.min(Math.floor(place), values.length - 2);
  const [from = 0, to = 0] = values.slice(before, before + 2);
  return from + (place - before) * (to - from);
}

/** Every band below this is silence: some 90 dB under a tone of full scale. */
const silenceDb = -60;

/** Whether nothing is heard in a crop. @param row statistics `[316]` */
export function isSilent(row: Float32Array): boolean {
  return row.subarray(0, timbreBands).every((level) => level < silenceDb);
}
