/** @file What is told of labels on held-out examples: loss, ranking, accuracy, and what guessing gives. */
import { bootstrapAll } from './intervals.ts';
import type { Estimate } from './intervals.ts';
import { bearingGroups } from './least-groups.ts';
import { macro } from './multi-label.ts';
import { figuresOfRanking, rankScores } from './ranking.ts';

/**
 * Held-out examples. `labels` and `logits` are `[examples, outputs]`; labels as the objectives take them: 1 fits, 0 does not, down to −1 an answer that counts
 * less. `isExclusive`: each example has one class. What is of one group is resampled together.
 */
export type LabelledLogits = { outputs: number; isExclusive: boolean; labels: Float32Array; logits: Float32Array; groups: Int32Array };

/** Means over the labels, with 95 % intervals as far as groups allow; null where they are not defined. Accuracy is of classes alone. */
export type LabelScores = { rocAuc: Estimate | null; averagePrecision: Estimate | null; accuracy: Estimate | null };

/** What is told of held-out examples; `each` of the labels by itself, null where it is not defined. */
export type LabelFigures = { loss: number; scores: LabelScores; each: { rocAuc: number | null; averagePrecision: number | null }[] };

/** A bootstrap goes through about so many scores. */
const mostWork = 3e7;
const [fewestReplicates, mostReplicates] = [100, 1000];

/** Loss, scores with their intervals, and the scores of each label. */
export function labelFigures(given: LabelledLogits): LabelFigures {
  const { outputs, isExclusive, labels, groups } = given;
  const count = groups.length;
  const scores = isExclusive ? logSoftmax(given) : Float64Array.from(given.logits);
  const column = (of: ArrayLike<number>, at: number): Float64Array =>
    Float64Array.from({ length: count }, (_, row) => of[row * outputs + at] as number);
  const ranked = Array.from({ length: outputs }, (_, at) => {
    const own = column(labels, at);
    return {
      answers: own.map((label) => (label === 1 ? 1 : 0)),
      weights: own.map((label) => Math.min(1, 1 + label)),
      ranking: rankScores(column(scores, at)),
    };
  });
  const eachOf = (counts: Float64Array): { rocAuc: number; averagePrecision: number }[] =>
    ranked.map(({ answers, weights, ranking }) =>
      figuresOfRanking(
        answers,
        ranking,
        weights.map((weight, row) => weight * (counts[row] ?? 1)),
      ),
    );
  const right = isExclusive ? hits(given) : null;
  const bearing = bearingGroups(ranked, groups);
  const replicates = Math.max(fewestReplicates, Math.min(mostReplicates, Math.floor(mostWork / Math.max(1, count * outputs))));
  const [rocAuc, averagePrecision, accuracyFound] = bootstrapAll(
    (counts) => {
      const each = eachOf(counts);
      const means = (['rocAuc', 'averagePrecision'] as const).map((name) => macro(Float64Array.from(each, (one) => one[name])).mean);
      return right === null ? means : [...means, weightedMean(right, counts)];
    },
    { groups, replicates, bearing: [bearing, bearing, new Set(groups).size] },
  ).map(knownEstimate);
  return {
    loss: isExclusive ? -mean(Float64Array.from(rightScores(given, scores))) : binaryLoss(given),
    scores: { rocAuc: rocAuc ?? null, averagePrecision: averagePrecision ?? null, accuracy: accuracyFound ?? null },
    each: eachOf(new Float64Array(count).fill(1)).map((one) => ({
      rocAuc: known(one.rocAuc),
      averagePrecision: known(one.averagePrecision),
    })),
  };
}

/** What is reached without listening. */
export type ChanceFigures = { rocAuc: number; averagePrecision: number | null; accuracy: number | null };

/**
 * What guessing gives: an average precision of a label's share of the held-out answers, mean of the labels; of classes, the accuracy of always naming the one
 * that is most frequent among what was taught. Where several are equally frequent any of them may be named: then the mean of theirs, which is expected.
 * @param taught labels of what is learnt from, `[examples, outputs]`
 */
export function chanceFigures(
  { outputs, isExclusive, labels, groups }: Omit<LabelledLogits, 'logits'>,
  taught: Float32Array,
): ChanceFigures {
  const shares = Float64Array.from({ length: outputs }, (_, at) => {
    let [yes, all] = [0, 0];
    for (let row = 0; row < groups.length; row++) {
      const label = labels[row * outputs + at] as number;
      yes += label === 1 ? 1 : 0;
      all += Math.min(1, 1 + label);
    }
    return yes > 0 ? yes / all : NaN;
  });
  if (!isExclusive) return { rocAuc: 0.5, averagePrecision: known(macro(shares).mean), accuracy: null };
  const taughtOf = new Float64Array(outputs);
  for (const one of classesOf(taught, outputs)) taughtOf[one] = (taughtOf[one] as number) + 1;
  const most = Math.max(...taughtOf);
  const classes = classesOf(labels, outputs);
  const shareOf = (one: number): number => classes.filter((other) => other === one).length / classes.length;
  const frequent = [...taughtOf.keys()].filter((one) => taughtOf[one] === most);
  return {
    rocAuc: 0.5,
    averagePrecision: known(macro(shares).mean),
    accuracy: known(mean(Float64Array.from(frequent, shareOf))),
  };
}

function hits({ outputs, labels, logits }: LabelledLogits): Float64Array {
  const [classes, chosen] = [classesOf(labels, outputs), classesOf(logits, outputs)];
  return Float64Array.from(classes, (one, row) => (one === chosen[row] ? 1 : 0));
}

/** Of each row the place of its greatest number. */
function classesOf(rows: Float32Array, outputs: number): number[] {
  return Array.from({ length: rows.length / outputs }, (_, row) => largest(rows.subarray(row * outputs, (row + 1) * outputs)));
}

function largest(values: ArrayLike<number>): number {
  let best = 0;
  for (let at = 1; at < values.length; at++) if ((values[at] as number) > (values[best] as number)) best = at;
  return best;
}

function logSoftmax({ outputs, logits }: LabelledLogits): Float64Array {
  const scores = Float64Array.from(logits);
  for (let from = 0; from < scores.length; from += outputs) {
    const row = scores.subarray(from, from + outputs);
    const most = Math.max(...row);
    const total = most + Math.log(row.reduce((sum, value) => sum + Math.exp(value - most), 0));
    for (let at = 0; at < outputs; at++) row[at] = (row[at] as number) - total;
  }
  return scores;
}

/** Of each example the score of its own class. */
function rightScores({ outputs, labels }: LabelledLogits, scores: Float64Array): number[] {
  return classesOf(labels, outputs).map((one, row) => scores[row * outputs + one] as number);
}

function binaryLoss({ labels, logits }: LabelledLogits): number {
  let [sum, all] = [0, 0];
  for (const [place, label] of labels.entries()) {
    const [logit, weight] = [logits[place] as number, Math.min(1, 1 + label)];
    sum += weight * (Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit))) - (label === 1 ? logit : 0));
    all += weight;
  }
  return sum / all;
}

function weightedMean(values: Float64Array, weights: Float64Array): number {
  let [sum, all] = [0, 0];
  for (const [row, value] of values.entries()) {
    sum += value * (weights[row] ?? 0);
    all += weights[row] ?? 0;
  }
  return sum / all;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function knownEstimate(estimate: Estimate): Estimate | null {
  return Number.isFinite(estimate.value) ? estimate : null;
}
