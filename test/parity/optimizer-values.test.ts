/** Values of `torch.optim` and of VICReg's LARS in 64 bits (`make-values.py`): four steps at changing rates, and steps of Adam late in a run. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, it } from 'vitest';
import { createOptimizer } from '../../src-main/learn/index.ts';
import type { OptimizerSettings } from '../../src-main/learn/index.ts';
import { expectNear, readValues } from './reference-values.ts';

/** A matrix and a vector. */
type Weights = [number[][], number[]];
type Late = {
  settings: OptimizerSettings;
  step: number;
  weight: number[];
  gradient: number[];
  state: Record<string, number[]>;
  after: number[];
};
type Values = {
  rates: number[];
  gradients: Weights[];
  cases: { settings: OptimizerSettings; weights: Weights; after: Weights[] }[];
  late: Late[];
};

/**
 * 32 bits leave this of the largest change. Adam's 1 − 0.999^n loses some of them for a small n; LARS moves weights by a thousandth of themselves, and
 * what the weights are rounded by is a thousand times as much of that.
 */
const tolerances = { sgd: 1e-6, adam: 3e-5, adamw: 3e-5, lars: 3e-4 };
const { rates, gradients, cases, late } = readValues<Values>('optimizers');
const nameOf = ({ settings }: { settings: OptimizerSettings }): string => Object.values(settings).join(' ');
/** Their changes are compared, for a fault in these is small beside the weights. */
const changeOf = (after: ArrayLike<number>, before: readonly number[]): number[] => before.map((value, i) => (after[i] ?? NaN) - value);

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
});

describe('an optimiser', () => {
  it('shrinks weights by rate × decay before Adam’s step as AdamW, whatever the gradient', () => {
    const common = { beta1: 0.9, beta2: 0.98, epsilon: 1e-6 };
    tf.tidy(() => {
      const gradient = tf.tensor1d([3, -0.01]);
      const scalars = { learningRate: tf.scalar(0.1), step: tf.scalar(2) };
      const state = { mean: tf.tensor1d([0.5, 0.2]), square: tf.tensor1d([0.3, 0.1]) };
      const plain = createOptimizer({ kind: 'adam', ...common, weightDecay: 0 }).at(scalars)({
        weight: tf.tensor1d([2 * 0.95, -4 * 0.95]),
        gradient,
        state,
      });
      const own = createOptimizer({ kind: 'adamw', ...common, weightDecay: 0.5 }).at(scalars)({
        weight: tf.tensor1d([2, -4]),
        gradient,
        state,
      });
      expectNear('AdamW', { ours: own.weight.dataSync(), reference: plain.weight.dataSync(), tolerance: 1e-7 });
      expectNear('AdamW’s state', {
        ours: own.state['mean']?.dataSync() ?? [],
        reference: plain.state['mean']?.dataSync() ?? [],
        tolerance: 1e-7,
      });
    });
  });

  it.each(cases.map((own) => ({ ...own, name: nameOf(own) })))('takes the steps of PyTorch: $name', ({ settings, weights, after }) => {
    const optimizer = createOptimizer(settings);
    for (const which of [0, 1] as const)
      tf.tidy(() => {
        const start = weights[which].flat();
        let weight: tf.Tensor = tf.tensor(weights[which]);
        let state: Record<string, tf.Tensor> = Object.fromEntries(optimizer.slots.map((slot) => [slot, tf.zerosLike(weight)]));
        for (const [index, given] of gradients.entries()) {
          const rate = { learningRate: tf.scalar(rates[index] ?? NaN), step: tf.scalar(index + 1) };
          ({ weight, state } = optimizer.at(rate)({ weight, gradient: tf.tensor(given[which]), state }));
          const ours = changeOf(weight.dataSync(), start);
          const reference = changeOf(after[index]?.[which].flat() ?? [], start);
          const name = `step ${index + 1} of ${which === 0 ? 'the matrix' : 'the vector'}`;
          expectNear(name, { ours, reference, tolerance: tolerances[settings.kind] });
        }
      });
  });

  it.each(late.map((own) => ({ ...own, name: nameOf(own) })))(
    'corrects the bias of its averages as PyTorch does at step $step: $name',
    ({ settings, step, weight, gradient, state, after }) => {
      tf.tidy(() => {
        const next = createOptimizer(settings).at({ learningRate: tf.scalar(0.5), step: tf.scalar(step) })({
          weight: tf.tensor1d(weight),
          gradient: tf.tensor1d(gradient),
          state: Object.fromEntries(Object.entries(state).map(([name, own]) => [name, tf.tensor1d(own)])),
        });
        const ours = changeOf(next.weight.dataSync(), weight);
        expectNear('change', { ours, reference: changeOf(after, weight), tolerance: tolerances.adam });
      });
    },
  );
});
