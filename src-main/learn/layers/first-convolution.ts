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
  const time = samples / step;
  const count = batch * time;
  const steps = tf.matMul<Tensor2D>(tf.reshape(wave, [count, step]), tf.tensor2d(basis, [step, step]), false, true);
  const folded = foldNorm(kernel, norm, steps);
  const starts = sizes.map((_, chunk) => sizes.slice(0, chunk).reduce((sum, size) => sum + size, 0));
  const places = sizes.map((clips, chunk) => ({ clips, start: starts[chunk] ?? 0 }));
  const output = outputOf(wave, folded, places);
  // With a column of ones, one product gives both sums: two would each want the large tensor that they are taken of, at different times.
  const marked: Tensor2D = tf.concat([steps, tf.ones([count, 1])], 1);
  return {
    output,
    statistics: { mean: folded.outputMean, variance: folded.variance, count },
    backward: (gradient) => {
      const sums = places.flatMap((place, chunk) => sumsOf({ marked, output, time }, { place, chunk, gradient: gradient(chunk) }));
      return gradientsFrom(total(sums), folded);
    },
  };
}

/** The norm folded into the kernel, and what the backward pass wants of it. Tensors of `[channels, 3]` are in the changed basis. */
type Folded = {
  filter: Tensor4D;
  bias: Tensor1D;
  mean: Tensor1D;
  inBasis: Tensor2D;
  projected: Tensor2D;
  outputMean: Tensor1D;
  variance: Tensor1D;
  scale: Tensor1D;
  slope: Tensor1D;
};

function foldNorm(kernel: Tensor3D, norm: NormWeights, steps: Tensor2D): Folded {
  const [channels] = kernel.shape;
  const [count] = steps.shape;
  const mean = tf.mean<Tensor1D>(steps, 0);
  const centred = tf.sub(steps, mean);
  const covariance = tf.div<Tensor2D>(tf.matMul(centred, centred, true), count);
  const inBasis = tf.matMul<Tensor2D>(tf.reshape(kernel, [channels, step]), tf.tensor2d(inverse, [step, step]));
  const projected = tf.matMul<Tensor2D>(inBasis, covariance);
  const variance = rowSums(tf.mul(projected, inBasis));
  const outputMean = rowSums(tf.mul(inBasis, mean));
  const scale = tf.rsqrt<Tensor1D>(tf.add(variance, batchNormEpsilon));
  const slope = tf.mul<Tensor1D>(norm.gain, scale);
  const filter = tf.reshape<tf.Rank.R4>(tf.transpose(tf.mul(tf.reshape(kernel, [channels, step]), column(slope))), [1, step, 1, channels]);
  const bias = tf.sub<Tensor1D>(norm.shift, tf.mul(slope, outputMean));
  return { filter, bias, mean, inBasis, projected, outputMean, variance, scale, slope };
}

/** Clips of a chunk, and the first of them. */
type Place = { clips: number; start: number };

/** The output of a chunk: as a whole, as three phases, or one phase, computed where it is asked for. */
type Output = Source & { phase(chunk: number, index: number): Tensor2D };

function outputOf(wave: Tensor2D, { filter, bias }: Folded, places: readonly Place[]): Output {
  const [, samples] = wave.shape;
  const [, , , channels] = filter.shape;
  const convolved = (chunk: number, from: number, stride: number): Tensor4D => {
    const { clips, start } = places[chunk] ?? { clips: 0, start: 0 };
    const part = tf.slice(wave, [start, from], [clips, samples - from]);
    const x = tf.reshape<tf.Rank.R4>(part, [1, 1, clips, samples - from]);
    return tf.fused.conv2d({ x, filter, strides: [1, stride], pad: 'valid', dataFormat: 'NCHW', bias, activation: 'relu' });
  };
  // Every third output, from the first, the second, the third on.
  const phase = (chunk: number, index: number): Tensor2D =>
    tf.reshape(convolved(chunk, step * index, 3 * step), [channels, ((places[chunk]?.clips ?? 0) * (samples / step)) / 3]);
  return {
    whole: (chunk) => convolved(chunk, 0, step),
    phases: (chunk) => [phase(chunk, 0), phase(chunk, 1), phase(chunk, 2)],
    phase,
  };
}

/** Σ gradient · steps and Σ gradient of parts of a chunk: `[channels, 4]`. */
function sumsOf(
  { marked, output, time }: { marked: Tensor2D; output: Output; time: number },
  { place, chunk, gradient }: { place: Place; chunk: number; gradient: InputGradient },
): Tensor2D[] {
  const { clips, start } = place;
  const own: Tensor2D = tf.slice(marked, [start * time, 0], [clips * time, step + 1]);
  const sum = (given: Tensor2D, value: Tensor2D, inputs: Tensor2D): Tensor2D =>
    tf.matMul(tf.mul<Tensor2D>(given, isPositive(value)), inputs);
  if (time % 3 !== 0) {
    const flat = (x: Tensor4D): Tensor2D => tf.reshape(x, [-1, clips * time]);
    return [sum(flat(gradient.whole()), flat(output.whole(chunk)), own)];
  }
  const third = (clips * time) / 3;
  const byPhase = tf.reshape<tf.Rank.R3>(own, [third, 3, step + 1]);
  return gradient.phases().map((given, index) => {
    const inputs = tf.reshape<tf.Rank.R2>(tf.slice(byPhase, [0, index, 0], [third, 1, step + 1]), [third, step + 1]);
    return sum(given, output.phase(chunk, index), inputs);
  });
}

/** Gradients of the weights from Σ gradient · steps and Σ gradient of all chunks. */
function gradientsFrom(all: Tensor2D, { mean, inBasis, projected, scale, slope }: Folded): ReturnType<FirstConvolution['backward']> {
  const [channels] = all.shape;
  const sums = tf.reshape<tf.Rank.R1>(tf.slice(all, [0, step], [channels, 1]), [channels]);
  // Σ gradient · (steps − their mean), by channel.
  const products = tf.sub(tf.slice(all, [0, 0], [channels, step]), tf.mul(column(sums), tf.reshape(mean, [1, step])));
  const along = rowSums(tf.mul<Tensor2D>(products, inBasis));
  const correction = tf.mul(column(tf.mul<Tensor1D>(tf.square(scale), along)), projected);
  const gradientInBasis = tf.mul<Tensor2D>(column(slope), tf.sub(products, correction));
  const kernelGradient: Tensor = tf.matMul(gradientInBasis, tf.tensor2d(inverse, [step, step]), false, true);
  return { kernel: tf.reshape(kernelGradient, [channels, 1, step]), gain: tf.mul(scale, along), shift: sums };
}
