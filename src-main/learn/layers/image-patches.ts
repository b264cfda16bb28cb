/**
 * @file Convolutions over images as matrix products. Images are `[channels, clips, height, width]`: channels first of all, so that a convolution of one
 * pixel is a product with the image as it lies, and a batch norm's statistics are sums over what lies together.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { assert, defined } from '../../base/index.ts';

/** A square kernel; zeros are put on all sides. Strides are 1 or 2. */
export type Patching = { kernel: number; stride: 1 | 2; padding: number };

/** How many positions an axis of so many pixels has. */
export function patchedLength(pixels: number, { kernel, stride, padding }: Patching): number {
  return Math.floor((pixels + 2 * padding - kernel) / stride) + 1;
}

type Shape = readonly [channels: number, clips: number, height: number, width: number];
type Layout = Patching & { channels: number; clips: number; height: number; width: number; down: number; across: number };

function layoutOf([channels, clips, height, width]: Shape, patching: Patching): Layout {
  assert(patching.stride === 1 || patching.stride === 2, 'a stride is 1 or 2');
  return { ...patching, channels, clips, height, width, down: patchedLength(height, patching), across: patchedLength(width, patching) };
}

const isPlain = ({ kernel, stride, padding }: Patching): boolean => kernel === 1 && stride === 1 && padding === 0;

/** What a kernel covers at each position: `[kernel · kernel · channels, clips · down · across]`, in the order of the kernel's rows, columns, channels. */
export function patchesOf(x: Tensor4D, patching: Patching): Tensor2D {
  const layout = layoutOf(x.shape, patching);
  const { channels, clips, down, across } = layout;
  if (isPlain(patching)) return tf.reshape(x, [channels, clips * down * across]);
  const rows = shiftsOf(x, patching, 0).map((shift) => tf.reshape<tf.Rank.R2>(shift, [channels, clips * down * across]));
  return rows.length === 1 ? defined(rows[0], 'a row') : tf.concat(rows, 0);
}

/** The image as each place of the kernel sees it, `[channels, clips, down, across]`. @param filler what stands beyond the image's edges */
export function shiftsOf(x: Tensor4D, patching: Patching, filler: number): Tensor4D[] {
  const layout = layoutOf(x.shape, patching);
  const { kernel, stride, channels, clips, down, across } = layout;
  const phases = phasesOf(x, layout, filler);
  return placesOf(kernel).map(([row, column]) => {
    const phase = defined(phases[(row % stride) * stride + (column % stride)], 'a phase');
    return tf.slice(phase, [0, 0, Math.floor(row / stride), Math.floor(column / stride)], [channels, clips, down, across]);
  });
}

/** Sums what places of the kernel say of the image: the transpose of {@link shiftsOf} with zeros beyond the edges. */
export function gathered(shifts: readonly Tensor4D[], shape: Shape, patching: Patching): Tensor4D {
  const layout = layoutOf(shape, patching);
  const { kernel, stride, channels, clips, height, width, padding, down, across } = layout;
  if (isPlain(patching)) return tf.reshape(defined(shifts[0], 'a shift'), [...shape]);
  const [tall, wide] = paddedSizes(layout);
  const [phaseTall, phaseWide] = [tall / stride, wide / stride];
  const phases = Array.from({ length: stride * stride }, (_, phase) => {
    const own = placesOf(kernel).flatMap(([row, column], place) => {
      if ((row % stride) * stride + (column % stride) !== phase) return [];
      const [top, left] = [Math.floor(row / stride), Math.floor(column / stride)];
      return [padded(defined(shifts[place], 'a shift'), [top, phaseTall - down - top], [left, phaseWide - across - left])];
    });
    if (own.length === 0) return tf.zeros<tf.Rank.R4>([channels, clips, phaseTall, phaseWide]);
    return own.length === 1 ? defined(own[0], 'a shift') : tf.addN(own);
  });
  const whole = stride === 1 ? defined(phases[0], 'a phase') : interleaved(phases, [channels, clips, phaseTall, phaseWide]);
  return tf.slice(whole, [0, 0, padding, padding], [channels, clips, height, width]);
}

/** A kernel `[out, in, height, width]` as patches lie: `[out, height · width · in]`. */
export function patchKernel(kernel: Tensor4D): Tensor2D {
  const [out, channels, height, width] = kernel.shape;
  return tf.reshape(tf.transpose(kernel, [0, 2, 3, 1]), [out, height * width * channels]);
}

/** The inverse of {@link patchKernel}. */
export function kernelOfPatches(matrix: Tensor2D, [out, channels, height, width]: Tensor4D['shape']): Tensor4D {
  return tf.transpose(tf.reshape<tf.Rank.R4>(matrix, [out, height, width, channels]), [0, 3, 1, 2]);
}

/** Patches' gradient as that of the shifts. */
export function shiftsOfPatches(rows: Tensor2D, shape: Shape, patching: Patching): Tensor4D[] {
  const { channels, clips, kernel, down, across } = layoutOf(shape, patching);
  const parts = kernel === 1 ? [rows] : tf.split(rows, kernel * kernel, 0);
  return parts.map((part) => tf.reshape(part, [channels, clips, down, across]));
}

function placesOf(kernel: number): [row: number, column: number][] {
  return Array.from({ length: kernel * kernel }, (_, place) => [Math.floor(place / kernel), place % kernel]);
}

/** With zeros on all sides, and then as many more below and to the right as make whole strides. */
function paddedSizes({ height, width, stride, padding, kernel, down, across }: Layout): [tall: number, wide: number] {
  const size = (pixels: number, positions: number): number => {
    const reached = Math.max(pixels + 2 * padding, (positions - 1) * stride + kernel);
    return Math.ceil(reached / stride) * stride;
  };
  return [size(height, down), size(width, across)];
}

function padded(x: Tensor4D, [top, bottom]: [number, number], [left, right]: [number, number], filler = 0): Tensor4D {
  if (top + bottom + left + right === 0) return x;
  return tf.pad(
    x,
    [
      [0, 0],
      [0, 0],
      [top, bottom],
      [left, right],
    ],
    filler,
  );
}

/** Every pixel, or every second row and column from the first and from the second on. */
function phasesOf(x: Tensor4D, layout: Layout, filler: number): Tensor4D[] {
  const { channels, clips, height, width, stride, padding } = layout;
  const [tall, wide] = paddedSizes(layout);
  const whole = padded(x, [padding, tall - height - padding], [padding, wide - width - padding], filler);
  if (stride === 1) return [whole];
  const cut = tf.reshape<tf.Rank.R6>(whole, [channels, clips, tall / 2, 2, wide / 2, 2]);
  return placesOf(2).map(([row, column]) => {
    const phase = tf.slice(cut, [0, 0, 0, row, 0, column], [channels, clips, tall / 2, 1, wide / 2, 1]);
    return tf.reshape<tf.Rank.R4>(phase, [channels, clips, tall / 2, wide / 2]);
  });
}

/** The inverse of taking phases apart. */
function interleaved(phases: readonly Tensor4D[], [channels, clips, tall, wide]: Shape): Tensor4D {
  const stacked = tf.reshape(tf.stack([...phases]), [2, 2, channels, clips, tall, wide]);
  return tf.reshape(tf.transpose(stacked, [2, 3, 4, 0, 5, 1]), [channels, clips, 2 * tall, 2 * wide]);
}
