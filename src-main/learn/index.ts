/** @file Models as pure functions over tensors: no files, no devices. */
export { createEncoder, encoders, findEncoder } from './encoders/index.ts';
export type { Encoder, EncoderSettings, TrainedForward, TrainOptions } from './encoders/encoder.ts';
export { sizeOf } from './parameters.ts';
export type { NamedShape, Parameter, WeightArray, WeightArrays, WeightTensors } from './parameters.ts';
export { createSampleCnn, headLogits } from './encoders/sample-cnn.ts';
export type { SampleCnnSettings } from './encoders/sample-cnn-layers.ts';
export * as heads from './heads/index.ts';
export { twoViews } from './methods/index.ts';
export type { BatchPart, Method, Pieces } from './methods/index.ts';
export * as metrics from './metrics/index.ts';
export { createObjective } from './objectives/index.ts';
export type { ObjectiveSettings } from './objectives/index.ts';
export { createOptimizer } from './optimizers/index.ts';
export { lbfgsSlots } from './optimizers/lbfgs.ts';
export type { OptimizerSettings } from './optimizers/index.ts';
export { createProjector } from './projectors/projector.ts';
export type { Projector, ProjectorSettings } from './projectors/projector.ts';
export * as training from './training/index.ts';
