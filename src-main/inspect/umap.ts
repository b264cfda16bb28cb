/** @file UMAP (McInnes, Healy and Melville 2018): a map in which rows that are near stay near, drawn by stochastic gradients along a fuzzy neighbour graph. */
import type { Random } from '../base/index.ts';
import type { NearestGraph } from './nearest-graph.ts';
import { symmetricPairs } from './neighbour-weights.ts';
import type { Pairs } from './neighbour-weights.ts';

/** The curve 1 / (1 + a d^2b) that fits a least distance of 0.1 and a spread of 1, as umap-learn's `find_ab_params` gives it. */
const [a, b] = [1.576943460405378, 0.8950608781227859];
const [negatives, mostStep] = [5, 4];

/** Epochs as umap-learn takes them: 500 up to 10 000 rows, 200 beyond. */
export const umapEpochs = (count: number): number => (count <= 10_000 ? 500 : 200);

/** Memberships of each row's neighbours and their fuzzy union (section 3.1; `smooth_knn_dist` and `fuzzy_simplicial_set` of umap-learn). */
export function fuzzyPairs(graph: NearestGraph): Pairs {
  const { k, count, distances } = graph;
  const memberships = new Float32Array(count * k);
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
  for (let row = 0; row < count; row++) {
    const own = distances.subarray(row * k, (row + 1) * k);
    const nearest = own.find((distance) => distance > 0) ?? 0;
    const sigma = Math.max(bandwidth(own, nearest), 1e-3 * (nearest > 0 ? own.reduce((sum, one) => sum + one, 0) / (k + 1) : mean));
    for (let at = 0; at < k; at++) {
      const further = (own[at] as number) - nearest;
      memberships[row * k + at] = further <= 0 || sigma === 0 ? 1 : Math.exp(-further / sigma);
    }
  }
  return symmetricPairs(graph, memberships, (one, other) => one + other - one * other);
}

/** The sigma at which memberships add up to log2 of the neighbours, the row itself counted among them as umap-learn does. */
function bandwidth(distances: Float32Array, nearest: number): number {
  const wanted = Math.log2(distances.length + 1);
  let [low, high, sigma] = [0, Infinity, 1];
  for (let round = 0; round < 64; round++) {
    let sum = 0;
    for (const distance of distances) sum += distance <= nearest ? 1 : Math.exp((nearest - distance) / sigma);
    if (Math.abs(sum - wanted) < 1e-5) break;
    if (sum > wanted) high = sigma;
    else low = sigma;
    sigma = high === Infinity ? sigma * 2 : (low + high) / 2;
  }
  return sigma;
}

/** Moves places `[count, 2]` along the graph (section 3.2), in place. Each pair is drawn as often as it weighs, and pushed off five drawn rows each time. */
export function umapLayout(
  places: Float32Array,
  { starts, others, weights }: Pairs,
  { epochs, random, onShare }: { epochs: number; random: Random; onShare?: (share: number) => void },
): void {
  const count = places.length / 2;
  const most = weights.reduce((max, weight) => Math.max(max, weight), 0);
  const every = weights.map((weight) => (weight * epochs < most ? Infinity : most / weight));
  const next = every.slice();
  const nextNegative = every.map((period) => period / negatives);
  const [pull, push] = [new Curve(attraction), new Curve(repulsion)];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const rate = 1 - epoch / epochs;
    for (let row = 0; row < count; row++)
      for (let edge = starts[row] as number; edge < (starts[row + 1] as number); edge++) {
        if ((next[edge] as number) > epoch) continue;
        attract(places, { row, other: others[edge] as number, rate }, pull);
        const period = every[edge] as number;
        next[edge] = (next[edge] as number) + period;
        const times = Math.floor(((epoch - (nextNegative[edge] as number)) * negatives) / period);
        for (let i = 0; i < times; i++) repel(places, { row, other: random.below(count), rate }, push);
        nextNegative[edge] = (nextNegative[edge] as number) + (times * period) / negatives;
      }
    onShare?.((epoch + 1) / epochs);
  }
}

/** How much of the way between two rows they move, by the square of their distance. */
function attraction(square: number): number {
  const power = square ** b;
  return (-2 * a * b * power) / square / (a * power + 1);
}

function repulsion(square: number): number {
  return (2 * b) / ((0.001 + square) * (a * square ** b + 1));
}

/** A function of a positive number, read from a table: 128 steps between a number and its double, straight between. */
class Curve {
  readonly #float = new Float32Array(1);
  readonly #bits = new Int32Array(this.#float.buffer);
  readonly #table: Float64Array;

  constructor(of: (value: number) => number) {
    this.#table = Float64Array.from({ length: 2 ** 15 }, (_, at) => {
      this.#bits[0] = at << 16;
      return of(Math.max(this.#float[0] as number, 1e-30));
    });
  }

  at(value: number): number {
    this.#float[0] = value;
    const bits = this.#bits[0] as number;
    const [at, part] = [bits >> 16, (bits & 0xffff) / 0x10000];
    const low = this.#table[at] as number;
    return low + part * ((this.#table[at + 1] as number) - low);
  }
}

const clipped = (step: number): number => Math.max(-mostStep, Math.min(mostStep, step));

type Move = { row: number; other: number; rate: number };

function attract(places: Float32Array, { row, other, rate }: Move, pull: Curve): void {
  const [own, away] = [row * 2, other * 2];
  const x = (places[own] as number) - (places[away] as number);
  const y = (places[own + 1] as number) - (places[away + 1] as number);
  const square = x * x + y * y;
  if (square === 0) return;
  const by = pull.at(square);
  const [dx, dy] = [clipped(by * x) * rate, clipped(by * y) * rate];
  places[own] = (places[own] as number) + dx;
  places[own + 1] = (places[own + 1] as number) + dy;
  places[away] = (places[away] as number) - dx;
  places[away + 1] = (places[away + 1] as number) - dy;
}

function repel(places: Float32Array, { row, other, rate }: Move, push: Curve): void {
  const [own, away] = [row * 2, other * 2];
  const x = (places[own] as number) - (places[away] as number);
  const y = (places[own + 1] as number) - (places[away + 1] as number);
  const by = push.at(x * x + y * y);
  places[own] = (places[own] as number) + clipped(by * x) * rate;
  places[own + 1] = (places[own + 1] as number) + clipped(by * y) * rate;
}
