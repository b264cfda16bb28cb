/** A network upon timbre statistics beside PyTorch in 64 bits (`make-values.py`): what it hears, and a step of its training on two views. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { defined } from '../../src-main/base/index.ts';
import { readSafetensors, runEncoder } from '../../src-main/compute/index.ts';
import type { WeightArray } from '../../src-main/learn/index.ts';
import { createEncoder, createModel, training } from '../../src-main/learn/index.ts';
import { pretraining } from '../../src-main/contract/index.ts';
import { expectNear, valuesPath } from './reference-values.ts';

const settings = {
  ...pretraining.recipeDefaults.library,
  encoder: { architecture: 'timbre-net', sampleRate: 16_000, hidden: 24, neurons: 16 },
  projector: { kind: 'mlp', hidden: [12], dimensions: 8, batchNorm: true },
} as const;
/** What 32 bits leave, a few times over. */
const tolerances = { loss: 3e-6, output: 3e-6, gradient: 1e-5, statistics: 1e-6 };

let known: ReadonlyMap<string, WeightArray>;

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
  known = (await readSafetensors(valuesPath('timbre-net.safetensors'))).tensors;
});

const data = (name: string): Float32Array => defined(known.get(name), name).data;
const compare = (name: string, ours: ArrayLike<number>, tolerance: number): void =>
  expectNear(name, { ours: Array.from(ours), reference: data(name), tolerance });

describe('a network upon timbre statistics', () => {
  it('learns as PyTorch’s does', () => {
    const model = createModel(settings);
    tf.tidy(() => {
      const tensor = (name: string): tf.Tensor => tf.tensor(data(name), [...defined(known.get(name), name).shape]);
      const weights = Object.fromEntries(model.method.parameters().map(({ name }) => [name, tensor(name)]));
      const views = { first: tensor('input.first'), second: tensor('input.second') };
      const step = training.computeGradients(model, weights, views, { chunkElements: Infinity });
      compare('output.loss', step.loss.dataSync(), tolerances.loss);
      for (const name of ['embeddings', 'projections'])
        compare(`output.${name}`, defined(step.watched[name], name).dataSync(), tolerances.output);
      const gradients = Object.entries(step.gradients);
      expect(gradients.map(([name]) => name)).toEqual(training.trainedParameters(model).map(({ name }) => name));
      for (const [name, gradient] of gradients) compare(`gradient.${name}`, gradient.dataSync(), tolerances.gradient);
      const followed = Object.entries(step.statistics);
      expect(followed.length).toBe(8);
      for (const [name, statistic] of followed) compare(`after.${name}`, statistic.dataSync(), tolerances.statistics);
    });
  });

  it('hears as PyTorch’s does, from statistics, with its batch norms folded', async () => {
    const encoder = defined(createEncoder(settings.encoder).upon, 'what stands upon statistics');
    const weights = new Map(encoder.parameters().map(({ name }) => [name, defined(known.get(`encoder.${name}`), name)]));
    for (const output of ['layer-1', 'embedding']) {
      const runner = await runEncoder({ encoder, weights, device: 'cpu', threads: 1, outputs: [{ output, pooling: 'mean' }] });
      compare(`heard.${output}`, await runner.encode(data('input.first'), 6), tolerances.output);
      await runner.close();
    }
  });

  it('refuses rates that there are no statistics at, and widths that are none', () => {
    expect(() => createEncoder({ ...settings.encoder, sampleRate: 22_050 })).toThrow('hears at 16000 Hz, not at 22050 Hz');
    expect(() => createEncoder({ ...settings.encoder, hidden: 0 })).toThrow('between 1 and 8192 units in its first layer, not 0');
    expect(() => createEncoder({ ...settings.encoder, neurons: 'many' })).toThrow('neurons, not many');
  });
});
