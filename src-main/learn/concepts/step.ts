/** @file A step of learning concepts, and what is measured of them, as pure functions over tensors. */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import { createOptimizer } from '../optimizers/index.ts';
import type { WeightTensors } from '../parameters.ts';
import { activationsOf, atUnitLength, autoencoderGradients, batchTopK, reconstruct, withoutLength } from './autoencoder.ts';
import type { Sparsity } from './autoencoder.ts';
import { conceptAdam } from './settings.ts';

/** Adam, whose state lies beside each weight as `mean:NAME` and `square:NAME`. */
export const conceptOptimizer = createOptimizer(conceptAdam);

/** What a step is given beside the weights. `state`: of the optimiser, by `SLOT:NAME`. `step` counts from 1. */
export type StepInput = { rows: Tensor2D; sparsity: Sparsity; state: Readonly<Record<string, Tensor>>; learningRate: Scalar; step: Scalar };

/** Weights and state after it, by the names that they had; `fired` as in the pass. */
export type StepOutput = { next: Record<string, Tensor>; loss: Scalar; auxiliary: Scalar; fired: Tensor1D };

/** One step; directions keep unit length. */
export function conceptStep(weights: WeightTensors, { rows, sparsity, state, learningRate, step }: StepInput): StepOutput {
  const { gradients, ...told } = autoencoderGradients(weights, rows, sparsity);
  const update = conceptOptimizer.at({ learningRate, step });
  const next: Record<string, Tensor> = {};
  for (const [name, gradient] of Object.entries(gradients)) {
    const weight = defined(weights[name], name);
    const isDirection = name === 'decoder.weight';
    const own = Object.fromEntries(conceptOptimizer.slots.map((slot) => [slot, defined(state[`${slot}:${name}`], slot)]));
    const used = isDirection ? withoutLength(gradient as Tensor2D, weight as Tensor2D) : gradient;
    const after = update({ weight, gradient: used, state: own });
    next[name] = isDirection ? atUnitLength(after.weight as Tensor2D) : after.weight;
    for (const [slot, tensor] of Object.entries(after.state)) next[`${slot}:${name}`] = tensor;
  }
  return { ...told, next };
}

/** The least activation that a batch keeps: its mean over batches is the threshold afterwards (Bussmann, Leask and Nanda 2024, section 3). */
export function leastKept(weights: WeightTensors, rows: Tensor2D, active: number): Scalar {
  return batchTopK(activationsOf(weights, rows), active * rows.shape[0]).least;
}

/** Activations above a threshold, the others 0. @returns `[batch, latents]` */
export function conceptsOf(weights: WeightTensors, rows: Tensor2D, threshold: Tensor): Tensor2D {
  const activations = activationsOf(weights, rows);
  return tf.mul(activations, tf.cast(tf.greater(activations, threshold), 'float32'));
}

/** Of a batch: squares that the concepts leave, summed; and on how many segments each of them is active, `[latents]`. */
export function measured(weights: WeightTensors, rows: Tensor2D, threshold: Tensor): { left: Scalar; counts: Tensor1D } {
  const active = conceptsOf(weights, rows, threshold);
  return {
    left: tf.sum(tf.square(tf.sub(reconstruct(weights, active), rows))),
    counts: tf.sum(tf.cast(tf.greater(active, 0), 'float32'), 0),
  };
}
