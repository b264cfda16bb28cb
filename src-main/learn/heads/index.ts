/** @file Heads: probes on frozen embeddings that learn a person's tags. */
export { balancedWeights, partWeights } from './balance.ts';
export type { FoldWeights, WeightedAnswers } from './balance.ts';
export { countExamples, whatIsMissing } from './examples.ts';
export type { HeadExamples, LabelCounts } from './examples.ts';
export { groupedFolds } from './folds.ts';
export type { FoldExamples } from './folds.ts';
export { logisticPart, logisticStep } from './logistic.ts';
export { mlpGradients, mlpInitialise, mlpLogits, mlpParameters } from './mlp.ts';
export type { MlpShape } from './mlp.ts';
export { calibrated, fitCalibration } from './platt.ts';
export type { Calibration } from './platt.ts';
export {
  batchRows,
  dropout,
  fewestExamples,
  fewestGroups,
  headDefaults,
  hiddenUnits,
  learningRate,
  mostEpochs,
  mostEvaluations,
  patience,
  slopeTolerance,
} from './settings.ts';
export type { HeadSettings } from './settings.ts';
export { groupedSplit, lacking, stratifiedShare } from './split.ts';
export { foldStandard, standardised, standardOf } from './standardise.ts';
export type { Standard } from './standardise.ts';
