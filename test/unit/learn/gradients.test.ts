import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src-main/base/index.ts';
import { registerGradients } from '../../../src-main/learn/gradients/register.ts';

type Case = { name: string; shapes: number[][]; run: (...x: tf.Tensor[]) => tf.Tensor; low?: number };

const random = seededRandom(5);

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
  registerGradients();
});

/** Compares each gradient with central differences of a weighted sum of the result. */
function check({ shapes, run, low = -2 }: Case): void {
  // All different, and further apart than the differences reach, so that no kink lies between.
  const count = shapes.reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const places = Array.from({ length: count }, (_, index) => ({ index, key: random.uniform() })).toSorted((a, b) => a.key - b.key);
  const drawn = places.map(({ index }) => low + ((2 - low) * (index + 0.37)) / count);
  const values = shapes.map((shape) =>
    Float32Array.from(
      drawn.splice(
        0,
        shape.reduce((a, b) => a * b, 1),
      ),
    ),
  );
  const tensors = (arrays: readonly Float32Array[]): tf.Tensor[] => arrays.map((data, index) => tf.tensor(data, shapes[index] as number[]));
  const outputSize = tf.tidy(() => run(...tensors(values)).size);
  const weights = Float32Array.from({ length: outputSize }, () => 2 * random.uniform() - 1);
  const weighted = (...x: tf.Tensor[]): tf.Scalar => tf.sum(tf.mul(tf.reshape(run(...x), [outputSize]), tf.tensor1d(weights)));
  const gradients = tf.tidy(() =>
    tf
      .grads(weighted)(tensors(values))
      .map((gradient) => Array.from(gradient.dataSync())),
  );
  const valueAt = (arrays: readonly Float32Array[]): number => tf.tidy(() => weighted(...tensors(arrays)).dataSync()[0] ?? NaN);
  const step = 1e-2;
  values.forEach((array, input) => {
    for (let i = 0; i < array.length; i++) {
      const moved = (by: number): Float32Array[] =>
        values.map((own, index) => (index === input ? own.map((value, at) => (at === i ? value + by : value)) : own));
      const slope = (valueAt(moved(step)) - valueAt(moved(-step))) / (2 * step);
      expect(Math.abs((gradients[input]?.[i] ?? NaN) - slope)).toBeLessThan(3e-3 * Math.max(1, Math.abs(slope)));
    }
  });
}

const cases: Case[] = [
  { name: 'Add with broadcasting', shapes: [[2, 3], [3]], run: (a, b) => tf.add(a as tf.Tensor, b as tf.Tensor) },
  { name: 'Sub with broadcasting', shapes: [[3], [2, 3]], run: (a, b) => tf.sub(a as tf.Tensor, b as tf.Tensor) },
  {
    name: 'Multiply',
    shapes: [
      [2, 3],
      [2, 1],
    ],
    run: (a, b) => tf.mul(a as tf.Tensor, b as tf.Tensor),
  },
  {
    name: 'RealDiv',
    shapes: [
      [2, 3],
      [1, 3],
    ],
    low: 0.5,
    run: (a, b) => tf.div(a as tf.Tensor, b as tf.Tensor),
  },
  { name: 'Maximum', shapes: [[7], [7]], run: (a, b) => tf.maximum(a as tf.Tensor, b as tf.Tensor) },
  { name: 'Minimum', shapes: [[7], [7]], run: (a, b) => tf.minimum(a as tf.Tensor, b as tf.Tensor) },
  { name: 'Neg', shapes: [[4]], run: (x) => tf.neg(x as tf.Tensor) },
  { name: 'Square', shapes: [[4]], run: (x) => tf.square(x as tf.Tensor) },
  { name: 'Sqrt', shapes: [[4]], low: 0.5, run: (x) => tf.sqrt(x as tf.Tensor) },
  { name: 'Rsqrt', shapes: [[4]], low: 0.5, run: (x) => tf.rsqrt(x as tf.Tensor) },
  { name: 'Exp', shapes: [[4]], run: (x) => tf.exp(x as tf.Tensor) },
  { name: 'Log', shapes: [[4]], low: 0.5, run: (x) => tf.log(x as tf.Tensor) },
  { name: 'Relu', shapes: [[9]], run: (x) => tf.relu(x as tf.Tensor) },
  { name: 'Sigmoid', shapes: [[5]], run: (x) => tf.sigmoid(x as tf.Tensor) },
  { name: 'Tanh', shapes: [[5]], run: (x) => tf.tanh(x as tf.Tensor) },
  { name: 'Sum over an axis', shapes: [[2, 3, 2]], run: (x) => tf.sum(x as tf.Tensor, 1) },
  { name: 'Sum over all', shapes: [[2, 3]], run: (x) => tf.sum(x as tf.Tensor) },
  { name: 'Mean over axes', shapes: [[2, 3, 2]], run: (x) => tf.mean(x as tf.Tensor, [0, 2], true) },
  { name: 'Max over an axis', shapes: [[3, 4]], run: (x) => tf.max(x as tf.Tensor, 1) },
  { name: 'logSumExp', shapes: [[3, 4]], run: (x) => tf.logSumExp(x as tf.Tensor, 1) },
  {
    name: 'matrix product',
    shapes: [
      [2, 3],
      [3, 4],
    ],
    run: (a, b) => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D),
  },
  {
    name: 'matrix product, first transposed',
    shapes: [
      [3, 2],
      [3, 4],
    ],
    run: (a, b) => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, true),
  },
  {
    name: 'matrix product, second transposed',
    shapes: [
      [2, 3],
      [4, 3],
    ],
    run: (a, b) => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, false, true),
  },
  {
    name: 'matrix product, both transposed',
    shapes: [
      [3, 2],
      [4, 3],
    ],
    run: (a, b) => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, true, true),
  },
  { name: 'Reshape', shapes: [[2, 3]], run: (x) => tf.reshape(x as tf.Tensor, [3, 2]) },
  { name: 'ExpandDims', shapes: [[2, 3]], run: (x) => tf.expandDims(x as tf.Tensor, 1) },
  { name: 'Transpose', shapes: [[2, 3, 4]], run: (x) => tf.transpose(x as tf.Tensor, [2, 0, 1]) },
  {
    name: 'Concat',
    shapes: [
      [2, 3],
      [2, 1],
    ],
    run: (a, b) => tf.concat([a as tf.Tensor2D, b as tf.Tensor2D], 1),
  },
  { name: 'Slice', shapes: [[4, 3]], run: (x) => tf.slice(x as tf.Tensor2D, [1, 0], [2, -1]) },
  {
    name: 'SplitV',
    shapes: [[2, 5]],
    run: (x) => {
      const [a, b] = tf.split(x as tf.Tensor2D, [2, 3], 1);
      return tf.concat([tf.square(b as tf.Tensor2D), a as tf.Tensor2D], 1);
    },
  },
  { name: 'AddN', shapes: [[3], [3], [3]], run: (...x) => tf.addN(x) },
];

describe('gradients of operations', () => {
  for (const each of cases) it(`of ${each.name} are what differences say`, () => check(each));
});
