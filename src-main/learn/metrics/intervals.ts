/** @file How sure a figure is: bootstrap by group, and Wilson's interval of a share. */
import { seededRandom } from '../../base/index.ts';
import { leastGroups } from './least-groups.ts';

/** An estimate and its 95 % interval; the ends are null where there are too few groups to tell. */
export type Estimate = { value: number; low: number | null; high: number | null };

/** What is resampled and how often. */
export type BootstrapOptions = {
  /** Of each example the number of its group, from 0; all of a group are drawn together, because they are alike. */
  groups: ArrayLike<number>;
  /** What an example counts before resampling; 1 each when absent. */
  weights?: ArrayLike<number>;
  /** A thousand are enough for the ends of a 95 % interval (Efron and Tibshirani 1993, section 12.5). */
  replicates?: number;
  seed?: number;
  /** Of each figure, how many groups it hangs on; all when absent. Below {@link leastGroups} it has no interval. */
  bearing?: readonly number[];
  /** Whether figures are shares, as they are when absent: of others, whose resamples may all say the same, nothing is known then. */
  isShare?: boolean;
};

/** Quantile of the standard normal distribution that 95 % lie within. */
const normal95 = 1.959963984540054;

/**
 * A figure with its interval from the bootstrap's percentiles (Efron 1979). Replicates in which the figure is not defined are left out.
 * @param figure of weights, one an example
 * @returns NaN without an interval where the figure is not defined; no interval either where no replicate was, or of too few groups
 */
export function bootstrap(figure: (weights: Float64Array) => number, options: BootstrapOptions): Estimate {
  const [estimate] = bootstrapAll((weights) => [figure(weights)], options);
  return estimate ?? { value: NaN, low: null, high: null };
}

/** Several figures with their intervals, from the same resampled examples; as {@link bootstrap}. */
export function bootstrapAll(figures: (weights: Float64Array) => number[], options: BootstrapOptions): Estimate[] {
  const { groups, weights, replicates = 1000, seed = 1 } = options;
  const count = groups.length;
  const own = Float64Array.from({ length: count }, (_, example) => (weights === undefined ? 1 : (weights[example] as number)));
  const values = figures(own);
  const present = [...new Set(Array.from({ length: count }, (_, example) => groups[example] as number))].toSorted((a, b) => a - b);
  const places = new Map(present.map((group, place) => [group, place]));
  const placeOf = Uint32Array.from({ length: count }, (_, example) => places.get(groups[example] as number) ?? 0);
  const random = seededRandom(seed);
  const bearing = values.map((value, index) => (Number.isNaN(value) ? 0 : (options.bearing?.[index] ?? present.length)));
  if (bearing.every((count) => count < leastGroups)) return values.map((value) => ({ value, low: null, high: null }));
  const found = values.map((): number[] => []);
  const resampled = new Float64Array(count);
  for (let replicate = 0; replicate < replicates; replicate++) {
    const drawn = new Uint32Array(present.length);
    for (let draw = 0; draw < present.length; draw++) {
      const place = random.below(present.length);
      drawn[place] = (drawn[place] as number) + 1;
    }
    for (let example = 0; example < count; example++)
      resampled[example] = (own[example] as number) * (drawn[placeOf[example] as number] as number);
    for (const [index, again] of figures(resampled).entries()) if (!Number.isNaN(again)) found[index]?.push(again);
  }
  return values.map((value, index) => ({
    value,
    ...intervalOf(value, found[index] ?? [], { groups: bearing[index] ?? 0, isShare: options.isShare ?? true }),
  }));
}

/** Less than this between its ends is rounding. */
const leastWidth = 1e-12;

/**
 * The percentiles of what resamples gave. Where all say the same, as where everything is right, resampling knows no spread: then it is that of a share of so many
 * groups, or for what is no share none.
 */
function intervalOf(
  value: number,
  again: readonly number[],
  { groups, isShare }: { groups: number; isShare: boolean },
): Pick<Estimate, 'low' | 'high'> {
  if (groups < leastGroups || again.length === 0) return { low: null, high: null };
  const sorted = Float64Array.from(again).sort();
  const [low, high] = [quantile(sorted, 0.025), quantile(sorted, 0.975)];
  if (high - low > leastWidth) return { low, high };
  if (!isShare || value < 0 || value > 1) return { low: null, high: null };
  const share = wilson(value * groups, groups);
  return { low: share.low, high: share.high };
}

/** A quantile of sorted numbers, linear between two of them. NaN without any. */
export function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const [low, high] = [sorted[below] ?? NaN, sorted[Math.min(sorted.length - 1, below + 1)] ?? NaN];
  return low + (high - low) * (at - below);
}

/**
 * Wilson's interval of a share (Wilson 1927), which stays sensible for few examples and for shares near 0 and 1.
 * @param successes of `trials`; both may be sums of weights
 */
export function wilson(successes: number, trials: number): { value: number; low: number; high: number } {
  if (!(trials > 0)) return { value: NaN, low: NaN, high: NaN };
  const share = successes / trials;
  const square = normal95 * normal95;
  const middle = (share + square / (2 * trials)) / (1 + square / trials);
  const reach = (normal95 / (1 + square / trials)) * Math.sqrt((share * (1 - share)) / trials + square / (4 * trials * trials));
  return { value: share, low: Math.max(0, middle - reach), high: Math.min(1, middle + reach) };
}
