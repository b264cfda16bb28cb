/** @file Runs an encoder on a device: crops in, embeddings out. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { AppError, assert, defined } from '../base/index.ts';
import { createEncoder, embeddingOutput, findOutput, headLogits, pooledOutputs } from '../learn/index.ts';
import type { Encoder, EncoderSettings, OnnxSettings, OutputChoice, WeightArrays, WeightTensors } from '../learn/index.ts';
import { isOnnxDevice } from './devices/device.ts';
import type { DeviceId, OnnxDeviceId, TensorflowDeviceId } from './devices/device.ts';
import { useTensorflow } from './devices/tensorflow.ts';
import { encodeModel } from './onnx/encode-model.ts';
import { fileOfWeights, openForeign } from './onnx/foreign-runner.ts';
import type { OnnxGraph } from './onnx/graph.ts';
import { record } from './record/record.ts';
import { openSession } from './session.ts';

/** An encoder, ready on a device. */
export type EncoderRunner = {
  readonly device: DeviceId;
  /** Rate of the crops, in hertz. */
  readonly sampleRate: number;
  readonly cropSamples: number;
  /** Length of an embedding, or of all chosen outputs side by side. */
  readonly dimensions: number;
  /** How many crops one call should bring for the best rate; any other number works too. */
  readonly bestBatch: number;
  /**
   * Embeds crops; calls follow each other in their order.
   * @param waves `[batch, cropSamples]`
   * @returns `[batch, dimensions]`
   * @throws AppError `BAD_INPUT` for another length, `DEVICE_FAILED`
   */
  encode(waves: Float32Array, batch: number): Promise<Float32Array>;
  /** Frees the device's memory. */
  close(): Promise<void>;
};

/** An encoder with its weights, and where to run it. */
export type RunEncoderOptions = {
  encoder: Encoder;
  /** All of the encoder's parameters; other names are ignored. */
  weights: WeightArrays;
  device: DeviceId;
  /** What to give of each crop, side by side in this order; the embedding if absent. */
  outputs?: readonly OutputChoice[] | undefined;
  /** Threads that compute on the CPU; one for each core if absent. */
  threads?: number;
};

/** The same with the settings that an encoder is made from. */
export type EncoderRunnerOptions = Omit<RunEncoderOptions, 'encoder'> & { settings: EncoderSettings };

/**
 * On the CPU a crop takes as long alone as among twelve (11.3 ms with two cores); four keep the cost of a call below 1 %, and
 * runtime, weights and activations together take 280 MB. A graphics device wants more work at once.
 */
const batches: Partial<Record<DeviceId, number>> = { cpu: 4, 'tfjs-node': 4, 'tfjs-cpu': 1 };
const bestBatchOf = (device: DeviceId): number => batches[device] ?? 32;

const embeddingAlone: OutputChoice = { output: embeddingOutput, pooling: 'mean' };

/** Makes an encoder and opens it on a device. @throws AppError `NOT_FOUND` for a family that is not known, and as {@link runEncoder} */
export function createEncoderRunner({ settings, ...options }: EncoderRunnerOptions): Promise<EncoderRunner> {
  return runEncoder({ ...options, encoder: createEncoder(settings) });
}

/** Opens an encoder on a device. @throws AppError `BAD_INPUT` for an output that it does not have, `WEIGHTS_MISMATCH`, `DEVICE_FAILED`, `DEVICE_UNAVAILABLE` */
export async function runEncoder(options: RunEncoderOptions): Promise<EncoderRunner> {
  const { encoder, weights, device, threads, outputs = [embeddingAlone] } = options;
  checkWeights(encoder, weights);
  const { sampleRate, cropSamples } = encoder;
  const dimensions = outputs.reduce((sum, { output }) => sum + findOutput(encoder, output).dimensions, 0);
  const work = { encoder, weights, outputs };
  const engine = await openEngine(work, device, threads);
  const encode = async (waves: Float32Array, batch: number): Promise<Float32Array> => {
    if (batch < 1 || waves.length !== batch * cropSamples)
      throw new AppError('BAD_INPUT', `${batch} crops of ${cropSamples} samples are ${batch * cropSamples} numbers, not ${waves.length}.`);
    const embeddings = await engine.encode(waves, batch);
    assert(embeddings.length === batch * dimensions, 'there is an embedding for each crop');
    return embeddings;
  };
  return { device, sampleRate, cropSamples, dimensions, bestBatch: bestBatchOf(device), encode, close: engine.close };
}

/**
 * The inference graph of an encoder, batch norm folded: input `wave` `[batch, cropSamples]`, output `embedding` `[batch, dimensions]`, any batch; or other
 * outputs of it in its place.
 */
export function inferenceGraph(encoder: Encoder, weights: WeightArrays, outputs: readonly OutputChoice[] = [embeddingAlone]): OnnxGraph {
  const folded = encoder.fold(weights);
  return record({
    name: `${encoder.architecture}-${encoder.sampleRate}`,
    inputs: [{ name: 'wave', type: 'float32', shape: ['batch', encoder.cropSamples] }],
    run: ({ wave }) => ({
      embedding: pooledOutputs(encoder, outputs, { weights: toTensors(folded), wave: defined(wave, 'wave') as Tensor2D }),
    }),
  });
}

/**
 * The bytes of an ONNX file of that graph; its metadata tell the encoder, the sample rate and the crop's length.
 * @param head with it, `probabilities` `[batch, outputs]` come out beside the embedding
 */
export function exportOnnx(encoder: Encoder, weights: WeightArrays, head?: WeightArrays): Uint8Array {
  checkWeights(encoder, weights);
  const { architecture, sampleRate, cropSamples, settings } = encoder;
  if (architecture === 'onnx') return fileOfWeights(weights, (settings as unknown as OnnxSettings).bytes);
  const graph = head === undefined ? inferenceGraph(encoder, weights) : headedGraph(encoder, weights, head);
  return encodeModel(graph, { architecture, sampleRate: String(sampleRate), cropSamples: String(cropSamples) });
}

function headedGraph(encoder: Encoder, weights: WeightArrays, head: WeightArrays): OnnxGraph {
  const folded = encoder.fold(weights);
  return record({
    name: `${encoder.architecture}-${encoder.sampleRate}-tags`,
    inputs: [{ name: 'wave', type: 'float32', shape: ['batch', encoder.cropSamples] }],
    run: ({ wave }) => {
      const embedding = encoder.forward(toTensors(folded), defined(wave, 'wave') as Tensor2D);
      return { embedding, probabilities: tf.sigmoid(headLogits(toTensors(head), embedding)) };
    },
  });
}

async function openEngine(work: Work, device: DeviceId, threads: number | undefined): Promise<Engine> {
  const { encoder, weights, outputs } = work;
  if (encoder.architecture === 'onnx') {
    const name = `the encoder’s ONNX file`;
    const settings = encoder.settings as unknown as OnnxSettings;
    if (isOnnxDevice(device)) return openForeign({ settings, weights, outputs }, { name, device, threads });
    throw new AppError('DEVICE_UNAVAILABLE', `An encoder that came as an ONNX file cannot be run on ${device}. Choose another device.`);
  }
  return isOnnxDevice(device) ? onOnnx(work, device, threads) : onTensorflow(work, device);
}

type Engine = Pick<EncoderRunner, 'encode' | 'close'>;
type Work = { encoder: Encoder; weights: WeightArrays; outputs: readonly OutputChoice[] };

async function onOnnx({ encoder, weights, outputs }: Work, device: OnnxDeviceId, threads: number | undefined): Promise<Engine> {
  const graph = inferenceGraph(encoder, weights, outputs);
  const session = await openSession({ graph, device, ...(threads === undefined ? {} : { threads }) });
  return {
    encode: async (waves, batch) => {
      const { embedding } = await session.run({ wave: { shape: [batch, encoder.cropSamples], data: waves } });
      return defined(embedding, 'embedding').data as Float32Array;
    },
    close: session.close,
  };
}

async function onTensorflow({ encoder, weights, outputs }: Work, device: TensorflowDeviceId): Promise<Engine> {
  await useTensorflow(device);
  const tensors = toTensors(encoder.fold(weights));
  return {
    encode: async (waves, batch) => {
      await useTensorflow(device);
      const embedding = tf.tidy(() =>
        pooledOutputs(encoder, outputs, { weights: tensors, wave: tf.tensor2d(waves, [batch, encoder.cropSamples]) }),
      );
      try {
        return (await embedding.data()) as Float32Array;
      } finally {
        embedding.dispose();
      }
    },
    close: () => {
      tf.dispose(tensors);
      return Promise.resolve();
    },
  };
}

function toTensors(folded: WeightArrays): WeightTensors {
  return Object.fromEntries([...folded].map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]));
}

function checkWeights(encoder: Encoder, weights: WeightArrays): void {
  const wrong = encoder.parameters().filter(({ name, shape }) => weights.get(name)?.shape.join() !== shape.join());
  if (wrong.length === 0) return;
  const some = wrong.slice(0, 3).map(({ name }) => name);
  throw new AppError(
    'WEIGHTS_MISMATCH',
    `${wrong.length} weights of ${encoder.architecture} at ${encoder.sampleRate} Hz are missing or of another shape: ${some.join(', ')}${wrong.length > 3 ? ' …' : ''}.`,
    { details: { names: wrong.map(({ name }) => name) } },
  );
}
