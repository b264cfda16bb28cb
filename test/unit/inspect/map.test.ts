import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src-main/base/index.ts';
import { musicMap, mostExact, nearestGraph, neighboursKept, standardRows } from '../../../src-main/inspect/index.ts';
import type { MapMethod, Rows } from '../../../src-main/inspect/index.ts';
import { principalRows } from '../../../src-main/inspect/principal-components.ts';
import { GridRepulsion, Repulsion, takeOffPairs } from '../../../src-main/inspect/grid-repulsion.ts';
import { affinities, conditional } from '../../../src-main/inspect/t-sne.ts';
import { fuzzyPairs } from '../../../src-main/inspect/umap.ts';

type Values = {
  count: number;
  width: number;
  clusters: number;
  k: number;
  kept: number;
  neighbours: number[][];
  distances: number[][];
  fuzzy: { from: number; to: number; weight: number }[];
  fuzzyTotal: number;
  conditional: number[];
  variances: number[];
  umapKept: number;
  tsneKept: number;
};
const values = JSON.parse(readFileSync(new URL('../../parity/values/map.json', import.meta.url), 'utf8')) as Values;

/** The formula of `test/parity/make-map-values.py`. */
function drawn(seed: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    const x = Math.sin(seed * (i + 1) * 12.9898) * 43758.5453;
    return x - Math.floor(x);
  });
}

function rowsOf({ count, width, clusters }: { count: number; width: number; clusters: number }): Rows {
  const [centres, noise] = [drawn(1, clusters * width), drawn(2, count * width)];
  const centre = (at: number): number => Math.fround(3 * (centres[(Math.floor(at / width) % clusters) * width + (at % width)] as number));
  return { count, width, values: noise.map((value, at) => centre(at) + value) };
}

const rows = rowsOf(values);
const graph = nearestGraph(rows, values.k, seededRandom(1));
const mean = (of: Float32Array): number => of.reduce((sum, value) => sum + value, 0) / of.length;

/** The share of neighbours that a map keeps. */
function keptBy(method: MapMethod, seed: number): number {
  const map = musicMap(rows, { method, seed });
  const near = (of: Rows): ReturnType<typeof nearestGraph> => nearestGraph(of, values.kept, seededRandom(1));
  return neighboursKept(near(rows), near({ values: map, count: rows.count, width: 2 }));
}

describe('what a map is drawn from', () => {
  it('finds the neighbours that scikit-learn finds', () => {
    for (const [row, wanted] of values.neighbours.entries()) {
      expect([...graph.neighbours.subarray(row * graph.k, (row + 1) * graph.k)]).toEqual(wanted);
      for (const [at, distance] of (values.distances[row] as number[]).entries())
        expect(graph.distances[row * graph.k + at]).toBeCloseTo(distance, 5);
    }
  });

  it('finds nearly all neighbours of many rows without comparing every pair', () => {
    const many = rowsOf({ count: mostExact + 100, width: 8, clusters: 20 });
    const found = nearestGraph(many, 10, seededRandom(3));
    for (let row = 0; row < many.count; row++) expect(new Set(found.neighbours.subarray(row * 10, row * 10 + 10)).size).toBe(10);
    let right = 0;
    for (let row = 0; row < 50; row++) {
      const squares = Array.from({ length: many.count }, (_, other) => {
        let sum = other === row ? Infinity : 0;
        for (let i = 0; i < 8; i++) sum += ((many.values[row * 8 + i] as number) - (many.values[other * 8 + i] as number)) ** 2;
        return { other, sum };
      });
      const nearest = new Set(
        squares
          .sort((a, b) => a.sum - b.sum)
          .slice(0, 10)
          .map(({ other }) => other),
      );
      for (const other of found.neighbours.subarray(row * 10, row * 10 + 10)) if (nearest.has(other)) right++;
    }
    expect(right / 500).toBeGreaterThan(0.97);
  });

  it('varies along its principal components as scikit-learn’s PCA says', () => {
    const { values: coordinates } = principalRows(rows, 2, seededRandom(1));
    for (const axis of [0, 1]) {
      const own = coordinates.filter((_, at) => at % 2 === axis);
      expect(mean(own)).toBeCloseTo(0, 5);
      expect((mean(own.map((value) => value * value)) * rows.count) / (rows.count - 1)).toBeCloseTo(values.variances[axis] as number, 3);
    }
  });

  it('weighs neighbours as umap-learn does', () => {
    const fuzzy = fuzzyPairs(graph);
    expect(fuzzy.weights.reduce((sum, weight) => sum + weight, 0) / values.fuzzyTotal).toBeCloseTo(1, 4);
    expect(fuzzy.starts[1]).toBe(values.fuzzy.length);
    for (const { to, weight } of values.fuzzy)
      expect(fuzzy.weights[fuzzy.others.subarray(0, fuzzy.starts[1]).indexOf(to)]).toBeCloseTo(weight, 4);
  });

  it('makes probabilities of a perplexity as scikit-learn does, symmetric and 1 in total', () => {
    const shares = conditional(graph.distances.subarray(0, graph.k), 5);
    for (const [at, share] of values.conditional.entries()) expect(shares[at]).toBeCloseTo(share, 4);
    const { starts, others, weights } = affinities(graph, 5);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4);
    for (let at = 0; at < (starts[1] as number); at++) {
      const other = others[at] as number;
      const back = others.subarray(starts[other], starts[other + 1]).indexOf(0);
      expect(weights[(starts[other] as number) + back]).toBeCloseTo(weights[at] as number, 8);
    }
  });

  it.each([0.5, 50, 240])('repels by a grid as by every pair, on a map %d wide', (wide) => {
    const places = drawn(5, 400).map((value) => value * wide);
    const [every, near] = [new Float64Array(400), new Float64Array(400)];
    new GridRepulsion().takeOff(places, near);
    takeOffPairs(places, every);
    expect(Math.hypot(...near.map((value, at) => value - (every[at] as number))) / Math.hypot(...every)).toBeLessThan(0.04);
  });

  it('repels few places, or those of a wide map, pair by pair, and many by a grid', () => {
    const by = (way: { takeOff: typeof takeOffPairs }, places: Float32Array): Float64Array => {
      const gradient = new Float64Array(places.length);
      way.takeOff(places, gradient);
      return gradient;
    };
    const map = (count: number, wide: number): Float32Array => drawn(5, 2 * count).map((value) => value * wide);
    const pairs = { takeOff: takeOffPairs };
    for (const places of [map(500, 0.5), map(900, 150)]) expect(by(new Repulsion(), places)).toEqual(by(pairs, places));
    const many = map(520, 0.5);
    expect(by(new Repulsion(), many)).toEqual(by(new GridRepulsion(), many));
    expect(by(new Repulsion(), many)).not.toEqual(by(pairs, many));
  });

  it('repels a pair as the gradient of t-SNE says', () => {
    const gradient = new Float64Array(4);
    takeOffPairs(Float32Array.of(0, 0, 3, 4), gradient);
    // Of two places each pair weighs 1 / 26 and is half of the total: 4 · (1 / 2) · (1 / 26) · (3, 4).
    for (const [at, wanted] of [3, 4, -3, -4].entries()) expect(gradient[at]).toBeCloseTo((2 * wanted) / 26, 6);
  });
});

describe('a map', () => {
  it('keeps as many neighbours as umap-learn’s, within 2 %', () => {
    const kept = [1, 2, 3].map((seed) => keptBy('umap', seed)).reduce((sum, one) => sum + one / 3, 0);
    expect(kept).toBeGreaterThan(0.98 * values.umapKept);
  });

  it('keeps as many neighbours as scikit-learn’s t-SNE, within 2 %', () => {
    expect(keptBy('tsne', 1)).toBeGreaterThan(0.98 * values.tsneKept);
  });

  it.each(['umap', 'tsne'] as const)('is the same for a seed and another for another: %s', (method) => {
    const few = rowsOf({ count: 60, width: 8, clusters: 3 });
    const shares: number[] = [];
    const first = musicMap(few, { method, seed: 1, onShare: (share) => shares.push(share) });
    expect(musicMap(few, { method, seed: 1 })).toEqual(first);
    expect(musicMap(few, { method, seed: 2 })).not.toEqual(first);
    expect(first.every(Number.isFinite)).toBe(true);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
  });

  it('says why there is nothing to draw', () => {
    const draw = (numbers: number[]) => (): Float32Array =>
      musicMap({ values: Float32Array.from(numbers), count: numbers.length / 2, width: 2 }, { method: 'umap', seed: 1 });
    expect(draw([1, 2])).toThrow('A map needs three points or more, and there is 1.');
    expect(draw([1, 2, 1, 2, 1, 2, 1, 2])).toThrow('Every point has the same numbers');
    expect(draw([1, 2, Number.NaN, 2, 1, 2])).toThrow('not finite');
  });
});

it('brings features of units of their own to one scale, and leaves out what hardly differs', () => {
  const { values: scaled } = standardRows({ values: Float32Array.of(1, 100, 7, 3, 100.0001, 7, 5, 100, 7), count: 3, width: 3 });
  const wanted = [-1.2247449, 0, 0, 0, 0, 0, 1.2247449, 0, 0];
  for (const [at, value] of wanted.entries()) expect(scaled[at]).toBeCloseTo(value, 5);
});
