/** @file A model in training on a device: steps go in, losses come out; weights and the optimiser's state stay where they are until they are read. */
import { AppError, defined } from '../../base/index.ts';
import { sizeOf, training } from '../../learn/index.ts';
import type { WeightArrays } from '../../learn/index.ts';
import { isOnnxDevice } from '../devices/device.ts';
import type { DeviceId } from '../devices/device.ts';
import { openChunkedSteps } from './chunked-steps.ts';
import { openEagerSteps } from './eager-steps.ts';
import { stateParameters } from './graphs.ts';
import type { StepInput, StepResult } from './steps.ts';
import { openWholeSteps } from './whole-steps.ts';

/** What a trainer is opened with. */
export type TrainerOptions = {
  model: training.TrainingModel;
  device: DeviceId;
  /** Items a step. */
  batch: number;
  /** Items of a part that are computed at a time; null, or a method that cannot be taken apart: the whole batch. */
  chunk: number | null;
  /** All of the method's, with running statistics. */
  weights: WeightArrays;
  /** The optimiser's, `slot:weight`; zeros where it has none yet. */
  state?: WeightArrays;
  /** Threads that compute on the CPU; 0: one a core. */
  threads?: number;
  /** Activations of a layer that are worked on at a time; chosen by the device when absent. */
  chunkElements?: number;
};

/** A model in training. */
export type Trainer = {
  device: DeviceId;
  /** Names of trainable weights, in the order of the layers. */
  trainable: readonly string[];
  /** Takes one step. @throws AppError `DEVICE_FAILED`, `OUT_OF_MEMORY` */
  step(input: StepInput): Promise<StepResult>;
  /**
   * What the method tells of held-out clips with the weights as they are now, by name: of at most {@link evaluatedClips}.
   * @param wave `[clips, cropSamples]`
   * @throws AppError `DEVICE_FAILED`, `OUT_OF_MEMORY`
   */
  evaluate(wave: Float32Array): Promise<Record<string, Float32Array>>;
  read(): Promise<{ weights: WeightArrays; state: WeightArrays }>;
  close(): Promise<void>;
};

/**
 * Activations of a layer that a processor works on at a time: 10 MB, which stays in its last cache. A GPU takes the whole batch.
 * (Two cores with 32 MB of third-level cache, 16 pairs: 2.13 s a step, 2.28 s with twice as much.)
 */
const processorChunkElements = 2_600_000;

/** Opens a model on a device. @throws AppError `DEVICE_FAILED`, `WEIGHTS_MISMATCH` */
export async function openTrainer(options: TrainerOptions): Promise<Trainer> {
  const { model, device, batch, chunk } = options;
  const { parts, pieces } = model.method;
  const parameters = model.method.parameters();
  const states = stateParameters(options);
  checkArrays(parameters, options.weights);
  const state = new Map(
    states.map(({ name, shape }) => [name, options.state?.get(name) ?? { shape, data: new Float32Array(sizeOf(shape)) }]),
  );
  checkArrays(states, state);
  const chunkElements = options.chunkElements ?? (device === 'cpu' ? processorChunkElements : Infinity);
  const opened = { model, batch, chunkElements, weights: options.weights, state, threads: options.threads ?? 0 };
  const steps = !isOnnxDevice(device)
    ? await openEagerSteps({ ...opened, device })
    : chunk === null || chunk >= batch || pieces === null
      ? await openWholeSteps({ ...opened, device })
      : await openChunkedSteps({ ...opened, device, chunk, pieces });
  const trainable = training.trainedParameters(model).map(({ name }) => name);
  return {
    device,
    trainable,
    step: (input) => {
      for (const { name, shape } of parts) checkPart(name, { wanted: batch * sizeOf(shape), given: input.batch[name]?.length ?? 0, batch });
      return steps.take(input);
    },
    read: async () => {
      const all = await steps.read([...parameters, ...states].map(({ name }) => name));
      const part = (names: readonly { name: string }[]): WeightArrays =>
        new Map(names.map(({ name }) => [name, defined(all.get(name), name)]));
      return { weights: part(parameters), state: part(states) };
    },
    evaluate: steps.evaluate,
    close: steps.close,
  };
}

function checkPart(name: string, { wanted, given, batch }: { wanted: number; given: number; batch: number }): void {
  if (given !== wanted) throw new AppError('BAD_INPUT', `${name} of a step of ${batch} takes ${wanted} numbers, not ${given}.`);
}

function checkArrays(wanted: readonly { name: string; shape: readonly number[] }[], given: WeightArrays): void {
  for (const { name, shape } of wanted) {
    const found = given.get(name);
    if (found === undefined) throw new AppError('WEIGHTS_MISMATCH', `The weights have no ${name}, which this model needs.`);
    if (found.shape.join() !== shape.join())
      throw new AppError('WEIGHTS_MISMATCH', `${name} has the shape [${found.shape.join(', ')}]; this model needs [${shape.join(', ')}].`);
  }
}
