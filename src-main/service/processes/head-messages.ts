/** @file What the core and the head process say to each other. Structured clones; arrays travel as they are. */
import type { ErrorData } from '../../base/index.ts';
import type { HeadArchitecture, Interval } from '../../contract/index.ts';
import type { WeightArray } from '../../learn/index.ts';

/**
 * Examples to learn from: embeddings `[examples, dimensions]`; answers (1 or 0) and weights (0: no answer) `[examples, labels]`; groups
 * `[examples]`, numbers of what must not be on both sides of a fold.
 */
export type HeadExamples = {
  embeddings: Float32Array;
  dimensions: number;
  labels: number;
  answers: Uint8Array;
  weights: Float32Array;
  groups: Int32Array;
};

/** How a head is trained. `grouping`: what `groups` are, for sentences. */
export type FitHeadOptions = { architecture: HeadArchitecture; folds: number; seed: number; grouping: 'artist' | 'album' };

/** What was learnt of one label. A probability is `1 / (1 + exp(-(slope · logit + offset)))`, fitted on predictions of folds (Platt 1999). */
export type FittedLabel = {
  state: 'ready' | 'tooFew';
  /** What is missing, as a sentence; empty when ready. */
  message: string;
  /** Groups that the examples for it come from. */
  groups: number;
  /** By cross-validation, with 95 % intervals over groups. */
  rocAuc: Interval | null;
  averagePrecision: Interval | null;
  /** Share of examples that are for it. */
  chance: number | null;
  calibration: { slope: number; offset: number };
  /** Ascending; of the predictions of folds at or above each probability, how many are right, and how many of the right ones they are. */
  thresholds: { atLeast: number; precision: number; low: number; recall: number }[];
};

/** A trained head: `hidden.*` where it has two layers, and `fc.*`, standardisation folded in; rows of labels that were not learnt are zero. */
export type FittedHead = { tensors: Map<string, WeightArray>; labels: FittedLabel[]; l2: number; seconds: number };

export type HeadTask =
  | { type: 'fit'; examples: HeadExamples; options: FitHeadOptions }
  /** Embeddings `[rows, dimensions]` to logits `[rows, labels]`. */
  | { type: 'predict'; tensors: Map<string, WeightArray>; embeddings: Float32Array };

/** What each task answers. */
export type HeadAnswers = { fit: FittedHead; predict: Float32Array };

export type HeadRequest = { id: number; task: HeadTask };
export type HeadReply =
  { id: number; value: HeadAnswers[keyof HeadAnswers] } | { id: number; share: number } | { id: number; error: ErrorData };
