/** @file Training as pure functions. */
export { peakRate, rateAt } from './learning-rate.ts';
export type { RateSettings } from './learning-rate.ts';
export { initialWeights, isTrainable, modelParameters, weightsOf } from './model.ts';
export type { TrainingModel } from './model.ts';
export { applyGradients, compare, computeGradients, follow } from './step.ts';
export type { Comparison, Gradients } from './step.ts';
