/**
 * @file A convolution over time with strides, perhaps with a bias and then a ReLU: the wave is cut into strides, and a kernel into taps of one stride each; a
 * kernel that is no whole number of strides is filled up with zeros. Where a stride is wider than what comes out, one product takes every stride by every
 * tap, and what the taps give is added up; else strides that a kernel covers are laid side by side first. Its gradient is in closed form: input and output
 * alone are kept, and strides are laid out again on the way back.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import { isPositive, zerosAfter } from './sum.ts';

/** Zeros are put on both sides. */
export type Striding = { kernel: number; stride: number; padding: number };

/** How many positions it gives. */
export function stridedLength(samples: number, { kernel, stride, padding }: Striding): number {
  return Math.floor((samples + 2 * padding - kernel) / stride) + 1;
}

/** A kernel as the matrix that strides are multiplied by: computed once for all parts of a batch that it goes over. */
export type StridedKernel = Striding & { matrix: Tensor2D; channels: number; out: number };

/** @param kernel `[out, channels, kernel]`, as PyTorch's `Conv1d` has it */
export function stridedKernel(kernel: Tensor3D, striding: Striding): StridedKernel {
  const [out, channels, size] = kernel.shape;
  const own = { ...striding, channels, out };
  const taps = tapsOf(striding);
  const filling = taps * striding.stride - size;
  const filled =
    filling === 0
      ? kernel
      : tf.pad(kernel, [
          [0, 0],
          [0, 0],
          [0, filling],
        ]);
  const matrix = tf.reshape<tf.Rank.R2>(tf.transpose(filled, [2, 1, 0]), [taps * striding.stride * channels, out]);
  return { ...own, matrix: isApart(own) ? tapsApart(matrix, own) : matrix };
}

/**
 * @param x `[batch, time, channels]`
 * @param weights the kernel, and the bias `[out]`; a ReLU follows where there is a bias
 * @returns `[batch, positions, out]`
 */
export function stridedConvolution(x: Tensor3D, { kernel, bias }: { kernel: StridedKernel; bias?: Tensor1D }): Tensor3D {
  const layout = layoutOf(x.shape, kernel);
  const inputs = bias === undefined ? [x, kernel.matrix] : [x, kernel.matrix, bias];
  const apply = tf.customGrad((...given) => {
    const [wave, matrix, shift] = given as Tensor[] as [Tensor3D, Tensor2D, Tensor1D];
    const save = given.at(-1) as unknown as (tensors: Tensor[]) => void;
    const product = forward(wave, matrix, layout);
    const y = inputs.length === 2 ? product : tf.relu(tf.add<Tensor2D>(product, shift));
    save(inputs.length === 2 ? [wave, matrix] : [wave, matrix, y]);
    return {
      value: tf.reshape(y, [layout.batch, layout.positions, layout.out]),
      gradFunc: (gradient: Tensor, saved: Tensor[]) => gradientsOf(gradient, saved as [Tensor3D, Tensor2D, Tensor2D?], layout),
    };
  });
  return apply(...inputs) as Tensor3D;
}

type Kernel = Omit<StridedKernel, 'matrix'>;
type Layout = Kernel & { batch: number; time: number; taps: number; positions: number; strides: number; used: number };

/** Strides that a kernel covers; one that is no whole number of strides is filled up. */
const tapsOf = ({ kernel, stride }: Striding): number => Math.ceil(kernel / stride);

function layoutOf([batch, time]: [number, number, number], { kernel, stride, padding, channels, out }: Kernel): Layout {
  const striding = { kernel, stride, padding };
  const taps = tapsOf(striding);
  const positions = stridedLength(time, striding);
  const strides = positions + taps - 1;
  return { ...striding, batch, time, channels, out, taps, positions, strides, used: Math.min(time, strides * stride - padding) };
}

/** Whether strides are multiplied by all taps before they are put together: what comes out is narrower than a stride then, and less is laid out. */
function isApart({ stride, channels, out, ...striding }: Kernel): boolean {
  return tapsOf({ stride, ...striding }) > 1 && stride * channels > out;
}

/** `[batch · positions, out]` */
function forward(x: Tensor3D, matrix: Tensor2D, layout: Layout): Tensor2D {
  const { batch, channels, out, stride, taps, positions, strides } = layout;
  if (!isApart(layout)) return tf.matMul(laidOut(x, layout), matrix);
  const rows = tf.reshape<tf.Rank.R2>(cutOf(x, layout), [batch * strides, stride * channels]);
  const all = tf.reshape<tf.Rank.R3>(tf.matMul(rows, matrix), [batch, strides, taps * out]);
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

/** A kernel's taps side by side, `[stride · channels, taps · out]`. @param matrix `[taps · stride · channels, out]` */
function tapsApart(matrix: Tensor2D, kernel: Kernel): Tensor2D {
  const [taps, width] = [tapsOf(kernel), kernel.stride * kernel.channels];
  const byTap = tf.reshape<tf.Rank.R3>(matrix, [taps, width, kernel.out]);
  return tf.reshape(tf.transpose(byTap, [1, 0, 2]), [width, taps * kernel.out]);
}

/** Of the input, the matrix, and the bias where there is one. @param y what left the ReLU */
function gradientsOf(gradient: Tensor, [x, matrix, y]: [Tensor3D, Tensor2D, Tensor2D?], layout: Layout): Tensor[] {
  const given = tf.reshape<tf.Rank.R2>(gradient, [layout.batch * layout.positions, layout.out]);
  const through = y === undefined ? given : tf.mul<Tensor2D>(given, isPositive(y));
  const { ofInput, ofMatrix } = isApart(layout)
    ? gradientsApart(through, [x, matrix], layout)
    : gradientsTogether(through, [x, matrix], layout);
  return [ofInput, ofMatrix, ...(y === undefined ? [] : [tf.sum(through, 0)])];
}

type Back = { ofInput: Tensor3D; ofMatrix: Tensor2D };

function gradientsTogether(through: Tensor2D, [x, matrix]: [Tensor3D, Tensor2D], layout: Layout): Back {
  const ofMatrix: Tensor2D = tf.matMul(laidOut(x, layout), through, true);
  const ofRows: Tensor2D = tf.matMul(through, tf.add(matrix, zerosAfter(1, ofMatrix)), false, true);
  return { ofInput: takenBack(ofRows, layout), ofMatrix };
}

/** What each stride adds to the positions that cover it goes back by the same products. */
function gradientsApart(through: Tensor2D, [x, matrix]: [Tensor3D, Tensor2D], layout: Layout): Back {
  const { batch, channels, out, stride, taps, positions, strides } = layout;
  const given = tf.reshape<tf.Rank.R3>(through, [batch, positions, out]);
  const placed = Array.from({ length: taps }, (_, tap) =>
    tf.pad(given, [
      [0, 0],
      [tap, strides - positions - tap],
      [0, 0],
    ]),
  );
  const shares = tf.reshape<tf.Rank.R2>(tf.concat(placed, 2), [batch * strides, taps * out]);
  const ofMatrix: Tensor2D = tf.matMul(tf.reshape<tf.Rank.R2>(cutOf(x, layout), [batch * strides, stride * channels]), shares, true);
  const ofCut: Tensor2D = tf.matMul(shares, tf.add(matrix, zerosAfter(1, ofMatrix)), false, true);
  return { ofInput: together(tf.reshape<tf.Rank.R3>(ofCut, [batch, strides, stride * channels]), layout), ofMatrix };
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
