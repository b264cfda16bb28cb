/** @file Batch norm's weights and statistics (Ioffe and Szegedy 2015), with PyTorch's conventions. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';

/** Added to the variance; PyTorch's default, which CLMR's networks use. */
export const batchNormEpsilon = 1e-5;

/** Share of a batch's statistics that goes into the running ones; PyTorch's default. */
export const batchNormMomentum = 0.1;

/** γ and β, `[channels]`. */
export type NormWeights = { gain: Tensor1D; shift: Tensor1D };

/** Of one batch, before γ and β: the mean without the convolution's bias, the biased variance, and over how many values they were taken. */
export type BatchStatistics = { mean: Tensor1D; variance: Tensor1D; count: number };

/**
 * Values whose columns have mean 0 and deviation 1 over the batch, before γ and β. @param x `[batch, columns]`
 * @param statistics takes those of the batch under the running ones' names, `NORM.running_mean` and `NORM.running_var`
 */
export function normalised(norm: string, x: Tensor2D, statistics: Record<string, Tensor>): Tensor2D {
  const [count] = x.shape;
  const mean = tf.mean<Tensor1D>(x, 0);
  const centred = tf.sub(x, mean);
  const variance = tf.mean(tf.square(centred), 0);
  statistics[`${norm}.running_mean`] = mean;
  statistics[`${norm}.running_var`] = tf.mul(variance, count / Math.max(1, count - 1));
  return tf.mul<Tensor2D>(centred, tf.rsqrt(tf.add(variance, batchNormEpsilon)));
}

/** The running statistics after a batch: a moving average of the mean and of the unbiased variance. */
export function runningAfter(running: Tensor, batch: Tensor): Tensor {
  return tf.add(tf.mul(running, 1 - batchNormMomentum), tf.mul(batch, batchNormMomentum));
}
