/**
 * @file Convolutions over images, forth and back. Images are `[channels, clips, height, width]`: channels first of all, so that a convolution of one pixel is
 * a product with the image as it lies, and a batch norm's statistics are sums over what lies together.
 *
 * For any other kernel the clips are one tall image, with rows of zeros between them that keep a kernel from seeing two: a runtime's convolution goes over
 * that with all its threads, and lays patches out piece by piece where they stay in a cache. Patches as a matrix, which a kernel's gradient is a product
 * with, are a convolution too: channel by channel, with kernels that are one at one place.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { assert, defined } from '../../base/index.ts';
import { zerosAfter } from './sum.ts';

/** A square kernel; zeros are put on all sides. Strides are 1 or 2. */
export type Patching = { kernel: number; stride: 1 | 2; padding: number };

type Shape = readonly [channels: number, clips: number, height: number, width: number];
type Pair = [number, number];

/** How many positions an axis of so many pixels has. */
export function patchedLength(pixels: number, { kernel, stride, padding }: Patching): number {
  return Math.floor((pixels + 2 * padding - kernel) / stride) + 1;
}

const isPlain = ({ kernel, stride, padding }: Patching): boolean => kernel === 1 && stride === 1 && padding === 0;

/** @param kernel `[out, channels, size, size]` @returns `[out, clips, down, across]` */
export function imageConvolution(x: Tensor4D, kernel: Tensor4D, patching: Patching): Tensor4D {
  const [, clips, height, width] = x.shape;
  const [out] = kernel.shape;
  if (isPlain(patching)) return tf.reshape(tf.matMul(matrixOf(kernel), flat(x)), [out, clips, height, width]);
  const [down, rows] = [patchedLength(height, patching), rowsOf(height, patching)];
  const { top, side } = padsOf(patching);
  const filter = tf.transpose(kernel, [2, 3, 1, 0]);
  const y = tf.conv2d(stacked(x, rows), filter, patching.stride, [[0, 0], [0, 0], top, side], 'NCHW', [1, 1], 'floor');
  return apart(y, { clips, rows: rows / patching.stride, height: down });
}

/** What a convolution of an image with a kernel is, and the gradient of its result `[out, clips, down, across]`. */
export type Convolved = { x: Tensor4D; kernel: Tensor4D; patching: Patching; gradient: Tensor4D };

/** The gradients of the image and of the kernel. */
export function imageGradients({ x, kernel, patching, gradient }: Convolved): { ofImage: Tensor4D; ofKernel: Tensor4D } {
  if (isPlain(patching)) {
    const ofKernel: Tensor2D = tf.matMul(flat(gradient), flat(x), false, true);
    const ofImage: Tensor2D = tf.matMul(matrixAfter(kernel, ofKernel), flat(gradient), true);
    return { ofImage: tf.reshape(ofImage, x.shape), ofKernel: tf.reshape(ofKernel, kernel.shape) };
  }
  // Zeros between the clips here leave out what patches hold there.
  const tall = stacked(gradient, rowsOf(x.shape[2], patching) / patching.stride);
  const ofPlaces = tallPatches(x, patching).map((part) => {
    const product: Tensor2D = tf.matMul(tallFlat(tall), tallFlat(part), false, true);
    return tf.reshape<tf.Rank.R3>(product, [kernel.shape[0], x.shape[0], product.shape[1] / x.shape[0]]);
  });
  const ofKernel = tf.reshape<tf.Rank.R4>(together(ofPlaces, 2), kernel.shape);
  const later = tf.reshape<tf.Rank.R4>(matrixAfter(kernel, ofKernel), kernel.shape);
  return { ofImage: gradientOfImage(tall, { x, kernel: later, patching }), ofKernel };
}

/** @param tall the gradient as a tall image */
function gradientOfImage(tall: Tensor4D, { x, kernel, patching }: Omit<Convolved, 'gradient'>): Tensor4D {
  const [channels, clips, height, width] = x.shape;
  const { kernel: size, stride, padding } = patching;
  const rows = rowsOf(height, patching);
  const { top, side } = padsOf(patching);
  if (stride === 1) {
    assert(size === 2 * padding + 1, 'a convolution without strides keeps an image’s size');
    const back = tf.conv2d(tall, tf.transpose(turned(kernel), [2, 3, 1, 0]), 1, [[0, 0], [0, 0], top, side], 'NCHW');
    return apart(back, { clips, rows, height });
  }
  const shape: [number, number, number, number] = [1, clips * rows, width, channels];
  const filter = tf.transpose<Tensor4D>(kernel, [2, 3, 1, 0]);
  const back = tf.conv2dTranspose(tf.transpose<Tensor4D>(tall, [0, 2, 3, 1]), filter, shape, stride, [[0, 0], top, side, [0, 0]], 'floor');
  return apart(tf.transpose(back, [0, 3, 1, 2]), { clips, rows, height });
}

/** What a kernel covers at each position: `[channels · kernel · kernel, clips, down, across]`. Zeros stand beyond the image's edges. */
export function patchesOf(x: Tensor4D, patching: Patching): Tensor4D {
  const [channels, clips, height, width] = x.shape;
  const [down, across] = [patchedLength(height, patching), patchedLength(width, patching)];
  const rows = rowsOf(height, patching) / patching.stride;
  const parts = tallPatches(x, patching).map((part) => {
    const own = apart(part, { clips, rows, height: down });
    return tf.reshape<tf.Rank.R3>(own, [channels, own.shape[0] / channels, clips * down * across]);
  });
  return tf.reshape(together(parts, 1), [channels * patching.kernel ** 2, clips, down, across]);
}

/** Patches of a tall image, some places of the kernel at a time: `[1, channels · places, rows, across]` each; some lie between the clips. */
function tallPatches(x: Tensor4D, patching: Patching): Tensor4D[] {
  const [channels, , height] = x.shape;
  const { top, side } = padsOf(patching);
  const given = tf.transpose<Tensor4D>(stacked(x, rowsOf(height, patching)), [0, 2, 3, 1]);
  const pads: tf.backend_util.ExplicitPadding = [[0, 0], top, side, [0, 0]];
  const size = patching.kernel ** 2;
  return partsOf(size).map(({ from, count }) => {
    const filter = tf.slice(places(channels, patching), [0, 0, 0, from], [patching.kernel, patching.kernel, channels, count]);
    return tf.transpose(tf.depthwiseConv2d(given, filter, patching.stride, pads, 'NHWC', [1, 1], 'floor'), [0, 3, 1, 2]);
  });
}

function together(parts: tf.Tensor3D[], axis: number): tf.Tensor3D {
  return parts.length === 1 ? defined(parts[0], 'a part') : tf.concat(parts, axis);
}

/** Places in fours and what is left: of as many as these a channel, WebGPU's convolutions keep channels apart. */
function partsOf(size: number): { from: number; count: number }[] {
  const rest = size % 4;
  return [
    { from: 0, count: size - rest },
    { from: size - rest, count: rest },
  ].filter(({ count }) => count > 0);
}

/** Sums what patches say of the image: the transpose of {@link patchesOf}. @param patches `[channels · kernel · kernel, clips, down, across]` */
export function gathered(patches: Tensor4D, shape: Shape, patching: Patching): Tensor4D {
  const [channels, clips, height, width] = shape;
  const rows = rowsOf(height, patching);
  const { top, side } = padsOf(patching);
  const inputs = { dy: tf.transpose(stacked(patches, rows / patching.stride), [0, 2, 3, 1]), filter: places(channels, patching) };
  const x = tf.engine().runKernel<Tensor4D>(tf.DepthwiseConv2dNativeBackpropInput, inputs, {
    ...{ strides: [patching.stride, patching.stride], dilations: [1, 1], dimRoundingMode: 'floor' },
    ...{ pad: [[0, 0], top, side, [0, 0]], inputShape: [1, clips * rows, width, channels] },
  });
  return apart(tf.transpose(x, [0, 3, 1, 2]), { clips, rows, height });
}

/** One row for each channel. */
function flat(x: Tensor4D): Tensor2D {
  const [channels, clips, height, width] = x.shape;
  return tf.reshape(x, [channels, clips * height * width]);
}

/** The same of a tall image. */
function tallFlat(x: Tensor4D): Tensor2D {
  const [, channels, rows, width] = x.shape;
  return tf.reshape(x, [channels, rows * width]);
}

/** `[out, channels · size · size]` */
function matrixOf(kernel: Tensor4D): Tensor2D {
  const [out, channels, tall, wide] = kernel.shape;
  return tf.reshape(kernel, [out, channels * tall * wide]);
}

/** The same, known only after the kernel's gradient: see {@link zerosAfter}. */
function matrixAfter(kernel: Tensor4D, ofKernel: Tensor): Tensor2D {
  return tf.add(matrixOf(kernel), zerosAfter(1, ofKernel));
}

/** Rows of a clip in the tall image: its own, as many zeros as a kernel reaches beyond an edge, and what is missing to whole strides. */
function rowsOf(height: number, { stride, padding }: Patching): number {
  return Math.ceil((height + padding) / stride) * stride;
}

/** Zeros around the tall image: as many at its end as let it have a row for each stride. */
function padsOf({ kernel, stride, padding }: Patching): { top: Pair; side: Pair } {
  return { top: [padding, Math.max(0, kernel - stride - padding)], side: [padding, padding] };
}

/** Clips one below the other: `[1, channels, clips · rows, width]`. */
function stacked(x: Tensor4D, rows: number): Tensor4D {
  const [channels, clips, height, width] = x.shape;
  const padded =
    rows === height
      ? x
      : tf.pad(x, [
          [0, 0],
          [0, 0],
          [0, rows - height],
          [0, 0],
        ]);
  return tf.reshape(padded, [1, channels, clips * rows, width]);
}

/** The inverse of {@link stacked}. */
function apart(tall: Tensor4D, { clips, rows, height }: { clips: number; rows: number; height: number }): Tensor4D {
  const [, channels, all, width] = tall.shape;
  assert(all === clips * rows && rows >= height, 'a tall image has a row for each of every clip');
  const whole = tf.reshape<tf.Rank.R4>(tall, [channels, clips, rows, width]);
  return rows === height ? whole : tf.slice(whole, [0, 0, 0, 0], [channels, clips, height, width]);
}

/** A kernel `[out, channels, size, size]` the other way: turned round in both directions, `[channels, out, size, size]`. */
function turned(kernel: Tensor4D): Tensor4D {
  const [out, channels, tall, wide] = kernel.shape;
  // A product turns small rows round faster than what moves single numbers.
  const size = tall * wide;
  const around = tf.tensor2d(
    Float32Array.from({ length: size * size }, (_, at) => (Math.floor(at / size) + (at % size) === size - 1 ? 1 : 0)),
    [size, size],
  );
  const rows: Tensor2D = tf.matMul(tf.reshape(kernel, [out * channels, size]), around);
  return tf.transpose(tf.reshape<tf.Rank.R4>(rows, [out, channels, tall, wide]), [1, 0, 2, 3]);
}

/** For each channel a kernel for each of its places, which is one there: `[kernel, kernel, channels, kernel · kernel]`. */
function places(channels: number, { kernel }: Patching): Tensor4D {
  const size = kernel * kernel;
  const values = Float32Array.from({ length: size * channels * size }, (_, at) =>
    Math.floor(at / (channels * size)) === at % size ? 1 : 0,
  );
  return tf.tensor4d(values, [kernel, kernel, channels, size]);
}
