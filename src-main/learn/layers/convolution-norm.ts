/**
 * @file A convolution over images without a bias, batch norm, perhaps another image added, perhaps a ReLU, in training mode and in closed form: what is kept
 * is the input, the convolution's output and the result.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { closedForm } from '../gradients/closed-form.ts';
import type { ClosedForm } from '../gradients/closed-form.ts';
import { batchNormEpsilon } from './batch-norm.ts';
import type { NormWeights } from './batch-norm.ts';
import { imageConvolution, imageGradients, patchedLength } from './image-patches.ts';
import type { Patching } from './image-patches.ts';
import { isPositive } from './sum.ts';

/** What is convolved, with what, and what follows. */
export type ConvolutionNorm = {
  /** `[channels, clips, height, width]` */
  x: Tensor4D;
  /** `[out, channels, size, size]` */
  kernel: Tensor4D;
  norm: NormWeights;
  patching: Patching;
  /** Added before the ReLU, of the result's shape. */
  skip?: Tensor4D;
  hasRelu: boolean;
};

/** The result `[out, clips, down, across]`, and the batch's mean and unbiased variance `[out]`. */
export function convolutionNorm(given: ConvolutionNorm): { y: Tensor4D; mean: Tensor; variance: Tensor } {
  const { x, kernel, norm, skip } = given;
  const inputs = [x, kernel, norm.gain, norm.shift, ...(skip === undefined ? [] : [skip])];
  const { value, beside } = closedForm<Tensor4D>(inputs, (held) => {
    const [ownX, ownKernel, gain, shift, ownSkip] = held as [Tensor4D, Tensor4D, Tensor1D, Tensor1D, Tensor4D?];
    const own = { ...given, x: ownX, kernel: ownKernel, norm: { gain, shift } };
    return forthAndBack(ownSkip === undefined ? own : { ...own, skip: ownSkip });
  });
  return { y: value, mean: beside['mean'] as Tensor, variance: beside['variance'] as Tensor };
}

type Kept = { convolved: Tensor2D; mean: Tensor2D; variance: Tensor2D; scale: Tensor2D; y: Tensor2D };

function forthAndBack(given: ConvolutionNorm): ClosedForm {
  const { x, kernel, patching } = given;
  const [, clips, height, width] = x.shape;
  const [out] = kernel.shape;
  const shape: [number, number, number, number] = [out, clips, patchedLength(height, patching), patchedLength(width, patching)];
  const count = clips * shape[2] * shape[3];
  const convolved = tf.tidy((): Tensor2D => tf.reshape(imageConvolution(x, kernel, patching), [out, count]));
  const kept = normalised(given, convolved);
  return {
    value: tf.reshape(kept.y, shape),
    beside: { mean: tf.reshape(kept.mean, [out]), variance: tf.mul(tf.reshape(kept.variance, [out]), count / Math.max(1, count - 1)) },
    backward: (gradient) => backward(given, kept, gradient as Tensor4D),
  };
}

/** @param convolved `[out, positions]` */
function normalised({ norm, skip, hasRelu }: ConvolutionNorm, convolved: Tensor2D): Kept {
  const mean = tf.mean<Tensor2D>(convolved, 1, true);
  const variance = tf.tidy((): Tensor2D => tf.mean(tf.square(tf.sub(convolved, mean)), 1, true));
  const scale = tf.tidy((): Tensor2D => tf.mul(column(norm.gain), tf.rsqrt(tf.add(variance, batchNormEpsilon))));
  const y = tf.tidy((): Tensor2D => {
    const offset = tf.sub(column(norm.shift), tf.mul(mean, scale));
    const affine = tf.add<Tensor2D>(tf.mul(convolved, scale), offset);
    const added = skip === undefined ? affine : tf.add<Tensor2D>(affine, tf.reshape(skip, convolved.shape));
    return hasRelu ? tf.relu(added) : added;
  });
  return { convolved, mean, variance, scale, y };
}

/** Of the input, the kernel, gain, shift, and what was added. */
function backward({ x, kernel, patching, skip, hasRelu }: ConvolutionNorm, kept: Kept, given: Tensor4D): Tensor[] {
  const { convolved, mean, variance, scale, y } = kept;
  const [, count] = convolved.shape;
  const gradient = tf.reshape<tf.Rank.R2>(given, convolved.shape);
  const through = hasRelu ? tf.mul<Tensor2D>(gradient, isPositive(y)) : gradient;
  const ofShift = tf.sum<Tensor2D>(through, 1, true);
  const inverse = tf.rsqrt(tf.add(variance, batchNormEpsilon));
  const ofGain = tf.mul<Tensor2D>(inverse, tf.sub(tf.sum(tf.mul(through, convolved), 1, true), tf.mul(mean, ofShift)));
  // scale · (gradient − mean of it − normalised value · mean of their product), with what does not depend on the position put together. The scale is left
  // to the kernel, and to its gradient, which are smaller.
  const slope = tf.mul<Tensor2D>(inverse, tf.div(ofGain, -count));
  const offset = tf.sub(tf.div(ofShift, -count), tf.mul(slope, mean));
  const unscaled = tf.add<Tensor2D>(tf.add(through, tf.mul(convolved, slope)), offset);
  const outwards = tf.reshape<tf.Rank.R4>(scale, [scale.shape[0], 1, 1, 1]);
  const back = { x, kernel: tf.mul<Tensor4D>(kernel, outwards), patching, gradient: tf.reshape<tf.Rank.R4>(unscaled, given.shape) };
  const { ofImage, ofKernel } = imageGradients(back);
  return [
    ofImage,
    tf.mul(ofKernel, outwards),
    tf.reshape(ofGain, [ofGain.shape[0]]),
    tf.reshape(ofShift, [ofShift.shape[0]]),
    ...(skip === undefined ? [] : [tf.reshape(through, skip.shape)]),
  ];
}

function column(vector: Tensor1D): Tensor2D {
  return tf.reshape(vector, [vector.shape[0], 1]);
}
