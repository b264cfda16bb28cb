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

/**
 * Takes the statistics in two walks over the values; those that are no finite numbers are left out.
 * @param values of each segment
 */
export function neuronStatistics(values: Float32Array, known: KnownLevels): NeuronStatistics {
  const histogram = new Uint32Array(histogramBins);
  const { count, least, greatest, mean, deviation } = moments(values);
  if (count === 0) return { least: 0, greatest: 0, mean: 0, deviation: 0, activeShare: 0, selectivity: 0, loudness: null, histogram };
  const scale = greatest === least ? 0 : histogramBins / (greatest - least);
  for (let i = 0; i < values.length; i++) {
    const bin = ((values[i] as number) - least) * scale;
    // What is no finite number counts nowhere; the greatest belongs to the last bar.
    if (bin >= 0 && bin <= histogramBins) increase(histogram, bin < histogramBins ? Math.floor(bin) : histogramBins - 1);
  }
  const active = histogram.subarray(histogramBins / 2).reduce((sum, bar) => sum + bar, 0);
  return {
    ...{ least, greatest, mean, deviation, activeShare: scale === 0 ? 0 : active / count },
    ...{ selectivity: sparseness(mean - least, deviation, count), loudness: correlation(values, known), histogram },
  };
}

/** Sums are taken from the first value on, so that what all have in common takes no digits. */
function moments(values: Float32Array): { count: number; least: number; greatest: number; mean: number; deviation: number } {
  const origin = values.find((value) => Number.isFinite(value)) ?? 0;
  let [count, sum, squares, least, greatest] = [0, 0, 0, Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const away = value - origin;
    if (away - away !== 0) continue;
    count++;
    sum += away;
    squares += away * away;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  const mean = sum / count;
  return { count, least, greatest, mean: origin + mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}

function increase(bars: Uint32Array, bar: number): void {
  bars[bar] = (bars[bar] as number) + 1;
}

/** Of values with that mean above their least, and that deviation. */
function sparseness(mean: number, deviation: number, count: number): number {
  const meanSquare = mean * mean + deviation * deviation;
  return meanSquare === 0 || count < 2 ? 0 : (1 - (mean * mean) / meanSquare) / (1 - 1 / count);
}

/** Pearson's correlation over the segments whose level is known; null where one of both does not differ. */
function correlation(values: Float32Array, { places, levels }: KnownLevels): number | null {
  const own = Float32Array.from(places, (place) => values[place] as number);
  const pairs = [...own.keys()].filter((i) => Number.isFinite(own[i]) && Number.isFinite(levels[i]));
  const meanOf = (of: Float32Array): number => pairs.reduce((sum, i) => sum + (of[i] as number), 0) / pairs.length;
  const [meanValue, meanLevel] = [meanOf(own), meanOf(levels)];
  let [both, ofValue, ofLevel] = [0, 0, 0];
  for (const i of pairs) {
    const [value, level] = [(own[i] as number) - meanValue, (levels[i] as number) - meanLevel];
    both += value * level;
    ofValue += value * value;
    ofLevel += level * level;
  }
  const length = Math.sqrt(ofValue * ofLevel);
  return pairs.length < 3 || length === 0 ? null : both / length;
}
