/** @file How right decisions are: accuracy and its kin of chosen classes, precision and recall above a threshold. */
import { rankScores } from './ranking.ts';

/** Decisions against the truth. */
export type Confusion = { truePositives: number; falsePositives: number; trueNegatives: number; falseNegatives: number };

/**
 * Counts decisions about one label.
 * @param labels 1 or 0 an example
 * @param decisions 1 or 0 an example
 */
export function confusion(labels: ArrayLike<number>, decisions: ArrayLike<number>): Confusion {
  const counts = { truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0 };
  for (let example = 0; example < labels.length; example++) {
    if (decisions[example] === 1) counts[labels[example] === 1 ? 'truePositives' : 'falsePositives']++;
    else counts[labels[example] === 1 ? 'falseNegatives' : 'trueNegatives']++;
  }
  return counts;
}

/** Harmonic mean of precision and recall; NaN when there is neither a label nor a decision for it. */
export function f1({ truePositives, falsePositives, falseNegatives }: Confusion): number {
  return (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives);
}

/** Share of examples whose class was met; classes are any numbers. NaN without examples. */
export function accuracy(classes: ArrayLike<number>, decisions: ArrayLike<number>): number {
  let right = 0;
  for (let example = 0; example < classes.length; example++) if (classes[example] === decisions[example]) right++;
  return right / classes.length;
}

/** Mean over the classes that occur of the share of each that was met, so that a rare class counts as much as a frequent one. */
export function balancedAccuracy(classes: ArrayLike<number>, decisions: ArrayLike<number>): number {
  const counts = new Map<number, { all: number; right: number }>();
  for (let example = 0; example < classes.length; example++) {
    const own = classes[example] as number;
    const count = counts.get(own) ?? { all: 0, right: 0 };
    counts.set(own, { all: count.all + 1, right: count.right + (decisions[example] === own ? 1 : 0) });
  }
  return [...counts.values()].reduce((sum, { all, right }) => sum + right / all, 0) / counts.size;
}

/** What accepting everything from a score on means. */
export type ThresholdFigures = {
  atLeast: number;
  /** Weight of the accepted examples. */
  accepted: number;
  /** Share of the accepted that carry the label; NaN when nothing is accepted. */
  precision: number;
  /** Share of those with the label that are accepted; NaN when none has it. */
  recall: number;
};

/**
 * Precision and recall of accepting everything at or above each of some thresholds.
 * @param thresholds in any order
 * @param weights how much an example counts; 1 each when absent
 */
export function atThresholds(
  { labels, scores, weights }: { labels: ArrayLike<number>; scores: ArrayLike<number>; weights?: ArrayLike<number> },
  thresholds: readonly number[],
): ThresholdFigures[] {
  const { order } = rankScores(scores);
  const weightOf = (example: number): number => (weights === undefined ? 1 : (weights[example] as number));
  const all = order.reduce((sum, example) => sum + (labels[example] === 1 ? weightOf(example) : 0), 0);
  const falling = thresholds.map((atLeast, index) => ({ atLeast, index })).toSorted((a, b) => b.atLeast - a.atLeast);
  const figures = new Array<ThresholdFigures>(thresholds.length);
  let [at, accepted, right] = [0, 0, 0];
  for (const { atLeast, index } of falling) {
    for (; at < order.length && (scores[order[at] as number] as number) >= atLeast; at++) {
      const example = order[at] as number;
      accepted += weightOf(example);
      if (labels[example] === 1) right += weightOf(example);
    }
    figures[index] = { atLeast, accepted, precision: accepted > 0 ? right / accepted : NaN, recall: all > 0 ? right / all : NaN };
  }
  return figures;
}
