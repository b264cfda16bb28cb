import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  aurocOf,
  clusteredInterval,
  columnRanks,
  nameNeuron,
  neuronStatistics,
  normalQuantile,
  placements,
  relatedNeurons,
} from '../../../src-main/inspect/index.ts';
import type { KnownLevels, NeuronStatistics } from '../../../src-main/inspect/index.ts';
import { groupedVariance } from '../../../src-main/inspect/clustered-interval.ts';
import { drawn } from '../../support/drawn.ts';

type Area = {
  seed: number;
  count: number;
  share: number;
  levels: number;
  size: number;
  auroc: number;
  variance: number;
  ranks: number[] | null;
};
type Values = {
  statistics: ({ seed: number; count: number; histogram: number[] } & Omit<NeuronStatistics, 'histogram'>)[];
  areas: Area[];
  related: { seeds: number[]; count: number; correlations: number[] };
  quantiles: { probability: number; quantile: number }[];
};
const values = JSON.parse(readFileSync(new URL('../../parity/values/inspect.json', import.meta.url), 'utf8')) as Values;

/** Levels of all segments. */
function known(levels: Float32Array): KnownLevels {
  return { places: Int32Array.from(levels.keys()), levels };
}

const nobodyKnows = known(new Float32Array(0));

function areaInputs({ seed, count, share, levels, size }: Area): { scores: Float32Array; members: Int32Array; groups: Int32Array } {
  const labels = drawn(seed + 100, count).map((value) => (value < share ? 1 : 0));
  const f = Math.fround;
  const scores = drawn(seed, count).map((value, i) => {
    const moved = f(f(value + f(f(0.3) * (labels[i] as number))) - 0.5);
    return levels === 0 ? moved : f(f(Math.floor(f(moved * levels))) / f(levels));
  });
  const members = Int32Array.from([...labels.keys()].filter((i) => labels[i] === 1));
  return { scores, members, groups: Int32Array.from({ length: count }, (_, i) => Math.floor(i / size)) };
}

describe('statistics of a neuron', () => {
  it.each(values.statistics)('are those of numpy and scipy: seed $seed', ({ seed, count, histogram, ...expected }) => {
    const f = Math.fround;
    const own = drawn(seed, count);
    const found = neuronStatistics(
      own.map((value) => f(f(value ** 3) - f(0.2))),
      known(drawn(seed + 50, count).map((value, i) => f(f(value * 30) + f((own[i] as number) * 20)))),
    );
    for (const [name, value] of Object.entries(expected))
      expect(found[name as keyof typeof expected], name).toBeCloseTo(value as number, 6);
    expect([...found.histogram]).toEqual(histogram);
  });

  it('of a neuron that gives one number are those of a dead one', () => {
    const { deviation, activeShare, selectivity, loudness } = neuronStatistics(
      new Float32Array(5).fill(2),
      known(Float32Array.of(1, 2, 3, 4, 5)),
    );
    expect({ deviation, activeShare, selectivity, loudness }).toEqual({ deviation: 0, activeShare: 0, selectivity: 0, loudness: null });
  });

  it('leave out what is no finite number, and know nothing of no segment', () => {
    const found = neuronStatistics(Float32Array.of(1, Number.NaN, 3, Number.POSITIVE_INFINITY), known(Float32Array.of(0, 1, 2, 3)));
    expect(found).toMatchObject({ least: 1, greatest: 3, mean: 2, deviation: 1, activeShare: 0.5, loudness: null });
    expect(neuronStatistics(new Float32Array(0), nobodyKnows)).toMatchObject({ least: 0, greatest: 0, mean: 0, selectivity: 0 });
  });

  it('tell a neuron that one segment alone moves from one that all move', () => {
    const one = neuronStatistics(
      Float32Array.from({ length: 50 }, (_, i) => (i === 7 ? 1 : 0)),
      nobodyKnows,
    );
    expect(one.selectivity).toBeCloseTo(1, 9);
    expect(one.activeShare).toBeCloseTo(0.02, 9);
    expect(neuronStatistics(drawn(1, 50), nobodyKnows).selectivity).toBeLessThan(0.4);
  });
});

describe('the area under the curve', () => {
  it.each(values.areas)('is that of scikit-learn, and its variance that of every pair: seed $seed', (area) => {
    const { scores, members, groups } = areaInputs(area);
    const ranks = columnRanks(scores);
    if (area.ranks !== null) expect([...ranks]).toEqual(area.ranks);
    expect(Math.abs((aurocOf(ranks, members) ?? NaN) - area.auroc)).toBeLessThan(1e-12);
    const placed = placements(scores, ranks, members);
    expect(groupedVariance({ auroc: area.auroc, placed, members, groups })).toBeCloseTo(area.variance, 12);
  });

  it('of no example of either side is not known', () => {
    const ranks = columnRanks(Float32Array.of(1, 2, 3));
    expect([aurocOf(ranks, Int32Array.of()), aurocOf(ranks, Int32Array.of(0, 1, 2))]).toEqual([null, null]);
  });

  it('ranks numbers of both signs, and zeros of both signs alike', () => {
    expect([...columnRanks(Float32Array.of(-2, 0, -0, 3, -1e-30, 1e30))]).toEqual([1, 3.5, 3.5, 5, 2, 6]);
  });
});

describe('quantiles of the normal distribution', () => {
  it.each(values.quantiles)('are those of scipy at $probability', ({ probability, quantile }) => {
    expect(normalQuantile(probability)).toBeCloseTo(quantile, 6);
  });
});

describe('the interval of an area', () => {
  it('is wider where few examples stand behind it, and does not trust a perfect order of three', () => {
    const wide = (count: number): { low: number; high: number } => {
      const scores = Float32Array.from({ length: count }, (_, i) => i);
      const members = Int32Array.from({ length: count / 4 }, (_, i) => i + (count / 4) * 3);
      const ranks = columnRanks(scores);
      const groups = Int32Array.from({ length: count }, (_, i) => i);
      return clusteredInterval({ auroc: 1, placed: placements(scores, ranks, members), members, groups, z: 1.96 });
    };
    expect(wide(12).low).toBeLessThan(wide(400).low);
    expect(wide(12).low).toBeLessThan(0.9);
    expect(wide(400).low).toBeGreaterThan(0.97);
    expect(wide(12).high).toBe(1);
  });

  it('is wider where tracks of one artist are alike', () => {
    const area = values.areas[1] as Area;
    const { scores, members } = areaInputs(area);
    const placed = placements(scores, columnRanks(scores), members);
    const of = (size: number): number => {
      const groups = Int32Array.from({ length: area.count }, (_, i) => Math.floor(i / size));
      // Tracks of a group are copies of its first.
      const copied = placed.map((_, i) => placed[Math.floor(i / size) * size] as number);
      return groupedVariance({ auroc: area.auroc, placed: copied, members, groups });
    };
    expect(of(10)).toBeGreaterThan(of(1));
  });
});

describe('a neuron’s name', () => {
  const count = 120;
  const groups = Int32Array.from({ length: count }, (_, i) => i);
  const label = (of: (i: number) => boolean): Int32Array => Int32Array.from([...Array(count).keys()].filter(of));

  it('is the label whose tracks it tells best', () => {
    const members = [label((i) => i % 3 === 0), label((i) => i >= 90), label((i) => i >= 60)];
    const scores = drawn(21, count).map((value, i) => value * 0.2 + (i >= 90 ? 1 : 0));
    const found = nameNeuron(scores, { members, groups }, 3);
    expect(found.map(({ label: one }) => one)).toEqual([1, 2]);
    expect(found[0]?.auroc).toBe(1);
    expect(found[0]?.low).toBeGreaterThan(found[1]?.low ?? 1);
  });

  it('is none where no label is told better than chance, or has too few tracks', () => {
    const scores = drawn(22, count);
    expect(nameNeuron(scores, { members: [label((i) => i % 3 === 0)], groups }, 3)).toEqual([]);
    const byTwo = drawn(23, count).map((value, i) => (i < 2 ? 9 : value));
    expect(nameNeuron(byTwo, { members: [label((i) => i < 2)], groups }, 1)).toEqual([]);
  });

  it('wants more where more was tried', () => {
    const scores = drawn(24, count).map((value, i) => value + (i >= 100 ? 0.45 : 0));
    const labels = { members: [label((i) => i >= 100)], groups };
    expect(nameNeuron(scores, labels, normalQuantile(1 - 0.025))).toHaveLength(1);
    expect(nameNeuron(scores, labels, normalQuantile(1 - 0.025 / 1e9))).toHaveLength(0);
  });
});

describe('neurons beside one', () => {
  it('are told by Pearson’s correlation, as numpy has it, without those that do not differ', () => {
    const rows = values.related.seeds.map((seed) => drawn(seed, values.related.count).map((value) => value ** 2));
    rows.push(rows[0]?.map((value) => -3 * value) ?? new Float32Array(0), new Float32Array(values.related.count).fill(4));
    const found = relatedNeurons(rows, 0);
    expect(found[found.length - 1]).toMatchObject({ neuron: values.related.seeds.length });
    expect(found.at(-1)?.correlation).toBeCloseTo(-1, 6);
    expect(found.some(({ neuron }) => neuron === 0 || neuron === rows.length - 1)).toBe(false);
    for (const [at, correlation] of values.related.correlations.entries())
      expect(found.find(({ neuron }) => neuron === at + 1)?.correlation).toBeCloseTo(correlation, 6);
    expect(relatedNeurons(rows, rows.length - 1)).toEqual([]);
  });
});
