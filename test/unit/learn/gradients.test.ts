import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src-main/base/index.ts';
import { gradientCases } from '../../support/gradient-cases.ts';
import type { GradientCase } from '../../support/gradient-cases.ts';
import { registerGradients } from '../../../src-main/learn/gradients/register.ts';

const random = seededRandom(5);

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
  registerGradients();
});

/** Compares each gradient with central differences of a weighted sum of the result. */
function check({ shapes, run, low = -2 }: GradientCase): void {
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

describe('gradients of operations', () => {
  for (const each of gradientCases) it(`of ${each.name} are what differences say`, () => check(each));
});
