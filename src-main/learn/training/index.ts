/** @file Training as pure functions. */
export { registerGradients } from '../gradients/register.ts';
export { peakRate, rateAt } from './learning-rate.ts';
export type { RateSettings } from './learning-rate.ts';
export { initialWeights, modelParameters, trainedParameters, weightsOf } from './model.ts';
export type { TrainingModel } from './model.ts';
export { applyGradients, computeGradients, follow, objectiveGradients } from './step.ts';
export type { ObjectiveGradients, Gradients } from './step.ts';
