/**
 * @file Figures of contestants on labelled sets, and what parts them: tags by a head, tags by single neurons, and retrieval (of the ten tracks nearest to each,
 * other pieces only, all standardised alike, how many have its style). A figure is the mean over sets and over a contestant's seeds; intervals, of paired
 * differences too, are bootstraps over pieces.
 */
import { defined } from '../../src-main/base/index.ts';
import { metrics } from '../../src-main/learn/index.ts';
import type { BenchRow } from './bench-result.ts';
import type { Labelled } from './labelled-set.ts';

const nearest = 10;
const replicates = 300;
/** AUROC from which one neuron is said to tell a tag. */
const telling = [0.8, 0.9] as const;

/** What one encoder gives on a set: `scores` of untaught clips, `[clips, tags]`; `vectors` of all clips. Others are compared with references. */
export type Entry = { name: string; isReference: boolean; scores: Float64Array; vectors: readonly Float32Array[] };

/** A set with all that was measured on it. */
export type LabelledSet = { labelled: Labelled; entries: readonly Entry[] };

/** A figure of a set's entry under weights of the set's examples. */
type Figure = (set: LabelledSet, entry: Entry, weights: Float64Array) => number;

/** Figures of all contestants, neurons, and differences to references. */
export function labelledRows(sets: readonly LabelledSet[]): BenchRow[] {
  const sizes: BenchRow[] = sets.flatMap(({ labelled: { clips, tags } }, at) => [
    {
      what: `set ${at + 1}: clips taught`,
      value: clips.filter(({ isTaught }) => isTaught).length,
      unit: 'clips',
      against: `${clips.length} in all, ${new Set(clips.map(({ piece }) => piece)).size} pieces, ${tags.length} tags`,
    },
  ]);
  const tested = ({ labelled: { clips } }: LabelledSet): number[] => clips.flatMap(({ isTaught }, i) => (isTaught ? [] : [i]));
  const all = ({ labelled: { clips } }: LabelledSet): number[] => clips.map((_, i) => i);
  const precisions = new Map(sets.flatMap((set) => set.entries.map((entry) => [entry, retrieval(set, entry)] as const)));
  const meanOfPrecisions: Figure = (_, entry, weights) => weightedMean(defined(precisions.get(entry), 'precisions'), weights);
  return [
    ...sizes,
    ...compared('ROC-AUC, macro by tag', sets, { examples: tested, figure: macroOf(metrics.rocAuc), replicates }),
    ...compared('average precision, macro by tag', sets, { examples: tested, figure: macroOf(metrics.averagePrecision), replicates }),
    ...compared(`precision at ${nearest} by style, other pieces`, sets, { examples: all, figure: meanOfPrecisions, replicates: 1000 }),
    ...neuronRows(sets),
  ];
}

type Comparing = { examples: (set: LabelledSet) => number[]; figure: Figure; replicates: number };

/** A figure of every contestant, then its difference to every reference, all from the same resampled pieces. */
function compared(what: string, sets: readonly LabelledSet[], { examples, figure, replicates: times }: Comparing): BenchRow[] {
  const groups = sets.flatMap((set, at) => examples(set).map((row) => at * 1e6 + defined(set.labelled.clips[row], 'a clip').piece));
  const ends = sets.map((_, at) => sets.slice(0, at + 1).reduce((sum, set) => sum + examples(set).length, 0));
  const names = contestants(sets);
  const valuesOf = (weights: Float64Array, combine: (values: number[]) => number[]): number[] =>
    names.flatMap(({ name }) =>
      combine(
        sets.flatMap((set, at) => {
          const own = weights.subarray(ends[at - 1] ?? 0, ends[at]);
          return set.entries.filter((entry) => entry.name === name).map((entry) => figure(set, entry, own));
        }),
      ),
    );
  const pairs = names.flatMap((one, at) =>
    names.flatMap((other, place) => (other.isReference && place !== at && !(one.isReference && place < at) ? [{ at, place }] : [])),
  );
  const estimates = metrics.bootstrapAll(
    (weights) => {
      const own = valuesOf(weights, (values) => [mean(values)]);
      return [...own, ...pairs.map(({ at, place }) => (own[at] ?? NaN) - (own[place] ?? NaN))];
    },
    { groups, replicates: times },
  );
  const each = names.map(({ name }) =>
    sets.flatMap((set, at) => {
      const ones = new Float64Array(examples(set).length).fill(1);
      return set.entries.filter((entry) => entry.name === name).map((entry) => `${at + 1}: ${figure(set, entry, ones).toFixed(3)}`);
    }),
  );
  return [
    ...names.map(({ name }, at) => {
      const own = row(`${name}: ${what}`, defined(estimates[at], 'an estimate'));
      return (each[at]?.length ?? 0) > 1 ? { ...own, against: `${own.against ?? ''}; by set ${each[at]?.join(', ')}` } : own;
    }),
    ...pairs.map(({ at, place }, index) =>
      row(`${names[at]?.name} less ${names[place]?.name}: ${what}`, defined(estimates[names.length + index], 'an estimate')),
    ),
  ];
}

type Contestant = Pick<Entry, 'name' | 'isReference'>;

/** References last. */
function contestants(sets: readonly LabelledSet[]): Contestant[] {
  const byName = new Map(sets.flatMap(({ entries }) => entries.map(({ name, isReference }) => [name, { name, isReference }])));
  return [...byName.values()].toSorted((a, b) => Number(a.isReference) - Number(b.isReference));
}

function macroOf(figure: typeof metrics.rocAuc): Figure {
  return ({ labelled: { clips, tags } }, { scores }, weights) => {
    const tested = clips.flatMap(({ isTaught }, i) => (isTaught ? [] : [i]));
    const drawn = tested.flatMap((row, i) => new Array<number>(weights[i] ?? 0).fill(row));
    const each = tags.map((_, tag) =>
      figure(
        drawn.map((row) => Number(clips[row]?.tags[tag])),
        drawn.map((row) => scores[row * tags.length + tag] ?? NaN),
      ),
    );
    return metrics.macro(Float64Array.from(each)).mean;
  };
}

/** Precision of every clip as a query. */
function retrieval({ labelled: { clips } }: LabelledSet, { vectors }: Entry): Float64Array {
  const scaled = standardised(vectors);
  const neighbours = new Int32Array(clips.length * nearest).fill(-1);
  for (const [query, own] of scaled.entries()) {
    const others = clips.flatMap(({ piece }, i) => (piece === clips[query]?.piece ? [] : [i]));
    const near = others.map((i) => ({ i, score: dot(own, defined(scaled[i], 'a vector')) })).sort((a, b) => b.score - a.score);
    for (let place = 0; place < nearest; place++) neighbours[query * nearest + place] = near[place]?.i ?? -1;
  }
  const styles = clips.map(({ style }) => style);
  return metrics.precisionsAt(neighbours, styles, { width: nearest, count: nearest });
}

/** Tags that one neuron tells: the one that tells it best on the taught half, measured on the other half. */
function neuronRows(sets: readonly LabelledSet[]): BenchRow[] {
  return contestants(sets).flatMap(({ name }) => {
    const found = sets.flatMap((set) =>
      set.entries.filter((entry) => entry.name === name).map((entry) => set.labelled.tags.map((_, tag) => byOneNeuron(set, entry, tag))),
    );
    return telling.map((least) => {
      const counts = found.map((all) => all.filter((value) => value > least).length);
      return {
        what: `${name}: tags with one neuron of AUROC > ${least}`,
        value: mean(counts),
        unit: 'tags',
        against: `of ${mean(found.map((all) => all.length)).toFixed(0)}${counts.length > 1 ? `; each ${counts.join(', ')}` : ''}`,
      };
    });
  });
}

function byOneNeuron({ labelled: { clips } }: LabelledSet, { vectors }: Entry, tag: number): number {
  const half = (isTaught: boolean): number[] => clips.flatMap((clip, i) => (clip.isTaught === isTaught ? [i] : []));
  const auroc = (rows: readonly number[], neuron: number): number =>
    metrics.rocAuc(
      rows.map((row) => Number(clips[row]?.tags[tag])),
      rows.map((row) => vectors[row]?.[neuron] ?? NaN),
    );
  const [taught, tested] = [half(true), half(false)];
  const all = Array.from({ length: defined(vectors[0], 'a vector').length }, (_, neuron) => auroc(taught, neuron));
  const best = all.reduce((most, value, neuron) => (Math.abs(value - 0.5) > Math.abs((all[most] ?? 0.5) - 0.5) ? neuron : most), 0);
  const value = auroc(tested, best);
  return (all[best] ?? 0.5) > 0.5 ? value : 1 - value;
}

function row(what: string, { value, low, high }: metrics.Estimate): BenchRow {
  return {
    what,
    value,
    unit: '',
    against: low === null || high === null ? 'too few pieces to tell' : `95 % ${low.toFixed(3)}–${high.toFixed(3)}`,
  };
}

function standardised(vectors: readonly Float32Array[]): Float32Array[] {
  const mean = meanOf(vectors);
  const square = meanOf(vectors.map((vector) => vector.map((value, i) => (value - (mean[i] ?? 0)) ** 2)));
  return vectors.map((vector) => unit(vector.map((value, i) => (value - (mean[i] ?? 0)) / Math.sqrt(square[i] || 1))));
}

function meanOf(vectors: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(defined(vectors[0], 'a vector').length);
  for (const vector of vectors) for (const [i, value] of vector.entries()) mean[i] = (mean[i] ?? 0) + value / vectors.length;
  return mean;
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function weightedMean(values: Float64Array, weights: Float64Array): number {
  let [sum, all] = [0, 0];
  for (const [at, value] of values.entries()) {
    if (Number.isNaN(value)) continue;
    sum += (weights[at] ?? 0) * value;
    all += weights[at] ?? 0;
  }
  return sum / all;
}
