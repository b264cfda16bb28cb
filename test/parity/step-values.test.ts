/** A whole step of training beside PyTorch in 64 bits (`make-values.py`): batch statistics, gradients, running statistics after two views. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { defined } from '../../src-main/base/index.ts';
import { readSafetensors } from '../../src-main/compute/index.ts';
import { createObjective, createOptimizer, createProjector, createSampleCnn, training, twoViews } from '../../src-main/learn/index.ts';
import type { ViewObjectiveSettings } from '../../src-main/learn/index.ts';
import { expectNear, valuesPath } from './reference-values.ts';

const objectives: ViewObjectiveSettings[] = [
  { kind: 'nt-xent', temperature: 0.5 },
  { kind: 'vicreg', invariance: 25, variance: 25, covariance: 1, gamma: 1, normalisation: 'code' },
];
/** What 32 bits leave, a few times over. */
const tolerances = { loss: 3e-6, output: 3e-6, gradient: 1e-5, statistics: 1e-6 };
const encoder = createSampleCnn({ sampleRate: 8000, strides: [3, 4, 2], channels: [4, 5, 6, 5, 7] });
const projector = createProjector({ kind: 'mlp', hidden: [8], dimensions: 5, batchNorm: true }, encoder.dimensions);

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
});

describe('a training step', () => {
  it.each(objectives)('gives what PyTorch’s gives, with $kind', async (settings) => {
    const { tensors } = await readSafetensors(valuesPath('step.safetensors'));
    const data = (name: string): Float32Array => defined(tensors.get(name), name).data;
    const optimizer = createOptimizer({ kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 });
    const model = { method: twoViews({ encoder, projector, objective: createObjective(settings) }), optimizer };
    const { kind } = settings;
    tf.tidy(() => {
      const tensor = (name: string): tf.Tensor => tf.tensor(data(name), [...defined(tensors.get(name), name).shape]);
      const weights = Object.fromEntries(model.method.parameters().map(({ name }) => [name, tensor(name)]));
      const views = { first: tensor('input.first'), second: tensor('input.second') };
      const step = training.computeGradients(model, weights, views, { chunkElements: Infinity });
      const compare = (name: string, ours: tf.Tensor, tolerance: number): void =>
        expectNear(name, { ours: ours.dataSync(), reference: data(name), tolerance });
      compare(`output.${kind}.loss`, step.loss, tolerances.loss);
      compare(`output.${kind}.embeddings`, defined(step.watched['embeddings'], 'the embeddings'), tolerances.output);
      compare(`output.${kind}.projections`, defined(step.watched['projections'], 'the projections'), tolerances.output);
      for (const [name, gradient] of Object.entries(step.gradients)) {
        // A convolution's bias has no gradient before a batch norm; what PyTorch's rounding leaves there is noise.
        if (/\.0\.bias$/.test(name)) expect(Math.max(...Array.from(data(`gradient.${kind}.${name}`), Math.abs))).toBeLessThan(1e-12);
        else compare(`gradient.${kind}.${name}`, gradient, tolerances.gradient);
      }
      expect(Object.keys(step.gradients).length).toBe(training.trainedParameters(model).length);
      const followed = Object.entries(step.statistics);
      expect(followed.length).toBe(12);
      for (const [name, statistic] of followed) compare(`after.${name}`, statistic, tolerances.statistics);
    });
  });
});
