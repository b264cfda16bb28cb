/**
 * @file Which features have the clearest sound, and differ most from each other, judged by a sample of segments. A feature is clear when tracks differ by
 * it more than the segments within each of them (one-way analysis of variance), when it parts tracks into two crowds, and when it is not mere loudness.
 * A track is its segments' median, and the first and last track count as those beside them, so that one that is spoilt has no say. Pure.
 */
import { hardlyDiffers } from '../../contract/index.ts';

/** Segments of several tracks, those of each together. */
export type TrackSample = {
  /** `[rows, dimensions]` */
  values: Float32Array;
  dimensions: number;
  /** First row of each track, and the number of rows behind the last: `[tracks + 1]`. */
  starts: Int32Array;
  /** How loud each track is, in decibels; alike where nobody knows: `[tracks]`. */
  levels: Float64Array;
};

/** A feature that is clear. */
export type ClearFeature = {
  feature: number;
  /** 0 to 1 */
  clarity: number;
  /** Median of each track's segments: `[tracks]`. */
  centres: Float64Array;
};

/** Fewer tracks than this cannot tell what parts them. */
export const fewestTracks = 4;
/** What is less clear than this is as good as chance. */
const leastClarity = 0.2;
/** Features that correlate as much as this over tracks sound the same. */
const mostAlike = 0.85;
/** From this many tracks on, the first and the last are held to those beside them. */
const fewestHeld = 5;
/** Share of a uniform spread's variance that lies between its halves, and what that of two clear crowds has more. */
const [evenSplit, crowded] = [0.75, 0.25];

/**
 * Chooses features greedily, by clarity less the likeness to those that were chosen before; the first of equals.
 * @param isWanted which features may be chosen
 * @param pause waited for between two features
 * @returns `count` features at most, fewer where no others are clear; none of fewer than {@link fewestTracks} tracks
 */
export async function clearFeatures(
  sample: TrackSample,
  { count, isWanted, pause }: { count: number; isWanted: (feature: number) => boolean; pause: () => Promise<void> },
): Promise<ClearFeature[]> {
  const candidates: (ClearFeature & { order: Float64Array })[] = [];
  if (sample.starts.length - 1 < fewestTracks) return [];
  const loudness = standardised(sample.levels);
  for (let feature = 0; feature < sample.dimensions; feature++) {
    await pause();
    if (!isWanted(feature)) continue;
    const judged = judge(sample, feature, loudness);
    if (judged.clarity >= leastClarity) candidates.push(judged);
  }
  const chosen: typeof candidates = [];
  while (chosen.length < count) {
    const scored = candidates.map((candidate) => {
      const likeness = Math.max(0, ...chosen.map(({ order }) => Math.abs(correlation(order, candidate.order))));
      return { candidate, score: likeness > mostAlike ? -Infinity : candidate.clarity - likeness };
    });
    const best = scored.reduce((one, other) => (other.score > one.score ? other : one), { candidate: candidates[0], score: -Infinity });
    if (best.candidate === undefined || best.score === -Infinity) break;
    chosen.push(best.candidate);
  }
  return chosen.map(({ feature, clarity, centres }) => ({ feature, clarity, centres }));
}

function judge(
  { values, dimensions, starts }: TrackSample,
  feature: number,
  loudness: Float64Array,
): ClearFeature & { order: Float64Array } {
  const tracks = starts.length - 1;
  const centres = new Float64Array(tracks);
  const spreads: number[] = [];
  const counts: number[] = [];
  for (let track = 0; track < tracks; track++) {
    const [from, end] = [starts[track] as number, starts[track + 1] as number];
    const own = Float64Array.from({ length: end - from }, (_, i) => values[(from + i) * dimensions + feature] as number).sort();
    const centre = medianOf(own);
    centres[track] = centre;
    counts.push(own.length);
    if (own.length > 1) spreads.push(own.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (own.length - 1));
  }
  const order = standardised(centres);
  const sorted = centres.toSorted();
  if (hardlyDiffers(sorted[0] as number, sorted[tracks - 1] as number)) return { feature, clarity: 0, centres, order };
  const held = heldIn(sorted);
  const within = medianOf(Float64Array.from(spreads).sort());
  const segments = medianOf(Float64Array.from(counts).sort());
  const total = varianceOf(held);
  // The median of a few segments varies itself, by π / 2 of what their mean does.
  const between = Math.max(0, total - ((Math.PI / 2) * within) / segments);
  const share = between === 0 ? 0 : between / (between + within);
  const parted = Math.min(1, Math.max(0, (splitShare(held) - evenSplit) / crowded));
  const clarity = share * (0.6 + 0.4 * parted) * (1 - correlation(order, loudness) ** 2);
  return { feature, clarity, centres, order };
}

/** Sorted values with the first and the last moved to those beside them, where there are enough: one track alone parts nothing. */
function heldIn(sorted: Float64Array): Float64Array {
  if (sorted.length < fewestHeld) return sorted;
  const held = sorted.slice();
  held[0] = held[1] as number;
  held[held.length - 1] = held[held.length - 2] as number;
  return held;
}

/** The greatest share of the variance of sorted values that lies between those below and those above a limit (Otsu 1979). */
function splitShare(sorted: Float64Array): number {
  const [count, total] = [sorted.length, sorted.reduce((sum, value) => sum + value, 0)];
  const whole = varianceOf(sorted) * (count - 1);
  let [below, best] = [0, 0];
  for (let at = 1; at < count; at++) {
    below += sorted[at - 1] as number;
    const apart = (total - below) / (count - at) - below / at;
    best = Math.max(best, (at * (count - at) * apart ** 2) / count);
  }
  return whole === 0 ? 0 : best / whole;
}

function varianceOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
}

/** The middle of sorted values; 0 of none. */
function medianOf(sorted: Float64Array): number {
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

/** Values with mean 0 and length 1, those beyond the second from either end held to it; all 0 where all are equal. Their products are correlations. */
function standardised(values: Float64Array): Float64Array {
  const held = heldIn(values.toSorted());
  const [least, most] = [held[0] ?? 0, held.at(-1) ?? 0];
  const within = values.map((value) => Math.min(most, Math.max(least, value)));
  const mean = within.reduce((sum, value) => sum + value, 0) / within.length;
  const centred = within.map((value) => value - mean);
  const length = Math.hypot(...centred);
  return length === 0 ? centred : centred.map((value) => value / length);
}

function correlation(one: Float64Array, other: Float64Array): number {
  return one.reduce((sum, value, at) => sum + value * (other[at] as number), 0);
}
