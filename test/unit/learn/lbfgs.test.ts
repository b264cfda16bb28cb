import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { defined } from '../../../src-main/base/index.ts';
import { lbfgsSlots } from '../../../src-main/learn/index.ts';
import { lbfgsStep } from '../../../src-main/learn/optimizers/lbfgs.ts';

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
});

type Problem = (weights: tf.Tensor2D) => { loss: tf.Tensor2D; gradient: tf.Tensor2D };
type Found = { point: number[]; steps: number; losses: number[][] };

function minimise(problem: Problem, shape: [number, number], { first = 0, tolerance = 1e-4, most = 200 } = {}): Found {
  let weights = tf.fill<tf.Rank.R2>(shape, first);
  let state: Record<string, tf.Tensor> = Object.fromEntries(
    lbfgsSlots(shape).map((slot) => [slot.name, slot.name === 'point' ? tf.clone(weights) : tf.fill(slot.shape, slot.first)]),
  );
  const losses: number[][] = [];
  for (let steps = 1; ; steps++) {
    const next = tf.tidy(() => lbfgsStep({ weights, ...problem(weights), state }));
    tf.dispose([weights, state]);
    ({ weights, state } = next);
    losses.push(Array.from(defined(state['value'], 'value').dataSync()));
    const steepest = Math.max(...next.steepest.dataSync());
    if (steepest < tolerance || steps === most) {
      const point = Array.from(defined(state['point'], 'point').dataSync());
      tf.dispose([weights, state, next.steepest]);
      return { point, steps, losses };
    }
    next.steepest.dispose();
  }
}

/** Sums of squares whose axes are from 1 to 1000 long, with the least at 3, and a column that is a hundred times as steep. */
const bowls: Problem = (weights) => {
  const steepness = tf.mul(tf.tensor2d([1, 10, 100, 1000], [4, 1]), tf.tensor2d([1, 100], [1, 2]));
  const off = tf.sub(weights, 3);
  return { loss: tf.mul(tf.sum(tf.mul(steepness, tf.square(off)), 0, true), 0.5), gradient: tf.mul(steepness, off) };
};

describe('limited-memory BFGS', () => {
  it('finds the bottom of long bowls, each column by steps of its own', () => {
    const { point, steps } = minimise(bowls, [4, 2], { tolerance: 1e-2 });
    for (const value of point) expect(value).toBeCloseTo(3, 2);
    expect(steps).toBeLessThan(60);
  });

  it('begins anywhere, and never keeps a point that is worse', () => {
    const { point, losses } = minimise(bowls, [4, 2], { first: -50, tolerance: 1e-2 });
    for (const value of point) expect(value).toBeCloseTo(3, 2);
    for (let column = 0; column < 2; column++)
      for (let step = 1; step < losses.length; step++)
        expect(losses[step]?.[column] ?? NaN).toBeLessThanOrEqual((losses[step - 1]?.[column] ?? 0) * (1 + 2e-6) + 1e-30);
  });

  it('stands a first step that goes much too far', () => {
    // Flat at a distance, steep near the bottom: log cosh.
    const problem: Problem = (weights) => {
      const off = tf.mul(tf.sub(weights, 0.01), 200);
      const loss = tf.sum<tf.Tensor2D>(tf.sub(tf.add(tf.abs(off), tf.softplus(tf.mul(tf.abs(off), -2))), Math.LN2), 0, true);
      return { loss, gradient: tf.mul(tf.tanh(off), 200) };
    };
    const { point } = minimise(problem, [2, 1], { tolerance: 0.5 });
    for (const value of point) expect(value).toBeCloseTo(0.01, 3);
  });

  it('stays where it is once it is there', () => {
    const there = minimise(bowls, [4, 2], { first: 3, tolerance: 0, most: 5 });
    expect(there.point).toEqual(new Array<number>(8).fill(3));
  });

  it('frees what it does not return', () => {
    minimise(bowls, [4, 2], { most: 3 });
    const before = tf.memory().numTensors;
    minimise(bowls, [4, 2], { most: 5 });
    expect(tf.memory().numTensors).toBe(before);
  });
});
