/**
 * @file A convolution over time whose channels are in groups that do not see each other. Its gradient is in closed form: the input alone is kept, and what
 * positions cover is laid out on the way back alone, since it takes as many times the memory as the kernel is long. The clips of a batch are one long clip,
 * with zeros between them, over which a runtime's convolutions go with all their threads.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';

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
      value: tf.add(apart(convolved(joined(own, layout), kernel, layout), layout), bias),
      gradFunc: (gradient: Tensor, saved: Tensor[]) => gradientsOf(gradient as Tensor3D, saved as [Tensor3D, Tensor3D], layout),
    };
  });
  return apply(x, weights.kernel, weights.bias) as Tensor3D;
}

type Layout = { batch: number; time: number; channels: number; groups: number; each: number; kernel: number };

function layoutOf([batch = 0, time = 0, channels = 0]: number[], [, each = 0, kernel = 0]: number[], groups: number): Layout {
  return { batch, time, channels, groups, each, kernel };
}

/** @param long a long clip `[1, channels, 1, length]` @param kernel `[channels, each, kernel]` @returns the same, a group after the other */
function convolved(long: Tensor4D, kernel: Tensor3D, { channels, groups, each, kernel: size }: Layout): Tensor4D {
  const half = (size - 1) / 2;
  const kernels = tf.split<Tensor4D>(tf.transpose(tf.reshape<tf.Rank.R4>(kernel, [channels, each, 1, size]), [2, 3, 1, 0]), groups, 3);
  const pads: tf.backend_util.ExplicitPadding = [
    [0, 0],
    [0, 0],
    [0, 0],
    [half, half],
  ];
  const parts = tf
    .split<Tensor4D>(long, groups, 1)
    .map((own, group) => tf.conv2d<Tensor4D>(own, defined(kernels[group], 'a kernel'), 1, pads, 'NCHW'));
  return tf.concat(parts, 1);
}

/** All clips one after the other, with as many zeros behind each as a kernel reaches to a side: `[1, channels, 1, batch · (time + half)]`. */
function joined(x: Tensor3D, { batch, time, channels, kernel }: Layout): Tensor4D {
  const half = (kernel - 1) / 2;
  const padded = tf.pad(tf.transpose<Tensor3D>(x, [2, 0, 1]), [
    [0, 0],
    [0, 0],
    [0, half],
  ]);
  return tf.reshape(padded, [1, channels, 1, batch * (time + half)]);
}

/** The inverse of {@link joined}. */
function apart(long: Tensor4D, { batch, time, channels, kernel }: Layout): Tensor3D {
  const half = (kernel - 1) / 2;
  const clips = tf.slice(tf.reshape<tf.Rank.R3>(long, [channels, batch, time + half]), [0, 0, 0], [channels, batch, time]);
  return tf.transpose(clips, [1, 2, 0]);
}

/** As many places as a kernel has, and up to three more, which are zero: WebGPU's convolutions keep channels apart that have whole fours of kernels. */
const filledPlaces = (kernel: number): number => 4 * Math.ceil(kernel / 4);

/** What each position of a long clip covers, `[groups, each · places, length]`: a convolution of each channel with kernels that are one at one place. */
function patchesOf(long: Tensor4D, { channels, groups, each, kernel }: Layout): Tensor3D {
  const half = (kernel - 1) / 2;
  const filled = filledPlaces(kernel);
  const places = Float32Array.from({ length: kernel * channels * filled }, (_, at) =>
    Math.floor(at / (channels * filled)) === at % filled ? 1 : 0,
  );
  const pads: tf.backend_util.ExplicitPadding = [
    [0, 0],
    [0, 0],
    [half, half],
    [0, 0],
  ];
  const rows = tf.depthwiseConv2d(tf.transpose<Tensor4D>(long, [0, 2, 3, 1]), tf.tensor4d(places, [1, kernel, channels, filled]), 1, pads);
  return tf.reshape(tf.transpose(rows, [0, 3, 1, 2]), [groups, each * filled, long.shape[3]]);
}

/** Of the input, where what came out is convolved with the kernels turned round; of the kernel; of the bias. */
function gradientsOf(gradient: Tensor3D, [x, kernel]: [Tensor3D, Tensor3D], layout: Layout): Tensor[] {
  const { channels, groups, each, kernel: size } = layout;
  const long = joined(gradient, layout);
  const byGroup = tf.reverse(tf.reshape<tf.Rank.R4>(kernel, [groups, each, each, size]), 3);
  const turned = tf.reshape<tf.Rank.R3>(tf.transpose(byGroup, [0, 2, 1, 3]), [channels, each, size]);
  const given = tf.transpose(tf.reshape<tf.Rank.R3>(long, [groups, each, long.shape[3]]), [0, 2, 1]);
  const ofPlaces: Tensor3D = tf.matMul(patchesOf(joined(x, layout), layout), given);
  const filled = tf.reshape<tf.Rank.R4>(ofPlaces, [groups, each, filledPlaces(size), each]);
  const ofKernels = tf.transpose(tf.slice(filled, [0, 0, 0, 0], [groups, each, size, each]), [0, 3, 1, 2]);
  const ofKernel = tf.reshape<tf.Rank.R3>(ofKernels, [channels, each, size]);
  return [apart(convolved(long, turned, layout), layout), ofKernel, tf.sum(gradient, [0, 1])];
}
