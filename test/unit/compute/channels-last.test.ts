/**
 * @file TensorFlow's package for Node cannot convolve with channels first. It is not installed with the others, so its faults are put into a backend of
 * their own here, which computes as the reference does otherwise.
 */
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defined, seededRandom } from '../../../src-main/base/index.ts';
import { putChannelsLast } from '../../../src-main/compute/devices/channels-last.ts';
import { requireGpu } from '../../../src-main/compute/devices/tensorflow.ts';
import { tryOperations } from '../../../src-main/compute/devices/trial.ts';
import { createObjective, createOptimizer, createProjector, createSampleCnn, training, twoViews } from '../../../src-main/learn/index.ts';

/** Like TensorFlow's on a processor: no kernels for channels first. */
const particular = 'channels-last-only';
const encoder = createSampleCnn({ sampleRate: 8000, strides: [3, 2], channels: [4, 5, 6, 7] });

beforeAll(async () => {
  tf.registerBackend(particular, () => new MathBackendCPU());
  for (const kernel of tf.getKernelsForBackend('cpu'))
    tf.registerKernel({
      ...kernel,
      backendName: particular,
      kernelFunc: (call) => {
        if (call.attrs?.['dataFormat'] === 'NCHW') throw new Error(`${kernel.kernelName} supports NHWC alone`);
        return kernel.kernelFunc(call);
      },
    });
});
afterAll(() => tf.setBackend('cpu'));

function draw(length: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length }, () => random.normal() * 0.3);
}

function expectClose(ours: ArrayLike<number>, reference: ArrayLike<number>, tolerance: number): void {
  expect(ours).toHaveLength(reference.length);
  const largest = Math.max(...Array.from(reference, Math.abs), 1e-6);
  Array.from(reference).forEach((value, index) => expect(Math.abs((ours[index] ?? NaN) - value)).toBeLessThan(tolerance * largest));
}

/** The same on the reference and on the particular backend. */
async function onBoth(
  run: () => Record<string, tf.Tensor>,
): Promise<[reference: Record<string, Float32Array>, ours: Record<string, Float32Array>]> {
  const on = async (backend: string): Promise<Record<string, Float32Array>> => {
    await tf.setBackend(backend);
    const outputs = tf.tidy(run);
    const read = Object.entries(outputs).map(([name, tensor]) => [name, tensor.dataSync<'float32'>()] as const);
    tf.dispose(outputs);
    return Object.fromEntries(read);
  };
  return [await on('cpu'), await on(particular)];
}

describe('a backend that wants channels last', () => {
  it('is refused by the trial as it is, and passes once it gets them so', async () => {
    await tf.setBackend(particular);
    expect(() => tryOperations(particular)).toThrow('cannot compute a convolution with a stride');
    putChannelsLast(particular);
    putChannelsLast(particular);
    tryOperations(particular);
  });

  it('embeds as the reference does', async () => {
    const weights = encoder.fold(encoder.initialise(5));
    const waves = draw(3 * encoder.cropSamples, 1);
    const [reference, ours] = await onBoth(() => {
      const tensors = Object.fromEntries([...weights].map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]));
      return { embedding: encoder.forward(tensors, tf.tensor2d(waves, [3, encoder.cropSamples])) };
    });
    expectClose(defined(ours['embedding'], 'ours'), defined(reference['embedding'], 'the reference'), 3e-7 * 10);
  });

  it('takes a training step as the reference does, gradients included', async () => {
    const projector = createProjector({ kind: 'mlp', hidden: [8], dimensions: 5, batchNorm: true }, encoder.dimensions);
    const objective = createObjective({ kind: 'nt-xent', temperature: 0.5 });
    const optimizer = createOptimizer({ kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 });
    const model: training.TrainingModel = { method: twoViews({ encoder, projector, objective }), optimizer };
    const weights = model.method.initialise(11);
    const waves = [1, 2].map((seed) => draw(4 * encoder.cropSamples, seed));
    const [reference, ours] = await onBoth(() => {
      const tensors = Object.fromEntries([...weights].map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]));
      const [first, second] = waves.map((wave): Tensor2D => tf.tensor2d(wave, [4, encoder.cropSamples]));
      const views = { first: defined(first, 'a view'), second: defined(second, 'a view') };
      const { gradients, loss } = training.computeGradients(model, tensors, views, { chunkElements: 60 });
      return { ...gradients, loss };
    });
    expect(Object.keys(ours)).toEqual(Object.keys(reference));
    for (const [name, values] of Object.entries(reference)) expectClose(defined(ours[name], name), values, 1e-4);
  });

  it('leaves no tensor behind', async () => {
    await tf.setBackend(particular);
    const before = tf.memory().numTensors;
    tf.tidy(() => tf.conv2d(tf.ones<tf.Rank.R4>([1, 2, 1, 9]), tf.ones<tf.Rank.R4>([1, 3, 2, 4]), [1, 3], 'valid', 'NCHW')).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('the GPU package of TensorFlow', () => {
  it('is no device where TensorFlow sees no GPU', () => {
    expect(() => requireGpu({ isGPUPackage: true, isUsingGpuDevice: false })).toThrow('sees no GPU');
    expect(() => requireGpu({ isGPUPackage: true, isUsingGpuDevice: true })).not.toThrow();
  });
});
