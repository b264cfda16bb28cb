/** @file How much each example counts in each fold's training. */
import type { HeadExamples } from './examples.ts';

/** Which examples each part learns from, with what weight; the last part is no fold and learns from all. */
export type FoldWeights = {
  /** Folds, and one for the head that is kept. */
  parts: number;
  /** `[parts, labels, 2]`: what the weight of an example against (or for) a label is multiplied with, so that each answer's weights sum to one half. */
  shares: Float32Array;
  /** `[parts, labels]`: 1 where both answers are among what the part learns from. */
  isWhole: Uint8Array;
};

/**
 * Balances the two answers of every label within what each part learns from, so that a rare label is learnt like a frequent one. This is scikit-learn's
 * `class_weight='balanced'`, over the sum of weights.
 */
export function balancedWeights(
  { labels, answers, weights, groups }: HeadExamples,
  { foldOf, folds }: { foldOf: Int32Array; folds: number },
): FoldWeights {
  const parts = folds + 1;
  const sums = new Float64Array(parts * labels * 2);
  for (const row of groups.keys())
    for (let part = 0; part < parts; part++)
      if (foldOf[row] !== part)
        for (let label = 0; label < labels; label++) {
          const place = (part * labels + label) * 2 + (answers[row * labels + label] as number);
          sums[place] = (sums[place] as number) + (weights[row * labels + label] as number);
        }
  return {
    parts,
    shares: Float32Array.from(sums, (sum) => (sum > 0 ? 1 / (2 * sum) : 0)),
    isWhole: Uint8Array.from({ length: parts * labels }, (_, at) =>
      (sums[at * 2] as number) > 0 && (sums[at * 2 + 1] as number) > 0 ? 1 : 0,
    ),
  };
}

/** What {@link partWeights} are made from. */
export type WeightedAnswers = {
  labels: number;
  answers: ArrayLike<number>;
  weights: Float32Array;
  foldOf: Int32Array;
  balanced: FoldWeights;
};

/**
 * How much a row counts in a part, for each label: nothing in the part that it is held out of.
 * @param into where `labels` numbers are written, from `at` on
 */
export function partWeights(
  { labels, answers, weights, foldOf, balanced }: WeightedAnswers,
  { row, part }: { row: number; part: number },
  { into, at, scale = 1 }: { into: Float32Array; at: number; scale?: number },
): void {
  if (foldOf[row] === part) return;
  for (let label = 0; label < labels; label++) {
    const place = row * labels + label;
    const share = balanced.shares[(part * labels + label) * 2 + (answers[place] as number)] as number;
    into[at + label] = scale * share * (weights[place] as number);
  }
}
