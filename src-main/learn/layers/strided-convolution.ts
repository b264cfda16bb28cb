/**
 * @file A convolution over time with strides, perhaps with a bias and then a ReLU: the wave is cut into strides, and a kernel into taps of one stride each; a
 * kernel that is no whole number of strides is filled up with zeros. Where a stride is wider than what comes out, one product takes every stride by every
 * tap, and what the taps give is added up; else strides that a kernel covers are laid side by side first. Its gradient is in closed form: input and output
 * alone are kept, and strides are laid out again on the way back.
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
    const product = forward(wave, kernel, layout);
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

/** Whether strides are multiplied by all taps before they are put together: what comes out is narrower than a stride then, and less is laid out. */
function isApart({ stride, channels, taps }: Layout, out: number): boolean {
  return taps > 1 && stride * channels > out;
}

/** `[batch · positions, out]` */
function forward(x: Tensor3D, kernel: Tensor3D, layout: Layout): Tensor2D {
  const { batch, channels, stride, taps, positions, strides } = layout;
  const [out] = kernel.shape;
  if (!isApart(layout, out)) return tf.matMul(laidOut(x, layout), matrixOf(kernel));
  const rows = tf.reshape<tf.Rank.R2>(cutOf(x, layout), [batch * strides, stride * channels]);
  const all = tf.reshape<tf.Rank.R3>(tf.matMul(rows, matrixApart(kernel, layout)), [batch, strides, taps * out]);
  const parts = Array.from({ length: taps }, (_, tap) => tf.slice(all, [0, tap, tap * out], [batch, positions, out]));
  return tf.reshape(tf.addN(parts), [batch * positions, out]);
}

/** The wave in strides, `[batch, strides, stride · channels]`. */
function cutOf(x: Tensor3D, { batch, channels, stride, padding, strides, used }: Layout): Tensor3D {
  const padded = tf.pad(tf.slice(x, [0, 0, 0], [batch, used, channels]), [
    [0, 0],
    [padding, strides * stride - padding - used],
    [0, 0],
  ]);
  return tf.reshape(padded, [batch, strides, stride * channels]);
}

/** What each position covers: `[batch · positions, taps · stride · channels]`. */
function laidOut(x: Tensor3D, layout: Layout): Tensor2D {
  const { batch, channels, stride, taps, positions } = layout;
  const cut = cutOf(x, layout);
  const covered = Array.from({ length: taps }, (_, tap) => tf.slice(cut, [0, tap, 0], [batch, positions, stride * channels]));
  return tf.reshape(taps === 1 ? cut : tf.concat(covered, 2), [batch * positions, taps * stride * channels]);
}

/** `[kernel · channels, out]` */
function matrixOf(kernel: Tensor3D): Tensor2D {
  const [out, channels, size] = kernel.shape;
  return tf.reshape(tf.transpose(kernel, [2, 1, 0]), [size * channels, out]);
}

/** The kernel's taps side by side, `[stride · channels, taps · out]`. */
function matrixApart(kernel: Tensor3D, { taps, stride, channels }: Layout): Tensor2D {
  const [out] = kernel.shape;
  const byTap = tf.reshape<tf.Rank.R3>(matrixOf(kernel), [taps, stride * channels, out]);
  return tf.reshape(tf.transpose(byTap, [1, 0, 2]), [stride * channels, taps * out]);
}

/** Of the input, the kernel, and the bias where there is one. @param y what left the ReLU */
function gradientsOf(gradient: Tensor, [x, kernel, y]: [Tensor3D, Tensor3D, Tensor2D?], layout: Layout): Tensor[] {
  const [out, channels, size] = kernel.shape;
  const given = tf.reshape<tf.Rank.R2>(gradient, [layout.batch * layout.positions, out]);
  const through = y === undefined ? given : tf.mul<Tensor2D>(given, tf.cast(tf.greater(y, 0), 'float32'));
  const { ofInput, ofMatrix } = isApart(layout, out)
    ? gradientsApart(through, [x, kernel], layout)
    : gradientsTogether(through, [x, kernel], layout);
  const ofKernel = tf.transpose(tf.reshape(ofMatrix, [size, channels, out]), [2, 1, 0]);
  return [ofInput, ofKernel, ...(y === undefined ? [] : [tf.sum(through, 0)])];
}

type Back = { ofInput: Tensor3D; ofMatrix: Tensor2D };

function gradientsTogether(through: Tensor2D, [x, kernel]: [Tensor3D, Tensor3D], layout: Layout): Back {
  const ofRows: Tensor2D = tf.matMul(through, matrixOf(kernel), false, true);
  return { ofInput: takenBack(ofRows, layout), ofMatrix: tf.matMul(laidOut(x, layout), through, true) };
}

/** What each stride adds to the positions that cover it goes back by the same products. */
function gradientsApart(through: Tensor2D, [x, kernel]: [Tensor3D, Tensor3D], layout: Layout): Back {
  const { batch, channels, stride, taps, positions, strides } = layout;
  const [out] = kernel.shape;
  const given = tf.reshape<tf.Rank.R3>(through, [batch, positions, out]);
  const placed = Array.from({ length: taps }, (_, tap) =>
    tf.pad(given, [
      [0, 0],
      [tap, strides - positions - tap],
      [0, 0],
    ]),
  );
  const shares = tf.reshape<tf.Rank.R2>(tf.concat(placed, 2), [batch * strides, taps * out]);
  const ofCut: Tensor2D = tf.matMul(shares, matrixApart(kernel, layout), false, true);
  const ofMatrix: Tensor2D = tf.matMul(tf.reshape<tf.Rank.R2>(cutOf(x, layout), [batch * strides, stride * channels]), shares, true);
  const byTap = tf.transpose(tf.reshape<tf.Rank.R3>(ofMatrix, [stride * channels, taps, out]), [1, 0, 2]);
  return {
    ofInput: together(tf.reshape<tf.Rank.R3>(ofCut, [batch, strides, stride * channels]), layout),
    ofMatrix: tf.reshape(byTap, [taps * stride * channels, out]),
  };
}

/** Sums what positions say of the samples that they share. */
function takenBack(rows: Tensor2D, layout: Layout): Tensor3D {
  const { batch, channels, stride, taps, positions, strides } = layout;
  const width = stride * channels;
  const parts = tf.split<Tensor3D>(tf.reshape<tf.Rank.R3>(rows, [batch, positions, taps * width]), taps, 2);
  const placed = parts.map((part, tap) =>
    tf.pad(part, [
      [0, 0],
      [tap, strides - positions - tap],
      [0, 0],
    ]),
  );
  return together(placed.length === 1 ? defined(placed[0], 'a part') : tf.addN<Tensor3D>(placed), layout);
}

/** The inverse of {@link cutOf}, with zeros where nothing was used. */
function together(cut: Tensor3D, { batch, time, channels, stride, padding, strides, used }: Layout): Tensor3D {
  const whole = tf.slice(tf.reshape<tf.Rank.R3>(cut, [batch, strides * stride, channels]), [0, padding, 0], [batch, used, channels]);
  return tf.pad(whole, [
    [0, 0],
    [0, time - used],
    [0, 0],
  ]);
}
