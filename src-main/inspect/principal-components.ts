/** @file Principal components: of neurons, what many of them have in common; of rows, the directions in which they differ most. */
import { evenly, seededRandom } from '../base/index.ts';
import type { Random } from '../base/index.ts';
import { leadingVectors, multiply } from './leading-vectors.ts';

/** Rows of equal width, one after the other. */
export type Rows = { values: Float32Array; count: number; width: number };

/** The first components. */
export type PrincipalComponents = {
  /** Correlations of neurons with components, `[neurons × components]`; 0 for neurons that do not differ. */
  loadings: Float64Array;
  /** Variance of each component, in neurons; all together are as many as neurons that differ. */
  variances: number[];
  /** Neurons that differ between segments. */
  alive: number;
};

/** Loadings are told to many digits; places on a map and candidates for neighbours need few. */
const [exact, rough] = [
  { mostRounds: 400, tolerance: 1e-15 },
  { mostRounds: 24, tolerance: 1e-7 },
] as const;
/** Rows of which the covariance is taken where they are put in coordinates. */
const mostSampled = 4_096;

/**
 * Components of the correlations between neurons.
 * @param rows `[segments, dimensions]`, each neuron with mean 0 and deviation 1 or, where it does not differ, 0
 */
export function principalComponents(rows: Float32Array, dimensions: number, components: number): PrincipalComponents {
  const all = Array.from({ length: rows.length / dimensions }, (_, row) => row);
  const correlations = covariance(rows, all, new Float64Array(dimensions));
  let alive = 0;
  for (let at = 0; at < dimensions; at++) if ((correlations[at * dimensions + at] as number) > 0) alive++;
  const shape = { width: dimensions, count: components };
  const { values, vectors } = leadingVectors(correlations, shape, { random: seededRandom(1), ...exact });
  const loadings = new Float64Array(dimensions * components);
  for (let component = 0; component < components; component++)
    for (let neuron = 0; neuron < dimensions; neuron++)
      loadings[neuron * components + component] = (vectors[component]?.[neuron] ?? 0) * Math.sqrt(Math.max(0, values[component] ?? 0));
  return { loadings, variances: Array.from({ length: components }, (_, at) => Math.max(0, values[at] ?? 0)), alive };
}

/** Rows in the coordinates of their first components, the most varied first: `[count, components]`. */
export function principalRows({ values, count, width }: Rows, components: number, random: Random): Rows {
  const kept = Math.min(components, width);
  const sample = evenly(count, mostSampled);
  const mean = new Float64Array(width);
  for (const row of sample)
    for (let i = 0; i < width; i++) mean[i] = (mean[i] as number) + (values[row * width + i] as number) / sample.length;
  const { vectors } = leadingVectors(covariance(values, sample, mean), { width, count: kept }, { random, ...rough });
  const basis = new Float64Array(kept * width);
  for (const [at, vector] of vectors.entries()) basis.set(vector, at * width);
  const result = new Float32Array(count * kept);
  const centred = new Float64Array(width);
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < width; i++) centred[i] = (values[row * width + i] as number) - (mean[i] as number);
    result.set(multiply(basis, centred), row * kept);
  }
  return { values: result, count, width: kept };
}

/** Of some rows, each less a mean: means of products, `[width, width]`. */
function covariance(values: Float32Array, sample: readonly number[], mean: Float64Array): Float64Array {
  const width = mean.length;
  const result = new Float64Array(width * width);
  const centred = new Float64Array(width);
  for (const row of sample) {
    for (let i = 0; i < width; i++) centred[i] = (values[row * width + i] as number) - (mean[i] as number);
    for (let i = 0; i < width; i++) {
      const own = (centred[i] as number) / sample.length;
      if (own === 0) continue;
      for (let j = i; j < width; j++) result[i * width + j] = (result[i * width + j] as number) + own * (centred[j] as number);
    }
  }
  for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) result[i * width + j] = result[j * width + i] as number;
  return result;
}
