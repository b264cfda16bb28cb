/** A sparse autoencoder beside PyTorch in 64 bits (`make-concept-values.py`): losses, gradients, a step of Adam, and what is measured with a threshold. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { defined } from '../../src-main/base/index.ts';
import { readSafetensors } from '../../src-main/compute/index.ts';
import { concepts } from '../../src-main/learn/index.ts';
import type { WeightArray } from '../../src-main/learn/index.ts';
import { expectNear, valuesPath } from './reference-values.ts';

const tolerance = 5e-6;
const [active, most] = [3, 4];
const names = ['encoder.weight', 'encoder.bias', 'decoder.weight', 'decoder.bias'];
let known: ReadonlyMap<string, WeightArray>;

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
  known = (await readSafetensors(valuesPath('concepts.safetensors'))).tensors;
});

const data = (name: string): Float32Array => defined(known.get(name), name).data;
const tensor = (name: string): tf.Tensor => tf.tensor(data(name), [...defined(known.get(name), name).shape]);
const compare = (name: string, ours: tf.Tensor): void =>
  expectNear(name, { ours: Array.from(ours.dataSync()), reference: data(name), tolerance });
const weightsOf = (prefix: string): Record<string, tf.Tensor> =>
  Object.fromEntries(names.map((name) => [name, tensor(`${prefix}.${name}`)]));

describe('a sparse autoencoder', () => {
  it.each(['plain', 'revived'])('has PyTorch’s losses and gradients, %s', (kind) => {
    tf.tidy(() => {
      const revived = { most, dead: tensor('dead') as tf.Tensor1D };
      const pass = concepts.autoencoderGradients(weightsOf('weights'), tensor('rows') as tf.Tensor2D, {
        active,
        ...(kind === 'plain' ? {} : { revived }),
      });
      compare(`${kind}.losses`, tf.stack([pass.loss, pass.auxiliary]));
      compare(`${kind}.fired`, pass.fired);
      expect(Object.keys(pass.gradients)).toEqual(names);
      for (const [name, gradient] of Object.entries(pass.gradients)) compare(`${kind}.gradients.${name}`, gradient);
    });
  });

  it('has no activation below 0, however many are kept', () => {
    tf.tidy(() => {
      const [rows, weights] = [tensor('rows') as tf.Tensor2D, weightsOf('weights')];
      const all = defined(weights['encoder.bias'], 'bias').size;
      expect(concepts.leastKept(weights, rows, all).dataSync()[0]).toBe(0);
    });
  });

  it('is where PyTorch’s Adam takes it, directions at unit length', () => {
    tf.tidy(() => {
      const weights = weightsOf('weights');
      const { slots } = concepts.conceptOptimizer;
      const state = Object.fromEntries(
        slots.flatMap((slot) => names.map((name) => [`${slot}:${name}`, tf.zerosLike(defined(weights[name], name))])),
      );
      const sparsity = { active, revived: { most, dead: tensor('dead') as tf.Tensor1D } };
      const rate = { learningRate: tf.scalar(0.01), step: tf.scalar(1) };
      const { next } = concepts.conceptStep(weights, { rows: tensor('rows') as tf.Tensor2D, sparsity, state, ...rate });
      for (const name of names) compare(`after.${name}`, defined(next[name], name));
    });
  });

  it('is measured as PyTorch says', () => {
    tf.tidy(() => {
      const [rows, weights, threshold] = [tensor('rows') as tf.Tensor2D, weightsOf('after'), tensor('threshold')];
      compare('concepts', concepts.conceptsOf(weights, rows, threshold));
      compare('least', tf.reshape(concepts.leastKept(weights, rows, active), [1]));
      const { left, counts } = concepts.measured(weights, rows, threshold);
      compare('left', tf.reshape(left, [1]));
      const reference = data('concepts');
      const columns = Array.from({ length: counts.size }, (_, latent) =>
        [...reference].filter((value, at) => at % counts.size === latent && value > 0),
      );
      expect(Array.from(counts.dataSync())).toEqual(columns.map(({ length }) => length));
    });
  });
});
