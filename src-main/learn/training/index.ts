/** @file Training as pure functions. */
export { averagesAfter } from './averages.ts';
export { registerGradients } from '../gradients/register.ts';
export { peakRate, rateAt } from './learning-rate.ts';
export type { RateSettings } from './learning-rate.ts';
export { trainedParameters } from './model.ts';
export type { TrainingModel } from './model.ts';
export { applyGradients, compareGradients, computeGradients, embedGradients } from './step.ts';
export type { ComparedGradients, Gradients } from './step.ts';
