/**
 * @file Made-up embeddings for measuring how neighbours are found: clusters of artists, tracks and passages, spread along directions that no feature
 * coincides with. Variances fall as a power of their rank. With the power 1.5 they are those of a real encoder: 512 features of one that Earmark
 * pre-trained, on the music of two games, hold 43, 72, 82, 87, 94, 97 and 99 % of their variance in 1, 4, 8, 16, 64, 128 and 256 directions; these hold
 * 40, 66, 76, 84, 94, 97 and 99 %, less the white noise on top. The power 1 with much noise is far harder than anything that was measured.
 */
import { seededRandom } from '../../src-main/base/index.ts';
import type { Random } from '../../src-main/base/index.ts';
import type { RowMaker } from './synthetic-index.ts';

/** How the variance falls, and the share of it that is white noise. */
export type Spectrum = { power: number; noise: number };

/** As real encoders' segments, with some noise; and what is far harder. */
export const spectra = { real: { power: 1.5, noise: 0.02 }, hard: { power: 1, noise: 0.1 } } satisfies Record<string, Spectrum>;

/** Shares of the rest of the variance. */
const shares = { artist: 0.4, track: 0.4, passage: 0.2 };
const tracksPerArtist = 12;
/** How much of a passage's place its follower keeps. */
const carriedOn = 0.9;
const tableSize = 65_536;

/** What is said of such rows beside a figure. */
export function describeSpectrum({ power, noise }: Spectrum): string {
  return `clusters of artists, tracks and passages; variances as rank^-${power}, ${100 * noise} % white noise`;
}

/** Makes rows of tracks; `features` has to be a power of two. */
export function spectralRows({ power, noise }: Spectrum, seed = 5): RowMaker {
  const random = seededRandom(seed);
  const table = Float32Array.from({ length: tableSize }, () => random.normal());
  let known: { features: number; deviations: Float32Array; signs: Float32Array[]; mean: Float32Array } | undefined;
  let artist = new Float32Array(0);
  return (track, count, features) => {
    known ??= { features, ...drawSpace(random, features, power) };
    const { deviations, signs, mean } = known;
    const draw = (share: number): Float32Array<ArrayBuffer> => scaled(table, random, { deviations, share: share * (1 - noise) });
    if (track % tracksPerArtist === 0) artist = draw(shares.artist);
    const own = draw(shares.track);
    let passage = draw(shares.passage);
    const rows = new Float32Array(count * features);
    for (let row = 0; row < count; row++) {
      const step = draw(shares.passage * (1 - carriedOn ** 2));
      passage = passage.map((value, i) => carriedOn * value + (step[i] as number));
      const start = random.below(tableSize);
      const deviation = Math.sqrt(noise / features);
      const values = rows.subarray(row * features, (row + 1) * features);
      for (let i = 0; i < features; i++)
        values[i] =
          (artist[i] as number) +
          (own[i] as number) +
          (passage[i] as number) +
          deviation * (table[(start + i * (1 + (start & 62))) & (tableSize - 1)] as number);
      rotate(values, signs);
      for (let i = 0; i < features; i++) values[i] = (values[i] as number) + (mean[i] as number);
    }
    return rows;
  };
}

function drawSpace(
  random: Random,
  features: number,
  power: number,
): { deviations: Float32Array; signs: Float32Array[]; mean: Float32Array } {
  let total = 0;
  for (let rank = 1; rank <= features; rank++) total += rank ** -power;
  const deviations = Float32Array.from({ length: features }, (_, i) => Math.sqrt((i + 1) ** -power / total));
  const sign = (): Float32Array => Float32Array.from({ length: features }, () => (random.uniform() < 0.5 ? -1 : 1));
  const mean = Float32Array.from({ length: features }, () => 0.1 + 0.05 * random.normal());
  return { deviations, signs: [sign(), sign()], mean };
}

function scaled(
  table: Float32Array,
  random: Random,
  { deviations, share }: { deviations: Float32Array; share: number },
): Float32Array<ArrayBuffer> {
  const factor = Math.sqrt(share);
  let state = random.below(2 ** 32) | 1;
  return deviations.map((deviation) => {
    state = Math.imul(state, 1_664_525) + 1_013_904_223;
    return factor * deviation * (table[state >>> 16] as number);
  });
}

/** A rotation that mixes all features: signs and Hadamard's transform, twice. */
function rotate(values: Float32Array, signs: readonly Float32Array[]): void {
  const size = values.length;
  const factor = 1 / Math.sqrt(size);
  for (const sign of signs) {
    for (let i = 0; i < size; i++) values[i] = (values[i] as number) * (sign[i] as number) * factor;
    for (let half = 1; half < size; half *= 2)
      for (let start = 0; start < size; start += 2 * half)
        for (let i = start; i < start + half; i++) {
          const [a, b] = [values[i] as number, values[i + half] as number];
          values[i] = a + b;
          values[i + half] = a - b;
        }
  }
}
