/**
 * @file A convolution over time whose channels are in groups that do not see each other, as a product for each group. Its gradient is in closed form: the
 * input alone is kept, and what positions cover is laid out again on the way back, since it takes as many times the memory as the kernel is long.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';

/**
 * As many positions come out as go in.
 * @param x `[batch, time, channels]`
 * @param weights the kernel `[channels, channels / groups, kernel]`, odd, and the bias `[channels]`, as PyTorch's `Conv1d` has them
 */
export function groupedConvolution(x: Tensor3D, weights: { kernel: Tensor3D; bias: Tensor1D }, groups: number): Tensor3D {
  const layout = layoutOf(x.shape, weights.kernel.shape, groups);
  const apply = tf.customGrad((...given) => {
    const [own, kernel, bias] = given as Tensor[] as [Tensor3D, Tensor3D, Tensor1D];
    const save = given.at(-1) as unknown as (tensors: Tensor[]) => void;
    save([own, kernel]);
    return {
      value: tf.add(convolved(own, inGroups(kernel, layout), layout), bias),
      gradFunc: (gradient: Tensor, saved: Tensor[]) => gradientsOf(gradient as Tensor3D, saved as [Tensor3D, Tensor3D], layout),
    };
  });
  return apply(x, weights.kernel, weights.bias) as Tensor3D;
}

type Layout = { batch: number; time: number; channels: number; groups: number; each: number; kernel: number };

function layoutOf([batch = 0, time = 0, channels = 0]: number[], [, each = 0, kernel = 0]: number[], groups: number): Layout {
  return { batch, time, channels, groups, each, kernel };
}

/** `[groups, out, in, kernel]` */
function inGroups(kernel: Tensor3D, { groups, each, kernel: size }: Layout): Tensor4D {
  return tf.reshape(kernel, [groups, each, each, size]);
}

/** @param kernels `[groups, out, in, kernel]` */
function convolved(x: Tensor3D, kernels: Tensor4D, layout: Layout): Tensor3D {
  const { groups, each, kernel } = layout;
  const matrices = tf.reshape<tf.Rank.R3>(tf.transpose(kernels, [0, 3, 2, 1]), [groups, kernel * each, each]);
  return together(tf.matMul(laidOut(x, layout), matrices), layout);
}

/** `[groups, batch · time, each]` */
function apart(x: Tensor3D, { batch, time, groups, each }: Layout): Tensor3D {
  return tf.reshape(tf.transpose(tf.reshape<tf.Rank.R4>(x, [batch, time, groups, each]), [2, 0, 1, 3]), [groups, batch * time, each]);
}

/** `[batch, time, channels]` */
function together(x: Tensor3D, { batch, time, channels, groups, each }: Layout): Tensor3D {
  return tf.reshape(tf.transpose(tf.reshape<tf.Rank.R4>(x, [groups, batch, time, each]), [1, 2, 0, 3]), [batch, time, channels]);
}

/** What each position covers: `[groups, batch · time, kernel · each]`. */
function laidOut(x: Tensor3D, layout: Layout): Tensor3D {
  const { batch, time, groups, each, kernel } = layout;
  const half = (kernel - 1) / 2;
  const padded = tf.pad(tf.reshape<tf.Rank.R4>(apart(x, layout), [groups, batch, time, each]), [
    [0, 0],
    [0, 0],
    [half, half],
    [0, 0],
  ]);
  const shifts = Array.from({ length: kernel }, (_, at) => tf.slice(padded, [0, 0, at, 0], [groups, batch, time, each]));
  return tf.reshape(tf.concat(shifts, 3), [groups, batch * time, kernel * each]);
}

/** Of the input, where what came out is convolved with the kernels turned round; of the kernel; of the bias. */
function gradientsOf(gradient: Tensor3D, [x, kernel]: [Tensor3D, Tensor3D], layout: Layout): Tensor[] {
  const { channels, groups, each, kernel: size } = layout;
  const turned = tf.transpose(tf.reverse(inGroups(kernel, layout), 3), [0, 2, 1, 3]);
  const ofMatrices: Tensor3D = tf.matMul(laidOut(x, layout), apart(gradient, layout), true);
  const ofKernels = tf.transpose(tf.reshape<tf.Rank.R4>(ofMatrices, [groups, size, each, each]), [0, 3, 2, 1]);
  return [convolved(gradient, turned, layout), tf.reshape(ofKernels, [channels, each, size]), tf.sum(gradient, [0, 1])];
}
