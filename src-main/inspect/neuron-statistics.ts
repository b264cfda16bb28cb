/** @file What a neuron's values over many segments look like: spread, activity, selectivity, histogram, and how much of it is mere loudness. */

/** Bars of a histogram. */
export const histogramBins = 24;

/** Statistics of one neuron over segments. */
export type NeuronStatistics = {
  least: number;
  greatest: number;
  mean: number;
  /** Standard deviation over the segments (divided by their number). */
  deviation: number;
  /** Share of segments whose value lies in the upper half of least to greatest, 0 to 1; 0 where these are the same. */
  activeShare: number;
  /**
   * Sparseness over segments, 0 to 1: (1 − (Σr / n)² / (Σr² / n)) / (1 − 1 / n) with r above the least value; 0 where all segments give the same, 1 where one
   * alone gives anything. Vinje and Gallant 2000, Science 287, p. 1273, after Rolls and Tovee 1995.
   */
  selectivity: number;
  /** Pearson's correlation with how loud segments are; null where that is not known or does not differ. */
  loudness: number | null;
  /** Segments in {@link histogramBins} equal parts of least to greatest. */
  histogram: Uint32Array;
};

/** How loud some of the segments are: their places, and decibels of each. */
export type KnownLevels = { places: Int32Array; levels: Float32Array };

/** Sums of values and of decibels, of their squares and of their products, over segments whose level is known. */
type LoudnessSums = { count: number; value: number; level: number; values: number; levels: number; both: number };

/**
 * What is kept of a neuron's values, so that more of them can be added without those before. Sums are of what is above `origin`, its first value, so that what
 * all have in common takes no digits.
 */
export type NeuronSums = {
  origin: number;
  count: number;
  sum: number;
  squares: number;
  least: number;
  greatest: number;
  histogram: Uint32Array;
  loudness: LoudnessSums;
};

const noLoudness: LoudnessSums = { count: 0, value: 0, level: 0, values: 0, levels: 0, both: 0 };

/** Nothing yet. */
const noSums: NeuronSums = {
  ...{ origin: NaN, count: 0, sum: 0, squares: 0, least: Infinity, greatest: -Infinity },
  ...{ histogram: new Uint32Array(histogramBins), loudness: noLoudness },
};

/**
 * Adds values to what is kept of those before; what is no finite number is left out. Bars are parts of the whole range: where the range grows, all values are
 * looked at again.
 * @param fresh values that came
 * @param known how loud some of them are, by their places among them
 * @param all gives every value, those that came too
 */
export function addedSums(before: NeuronSums | null, { fresh, known, all }: NewValues): NeuronSums {
  const own = before ?? noSums;
  const grown = { ...withMoments(own, fresh), loudness: withLoudness(own, fresh, known) };
  const isKept = before !== null && grown.least === before.least && grown.greatest === before.greatest;
  const histogram = isKept ? before.histogram.slice() : new Uint32Array(histogramBins);
  count(histogram, isKept || before === null ? fresh : all(), grown);
  return { ...grown, histogram };
}

/** What {@link addedSums} adds. */
export type NewValues = { fresh: Float32Array; known: KnownLevels; all: () => Float32Array };

/** The statistics that sums tell. */
export function statisticsOf({ origin, count, sum, squares, least, greatest, histogram, loudness }: NeuronSums): NeuronStatistics {
  if (count === 0) return { least: 0, greatest: 0, mean: 0, deviation: 0, activeShare: 0, selectivity: 0, loudness: null, histogram };
  const mean = origin + sum / count;
  const deviation = Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
  const active = histogram.subarray(histogramBins / 2).reduce((all, bar) => all + bar, 0);
  return {
    ...{ least, greatest, mean, deviation, activeShare: greatest === least ? 0 : active / count },
    ...{ selectivity: sparseness(mean - least, deviation, count), loudness: correlation(loudness), histogram },
  };
}

/** Fewer segments than this are a handful, as far as they are also fewer than {@link handfulShare} of all. */
const handful = 50;
const handfulShare = 0.01;

/** Whether all but a handful of segments lie in one bar: what the neuron orders are those few. */
export function isToldByFew(histogram: Uint32Array): boolean {
  const all = histogram.reduce((sum, bar) => sum + bar, 0);
  const few = all - histogram.reduce((most, bar) => Math.max(most, bar), 0);
  return few < Math.min(handful, handfulShare * all);
}

function withMoments(before: NeuronSums, values: Float32Array): Omit<NeuronSums, 'histogram' | 'loudness'> {
  const origin = before.count > 0 ? before.origin : (values.find((value) => Number.isFinite(value)) ?? 0);
  let { sum, squares, least, greatest } = before;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const away = value - origin;
    sum += away;
    squares += away * away;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  const all = { origin, count: before.count + values.length, sum, squares, least, greatest };
  // One that is no finite number is in the sum of squares; to ask each takes three times as long.
  return Number.isFinite(squares) ? all : withMoments(before, values.filter(Number.isFinite));
}

function count(histogram: Uint32Array, values: Float32Array, { least, greatest }: { least: number; greatest: number }): void {
  const scale = greatest === least ? 0 : histogramBins / (greatest - least);
  for (let i = 0; i < values.length; i++) {
    const bin = ((values[i] as number) - least) * scale;
    // What is no finite number counts nowhere; the greatest belongs to the last bar.
    if (bin >= 0 && bin <= histogramBins) increase(histogram, bin < histogramBins ? Math.floor(bin) : histogramBins - 1);
  }
}

function increase(bars: Uint32Array, bar: number): void {
  bars[bar] = (bars[bar] as number) + 1;
}

/** Of values with that mean above their least, and that deviation. */
function sparseness(mean: number, deviation: number, count: number): number {
  const meanSquare = mean * mean + deviation * deviation;
  return meanSquare === 0 || count < 2 ? 0 : (1 - (mean * mean) / meanSquare) / (1 - 1 / count);
}

function withLoudness({ loudness, ...before }: NeuronSums, values: Float32Array, { places, levels }: KnownLevels): LoudnessSums {
  const origin = before.count > 0 ? before.origin : (values.find((value) => Number.isFinite(value)) ?? 0);
  const sums = { ...loudness };
  for (let i = 0; i < places.length; i++) {
    const [value, level] = [(values[places[i] as number] as number) - origin, levels[i] as number];
    if (!Number.isFinite(value) || !Number.isFinite(level)) continue;
    sums.count++;
    sums.value += value;
    sums.level += level;
    sums.values += value * value;
    sums.levels += level * level;
    sums.both += value * level;
  }
  return sums;
}

/** Pearson's correlation over the segments whose level is known; null where one of both does not differ. */
function correlation({ count, value, level, values, levels, both }: LoudnessSums): number | null {
  const [ofValue, ofLevel] = [values - (value * value) / count, levels - (level * level) / count];
  // Sums of equal numbers leave a little of their rounding.
  const differ = count >= 3 && ofValue > 1e-12 * values && ofLevel > 1e-12 * levels;
  return differ ? (both - (value * level) / count) / Math.sqrt(ofValue * ofLevel) : null;
}
