/** @file A short trial of a device: does it open, does it multiply right, how fast. Runs in a child process, since a driver may abort or hang. */
import * as tf from '@tensorflow/tfjs-core';
import { AppError, assert } from '../../base/index.ts';
import { openSession } from '../session.ts';
import type { OnnxGraph } from '../onnx/graph.ts';
import { isOnnxDevice } from './device.ts';
import type { DeviceId, OnnxDeviceId, TensorflowDeviceId } from './device.ts';
import { useTensorflow } from './tensorflow.ts';

/** What a trial found: arithmetic speed of one matrix product, in 10^9 operations a second. */
export type Trial = { gigaflops: number };

const side = 384;
const repetitions = 3;

/** Multiplies two matrices on the device and compares with what must come out. @throws AppError `DEVICE_FAILED` */
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
    checkProduct(id, values as Float32Array);
  }
  return rate(bestMs);
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
