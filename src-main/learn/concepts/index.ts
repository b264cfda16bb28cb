/** @file Concepts: what a sparse autoencoder finds in an index. */
export {
  activationsOf,
  atUnitLength,
  autoencoderGradients,
  autoencoderParameters,
  batchTopK,
  drawAutoencoder,
  withoutLength,
} from './autoencoder.ts';
export { conceptRate, conceptSettings, deadAfterSteps, mostBatch, mostRevived } from './settings.ts';
export type { ConceptSettings } from './settings.ts';
export { conceptOptimizer, conceptsOf, conceptStep, leastKept, measured } from './step.ts';
