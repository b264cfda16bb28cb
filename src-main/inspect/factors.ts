/** @file Factors: principal components of neurons, turned by varimax so that each leans on few of them (Spijkervet 2021, MSc thesis, Fig. 7.6). */
import { standardiseTogether } from './activation-profile.ts';
import { principalComponents } from './principal-components.ts';
import type { Factor } from './factor.ts';
import { strongestFeatures, varimax } from './varimax.ts';

/** Neurons of each factor that are told. */
export const strongestTold = 20;

/**
 * The factors, the one that explains most first.
 * @param rows `[segments, dimensions]`, finite; brought to each neuron’s own mean and deviation in place
 */
export function factorsOf(rows: Float32Array, dimensions: number, count: number): { factors: Factor[]; alive: number } {
  standardiseTogether([rows], dimensions);
  const components = Math.min(count, dimensions);
  const { loadings, alive } = principalComponents(rows, dimensions, components);
  const turned = varimax(loadings, components).loadings;
  const factors = Array.from({ length: components }, (_, component): Factor => {
    const strongest = strongestFeatures(turned, components, component, strongestTold);
    const own = Array.from({ length: dimensions }, (_, neuron) => turned[neuron * components + component] as number);
    const sign = (own[strongest[0] ?? 0] ?? 0) < 0 ? -1 : 1;
    const sum = own.reduce((total, value) => total + value * value, 0);
    return { explained: alive === 0 ? 0 : sum / alive, loadings: own.map((value) => value * sign + 0), strongest };
  });
  return { factors: factors.sort((a, b) => b.explained - a.explained), alive };
}
