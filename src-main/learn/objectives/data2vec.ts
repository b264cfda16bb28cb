/**
 * @file data2vec's regression (Baevski et al. 2022, section 3; targets of audio as in its code): at masked positions, the mean of what a teacher's last
 * layers add is predicted.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';

/** Added to variances over time, and to those that tell of collapse. */
const [normEpsilon, deviationEpsilon] = [1e-5, 1e-6];

/** The mean of the last so many layers, each normalised. @param added from the first layer to the last, `[batch, positions, values]` */
export function targetOf(added: readonly Tensor3D[], topLayers: number): Tensor3D {
  const normed = added.slice(-topLayers).map(instanceNorm);
  return tf.div(normed.length === 1 ? defined(normed[0], 'a layer') : tf.addN(normed), normed.length);
}

/** Brings each value to mean 0 and variance 1 over the positions of its clip (Ulyanov et al. 2016). */
function instanceNorm(x: Tensor3D): Tensor3D {
  const centred = tf.sub(x, tf.mean(x, 1, true));
  return tf.mul(centred, tf.rsqrt(tf.add(tf.mean(tf.square(centred), 1, true), normEpsilon)));
}

/** What is predicted, what should have been, and where: `mask` is 1 at masked positions, 0 elsewhere. */
export type Compared = { prediction: Tensor3D; target: Tensor3D; mask: Tensor2D };

/**
 * Differences summed over a position's values, their mean over masked positions, times a scale.
 * @param settings `beta`: below it, differences count by their square (smooth L1, Girshick 2015); 0: all by their square. `scale`: 0 for 1 / √values
 */
export function regression({ prediction, target, mask }: Compared, { beta, scale }: { beta: number; scale: number }): Scalar {
  const [, , values] = prediction.shape;
  const difference = tf.sub(prediction, target);
  const summed = tf.sum(beta === 0 ? tf.square(difference) : smoothed(difference, beta), 2);
  return tf.mul(tf.div(tf.sum(tf.mul(summed, mask)), tf.sum(mask)), scale === 0 ? 1 / Math.sqrt(values) : scale);
}

/** d² / 2β below β, |d| − β / 2 from there on. */
function smoothed(difference: Tensor, beta: number): Tensor {
  const size = tf.maximum(difference, tf.neg(difference));
  const within = tf.minimum(size, beta);
  return tf.div(tf.mul(within, tf.sub(size, tf.mul(within, 0.5))), beta);
}

/** Standard deviation over all masked positions of a batch, mean over the values: near 0 when every position is told the same. */
export function deviationOf(x: Tensor3D, mask: Tensor2D): Scalar {
  const isMasked = tf.expandDims<Tensor3D>(mask, 2);
  const count = tf.sum(mask);
  const mean: Tensor1D = tf.div(tf.sum(tf.mul(x, isMasked), [0, 1]), count);
  const squares = tf.sum<Tensor1D>(tf.mul(tf.square(tf.sub(x, mean)), isMasked), [0, 1]);
  return tf.mean(tf.sqrt(tf.add(tf.div(squares, tf.sub(count, 1)), deviationEpsilon)));
}
