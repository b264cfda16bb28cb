/** @file How sure a figure is: bootstrap by group, and Wilson's interval of a share. */
import { seededRandom } from '../../base/index.ts';

/** An estimate and its 95 % interval. */
export type Estimate = { value: number; low: number; high: number };

/** What is resampled and how often. */
export type BootstrapOptions = {
  /** Of each example the number of its group, from 0; all of a group are drawn together, because they are alike. */
  groups: ArrayLike<number>;
  /** What an example counts before resampling; 1 each when absent. */
  weights?: ArrayLike<number>;
  /** A thousand are enough for the ends of a 95 % interval (Efron and Tibshirani 1993, section 12.5). */
  replicates?: number;
  seed?: number;
};

/** Quantile of the standard normal distribution that 95 % lie within. */
const normal95 = 1.959963984540054;

/**
 * A figure with its interval from the bootstrap's percentiles (Efron 1979). Replicates in which the figure is not defined are left out.
 * @param figure of weights, one an example
 * @returns all NaN where the figure is not defined; an interval of NaN where no replicate was
 */
export function bootstrap(figure: (weights: Float64Array) => number, options: BootstrapOptions): Estimate {
  const [estimate] = bootstrapAll((weights) => [figure(weights)], options);
  return estimate ?? { value: NaN, low: NaN, high: NaN };
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
  return values.map((value, index) => {
    if (Number.isNaN(value)) return { value, low: NaN, high: NaN };
    const sorted = Float64Array.from(found[index] ?? []).sort();
    return { value, low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
  });
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
export function wilson(successes: number, trials: number): Estimate {
  if (!(trials > 0)) return { value: NaN, low: NaN, high: NaN };
  const share = successes / trials;
  const square = normal95 * normal95;
  const middle = (share + square / (2 * trials)) / (1 + square / trials);
  const reach = (normal95 / (1 + square / trials)) * Math.sqrt((share * (1 - share)) / trials + square / (4 * trials * trials));
  return { value: share, low: Math.max(0, middle - reach), high: Math.min(1, middle + reach) };
}
