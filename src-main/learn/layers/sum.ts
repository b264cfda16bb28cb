/** @file Small sums that several layers need. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';

/** The sum of tensors of one shape. */
export function total<T extends Tensor>(terms: readonly T[]): T {
  return terms.length === 1 ? defined(terms[0], 'a term') : tf.addN([...terms]);
}

/** Sums each row: `[rows, columns]` to `[rows]`. */
export function rowSums(matrix: Tensor2D): Tensor1D {
  return tf.sum(matrix, 1);
}

/** A vector `[rows]` as a column `[rows, 1]`, which broadcasts over a matrix. */
export function column(vector: Tensor1D): Tensor2D {
  return tf.reshape(vector, [vector.shape[0], 1]);
}

/** Makes anything above zero one, when it is multiplied by this and cut off there. */
const huge = 1e30;

/** 1 where a value is above zero, else 0. Arithmetic, because comparing and casting takes ONNX Runtime's processor kernels five times as long. */
export function isPositive<T extends Tensor>(x: T): T {
  return tf.clipByValue<T>(tf.mul(x, huge), 0, 1);
}

/** 1 where a value is equal to the greatest, else 0. @param greatest nowhere less than `x` */
export function isGreatest<T extends Tensor>(x: T, greatest: T): T {
  return tf.relu(tf.add(tf.mul(tf.sub(x, greatest), huge), 1));
}

/**
 * Zeros `[length]` that are known only after `earlier`, which must be finite: whoever adds them is computed after it. A recorded graph runs in an order
 * that its runtime chooses; without this it would hold the gradients of all chunks of a layer's output until it comes to the kernels.
 */
export function zerosAfter(length: number, earlier: Tensor): Tensor1D {
  const first = tf.slice(tf.reshape(earlier, [earlier.size]), 0, 1);
  return tf.mul<Tensor1D>(first, tf.zeros([length]));
}
