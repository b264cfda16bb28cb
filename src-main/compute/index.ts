/** @file Devices, the weights' files, and running encoders on the one with the other. */
export { filterWaves, spectrumSamples } from './spectra/filter-waves.ts';
export { isDeviceId } from './devices/device.ts';
export type { Device, DeviceId } from './devices/device.ts';
export { listDevices, pickAutomatically, resolveDevice } from './devices/list-devices.ts';
export type { ResolvedDevice } from './devices/list-devices.ts';
export { createEncoderRunner, exportOnnx, runEncoder } from './encoder-runner.ts';
export type { EncoderRunner, EncoderRunnerOptions, RunEncoderOptions } from './encoder-runner.ts';
export { learnConcepts, leastSegments } from './concepts/learn-concepts.ts';
export type { ConceptState, LearntConcepts } from './concepts/learn-concepts.ts';
export { fitHead, HeadPredictor } from './heads/index.ts';
export type { HeadFit, HeadOptions, LabelFit } from './heads/index.ts';
export { checkFolder } from './parity.ts';
export type { ParityReport } from './parity.ts';
export type { ParityCheck } from './parity-check.ts';
export {
  bestLayers,
  figureDifference,
  judgeHead,
  labelledFigures,
  probeFigures,
  probeParts,
  runFolds,
  runProtocol,
  seedFigures,
} from './probes/index.ts';
export type { ClipOutputs, Judged, LabelFigure, ProbeFigure, ProbeProblem, ProtocolWish, SeedFigure, SeedResult } from './probes/index.ts';
export { record } from './record/record.ts';
export type { Recording } from './record/record.ts';
export { openSession } from './session.ts';
export type { Session, SessionArray, SessionOptions } from './session.ts';
export { readEncoderWeights } from './tensors/encoder-weights.ts';
export { checkWeightsHash, hashWeights } from './tensors/hash-weights.ts';
export { bundleText } from './tensors/bundle.ts';
export type { EncoderBundle } from './tensors/bundle.ts';
export { modelConfig } from './tensors/model-folder.ts';
export { encodeZip } from './tensors/write-zip.ts';
export { encoderMetadata, loadWeights } from './tensors/load-weights.ts';
export type { LoadedWeights } from './tensors/load-weights.ts';
export type { PatchWish } from './tensors/match-encoder.ts';
export { readPyTorch } from './tensors/pytorch.ts';
export { encodeSafetensors, readSafetensors, readWeightsFile, writeSafetensorsFile } from './tensors/safetensors.ts';
export type { TensorFile } from './tensors/safetensors.ts';
export { inspectForeign } from './onnx/load-foreign.ts';
export type { ForeignSummary } from './onnx/load-foreign.ts';
export type { ForeignValue } from './onnx/foreign-model.ts';
export type { OnnxWish } from './onnx/foreign-wish.ts';
export { evaluatedClips, openTrainer } from './training/index.ts';
export type { StepInput, StepResult, Trainer, TrainerOptions } from './training/index.ts';
