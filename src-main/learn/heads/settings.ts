/** @file How heads are trained: what is fixed, and from where. */

/** What a head is trained with; figures that are not named here are {@link headDefaults}'. */
export type HeadSettings = {
  /** One linear layer, or two with a ReLU between. */
  architecture: 'logistic' | 'mlp';
  /** Strengths of the penalty on weights, never on biases: half of it times the square is added to a loss whose examples' weights sum to one. */
  penalties: readonly number[];
  /** Most parts that examples are cut into for cross-validation. */
  folds: number;
  seed: number;
};

/** Settings of the two architectures. The penalty with the least loss on held-out examples is taken: of each label for itself, or of the whole head. */
export const headDefaults = {
  /** In scikit-learn's terms C = 1 / (penalty · examples), with balanced classes. */
  logistic: { architecture: 'logistic', penalties: [1, 0.1, 0.01, 0.001], folds: 5, seed: 1 },
  /** JukeMIR's grid (Castellon, Donahue and Liang 2021) without 0. */
  mlp: { architecture: 'mlp', penalties: [1e-3, 1e-4], folds: 5, seed: 1 },
} as const satisfies Record<HeadSettings['architecture'], HeadSettings>;

/** Slope at which a logistic head counts as converged, the largest over its weights; scikit-learn stops at the same. */
export const slopeTolerance = 1e-4;
/** Evaluations after which a logistic head is taken as it is. */
export const mostEvaluations = 400;

/** MARBLE's probe (Yuan et al. 2023, appendix A): 512 hidden units, dropout 0.2, Adam. */
export const hiddenUnits = 512;
export const dropout = 0.2;
/** MARBLE's and CLMR's rate; the batch is four times MARBLE's 64, since all folds learn from it at once. */
export const learningRate = 1e-3;
export const batchRows = 256;
/** Epochs, and how many of them may pass without a better loss on held-out examples. */
export const mostEpochs = 60;
export const patience = 6;

/** Examples that a label needs on either side, and groups that those for it must come from. */
export const fewestExamples = 5;
export const fewestGroups = 2;
