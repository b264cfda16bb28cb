/** @file Training a head whole: what is enough, folds, the fit, figures of what was held out, calibration, and the layers as they are kept. */
import { AppError } from '../../base/index.ts';
import { heads, metrics } from '../../learn/index.ts';
import type { WeightArray } from '../../learn/index.ts';
import { fitLogistic } from './fit-logistic.ts';
import { fitMlp } from './fit-mlp.ts';
import type { FoldFit, FoldProblem, OnShare } from './fold-problem.ts';

/** How a head is trained. `grouping`: what groups of examples are, for sentences. `penalties` as in {@link heads.HeadSettings}; usual ones when absent. */
export type HeadOptions = {
  architecture: heads.HeadSettings['architecture'];
  folds: number;
  seed: number;
  grouping: 'artist' | 'album';
  penalties?: readonly number[];
};

/** How one label came out. Figures are of examples whose group their head had not learnt from; an example counts as its weight says. */
export type LabelFit = {
  state: 'ready' | 'tooFew';
  /** What is missing, as a sentence; empty when ready. */
  message: string;
  /** Groups that the examples for it come from. */
  groups: number;
  rocAuc: metrics.Estimate | null;
  averagePrecision: metrics.Estimate | null;
  /** Share of the examples that carry it: what average precision is by chance. */
  chance: number | null;
  /** A probability is `1 / (1 + exp(-(slope · logit + offset)))`. */
  calibration: { slope: number; offset: number };
  /** At every percent up to the last that an example reaches. */
  thresholds: { atLeast: number; precision: number; low: number; recall: number }[];
};

/**
 * A trained head. `tensors`: `fc.weight` `[labels, inputs]` and `fc.bias`, behind `hidden.weight` and `hidden.bias` where there are two layers, for
 * embeddings as they are (standardisation is folded in); zero for labels that were not learnt. `l2`: the penalty that was chosen, the middle one where
 * labels have different ones; 0 where nothing was learnt.
 */
export type HeadFit = { tensors: Map<string, WeightArray>; labels: LabelFit[]; l2: number; seconds: number };

/** Probabilities at which precision is kept: every percent. */
const thresholds: readonly number[] = Array.from({ length: 99 }, (_, index) => (index + 1) / 100);

const unlearnt = { rocAuc: null, averagePrecision: null, chance: null, calibration: { slope: 0, offset: 0 }, thresholds: [] };

const tooAlike =
  'Not enough examples. They are of so few artists or albums that what is learnt from some cannot be tried on others. Tag tracks of more of them.';

/**
 * Trains a head on every label that has enough examples.
 * @throws AppError BAD_INPUT for arrays that do not fit each other, NOT_FINITE, DEVICE_FAILED, OUT_OF_MEMORY
 */
export async function fitHead(examples: heads.HeadExamples, options: HeadOptions, onShare: OnShare = () => undefined): Promise<HeadFit> {
  const startedAt = performance.now();
  checkExamples(examples);
  const counts = heads.countExamples(examples);
  const labels = counts.map((own): LabelFit => {
    const missing = heads.whatIsMissing(own, options.grouping);
    return { state: missing === null ? 'ready' : 'tooFew', message: missing ?? '', groups: own.yesGroups, ...unlearnt };
  });
  const { architecture, seed, penalties = heads.headDefaults[architecture].penalties } = options;
  const settings: heads.HeadSettings = { architecture, penalties, folds: options.folds, seed };
  const chosen = choose(examples, labels, { wanted: settings.folds, seed });
  const standard = heads.standardOf(examples.embeddings, examples.dimensions);
  const whole = emptyHead(examples, architecture);
  const seconds = (): number => (performance.now() - startedAt) / 1000;
  if (chosen === null) return { tensors: whole, labels, l2: 0, seconds: seconds() };
  const problem = problemOf(chosen, standard, settings);
  const fit = await (architecture === 'mlp' ? fitMlp : fitLogistic)(problem, onShare);
  for (const [column, label] of chosen.columns.entries())
    labels[label] = { ...(labels[label] as LabelFit), ...figuresOf(heldOutOf(chosen, problem, { fit, column })) };
  fill(whole, fit, { standard, columns: chosen.columns });
  const sorted = fit.penalties.toSorted((a, b) => a - b);
  return { tensors: whole, labels, l2: sorted[Math.floor(sorted.length / 2)] ?? 0, seconds: seconds() };
}

function checkExamples({ dimensions, labels, embeddings, answers, weights, groups }: heads.HeadExamples): void {
  const count = groups.length;
  if (embeddings.length !== count * dimensions || answers.length !== count * labels || weights.length !== count * labels)
    throw new AppError('BAD_INPUT', `${count} examples of ${dimensions} dimensions and ${labels} labels were announced, and others came.`);
  if (!embeddings.every(Number.isFinite))
    throw new AppError('NOT_FINITE', 'Some embeddings hold numbers that are not finite. Index the library again, then train.');
}

/** Examples of the labels that are learnt, their folds, and which labels these are. */
type Chosen = heads.HeadExamples & { foldOf: Int32Array; balanced: heads.FoldWeights; columns: number[] };

/** What can be learnt from; labels that no way of cutting lets be learnt and measured are marked. Null when none is left. */
function choose(examples: heads.HeadExamples, labels: LabelFit[], folds: { wanted: number; seed: number }): Chosen | null {
  for (;;) {
    const columns = labels.flatMap(({ state }, label) => (state === 'ready' ? [label] : []));
    if (columns.length === 0) return null;
    const own = select(examples, columns);
    const cut = heads.groupedFolds(own, folds);
    const balanced = heads.balancedWeights(own, cut);
    const chosen = { ...own, foldOf: cut.foldOf, balanced, columns };
    const failed = columns.filter((_, column) => !isMeasured(chosen, column, 1) || !isMeasured(chosen, column, 0));
    if (failed.length === 0) return chosen;
    for (const label of failed) labels[label] = { ...(labels[label] as LabelFit), state: 'tooFew', message: tooAlike };
  }
}

function select(
  { dimensions, labels, embeddings, answers, weights, groups }: heads.HeadExamples,
  columns: readonly number[],
): heads.HeadExamples {
  const rows = Array.from(groups.keys()).filter((row) => columns.some((label) => (weights[row * labels + label] as number) > 0));
  const taken = new Float32Array(rows.length * dimensions);
  for (const [place, row] of rows.entries()) taken.set(embeddings.subarray(row * dimensions, (row + 1) * dimensions), place * dimensions);
  const places = rows.flatMap((row) => columns.map((label) => row * labels + label));
  return {
    dimensions,
    labels: columns.length,
    embeddings: taken,
    answers: Uint8Array.from(places, (place) => answers[place] as number),
    weights: Float32Array.from(places, (place) => weights[place] as number),
    groups: Int32Array.from(rows, (row) => groups[row] as number),
  };
}

/** Rows of a label whose fold's head learnt both answers: on these it is measured. */
function measuredRows({ labels, weights, groups, foldOf, balanced }: Chosen, column: number): number[] {
  return Array.from(groups.keys()).filter(
    (row) => (weights[row * labels + column] as number) > 0 && balanced.isWhole[(foldOf[row] as number) * labels + column] === 1,
  );
}

function isMeasured(chosen: Chosen, column: number, answer: number): boolean {
  return measuredRows(chosen, column).some((row) => chosen.answers[row * chosen.labels + column] === answer);
}

function problemOf(chosen: Chosen, standard: heads.Standard, settings: heads.HeadSettings): FoldProblem {
  const { dimensions, labels, embeddings, answers, weights, groups, foldOf, balanced } = chosen;
  const rows = heads.standardised(embeddings, standard, dimensions + 1);
  return { count: groups.length, dimensions, labels, rows, answers: Float32Array.from(answers), weights, balanced, foldOf, settings };
}

type HeldOut = { logits: Float64Array; answers: Float64Array; weights: Float64Array; groups: Int32Array };

/** One label's examples with their out-of-fold predictions: of heads that were not trained on their groups. */
function heldOutOf(chosen: Chosen, { labels }: FoldProblem, { fit, column }: { fit: FoldFit; column: number }): HeldOut {
  // In the order of their logits: the bootstrap goes through them a thousand times in that order.
  const logit = (row: number): number => fit.heldOut[row * labels + column] as number;
  const rows = measuredRows(chosen, column).toSorted((a, b) => logit(b) - logit(a));
  const take = (from: ArrayLike<number>): Float64Array => Float64Array.from(rows, (row) => from[row * labels + column] as number);
  const groups = Int32Array.from(rows, (row) => chosen.groups[row] as number);
  return { logits: take(fit.heldOut), answers: take(chosen.answers), weights: take(chosen.weights), groups };
}

function figuresOf({ logits, answers, weights, groups }: HeldOut): Omit<LabelFit, 'state' | 'message' | 'groups'> {
  const ranking = metrics.rankScores(logits);
  const bearing = metrics.bearingGroups([{ answers, weights }], groups);
  const estimates = metrics.bootstrapAll(
    (own) => {
      const figures = metrics.figuresOfRanking(answers, ranking, own);
      return [figures.rocAuc, figures.averagePrecision];
    },
    { groups, weights, bearing: [bearing, bearing] },
  );
  const [rocAuc = null, averagePrecision = null] = estimates.map((estimate) => (Number.isNaN(estimate.value) ? null : estimate));
  const yes = answers.reduce((sum, answer, row) => sum + answer * (weights[row] as number), 0);
  const calibration = heads.fitCalibration(logits, answers, weights);
  const probabilities = logits.map((logit) => heads.calibrated(logit, calibration));
  const all = metrics.atThresholds({ labels: answers, scores: probabilities, weights }, thresholds);
  return {
    rocAuc,
    averagePrecision,
    chance: yes / weights.reduce((sum, weight) => sum + weight, 0),
    calibration: { slope: calibration.scale, offset: calibration.shift },
    thresholds: all.flatMap(({ atLeast, accepted, precision, recall }) =>
      accepted > 0 ? [{ atLeast, precision, low: metrics.wilson(precision * accepted, accepted).low, recall }] : [],
    ),
  };
}

function emptyHead({ dimensions, labels }: heads.HeadExamples, architecture: HeadOptions['architecture']): Map<string, WeightArray> {
  const zeros = (shape: number[]): WeightArray => ({ shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) });
  const { hiddenUnits } = heads;
  const isDeep = architecture === 'mlp';
  return new Map<string, WeightArray>([
    ...(isDeep ? [['hidden.weight', zeros([hiddenUnits, dimensions])] as const, ['hidden.bias', zeros([hiddenUnits])] as const] : []),
    ['fc.weight', zeros([labels, isDeep ? hiddenUnits : dimensions])],
    ['fc.bias', zeros([labels])],
  ]);
}

/** Puts the layers that were learnt at their places. */
function fill(
  whole: Map<string, WeightArray>,
  { hidden, fc }: FoldFit,
  { standard, columns }: { standard: heads.Standard; columns: readonly number[] },
): void {
  const first = heads.foldStandard(hidden ?? fc, standard);
  if (hidden !== null) {
    whole.set('hidden.weight', first.weight);
    whole.set('hidden.bias', first.bias);
  }
  const last = hidden === null ? { weight: first.weight.data, bias: first.bias.data } : fc;
  const inputs = last.weight.length / columns.length;
  for (const [column, label] of columns.entries()) {
    whole.get('fc.weight')?.data.set(last.weight.subarray(column * inputs, (column + 1) * inputs), label * inputs);
    whole.get('fc.bias')?.data.set(last.bias.subarray(column, column + 1), label);
  }
}
