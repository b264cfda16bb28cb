/** @file Devices, the weights' files, and running encoders on the one with the other. */
export { isDeviceId } from './devices/device.ts';
export type { Device, DeviceId } from './devices/device.ts';
export { listDevices, resolveDevice } from './devices/list-devices.ts';
export type { ResolvedDevice } from './devices/list-devices.ts';
export { createEncoderRunner, exportOnnx, runEncoder } from './encoder-runner.ts';
export type { EncoderRunner, EncoderRunnerOptions, RunEncoderOptions } from './encoder-runner.ts';
export { checkFolder } from './parity.ts';
export type { ParityCheck, ParityReport } from './parity.ts';
export { record } from './record/record.ts';
export type { Recording } from './record/record.ts';
export { openSession } from './session.ts';
export type { Session, SessionArray, SessionOptions } from './session.ts';
export { loadWeights } from './tensors/load-weights.ts';
export type { LoadedWeights } from './tensors/load-weights.ts';
export { readPyTorch } from './tensors/pytorch.ts';
export { readSafetensors, readWeightsFile, writeSafetensorsFile } from './tensors/safetensors.ts';
export type { TensorFile } from './tensors/safetensors.ts';
