/**
 * @file A sparse autoencoder by BatchTopK (Bussmann, Leask and Nanda 2024): of all activations of a batch the largest are kept, so many a segment on average,
 * and what they stand for adds up to the segment again. Latents that went silent are revived by a second loss: they explain what the others leave over (Gao
 * et al. 2024, appendix A.2). Gradients are in closed form.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { defined, seededRandom } from '../../base/index.ts';
import type { NamedShape, WeightArray, WeightTensors } from '../parameters.ts';
import { auxiliaryShare } from './settings.ts';

/** Names as PyTorch's: a row of `decoder.weight` is what a latent stands for, at unit length. */
export function autoencoderParameters(dimensions: number, latents: number): NamedShape[] {
  return [
    { name: 'encoder.weight', shape: [latents, dimensions] },
    { name: 'encoder.bias', shape: [latents] },
    { name: 'decoder.weight', shape: [latents, dimensions] },
    { name: 'decoder.bias', shape: [dimensions] },
  ];
}

/** First weights: directions drawn evenly from the sphere, the encoder's the same as the decoder's (Gao et al. 2024, appendix A.1); biases 0. */
export function drawAutoencoder(dimensions: number, latents: number, seed: number): Map<string, WeightArray> {
  const random = seededRandom(seed);
  const directions = Float32Array.from({ length: latents * dimensions }, () => random.normal());
  for (let latent = 0; latent < latents; latent++) {
    const row = directions.subarray(latent * dimensions, (latent + 1) * dimensions);
    const length = Math.hypot(...row);
    for (const [at, value] of row.entries()) row[at] = value / length;
  }
  return new Map(
    autoencoderParameters(dimensions, latents).map(({ name, shape }) => [
      name,
      { shape, data: name.endsWith('.weight') ? directions.slice() : new Float32Array(shape[0] ?? 0) },
    ]),
  );
}

/** Activations before any is left out. @param rows `[batch, dimensions]`, centred and scaled @returns `[batch, latents]` */
export function activationsOf(weights: WeightTensors, rows: Tensor2D): Tensor2D {
  const centred = tf.sub<Tensor2D>(rows, at(weights, 'decoder.bias'));
  return tf.relu(tf.add<Tensor2D>(tf.matMul(centred, at(weights, 'encoder.weight') as Tensor2D, false, true), at(weights, 'encoder.bias')));
}

/** The `count` largest activations of a batch, the others 0; and the least of them. */
export function batchTopK(activations: Tensor2D, count: number): { kept: Tensor2D; least: Scalar } {
  const flat = tf.reshape<tf.Rank.R1>(activations, [activations.size]);
  const least = tf.min<Scalar>(tf.topk(flat, Math.min(count, activations.size)).values);
  return { kept: above(activations, least), least };
}

/** Activations that reach a limit, the others 0. */
function above(activations: Tensor2D, limit: Tensor): Tensor2D {
  return tf.mul(activations, tf.cast(tf.greaterEqual(activations, limit), 'float32'));
}

/** What activations add up to. @returns `[batch, dimensions]` */
export function reconstruct(weights: WeightTensors, activations: Tensor2D): Tensor2D {
  return tf.add(tf.matMul(activations, at(weights, 'decoder.weight') as Tensor2D), at(weights, 'decoder.bias'));
}

/** How many activations a segment keeps on average; `revived`: dead latents that each segment tries, and which are dead, `[latents]` of 0 and 1. */
export type Sparsity = { active: number; revived?: { most: number; dead: Tensor1D } };

/** A pass over a batch and back: losses, gradients by name, and which latents were active at all, `[latents]` of 0 and 1. */
export type AutoencoderPass = { loss: Scalar; auxiliary: Scalar; gradients: Record<string, Tensor>; fired: Tensor1D };

/** Mean squared error of a batch `[batch, dimensions]`, with the second loss where latents are dead, and the gradients of their weighted sum. */
export function autoencoderGradients(weights: WeightTensors, rows: Tensor2D, { active, revived }: Sparsity): AutoencoderPass {
  const decoder = at(weights, 'decoder.weight') as Tensor2D;
  const activations = activationsOf(weights, rows);
  const { kept } = batchTopK(activations, active * rows.shape[0]);
  const missed = tf.sub<Tensor2D>(reconstruct(weights, kept), rows);
  const main = backThrough(decoder, kept, tf.mul(missed, 2 / rows.size));
  const second = revived === undefined ? null : revive(decoder, { activations, missed, ...revived });
  const onActivations = second === null ? main.onActivations : tf.add<Tensor2D>(main.onActivations, second.onActivations);
  const onEncoderBias = tf.sum<Tensor1D>(onActivations, 0);
  const through = tf.matMul<Tensor2D>(tf.expandDims(onEncoderBias, 0), at(weights, 'encoder.weight'));
  const centred = tf.sub<Tensor2D>(rows, at(weights, 'decoder.bias'));
  return {
    loss: tf.mean(tf.square(missed)),
    auxiliary: second?.loss ?? tf.scalar(0),
    fired: tf.cast(tf.greater(tf.max<Tensor1D>(kept, 0), 0), 'float32'),
    gradients: {
      'encoder.weight': tf.matMul(onActivations, centred, true),
      'encoder.bias': onEncoderBias,
      'decoder.weight': second === null ? main.onDecoder : tf.add(main.onDecoder, second.onDecoder),
      'decoder.bias': tf.sub(tf.sum(tf.mul(missed, 2 / rows.size), 0), tf.squeeze(through, [0])),
    },
  };
}

type Reviving = { activations: Tensor2D; missed: Tensor2D; most: number; dead: Tensor1D };

/** Dead latents, the most active of each segment, explain what was missed, which is taken as given. */
function revive(decoder: Tensor2D, { activations, missed, most, dead }: Reviving): ReturnType<typeof backThrough> & { loss: Scalar } {
  const asleep = tf.mul<Tensor2D>(activations, dead);
  const limit = tf.min(tf.topk(asleep, most).values, 1, true);
  const tried = above(asleep, limit);
  const left = tf.add<Tensor2D>(tf.matMul(tried, decoder), missed);
  const back = backThrough(decoder, tried, tf.mul(left, (2 * auxiliaryShare) / missed.size));
  return { ...back, loss: tf.mean(tf.square(left)) };
}

/** From the gradient of a sum of directions to those of the directions and of how much of each there is. */
function backThrough(decoder: Tensor2D, active: Tensor2D, gradient: Tensor2D): { onDecoder: Tensor2D; onActivations: Tensor2D } {
  const isActive = tf.cast(tf.greater(active, 0), 'float32');
  return { onDecoder: tf.matMul(active, gradient, true), onActivations: tf.mul(tf.matMul(gradient, decoder, false, true), isActive) };
}

/** A gradient of directions without the part that would only change their length. */
export function withoutLength(gradient: Tensor2D, directions: Tensor2D): Tensor2D {
  return tf.sub(gradient, tf.mul(directions, tf.sum(tf.mul(gradient, directions), 1, true)));
}

/** Directions at unit length. */
export function atUnitLength(directions: Tensor2D): Tensor2D {
  return tf.div(directions, tf.sqrt(tf.sum(tf.square(directions), 1, true)));
}

function at(weights: WeightTensors, name: string): Tensor {
  return defined(weights[name], name);
}
