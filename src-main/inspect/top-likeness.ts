/**
 * @file How alike the top segments of a neuron are in two libraries: by what of their sound stands out from all music of their own library, so that libraries that
 * sound different as a whole are not mistaken for neurons that hear different things.
 */
import type { Random } from '../base/index.ts';
import { quantile } from './activation-profile.ts';
import type { Ranged, TopLikeness } from './likeness.ts';

/** Statistics of segments `[segments, width]`, finite, and whose each is: numbers of tracks, not falling. */
export type GroupedRows = { values: Float32Array; groups: Int32Array };

/** A side: a sample of its music, and the top segments. */
export type LikenessSide = { top: GroupedRows; music: GroupedRows };

/** Resamples, and draws by chance; a thousand are enough for the ends of a 95 % interval (Efron and Tibshirani 1993, section 12.5). */
const draws = 999;
/** Of fewer tracks resampling knows no spread. */
export const leastTracks = 5;

/**
 * Each statistic's mean over the top segments, less its mean over the side's music, by the deviation that both sides' music has within itself (Cohen 1988, section
 * 2.2: the standardised difference of means); likeness is the cosine between the two sides' differences. Intervals: tracks of each side are resampled, with all
 * their top segments (Efron 1979). Chance: instead of the top segments as many are drawn, from as many tracks, on both sides; its probability counts the real
 * value among the drawn ones (Phipson and Smyth 2010).
 */
export function topLikeness(first: LikenessSide, second: LikenessSide, width: number, random: Random): TopLikeness {
  const scale = withinDeviations(first.music, second.music, width);
  const sides = [sideOf(first, scale), sideOf(second, scale)] as const;
  const [own, its] = sides.map(({ top, means }) => standing(top.sums, top.counts, means)) as [Float64Array, Float64Array];
  const value = cosine(own, its);
  const [againOwn, againIts] = [resampled(sides[0], random), resampled(sides[1], random)];
  const canTell = sides.every(({ top }) => top.counts.length >= leastTracks);
  const found = againOwn.map((again, at) => cosine(again, againIts[at] as Float64Array)).filter((one) => one !== null);
  const chance = byChance(sides, random);
  return {
    likeness: value === null ? null : { value, ...rangeOf(found, canTell) },
    chance: chance.length === 0 ? null : { low: quantile(chance, 0.025), high: quantile(chance, 0.975) },
    byChance: value === null || chance.length === 0 ? null : (1 + chance.filter((one) => one >= value).length) / (1 + chance.length),
    sides: [rangedOf(own, againOwn, sides[0]), rangedOf(its, againIts, sides[1])],
  };
}

/** Sums of rows by track, one track behind the other, and how many rows each has. */
type Sums = { sums: Float64Array[]; counts: number[] };

/** Rows in deviations: of the top segments by track, of the music's tracks each row. */
type Side = { top: Sums; tracks: Float64Array[][]; means: Float64Array };

function sideOf({ top, music }: LikenessSide, scale: Float64Array): Side {
  const tracks = byTrack(music, scale);
  const rows = tracks.flat();
  const means = new Float64Array(scale.length);
  for (const row of rows) for (let i = 0; i < means.length; i++) means[i] = (means[i] as number) + (row[i] as number) / rows.length;
  const own = byTrack(top, scale);
  return { top: { sums: own.map(sumOf), counts: own.map((track) => track.length) }, tracks, means };
}

function sumOf(rows: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows) for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (row[i] as number);
  return sum;
}

function byTrack({ values, groups }: GroupedRows, scale: Float64Array): Float64Array[][] {
  const width = scale.length;
  const tracks: Float64Array[][] = [];
  for (const [at, group] of groups.entries()) {
    const row = Float64Array.from(scale, (by, i) => (values[at * width + i] as number) * by);
    if (at > 0 && groups[at - 1] === group) tracks.at(-1)?.push(row);
    else tracks.push([row]);
  }
  return tracks;
}

/** What to multiply each statistic with: one by the root of the mean of both sides' variances; 0 where it does not differ. */
function withinDeviations(first: GroupedRows, second: GroupedRows, width: number): Float64Array {
  const [own, its] = [variances(first.values, width), variances(second.values, width)];
  return own.map((variance, i) => {
    const deviation = Math.sqrt((variance + (its[i] as number)) / 2);
    return deviation > 0 ? 1 / deviation : 0;
  });
}

function variances(values: Float32Array, width: number): Float64Array {
  const count = values.length / width;
  const [means, squares] = [new Float64Array(width), new Float64Array(width)];
  for (let at = 0; at < values.length; at++) means[at % width] = (means[at % width] as number) + (values[at] as number) / count;
  for (let at = 0; at < values.length; at++)
    squares[at % width] = (squares[at % width] as number) + ((values[at] as number) - (means[at % width] as number)) ** 2 / count;
  return squares;
}

/** The mean of tracks' rows less another. */
function standing(sums: readonly Float64Array[], counts: readonly number[], means: Float64Array): Float64Array {
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const result = new Float64Array(means.length);
  for (const sum of sums) for (let i = 0; i < result.length; i++) result[i] = (result[i] as number) + (sum[i] as number) / rows;
  return result.map((value, i) => value - (means[i] as number));
}

function resampled({ top, means }: Side, random: Random): Float64Array[] {
  return Array.from({ length: draws }, () => {
    const chosen = top.counts.map(() => random.below(top.counts.length));
    return standing(
      chosen.map((track) => top.sums[track] as Float64Array),
      chosen.map((track) => top.counts[track] as number),
      means,
    );
  });
}

/** Likeness of drawn segments, sorted. */
function byChance(sides: readonly [Side, Side], random: Random): Float64Array {
  const found: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const [own, its] = sides.map((side) => drawn(side, random)) as [Float64Array, Float64Array];
    const value = cosine(own, its);
    if (value !== null) found.push(value);
  }
  return Float64Array.from(found).sort();
}

/** For each track of the top segments a track of the music, and of it as many segments, or all that it has. */
function drawn({ top, tracks, means }: Side, random: Random): Float64Array {
  const sums = top.counts.map((wanted) => {
    const all = tracks[random.below(tracks.length)] ?? [];
    const rest = [...all];
    return Array.from({ length: Math.min(wanted, all.length) }, () => rest.splice(random.below(rest.length), 1)[0] as Float64Array);
  });
  return standing(
    sums.map(sumOf),
    sums.map((rows) => rows.length),
    means,
  );
}

/** Null where one of them has no direction. */
function cosine(a: Float64Array, b: Float64Array): number | null {
  let [dot, own, its] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    dot += (a[i] as number) * (b[i] as number);
    own += (a[i] as number) ** 2;
    its += (b[i] as number) ** 2;
  }
  return own > 0 && its > 0 ? dot / Math.sqrt(own * its) : null;
}

function rangeOf(again: readonly number[], canTell: boolean): { low: number | null; high: number | null } {
  if (!canTell || again.length === 0) return { low: null, high: null };
  const sorted = Float64Array.from(again).sort();
  return { low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
}

function rangedOf(values: Float64Array, again: readonly Float64Array[], { top }: Side): Ranged[] {
  const canTell = top.counts.length >= leastTracks;
  return Array.from(values, (value, i) => ({
    value,
    ...rangeOf(
      again.map((one) => one[i] as number),
      canTell,
    ),
  }));
}
