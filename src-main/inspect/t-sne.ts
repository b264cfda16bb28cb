/** @file t-SNE (van der Maaten and Hinton 2008) on a graph of nearest neighbours (van der Maaten 2014), its repulsion by a grid. */
import { Repulsion } from './grid-repulsion.ts';
import type { NearestGraph } from './nearest-graph.ts';
import { symmetricPairs } from './neighbour-weights.ts';
import type { Pairs } from './neighbour-weights.ts';

const [exaggeration, exaggerated] = [12, 250];

/** Iterations: 1 000 as scikit-learn; fewer where rows are many. The first 250 are exaggerated. */
export const tsneIterations = (count: number): number => (count <= 20_000 ? 1_000 : 500);

/** Gaussian affinities of a perplexity over the neighbours (van der Maaten 2014, eq. 6 and 7): symmetric, 1 in total. */
export function affinities(graph: NearestGraph, perplexity: number): Pairs {
  const { k, count, distances } = graph;
  const own = new Float32Array(count * k);
  for (let row = 0; row < count; row++) own.set(conditional(distances.subarray(row * k, (row + 1) * k), perplexity), row * k);
  return symmetricPairs(graph, own, (a, b) => (a + b) / (2 * count));
}

/** Shares of a row's neighbours whose entropy is the logarithm of the perplexity. */
export function conditional(distances: Float32Array, perplexity: number): Float64Array {
  const wanted = Math.log(Math.min(perplexity, distances.length));
  const nearest = (distances[0] ?? 0) ** 2;
  const shares = new Float64Array(distances.length);
  let [low, high, precision] = [0, Infinity, 1 / Math.max(1e-12, ((distances.at(-1) ?? 0) ** 2 - nearest) / 2)];
  for (let round = 0; round < 100; round++) {
    let [sum, weighted] = [0, 0];
    for (let at = 0; at < shares.length; at++) {
      const further = (distances[at] as number) ** 2 - nearest;
      const share = Math.exp(-precision * further);
      shares[at] = share;
      sum += share;
      weighted += share * further;
    }
    for (let at = 0; at < shares.length; at++) shares[at] = (shares[at] as number) / sum;
    const entropy = Math.log(sum) + (precision * weighted) / sum;
    if (Math.abs(entropy - wanted) < 1e-5) break;
    if (entropy > wanted) low = precision;
    else high = precision;
    precision = high === Infinity ? precision * 2 : (low + high) / 2;
  }
  return shares;
}

/** Moves places `[count, 2]` by gradient descent with momentum and gains, in place; the rate is scikit-learn's `auto`. */
export function tsneLayout(
  places: Float32Array,
  pairs: Pairs,
  { iterations, onShare }: { iterations: number; onShare?: (share: number) => void },
): void {
  const count = places.length / 2;
  const rate = Math.max(count / exaggeration / 4, 50);
  const [steps, gains] = [new Float32Array(places.length), new Float32Array(places.length).fill(1)];
  const gradient = new Float64Array(places.length);
  const repulsion = new Repulsion();
  for (let iteration = 0; iteration < iterations; iteration++) {
    const isEarly = iteration < exaggerated;
    attraction(places, pairs, { times: isEarly ? exaggeration : 1, gradient });
    repulsion.takeOff(places, gradient);
    for (let i = 0; i < places.length; i++) {
      const slope = gradient[i] as number;
      const gain = slope * (steps[i] as number) < 0 ? (gains[i] as number) + 0.2 : Math.max(0.01, (gains[i] as number) * 0.8);
      gains[i] = gain;
      const step = (isEarly ? 0.5 : 0.8) * (steps[i] as number) - rate * gain * slope;
      steps[i] = step;
      places[i] = (places[i] as number) + step;
    }
    onShare?.((iteration + 1) / iterations);
  }
}

function attraction(
  places: Float32Array,
  { starts, others, weights }: Pairs,
  { times, gradient }: { times: number; gradient: Float64Array },
): void {
  for (let row = 0; row < starts.length - 1; row++) {
    // Pairs of values in one statement would be arrays here.
    const ownX = places[row * 2] as number;
    const ownY = places[row * 2 + 1] as number;
    let sumX = 0;
    let sumY = 0;
    for (let at = starts[row] as number; at < (starts[row + 1] as number); at++) {
      const other = (others[at] as number) * 2;
      const x = ownX - (places[other] as number);
      const y = ownY - (places[other + 1] as number);
      const pull = (weights[at] as number) / (1 + x * x + y * y);
      sumX += pull * x;
      sumY += pull * y;
    }
    gradient[row * 2] = 4 * times * sumX;
    gradient[row * 2 + 1] = 4 * times * sumY;
  }
}
