/**
 * @file SampleCNN's first layer in training: a convolution whose kernel and stride are three samples, batch norm, ReLU.
 *
 * Its output has as many values as the next layer's, and next to no arithmetic, so nothing of it is kept: batch statistics follow from the means and
 * covariances of the three samples of a step, the norm is folded into the kernel, and the output is computed again where the backward pass wants it.
 * The three samples are first changed to their sum, slope and curvature, which music correlates little: a filter on small differences would otherwise
 * lose its variance to rounding.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { batchNormEpsilon } from './batch-norm.ts';
import type { BatchStatistics, NormWeights } from './batch-norm.ts';
import { column, isPositive, rowSums, total } from './sum.ts';

const step = 3;
/** Rows: sum, slope, curvature of three samples. */
const basis = [1, 1, 1, -1, 0, 1, 1, -2, 1];
/** Its inverse. */
const inverse = [1 / 3, -1 / 2, 1 / 6, 1 / 3, 0, -1 / 3, 1 / 3, 1 / 2, 1 / 6];

/** What the forward pass leaves. */
export type FirstConvolution = {
  /** Computes the output of a chunk: `[1, channels, clips, time]`. */
  output(chunk: number): Tensor4D;
  statistics: BatchStatistics;
  /** @param gradient of each chunk's output */
  backward(gradient: (chunk: number) => Tensor4D): { kernel: Tensor3D; gain: Tensor1D; shift: Tensor1D };
};

/**
 * @param kernel `[channels, 1, 3]`
 * @param wave `[batch, samples]`, samples a multiple of three
 * @param sizes clips of each chunk
 */
export function firstConvolution(kernel: Tensor3D, norm: NormWeights, wave: Tensor2D, sizes: readonly number[]): FirstConvolution {
  const [batch, samples] = wave.shape;
  const [channels] = kernel.shape;
  const time = samples / step;
  const count = batch * time;
  const steps = tf.matMul(tf.reshape(wave, [count, step]), tf.tensor2d(basis, [step, step]), false, true);
  const mean = tf.mean(steps, 0) as Tensor1D;
  const centred = tf.sub(steps, mean);
  const covariance = tf.div(tf.matMul(centred, centred, true), count) as Tensor2D;
  const inBasis = tf.matMul(tf.reshape(kernel, [channels, step]), tf.tensor2d(inverse, [step, step]));
  const projected = tf.matMul(inBasis, covariance);
  const variance = rowSums(tf.mul(projected, inBasis));
  const outputMean = rowSums(tf.mul(inBasis, mean));
  const scale = tf.rsqrt(tf.add(variance, batchNormEpsilon)) as Tensor1D;
  const slope = tf.mul(norm.gain, scale) as Tensor1D;
  const filter = tf.reshape(tf.transpose(tf.mul(tf.reshape(kernel, [channels, step]), column(slope))), [1, step, 1, channels]) as Tensor4D;
  const bias = tf.sub(norm.shift, tf.mul(slope, outputMean)) as Tensor1D;
  const starts = sizes.map((_, chunk) => sizes.slice(0, chunk).reduce((sum, size) => sum + size, 0));
  const output = (chunk: number): Tensor4D => {
    const clips = sizes[chunk] ?? 0;
    const x = tf.reshape(tf.slice(wave, [starts[chunk] ?? 0, 0], [clips, samples]), [1, 1, clips, samples]) as Tensor4D;
    return tf.fused.conv2d({ x, filter, strides: [1, step], pad: 'valid', dataFormat: 'NCHW', bias, activation: 'relu' });
  };
  return {
    output,
    statistics: { mean: outputMean, variance, count },
    backward: (gradient) => {
      const parts = sizes.map((clips, chunk) => {
        const passed = tf.reshape(tf.mul(gradient(chunk), isPositive(output(chunk))), [channels, clips * time]) as Tensor2D;
        const own = tf.slice(steps, [(starts[chunk] ?? 0) * time, 0], [clips * time, step]);
        return { sums: rowSums(passed), products: tf.matMul(passed, own) as Tensor2D };
      });
      const sums = total(parts.map((part) => part.sums));
      // Σ gradient · (steps − their mean), by channel.
      const products = tf.sub(total(parts.map((part) => part.products)), tf.mul(column(sums), tf.reshape(mean, [1, step])));
      const along = rowSums(tf.mul(products, inBasis) as Tensor2D);
      const correction = tf.mul(column(tf.mul(tf.square(scale), along) as Tensor1D), projected);
      const gradientInBasis = tf.mul(column(slope), tf.sub(products, correction)) as Tensor2D;
      const kernelGradient: Tensor = tf.matMul(gradientInBasis, tf.tensor2d(inverse, [step, step]), false, true);
      return { kernel: tf.reshape(kernelGradient, [channels, 1, step]), gain: tf.mul(scale, along), shift: sums };
    },
  };
}
