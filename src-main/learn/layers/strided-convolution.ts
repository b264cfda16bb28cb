/**
 * @file A convolution over time with strides, perhaps with a bias and then a ReLU: the wave is cut into strides, strides that a kernel covers are laid side
 * by side, and one matrix product does the rest; a kernel that is no whole number of strides is filled up with zeros. Its gradient is in closed form: input
 * and output alone are kept, and strides are laid out again on the way back, since they take twice as much memory as both.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';

/** Zeros are put on both sides. */
export type Striding = { kernel: number; stride: number; padding: number };

/** How many positions it gives. */
export function stridedLength(samples: number, { kernel, stride, padding }: Striding): number {
  return Math.floor((samples + 2 * padding - kernel) / stride) + 1;
}

/**
 * @param x `[batch, time, channels]`
 * @param weights the kernel `[out, channels, kernel]` and the bias `[out]`, as PyTorch's `Conv1d` has them; a ReLU follows where there is a bias
 * @returns `[batch, positions, out]`
 */
export function stridedConvolution(x: Tensor3D, weights: { kernel: Tensor3D; bias?: Tensor1D }, striding: Striding): Tensor3D {
  const layout = layoutOf(x.shape, striding);
  const filling = layout.taps * striding.stride - striding.kernel;
  const filled =
    filling === 0
      ? weights.kernel
      : tf.pad(weights.kernel, [
          [0, 0],
          [0, 0],
          [0, filling],
        ]);
  const inputs = weights.bias === undefined ? [x, filled] : [x, filled, weights.bias];
  const apply = tf.customGrad((...given) => {
    const [wave, kernel, bias] = given as Tensor[] as [Tensor3D, Tensor3D, Tensor1D];
    const save = given.at(-1) as unknown as (tensors: Tensor[]) => void;
    const product: Tensor2D = tf.matMul(laidOut(wave, layout), matrixOf(kernel));
    const y = inputs.length === 2 ? product : tf.relu(tf.add<Tensor2D>(product, bias));
    save(inputs.length === 2 ? [wave, kernel] : [wave, kernel, y]);
    return {
      value: tf.reshape(y, [layout.batch, layout.positions, kernel.shape[0]]),
      gradFunc: (gradient: Tensor, saved: Tensor[]) => gradientsOf(gradient, saved as [Tensor3D, Tensor3D, Tensor2D?], layout),
    };
  });
  return apply(...inputs) as Tensor3D;
}

type Layout = { batch: number; time: number; channels: number; taps: number; positions: number; strides: number; used: number } & Striding;

function layoutOf([batch, time, channels]: [number, number, number], striding: Striding): Layout {
  const { kernel, stride, padding } = striding;
  const taps = Math.ceil(kernel / stride);
  const positions = stridedLength(time, striding);
  const strides = positions + taps - 1;
  return { ...striding, batch, time, channels, taps, positions, strides, used: Math.min(time, strides * stride - padding) };
}

/** What each position covers: `[batch · positions, taps · stride · channels]`. */
function laidOut(x: Tensor3D, { batch, channels, stride, padding, taps, positions, strides, used }: Layout): Tensor2D {
  const padded = tf.pad(tf.slice(x, [0, 0, 0], [batch, used, channels]), [
    [0, 0],
    [padding, strides * stride - padding - used],
    [0, 0],
  ]);
  const cut = tf.reshape<tf.Rank.R3>(padded, [batch, strides, stride * channels]);
  const covered = Array.from({ length: taps }, (_, tap) => tf.slice(cut, [0, tap, 0], [batch, positions, stride * channels]));
  return tf.reshape(taps === 1 ? cut : tf.concat(covered, 2), [batch * positions, taps * stride * channels]);
}

/** `[kernel · channels, out]` */
function matrixOf(kernel: Tensor3D): Tensor2D {
  const [out, channels, size] = kernel.shape;
  return tf.reshape(tf.transpose(kernel, [2, 1, 0]), [size * channels, out]);
}

/** Of the input, the kernel, and the bias where there is one. @param y what left the ReLU */
function gradientsOf(gradient: Tensor, [x, kernel, y]: [Tensor3D, Tensor3D, Tensor2D?], layout: Layout): Tensor[] {
  const [out, channels, size] = kernel.shape;
  const given = tf.reshape<tf.Rank.R2>(gradient, [layout.batch * layout.positions, out]);
  const through = y === undefined ? given : tf.mul<Tensor2D>(given, tf.cast(tf.greater(y, 0), 'float32'));
  const ofMatrix: Tensor2D = tf.matMul(laidOut(x, layout), through, true);
  const ofKernel = tf.transpose(tf.reshape(ofMatrix, [size, channels, out]), [2, 1, 0]);
  const ofRows: Tensor2D = tf.matMul(through, matrixOf(kernel), false, true);
  return [takenBack(ofRows, layout), ofKernel, ...(y === undefined ? [] : [tf.sum(through, 0)])];
}

/** Sums what positions say of the samples that they share. */
function takenBack(rows: Tensor2D, { batch, time, channels, stride, padding, taps, positions, strides, used }: Layout): Tensor3D {
  const width = stride * channels;
  const parts = tf.split(tf.reshape<tf.Rank.R3>(rows, [batch, positions, taps * width]), taps, 2);
  const placed = parts.map((part, tap) =>
    tf.pad(part, [
      [0, 0],
      [tap, strides - positions - tap],
      [0, 0],
    ]),
  );
  const cut = placed.length === 1 ? defined(placed[0], 'a part') : tf.addN(placed);
  const whole = tf.slice(tf.reshape<tf.Rank.R3>(cut, [batch, strides * stride, channels]), [0, padding, 0], [batch, used, channels]);
  return tf.pad(whole, [
    [0, 0],
    [0, time - used],
    [0, 0],
  ]);
}
