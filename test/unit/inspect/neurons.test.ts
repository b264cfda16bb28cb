import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  addedSums,
  areaInterval,
  aurocOf,
  chanceOf,
  chooseNames,
  columnRanks,
  discoveries,
  isToldByFew,
  nameCandidates,
  normalQuantile,
  placements,
  rarity,
  relatedNeurons,
  statisticsOf,
  upperTails,
  varianceGrowth,
} from '../../../src-main/inspect/index.ts';
import type { Chance, FoundName, KnownLevels, Labels, NeuronStatistics, NeuronSums } from '../../../src-main/inspect/index.ts';
import { seededRandom } from '../../../src-main/base/index.ts';
import { drawn } from '../../support/drawn.ts';
import { designEffect, groupCorrelation, groupedVariance } from '../../../src-main/inspect/clustered-interval.ts';

type Area = {
  seed: number;
  count: number;
  share: number;
  levels: number;
  size: number;
  auroc: number;
  variance: number;
  correlation: number;
  effect: number;
  ranks: number[] | null;
};
type Values = {
  statistics: ({ seed: number; count: number; histogram: number[] } & Omit<NeuronStatistics, 'histogram'>)[];
  areas: Area[];
  related: { seeds: number[]; count: number; correlations: number[] };
  rankSums: { yes: number; no: number; wins: number; tail: number }[];
  discoveries: { seed: number; count: number; power: number; told: number }[];
  quantiles: { probability: number; quantile: number }[];
};
const values = JSON.parse(readFileSync(new URL('../../parity/values/inspect.json', import.meta.url), 'utf8')) as Values;

/** Levels of all segments. */
function known(levels: Float32Array): KnownLevels {
  return { places: Int32Array.from(levels.keys()), levels };
}

const nobodyKnows = known(new Float32Array(0));

function neuronStatistics(values: Float32Array, levels: KnownLevels): NeuronStatistics {
  return statisticsOf(addedSums(null, { fresh: values, known: levels, all: () => values }));
}

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

  it('tell whether all but a handful of segments get much the same: fewer than 50, and than a hundredth of all', () => {
    const isToldBy = (few: number, all: number): boolean => {
      const bars = new Uint32Array(24);
      // The many may lie at either end.
      bars[23] = all - few;
      bars.set([few - (few >> 1), few >> 1]);
      return isToldByFew(bars);
    };
    expect([isToldBy(49, 10_000), isToldBy(50, 10_000), isToldBy(90, 10_000)]).toEqual([true, false, false]);
    expect([isToldBy(1, 101), isToldBy(1, 100), isToldBy(10, 1000)]).toEqual([true, false, false]);
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

describe('statistics of a neuron that more values are added to', () => {
  const whole = drawn(13, 900).map((value, i) => (i === 3 ? 0 : i === 4 ? 1 : i === 700 ? 5 : value));
  const levels = drawn(14, 900).map((value, i) => -30 + 20 * value + 5 * (whole[i] as number));

  /** Adds values in parts that end at these places; and how often all were looked at again. */
  function inParts(ends: readonly number[]): { sums: NeuronSums; again: number } {
    let [sums, from, again] = [null as NeuronSums | null, 0, 0];
    for (const end of ends) {
      const all = (): Float32Array => (again++, whole.subarray(0, end));
      sums = addedSums(sums, { fresh: whole.subarray(from, end), known: known(levels.subarray(from, end)), all });
      from = end;
    }
    return { sums: sums as NeuronSums, again };
  }

  it('are those of all of them, which are looked at again only where the range has grown', () => {
    const once = neuronStatistics(whole, known(levels));
    const { sums, again } = inParts([600, 650, 750, 900]);
    const { histogram, loudness, ...rest } = statisticsOf(sums);
    expect([...histogram]).toEqual([...once.histogram]);
    expect(loudness).toBeCloseTo(once.loudness as number, 10);
    for (const [name, value] of Object.entries(rest)) expect(value, name).toBeCloseTo(once[name as keyof typeof rest], 10);
    // The value at 700 is beyond all others.
    expect(again).toBe(1);
    expect(inParts([600, 650, 700]).again).toBe(0);
  });

  it('leave what was kept as it was', () => {
    const before = addedSums(null, { fresh: whole.subarray(0, 100), known: nobodyKnows, all: () => whole.subarray(0, 100) });
    const copy = structuredClone(before);
    addedSums(before, { fresh: whole.subarray(100, 200), known: nobodyKnows, all: () => whole.subarray(0, 200) });
    expect(before).toEqual(copy);
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

  it.each(values.areas)('varies more where examples of a group are alike, as the matrix of their correlations says: seed $seed', (area) => {
    const f = Math.fround;
    const { scores, members, groups } = areaInputs(area);
    const ofGroup = drawn(area.seed + 300, area.count);
    const alike = scores.map((value, i) => f(value + f(2 * (ofGroup[groups[i] as number] as number))));
    const ranks = columnRanks(alike);
    expect(groupCorrelation({ ranks, members, groups })).toBeCloseTo(area.correlation, 10);
    const auroc = aurocOf(ranks, members) ?? NaN;
    const growth = varianceGrowth({ auroc, ranks, placed: placements(alike, ranks, members), members, groups });
    expect(designEffect({ ranks, members, groups })).toBeCloseTo(area.effect, 10);
    expect(growth).toBeGreaterThanOrEqual(Math.max(1, area.effect) - 1e-9);
  });

  it('of a label of one group is of examples that stand alone', () => {
    const scores = drawn(61, 40);
    const [ranks, members] = [columnRanks(scores), Int32Array.of(0, 1, 2, 3)];
    const groups = Int32Array.from({ length: 40 }, (_, i) => i >> 2);
    const auroc = aurocOf(ranks, members) ?? NaN;
    expect(varianceGrowth({ auroc, ranks, placed: placements(scores, ranks, members), members, groups })).toBe(1);
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

describe('the rarity of an area', () => {
  it.each(values.rankSums)('is that of scipy’s exact test: $wins wins of $yes over $no', ({ yes, no, wins, tail }) => {
    expect((upperTails(yes, no)[wins] as number) / tail).toBeCloseTo(1, 8);
  });

  it('is told by deviations: of few in perfect order more than the normal distribution knows, of many the same', () => {
    expect(rarity(4, 56)(1)).toBeCloseTo(normalQuantile(1 - 1 / 487_635), 6);
    expect(rarity(4, 56)(0.5)).toBeLessThan(0.05);
    for (const auroc of [0.55, 0.6, 0.65]) expect(rarity(60, 60)(auroc)).toBeCloseTo((auroc - 0.5) / Math.sqrt(121 / (12 * 3600)), 1);
    expect(rarity(3000, 3000)(0.6)).toBe((3000 * Math.sqrt(12) * (0.6 - 0.5)) / Math.sqrt(6001));
  });
});

describe('discoveries', () => {
  it.each(values.discoveries)('are as many as scipy’s Benjamini and Hochberg tells: seed $seed', ({ seed, count, power, told }) => {
    expect(
      discoveries(
        [...drawn(seed, count)].map((value) => value ** power),
        0.05,
      ),
    ).toBe(told);
  });
});

describe('the interval of an area', () => {
  it('is wider where few examples stand behind it, and does not trust a perfect order of three', () => {
    const wide = (count: number): { low: number; high: number } => {
      const scores = Float32Array.from({ length: count }, (_, i) => i);
      const members = Int32Array.from({ length: count / 4 }, (_, i) => i + (count / 4) * 3);
      const ranks = columnRanks(scores);
      const groups = Int32Array.from({ length: count }, (_, i) => i);
      const growth = varianceGrowth({ auroc: 1, ranks, placed: placements(scores, ranks, members), members, groups });
      return areaInterval({ auroc: 1, growth, yes: members.length, no: count - members.length, z: 1.96 });
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
  const alone = Int32Array.from({ length: count }, (_, i) => i);
  const label = (of: (i: number) => boolean): Int32Array => Int32Array.from([...Array(count).keys()].filter(of));
  const random = seededRandom(5);
  const chanceFor = ({ members }: Labels, tracks = count): Chance => chanceOf(members, tracks, () => random.uniform());

  function namesOf(neurons: readonly Float32Array[], labels: Labels, rate = 0.05): FoundName[][] {
    const candidates = neurons.map((neuron) => nameCandidates(neuron, labels));
    const tracks = labels.groups.length;
    return chooseNames(candidates, { members: labels.members, count: tracks, chance: chanceFor(labels, tracks), rate });
  }

  it('is the label whose tracks it tells best', () => {
    const members = [label((i) => i % 3 === 0), label((i) => i >= 90), label((i) => i >= 60)];
    const scores = drawn(21, count).map((value, i) => value * 0.2 + (i >= 90 ? 1 : 0));
    const [found = []] = namesOf([scores], { members, groups: alone });
    expect(found.map(({ label: one }) => one)).toEqual([1, 2]);
    expect(found[0]?.auroc).toBe(1);
    expect(found[0]?.low).toBeGreaterThan(found[1]?.low ?? 1);
    expect(found.every(({ low }) => low > 0.5)).toBe(true);
  });

  it('is none where no label is told better than chance, has too few tracks, or nothing differs', () => {
    const labels = { members: [label((i) => i % 3 === 0)], groups: alone };
    expect(namesOf([drawn(22, count)], labels)).toEqual([[]]);
    const byTwo = drawn(23, count).map((value, i) => (i < 2 ? 9 : value));
    expect(namesOf([byTwo], { members: [label((i) => i < 2)], groups: alone })).toEqual([[]]);
    expect(nameCandidates(new Float32Array(count).fill(3), labels)).toBeNull();
  });

  it('wants more where more labels and more neurons were tried', () => {
    const scores = drawn(24, count).map((value, i) => value + (i >= 100 ? 0.22 : 0));
    const own = label((i) => i >= 100);
    const others = Array.from({ length: 60 }, (_, at) => label((i) => (drawn(100 + at, count)[i] as number) < 0.2));
    const noise = Array.from({ length: 300 }, (_, at) => drawn(400 + at, count));
    expect(namesOf([scores], { members: [own], groups: alone })[0]).toHaveLength(1);
    expect(namesOf([scores], { members: [own, ...others], groups: alone })[0]).toHaveLength(0);
    expect(namesOf([scores, ...noise], { members: [own], groups: alone })[0]).toHaveLength(0);
  });

  it('is earned in a small library, by the order of four tracks of sixty alone', () => {
    const groups = Int32Array.from({ length: 60 }, (_, i) => Math.floor(i / 4));
    const members = Array.from({ length: 15 }, (_, artist) => Int32Array.from({ length: 4 }, (__, i) => artist * 4 + i));
    const neurons = Array.from({ length: 100 }, (_, at) =>
      drawn(700 + at, 60).map((value, i) => value + (at < 20 && i >> 2 === at % 15 ? 1 : 0)),
    );
    const found = namesOf(neurons, { members, groups });
    expect(found.slice(0, 20).map(([best]) => best?.label)).toEqual(Array.from({ length: 20 }, (_, at) => at % 15));
    expect(found.slice(20).filter((names) => names.length > 0).length).toBeLessThan(5);
  });

  it('is not earned by two artists of many, whose tracks are alike', () => {
    const groups = Int32Array.from({ length: 60 }, (_, i) => Math.floor(i / 4));
    const neuron = drawn(25, 60).map((value, i) => value * 0.01 + (i < 4 ? 2 : 0) + Math.floor(i / 4) / 100);
    const genre = Int32Array.from([0, 1, 2, 3, 56, 57, 58, 59]);
    const [candidate] = nameCandidates(neuron, { members: [genre], groups }) ?? [];
    expect(candidate?.growth).toBeGreaterThan(3.5);
    const others = Array.from({ length: 9 }, (_, at) => drawn(800 + at, 60));
    expect(namesOf([neuron, ...others], { members: [genre], groups })[0]).toEqual([]);
    // If every track stood alone, that would be far from chance.
    const alone = Int32Array.from({ length: 60 }, (_, i) => i);
    expect(namesOf([neuron, ...others], { members: [genre], groups: alone })[0]).toHaveLength(1);
  });

  it('is chance’s no more often than was promised, where labels are shuffled', () => {
    const [tracks, neurons, libraries] = [60, 40, 60];
    let [named, withAny] = [0, 0];
    for (let library = 0; library < libraries; library++) {
      const members = Array.from({ length: 12 }, (_, at) =>
        Int32Array.from([...Array(tracks).keys()].filter((i) => (drawn(library * 100 + at, tracks)[i] as number) < 0.05 + at / 30)),
      );
      const values = Array.from({ length: neurons }, () => Float32Array.from({ length: tracks }, () => random.normal()));
      const groups = Int32Array.from({ length: tracks }, (_, i) => i);
      const own = namesOf(values, { members, groups }).filter((names) => names.length > 0).length;
      named += own;
      if (own > 0) withAny++;
    }
    // All that are named are false: of libraries one in twenty may have any, within three deviations.
    expect(withAny).toBeLessThanOrEqual(libraries * 0.05 + 3 * Math.sqrt(libraries * 0.05 * 0.95));
    expect(named).toBeLessThan(libraries * neurons * 0.01);
  });

  it('is chance’s no more often than was promised where all tracks of an artist are much alike', () => {
    const [artists, each, libraries] = [30, 4, 60];
    const tracks = artists * each;
    const groups = Int32Array.from({ length: tracks }, (_, i) => Math.floor(i / each));
    let withAny = 0;
    for (let library = 0; library < libraries; library++) {
      const members = Array.from({ length: 6 }, () => {
        const chosen = Array.from({ length: artists }, () => random.uniform() < 0.3);
        return Int32Array.from([...Array(tracks).keys()].filter((i) => chosen[groups[i] as number]));
      });
      const values = Array.from({ length: 20 }, () => {
        const ofArtist = Float64Array.from({ length: artists }, () => random.normal());
        return Float32Array.from(groups, (group) => 2 * (ofArtist[group] as number) + random.normal());
      });
      if (namesOf(values, { members, groups }).some((names) => names.length > 0)) withAny++;
    }
    expect(withAny).toBeLessThanOrEqual(libraries * 0.05 + 3 * Math.sqrt(libraries * 0.05 * 0.95));
  });

  it('is counted by the normal distribution where shuffling takes too long, to about the same', () => {
    const members = [Int32Array.from({ length: 400 }, (_, i) => i), Int32Array.from({ length: 400 }, (_, i) => i + 300)];
    const shuffled = chanceOf(members, 1000, () => random.uniform());
    const furthest = shuffled.kind === 'shuffled' ? shuffled.furthest : new Float64Array(0);
    expect([...furthest.slice(0, 50)]).toEqual([...furthest.slice(0, 50)].sort((a, b) => b - a));
    // Two labels by Bonferroni, one in a hundred of all shuffles.
    const level = normalQuantile(1 - 0.01 / 2);
    expect(furthest.filter((one) => one >= level).length / furthest.length).toBeGreaterThan(0.006);
    expect(furthest.filter((one) => one >= level).length / furthest.length).toBeLessThan(0.012);
    expect(chanceOf(members, 40_000, () => 0.5)).toEqual({ kind: 'counted', labels: 2 });
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
