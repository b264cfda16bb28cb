/** @file Figures of how well labels are predicted; no tensors, 64-bit numbers. */
export { accuracy, atThresholds, balancedAccuracy, confusion, f1 } from './decisions.ts';
export type { Confusion, ThresholdFigures } from './decisions.ts';
export { bootstrap, bootstrapAll, quantile, wilson } from './intervals.ts';
export type { BootstrapOptions, Estimate } from './intervals.ts';
export { bearingGroups, leastGroups } from './least-groups.ts';
export type { GroupedAnswers } from './least-groups.ts';
export { chanceFigures, labelFigures } from './label-figures.ts';
export type { ChanceFigures, LabelFigures, LabelledLogits, LabelScores } from './label-figures.ts';
export { byClip, byTag, macro, rankingFigures } from './multi-label.ts';
export type { AveragedFigure, LabelledScores, MacroFigure, RankingFigure } from './multi-label.ts';
export { brierScore, calibrationError, logLoss } from './probabilities.ts';
export type { ProbabilityExamples } from './probabilities.ts';
export { averagePrecision, figuresOfRanking, rankScores, rocAuc } from './ranking.ts';
export type { Ranking, RankingFigures } from './ranking.ts';
export { meanPrecision, precisionsAt } from './retrieval.ts';
