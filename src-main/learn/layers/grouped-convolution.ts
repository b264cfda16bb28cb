/** @file A convolution over time whose channels are in groups that do not see each other, as a product for each group. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor3D } from '@tensorflow/tfjs-core';

/**
 * As many positions come out as go in.
 * @param x `[batch, time, channels]`
 * @param weights the kernel `[channels, channels / groups, kernel]`, odd, and the bias `[channels]`, as PyTorch's `Conv1d` has them
 */
export function groupedConvolution(x: Tensor3D, weights: { kernel: Tensor3D; bias: Tensor1D }, groups: number): Tensor3D {
  const [batch, time, channels] = x.shape;
  const [, each, kernel] = weights.kernel.shape;
  const half = (kernel - 1) / 2;
  const apart = tf.transpose(tf.reshape<tf.Rank.R4>(x, [batch, time, groups, each]), [2, 0, 1, 3]);
  const padded = tf.pad(apart, [
    [0, 0],
    [0, 0],
    [half, half],
    [0, 0],
  ]);
  const shifts = Array.from({ length: kernel }, (_, at) => tf.slice(padded, [0, 0, at, 0], [groups, batch, time, each]));
  const rows = tf.reshape<tf.Rank.R3>(tf.concat(shifts, 3), [groups, batch * time, kernel * each]);
  const matrices = tf.transpose(tf.reshape<tf.Rank.R4>(weights.kernel, [groups, each, each, kernel]), [0, 3, 2, 1]);
  const made: Tensor3D = tf.matMul(rows, tf.reshape<tf.Rank.R3>(matrices, [groups, kernel * each, each]));
  const together = tf.transpose(tf.reshape<tf.Rank.R4>(made, [groups, batch, time, each]), [1, 2, 0, 3]);
  return tf.add(tf.reshape(together, [batch, time, channels]), weights.bias);
}
