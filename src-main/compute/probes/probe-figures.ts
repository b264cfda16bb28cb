/** @file Figures of a probe on the clips that it is judged by, with intervals, and whether one encoder is better than another. */
import { defined } from '../../base/index.ts';
import { metrics } from '../../learn/index.ts';
import { greatest, meanRSquared, truthOf } from './judge-probe.ts';
import type { ClipOutputs } from './judge-probe.ts';
import type { ProbeProblem } from './probe-problem.ts';

/** What of a problem figures hang on: what is said of a clip (`keys`: of each class, where classes are musical keys). */
export type Judged = Pick<ProbeProblem, 'kind' | 'outputs' | 'answers' | 'groups'> & { keys: readonly metrics.Key[] | null };

/** Names of figures. The first of a kind of task is the one that encoders are compared by. */
export const probeFigures = {
  tags: ['averagePrecision', 'rocAuc', 'averagePrecisionByClip', 'rocAucByClip'],
  classes: ['accuracy'],
  keys: ['keyScore', 'accuracy'],
  numbers: ['r2'],
} as const;
export type ProbeFigure = (typeof probeFigures)[keyof typeof probeFigures][number];

/** A figure of several seeds: the mean of theirs, with its interval over groups; `each`: of each seed. */
export type SeedFigure = { name: ProbeFigure; value: number; low: number | null; high: number | null; each: number[] };

/** Figures of one label: of tags average precision (with its interval) and ROC-AUC, of classes the share that is recognised, of numbers R². */
export type LabelFigure = { figure: number | null; low: number | null; high: number | null; rocAuc: number | null; examples: number };

type Figure = (weights: Float64Array) => number;

/** A bootstrap goes through about so many scores. */
const mostWork = 6e7;
const [fewestReplicates, mostReplicates] = [100, 1000];

/** All figures of a seed as functions of how often each whole counts. */
function figuresOf(judged: Judged, said: ClipOutputs): { names: readonly ProbeFigure[]; all: (weights: Float64Array) => number[] } {
  const truth = truthOf(judged, said);
  if (judged.kind === 'tags') return { names: probeFigures.tags, all: tagFigures(judged.outputs, truth, said.outputs) };
  if (judged.kind === 'numbers')
    return { names: probeFigures.numbers, all: (weights) => [meanRSquared(judged.outputs, truth, said.outputs, weights)] };
  const [own, found] = [greatest(judged.outputs, truth), greatest(judged.outputs, said.outputs)];
  const right = Float64Array.from(own, (one, row) => (one === found[row] ? 1 : 0));
  const accuracy = weightedMean(right);
  if (judged.keys === null) return { names: probeFigures.classes, all: (weights) => [accuracy(weights)] };
  const { keys } = judged;
  const near = Float64Array.from(own, (one, row) => metrics.keyScore(keys[one] as metrics.Key, keys[found[row] as number] as metrics.Key));
  const score = weightedMean(near);
  return { names: probeFigures.keys, all: (weights) => [score(weights), accuracy(weights)] };
}

function weightedMean(values: Float64Array): Figure {
  return (weights) => {
    let [sum, all] = [0, 0];
    for (const [row, value] of values.entries()) {
      sum += value * (weights[row] as number);
      all += weights[row] as number;
    }
    return sum / all;
  };
}

/** Over labels ("TAG") and over clips ("CLIP": clips without a label, or with all, are left out), as Spijkervet 2021 has them. */
function tagFigures(outputs: number, truth: Float32Array, said: Float32Array): (weights: Float64Array) => number[] {
  const count = truth.length / outputs;
  const column = (of: Float32Array, at: number): Float64Array =>
    Float64Array.from({ length: count }, (_, row) => of[row * outputs + at] as number);
  const ranked = Array.from({ length: outputs }, (_, at) => ({
    answers: column(truth, at),
    ranking: metrics.rankScores(column(said, at)),
  }));
  const byClip = (figure: metrics.RankingFigure): Figure => {
    const each = metrics.byClip({ examples: count, tags: outputs, labels: truth, scores: said }, figure).each;
    const known = Float64Array.from(each, (one) => (Number.isNaN(one) ? 0 : one));
    const share = weightedMean(known);
    const counted = weightedMean(each.map((one) => (Number.isNaN(one) ? 0 : 1)));
    return (weights) => share(weights) / counted(weights);
  };
  const [clipPrecision, clipAuc] = [byClip(metrics.averagePrecision), byClip(metrics.rocAuc)];
  return (weights) => {
    const each = ranked.map(({ answers, ranking }) => metrics.figuresOfRanking(answers, ranking, weights));
    const mean = (name: 'averagePrecision' | 'rocAuc'): number => metrics.macro(Float64Array.from(each, (one) => one[name])).mean;
    return [mean('averagePrecision'), mean('rocAuc'), clipPrecision(weights), clipAuc(weights)];
  };
}

function groupsOf({ groups }: Judged, { clips }: ClipOutputs): Int32Array {
  return Int32Array.from(clips, (clip) => groups[clip] as number);
}

/** Groups that figures hang on: of labels those that have their rarer answer. */
function bearingOf(judged: Judged, said: ClipOutputs, groups: Int32Array): number {
  if (judged.kind !== 'tags') return new Set(groups).size;
  const truth = truthOf(judged, said);
  const weights = new Float64Array(groups.length).fill(1);
  const labels = Array.from({ length: judged.outputs }, (_, at) => ({
    answers: Float64Array.from({ length: groups.length }, (_, row) => truth[row * judged.outputs + at] as number),
    weights,
  }));
  return metrics.bearingGroups(labels, groups);
}

function replicatesFor({ outputs }: Judged, { clips }: ClipOutputs, seeds: number): number {
  const work = Math.max(1, clips.length * outputs * seeds);
  return Math.max(fewestReplicates, Math.min(mostReplicates, Math.floor(mostWork / work)));
}

/**
 * Figures of all seeds together: each is the mean of theirs, and its interval is over groups, which are drawn alike for every seed.
 * @param said what each seed's probe says; all of the same wholes
 */
export function seedFigures(judged: Judged, said: readonly ClipOutputs[]): SeedFigure[] {
  const [first] = said;
  if (first === undefined) return [];
  const seeds = said.map((own) => figuresOf(judged, own));
  const groups = groupsOf(judged, first);
  const bearing = bearingOf(judged, first, groups);
  const names = seeds[0]?.names ?? [];
  const meanOf = (weights: Float64Array): number[] => {
    const each = seeds.map(({ all }) => all(weights));
    return names.map((_, at) => each.reduce((sum, own) => sum + (own[at] as number), 0) / each.length);
  };
  const isShare = judged.kind !== 'numbers';
  const estimates = metrics.bootstrapAll(meanOf, {
    ...{ groups, isShare, replicates: replicatesFor(judged, first, said.length), bearing: names.map(() => bearing) },
  });
  const whole = seeds.map(({ all }) => all(new Float64Array(groups.length).fill(1)));
  return names.map((name, at) => ({
    name,
    ...(estimates[at] ?? { value: NaN, low: null, high: null }),
    each: whole.map((own) => own[at] as number),
  }));
}

/** The first figure of one encoder less that of another, by a paired bootstrap over groups; means over the seeds of each. */
export function figureDifference(
  judged: Judged,
  one: readonly ClipOutputs[],
  other: readonly ClipOutputs[],
): metrics.PairedDifference | null {
  const [first] = one;
  if (first === undefined || other[0]?.clips.length !== first.clips.length) return null;
  const meanOf = (said: readonly ClipOutputs[]): Figure => {
    const all = said.map((own) => figuresOf(judged, own).all);
    return (weights) => all.reduce((sum, own) => sum + (own(weights)[0] as number), 0) / all.length;
  };
  const groups = groupsOf(judged, first);
  const bearing = bearingOf(judged, first, groups);
  const replicates = replicatesFor(judged, first, one.length + other.length);
  return metrics.pairedDifference(meanOf(one), meanOf(other), { groups, replicates, bearing: [bearing] });
}

/** One label: its answers, and its figure of weighted wholes. */
type OneLabel = { own: Float64Array; of: Figure; rocAuc: number | null; examples: number; bearing: number };

/** Intervals of labels are drawn from so many replicates at most. */
const mostLabelReplicates = 200;

/** Figures of every label by itself with their intervals over groups, of the mean of all seeds' outputs. */
export function labelledFigures(judged: Judged, said: readonly ClipOutputs[]): LabelFigure[] {
  const [first] = said;
  if (first === undefined) return [];
  const truth = truthOf(judged, first);
  const mean = first.outputs.map((_, at) => said.reduce((sum, own) => sum + (own.outputs[at] as number), 0) / said.length);
  const groups = groupsOf(judged, first);
  const found = greatest(judged.outputs, mean);
  const labels = Array.from({ length: judged.outputs }, (_, at) => oneLabel(judged, { truth, mean, groups, found, at }));
  const estimates = metrics.bootstrapAll((weights) => labels.map(({ of }) => of(weights)), {
    ...{ groups, isShare: judged.kind !== 'numbers', bearing: labels.map(({ bearing }) => bearing) },
    replicates: Math.min(mostLabelReplicates, replicatesFor(judged, first, 1)),
  });
  return labels.map(({ rocAuc, examples }, at) => {
    const { value, low, high } = defined(estimates[at], 'a label');
    return { figure: known(value), low, high, rocAuc, examples };
  });
}

type Labelled = { truth: Float32Array; mean: Float32Array; groups: Int32Array; found: Int32Array; at: number };

function oneLabel({ outputs, kind }: Judged, { truth, mean, groups, found, at }: Labelled): OneLabel {
  const column = (of: Float32Array): Float64Array => Float64Array.from(groups, (_, row) => of[row * outputs + at] as number);
  const [own, predicted] = [column(truth), column(mean)];
  if (kind === 'numbers')
    return {
      ...{ own, rocAuc: null, examples: own.length, bearing: new Set(groups).size },
      of: (weights) => metrics.rSquared({ truth: own, predicted, weights }),
    };
  const ranking = metrics.rankScores(predicted);
  const examples = own.reduce((sum, one) => sum + one, 0);
  const rocAuc = known(metrics.figuresOfRanking(own, ranking).rocAuc);
  if (kind === 'tags') {
    const bearing = metrics.bearingGroups([{ answers: own, weights: new Float64Array(own.length).fill(1) }], groups);
    return { own, rocAuc, examples, bearing, of: (weights) => metrics.figuresOfRanking(own, ranking, weights).averagePrecision };
  }
  const right = own.map((one, row) => (one === 1 && found[row] === at ? 1 : 0));
  const sumOf = (of: Float64Array, weights: Float64Array): number => of.reduce((sum, one, row) => sum + one * (weights[row] as number), 0);
  return {
    ...{ own, rocAuc, examples, bearing: new Set(groups.filter((_, row) => own[row] === 1)).size },
    of: (weights) => sumOf(right, weights) / sumOf(own, weights),
  };
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
