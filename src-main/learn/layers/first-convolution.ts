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
import type { InputGradient, Source } from './convolution-block.ts';
import { column, isPositive, rowSums, total } from './sum.ts';

const step = 3;
/** Rows: sum, slope, curvature of three samples. */
const basis = [1, 1, 1, -1, 0, 1, 1, -2, 1];
/** Its inverse. */
const inverse = [1 / 3, -1 / 2, 1 / 6, 1 / 3, 0, -1 / 3, 1 / 3, 1 / 2, 1 / 6];

/** What the forward pass leaves. */
export type FirstConvolution = {
  /** Computes the output of a chunk. */
  output: Source;
  statistics: BatchStatistics;
  /** @param gradient of each chunk's output */
  backward(gradient: (chunk: number) => InputGradient): { kernel: Tensor3D; gain: Tensor1D; shift: Tensor1D };
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
  const convolved = (chunk: number, from: number, stride: number): Tensor4D => {
    const clips = sizes[chunk] ?? 0;
    const part = tf.slice(wave, [starts[chunk] ?? 0, from], [clips, samples - from]);
    const x = tf.reshape(part, [1, 1, clips, samples - from]) as Tensor4D;
    return tf.fused.conv2d({ x, filter, strides: [1, stride], pad: 'valid', dataFormat: 'NCHW', bias, activation: 'relu' });
  };
  // Every third output, from the first, the second, the third on.
  const phase = (chunk: number, index: number): Tensor2D =>
    tf.reshape(convolved(chunk, step * index, 3 * step), [channels, ((sizes[chunk] ?? 0) * time) / 3]);
  const output: Source = {
    whole: (chunk) => convolved(chunk, 0, step),
    phases: (chunk) => [phase(chunk, 0), phase(chunk, 1), phase(chunk, 2)],
  };
  // With a column of ones, one product gives both sums: two would each want the large tensor that they are taken of, at different times.
  const marked: Tensor2D = tf.concat([steps as Tensor2D, tf.ones([count, 1])], 1);
  /** Σ gradient · steps and Σ gradient of parts of a chunk: `[channels, 4]`. */
  const sumsOf = (gradient: InputGradient, chunk: number): Tensor2D[] => {
    const clips = sizes[chunk] ?? 0;
    const own: Tensor2D = tf.slice(marked, [(starts[chunk] ?? 0) * time, 0], [clips * time, step + 1]);
    const sum = (given: Tensor2D, value: Tensor2D, inputs: Tensor2D): Tensor2D =>
      tf.matMul(tf.mul(given, isPositive(value)) as Tensor2D, inputs);
    if (time % 3 !== 0) {
      const flat = (x: Tensor4D): Tensor2D => tf.reshape(x, [channels, clips * time]);
      return [sum(flat(gradient.whole()), flat(output.whole(chunk)), own)];
    }
    const third = (clips * time) / 3;
    const byPhase = tf.reshape(own, [third, 3, step + 1]) as Tensor3D;
    return gradient.phases().map((given, index) => {
      const inputs = tf.reshape(tf.slice(byPhase, [0, index, 0], [third, 1, step + 1]), [third, step + 1]) as Tensor2D;
      return sum(given, phase(chunk, index), inputs);
    });
  };
  return {
    output,
    statistics: { mean: outputMean, variance, count },
    backward: (gradient) => {
      const all = total(sizes.flatMap((_, chunk) => sumsOf(gradient(chunk), chunk)));
      const sums = tf.reshape(tf.slice(all, [0, step], [channels, 1]), [channels]) as Tensor1D;
      // Σ gradient · (steps − their mean), by channel.
      const products = tf.sub(tf.slice(all, [0, 0], [channels, step]), tf.mul(column(sums), tf.reshape(mean, [1, step])));
      const along = rowSums(tf.mul(products, inBasis) as Tensor2D);
      const correction = tf.mul(column(tf.mul(tf.square(scale), along) as Tensor1D), projected);
      const gradientInBasis = tf.mul(column(slope), tf.sub(products, correction)) as Tensor2D;
      const kernelGradient: Tensor = tf.matMul(gradientInBasis, tf.tensor2d(inverse, [step, step]), false, true);
      return { kernel: tf.reshape(kernelGradient, [channels, 1, step]), gain: tf.mul(scale, along), shift: sums };
    },
  };
}
