/** @file Models as pure functions over tensors: no files, no devices. */
export { encoders, findEncoder } from './encoders/index.ts';
export type { Encoder, Parameter, WeightArray, WeightArrays, WeightTensors } from './encoders/encoder.ts';
export { createSampleCnn, headLogits } from './encoders/sample-cnn.ts';
export type { SampleCnnSettings } from './encoders/sample-cnn-layers.ts';
