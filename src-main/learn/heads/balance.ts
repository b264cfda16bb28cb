/** @file How much each example counts in each fold's training. */
import type { HeadExamples } from './examples.ts';

/** Which examples each fold learns from, with what weight; the last "fold" learns from all. */
export type FoldWeights = {
  /** Folds, and one for the head that is kept. */
  parts: number;
  /** `[examples, parts, labels]`: of each part and label the weights sum to one, half of it on either answer. */
  weights: Float32Array;
  /** `[parts, labels]`: 1 where both answers are among what the part learns from. */
  isWhole: Uint8Array;
};

/**
 * Balances the two answers of every label within what each fold learns from, so that a rare label is learnt like a frequent one. This is scikit-learn's
 * `class_weight='balanced'`, over the sum of weights.
 */
export function balancedWeights(
  { labels, answers, weights, groups }: HeadExamples,
  { foldOf, folds }: { foldOf: Int32Array; folds: number },
): FoldWeights {
  const count = groups.length;
  const parts = folds + 1;
  const sums = new Float64Array(parts * labels * 2);
  const learns = (row: number, part: number): boolean => part === folds || foldOf[row] !== part;
  for (let row = 0; row < count; row++)
    for (let part = 0; part < parts; part++)
      if (learns(row, part))
        for (let label = 0; label < labels; label++) {
          const place = (part * labels + label) * 2 + (answers[row * labels + label] === 1 ? 1 : 0);
          sums[place] = (sums[place] as number) + (weights[row * labels + label] as number);
        }
  const balanced = new Float32Array(count * parts * labels);
  for (let row = 0; row < count; row++)
    for (let part = 0; part < parts; part++)
      if (learns(row, part))
        for (let label = 0; label < labels; label++) {
          const all = sums[(part * labels + label) * 2 + (answers[row * labels + label] === 1 ? 1 : 0)] as number;
          if (all > 0) balanced[(row * parts + part) * labels + label] = (weights[row * labels + label] as number) / (2 * all);
        }
  const isWhole = Uint8Array.from({ length: parts * labels }, (_, at) =>
    (sums[at * 2] as number) > 0 && (sums[at * 2 + 1] as number) > 0 ? 1 : 0,
  );
  return { parts, weights: balanced, isWhole };
}
