/** @file What the fits of both architectures are given and give. */
import { availableParallelism } from 'node:os';
import type { heads } from '../../learn/index.ts';

/** Standardised examples of labels that have enough, cut into folds. */
export type FoldProblem = {
  /** Rows, inputs of a row, labels. */
  count: number;
  dimensions: number;
  labels: number;
  /** `[count, dimensions + 1]`: standardised, a 1 behind each. */
  rows: Float32Array;
  /** `[count, labels]` */
  answers: Float32Array;
  /** `[count, labels]`: how much an answer counts, before balancing. */
  weights: Float32Array;
  balanced: heads.FoldWeights;
  foldOf: Int32Array;
  settings: heads.HeadSettings;
};

/** A head for standardised embeddings: layers as `[units, inputs]`, and the folds' predictions on examples that were held out of their training. */
export type FoldFit = {
  hidden: { weight: Float32Array; bias: Float32Array } | null;
  fc: { weight: Float32Array; bias: Float32Array };
  /** `[count, labels]`: logits of each example by the head that did not learn from its group. */
  heldOut: Float32Array;
  /** By label, the penalty that was chosen. */
  penalties: number[];
};

/** Threads that train heads: half of the cores. More gain little on products of this size, and lose much where others work too. */
export function headThreads(): number {
  return Math.max(1, Math.floor(availableParallelism() / 2));
}

/** Hears how much of a fit is done, from 0 to 1. */
export type OnShare = (share: number) => void;

/** Of each label the weighted cross entropy of held-out logits, both answers counting half. @param heldOut `[count, labels]` */
export function heldOutLosses({ count, labels, answers, weights, balanced, foldOf }: FoldProblem, heldOut: Float32Array): Float64Array {
  const losses = new Float64Array(labels);
  const { parts, shares, isWhole } = balanced;
  for (let row = 0; row < count; row++)
    for (let label = 0; label < labels; label++) {
      if (isWhole[(foldOf[row] as number) * labels + label] === 0) continue;
      const place = row * labels + label;
      const logit = heldOut[place] as number;
      const loss = Math.max(logit, 0) - logit * (answers[place] as number) + Math.log1p(Math.exp(-Math.abs(logit)));
      losses[label] =
        (losses[label] as number) +
        loss * (weights[place] as number) * (shares[((parts - 1) * labels + label) * 2 + (answers[place] as number)] as number);
    }
  return losses;
}
