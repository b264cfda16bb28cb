/** @file Batch norm's weights and statistics (Ioffe and Szegedy 2015), with PyTorch's conventions. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';

/** Added to the variance; PyTorch's default, which CLMR's networks use. */
export const batchNormEpsilon = 1e-5;

/** Share of a batch's statistics that goes into the running ones; PyTorch's default. */
export const batchNormMomentum = 0.1;

/** γ and β, `[channels]`. */
export type NormWeights = { gain: Tensor1D; shift: Tensor1D };

/** Of one batch, before γ and β: the mean without the convolution's bias, the biased variance, and over how many values they were taken. */
export type BatchStatistics = { mean: Tensor1D; variance: Tensor1D; count: number };

/** The running statistics after a batch: a moving average of the mean and of the unbiased variance. */
export function runningAfter(running: Tensor, batch: Tensor): Tensor {
  return tf.add(tf.mul(running, 1 - batchNormMomentum), tf.mul(batch, batchNormMomentum));
}
