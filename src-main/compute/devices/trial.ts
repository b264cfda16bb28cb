/**
 * @file A short trial of a device: does it open, does it compute right, how fast. Runs in a child process, since a driver may abort or hang. Where tfjs
 * runs the functions themselves, each kind of operation that encoders and training are made of is tried; graphs for ONNX Runtime hold one operator as
 * much as another.
 */
import * as tf from '@tensorflow/tfjs-core';
import { AppError, assert } from '../../base/index.ts';
import { training } from '../../learn/index.ts';
import { openSession } from '../session.ts';
import type { OnnxGraph } from '../onnx/graph.ts';
import { isOnnxDevice } from './device.ts';
import type { DeviceId, OnnxDeviceId, TensorflowDeviceId } from './device.ts';
import { useTensorflow } from './tensorflow.ts';

/** What a trial found: arithmetic speed of one matrix product, in 10^9 operations a second. */
export type Trial = { gigaflops: number };

const side = 384;
const repetitions = 3;

/** Computes on the device and compares with what must come out. @throws AppError `DEVICE_FAILED` */
export async function tryDevice(id: DeviceId): Promise<Trial> {
  return { gigaflops: isOnnxDevice(id) ? await tryOnnx(id) : await tryTensorflow(id) };
}

async function tryOnnx(device: OnnxDeviceId): Promise<number> {
  const session = await openSession({ graph: productGraph(), device });
  const a = { shape: [side, side], data: trialMatrix() };
  let bestMs = Infinity;
  for (let i = 0; i < repetitions; i++) {
    const startedAt = performance.now();
    const { product } = await session.run({ a, b: a });
    bestMs = Math.min(bestMs, performance.now() - startedAt);
    checkProduct(device, product?.data ?? []);
  }
  await session.close();
  return rate(bestMs);
}

async function tryTensorflow(id: TensorflowDeviceId): Promise<number> {
  await useTensorflow(id);
  let bestMs = Infinity;
  for (let i = 0; i < repetitions; i++) {
    const startedAt = performance.now();
    const values = tf.tidy(() => {
      const a = tf.tensor2d(trialMatrix(), [side, side]);
      return tf.matMul(a, a).dataSync();
    });
    bestMs = Math.min(bestMs, performance.now() - startedAt);
    checkProduct(id, values);
  }
  tryOperations(id);
  return rate(bestMs);
}

/** Operations on small whole numbers, whose results are known. */
const operations: readonly { name: string; run: () => tf.Tensor; expected: readonly number[] }[] = [
  {
    name: 'a convolution with a stride',
    run: () => tf.conv2d(tf.tensor4d([1, 2, 3, 4, 5, 6], [1, 1, 1, 6]), tf.ones([1, 3, 1, 1]), [1, 3], 'valid', 'NCHW'),
    expected: [6, 15],
  },
  {
    name: 'a fused convolution',
    run: () => {
      const pad: [[number, number], [number, number], [number, number], [number, number]] = [
        [0, 0],
        [0, 0],
        [0, 0],
        [1, 1],
      ];
      const [x, filter] = [tf.tensor4d([1, 2, 3], [1, 1, 1, 3]), tf.ones<tf.Rank.R4>([1, 3, 1, 2])];
      return tf.fused.conv2d({ x, filter, strides: 1, pad, dataFormat: 'NCHW', bias: tf.tensor1d([10, -5]), activation: 'relu' });
    },
    expected: [13, 16, 15, 0, 1, 0],
  },
  {
    name: 'a gradient',
    run: () => {
      training.registerGradients();
      const squares = (x: tf.Tensor): tf.Tensor => tf.sum(tf.square(tf.matMul(x, tf.tensor2d([3, 4], [2, 1]))));
      return tf.grad(squares)(tf.tensor2d([1, 2], [1, 2]));
    },
    expected: [66, 88],
  },
];

/** @throws AppError `DEVICE_FAILED` */
export function tryOperations(device: string): void {
  for (const { name, run, expected } of operations) {
    let found: ArrayLike<number>;
    try {
      found = tf.tidy(() => run().dataSync());
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new AppError('DEVICE_FAILED', `The device ${device} cannot compute ${name}: ${why}`, { cause });
    }
    const isRight = found.length === expected.length && expected.every((value, index) => Math.abs((found[index] ?? NaN) - value) < 1e-3);
    if (!isRight)
      throw new AppError(
        'DEVICE_FAILED',
        `The device ${device} computes ${name} wrongly; its driver may be at fault. Choose another device.`,
      );
  }
}

/** Rows of one number each, so that every element of the product is known. */
function trialMatrix(): Float32Array {
  return Float32Array.from({ length: side * side }, (_, index) => (Math.floor(index / side) % 7) + 1);
}

function checkProduct(device: string, product: ArrayLike<number>): void {
  const columnSum = Array.from({ length: side }, (_, row) => (row % 7) + 1).reduce((sum, value) => sum + value, 0);
  const isRight = Array.from(product).every(
    (value, index) => Math.abs(value / (((Math.floor(index / side) % 7) + 1) * columnSum) - 1) < 1e-3,
  );
  if (product.length === side * side && isRight) return;
  throw new AppError(
    'DEVICE_FAILED',
    `The device ${device} multiplied two matrices wrongly; its driver may be at fault. Choose another device.`,
  );
}

function rate(durationMs: number): number {
  assert(durationMs > 0, 'a trial takes time');
  return Math.round(((2 * side ** 3) / (durationMs * 1e6)) * 10) / 10;
}

function productGraph(): OnnxGraph {
  const matrix = (name: string): { name: string; type: 'float32'; shape: number[] } => ({ name, type: 'float32', shape: [side, side] });
  return {
    name: 'trial',
    nodes: [{ op: 'MatMul', inputs: ['a', 'b'], outputs: ['product'], attributes: {} }],
    constants: [],
    inputs: [matrix('a'), matrix('b')],
    outputs: [matrix('product')],
  };
}
