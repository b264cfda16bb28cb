/** @file Factors: principal components of neurons, turned by varimax so that each leans on few of them (Spijkervet 2021, MSc thesis, Fig. 7.6). */
import { standardiseTogether } from './activation-profile.ts';
import { principalComponents } from './principal-components.ts';
import type { Factor } from './factor.ts';
import { strongestFeatures, varimax } from './varimax.ts';

/** Neurons of each factor that are told. */
export const strongestTold = 20;
/** A component with less variance than this share of the first one's is none: there are fewer than were asked for. */
const leastShare = 1e-9;

/**
 * The factors, the one that explains most first.
 * @param rows `[segments, dimensions]`, finite; brought to each neuron’s own mean and deviation in place
 */
export function factorsOf(rows: Float32Array, dimensions: number, count: number): { factors: Factor[]; alive: number } {
  const standard = standardiseTogether([rows], dimensions);
  const components = Math.min(count, dimensions);
  const { loadings, variances, alive } = principalComponents(rows, dimensions, components);
  const { loadings: turned, rotation } = varimax(loadings, components);
  const scoring = scoreWeights({ loadings, variances, rotation }, components);
  const factors = Array.from({ length: components }, (_, component): Factor => {
    const strongest = strongestFeatures(turned, components, component, strongestTold);
    const own = Array.from({ length: dimensions }, (_, neuron) => turned[neuron * components + component] as number);
    const sign = (own[strongest[0] ?? 0] ?? 0) < 0 ? -1 : 1;
    const sum = own.reduce((total, value) => total + value * value, 0);
    const weights = Array.from({ length: dimensions }, (_, neuron) => {
      const deviation = standard.deviations[neuron] as number;
      return deviation > 0 ? (sign * (scoring[neuron * components + component] as number)) / deviation + 0 : 0;
    });
    const offset = -weights.reduce((total, weight, neuron) => total + weight * (standard.means[neuron] as number), 0) + 0;
    return { explained: alive === 0 ? 0 : sum / alive, loadings: own.map((value) => value * sign + 0), strongest, weights, offset };
  });
  return { factors: factors.sort((a, b) => b.explained - a.explained), alive };
}

/**
 * What standardised neurons are multiplied by for the scores of the turned components, `[neurons × components]`: the scores of the components before, each at
 * deviation 1, turned as they were.
 */
function scoreWeights(
  { loadings, variances, rotation }: { loadings: Float64Array; variances: readonly number[]; rotation: Float64Array },
  components: number,
): Float64Array {
  const least = leastShare * Math.max(...variances);
  return loadings.map((_, at) => {
    const [row, column] = [at - (at % components), at % components];
    let sum = 0;
    for (let k = 0; k < components; k++) {
      const variance = variances[k] as number;
      if (variance > least) sum += ((loadings[row + k] as number) / variance) * (rotation[k * components + column] as number);
    }
    return sum;
  });
}
