/** @file Steps on the devices that run tfjs functions themselves: the reference, and TensorFlow where it is installed. */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import { training } from '../../learn/index.ts';
import type { TensorflowDeviceId } from '../devices/device.ts';
import { useTensorflow } from '../devices/tensorflow.ts';
import type { SessionArray } from '../session.ts';
import { clipsOf } from './evaluation.ts';
import { toldOf } from './graphs.ts';
import { partArrays, resultOf } from './step-arrays.ts';
import type { OpenSteps, Steps } from './steps.ts';

/** Puts weights and state on the device. */
export async function openEagerSteps(options: OpenSteps<TensorflowDeviceId>): Promise<Steps> {
  const { model, batch, device } = options;
  await useTensorflow(device);
  const held = new Map<string, Tensor>();
  for (const [name, { shape, data }] of [...options.weights, ...options.state]) held.set(name, tf.tensor(data, [...shape]));
  return {
    take: async ({ batch: parts, learningRate, step }) => {
      await useTensorflow(device);
      const outputs = tf.tidy(() => {
        const arrays = Object.entries(partArrays(model.method, batch, parts));
        const given = Object.fromEntries(arrays.map(([name, { data, shape }]) => [name, tf.tensor(data as Float32Array, [...shape])]));
        return takeStep(held, options, { batch: given, learningRate: tf.scalar(learningRate), step: tf.scalar(step) });
      });
      const read = Object.entries(outputs).map(([name, tensor]) => [name, { shape: tensor.shape, data: tensor.dataSync<'float32'>() }]);
      tf.dispose(outputs);
      return resultOf(Object.fromEntries(read) as Record<string, SessionArray>);
    },
    evaluate: async (wave) => {
      await useTensorflow(device);
      const clips = clipsOf(wave, model.method.encoder.cropSamples);
      const told = tf.tidy(() => {
        const evaluate = defined(model.method.evaluate, 'an evaluation');
        return evaluate(Object.fromEntries(held), tf.tensor2d(wave, [clips, model.method.encoder.cropSamples]));
      });
      const read = Object.entries(told).map(([name, tensor]) => [name, tensor.dataSync<'float32'>().slice()] as const);
      tf.dispose(told);
      return Object.fromEntries(read);
    },
    read: (names) =>
      Promise.resolve(
        new Map(
          names.map((name) => {
            const tensor = defined(held.get(name), name);
            return [name, { shape: tensor.shape, data: tensor.dataSync<'float32'>().slice() }];
          }),
        ),
      ),
    close: () => {
      tf.dispose([...held.values()]);
      held.clear();
      return Promise.resolve();
    },
  };
}

type StepTensors = { batch: Record<string, Tensor>; learningRate: Scalar; step: Scalar };

/** Computes a step and puts the new weights and state in the place of those that are held. */
function takeStep(
  held: Map<string, Tensor>,
  { model, chunkElements }: OpenSteps<TensorflowDeviceId>,
  { batch, learningRate, step }: StepTensors,
): Record<string, Tensor> {
  const given = Object.fromEntries(held);
  const weights = Object.fromEntries(model.method.parameters().map(({ name }) => [name, defined(held.get(name), name)]));
  const computed = training.computeGradients(model, weights, batch, { chunkElements });
  const { gradients, statistics } = computed;
  const trained = training.trainedParameters(model).map(({ name }) => name);
  const applied = training.applyGradients(model, { trained, weights, gradients, state: given, learningRate, step });
  const averaged = training.averagesAfter(model.method, { weights, after: applied.weights, step });
  // Weights whose gradient is a constant come back as they were; they must outlive the tensors that they replace.
  const changed = Object.entries({ ...statistics, ...applied.weights, ...applied.state, ...averaged }).map(
    ([name, x]) => [name, tf.clone(x)] as const,
  );
  for (const [name, tensor] of changed) {
    held.get(name)?.dispose();
    held.set(name, tf.keep(tensor));
  }
  return { ...toldOf(computed), gradientNorms: applied.gradientNorms };
}
