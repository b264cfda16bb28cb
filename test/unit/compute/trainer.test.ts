import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { defined, seededRandom } from '../../../src-main/base/index.ts';
import { openTrainer } from '../../../src-main/compute/index.ts';
import type { StepResult, TrainerOptions } from '../../../src-main/compute/index.ts';
import { createObjective, createOptimizer, createProjector, createSampleCnn, training, twoViews } from '../../../src-main/learn/index.ts';
import { viewsOf } from '../../support/views.ts';
import type { Encoder, ViewObjectiveSettings, OptimizerSettings, WeightArrays } from '../../../src-main/learn/index.ts';

const objectives: Record<string, ViewObjectiveSettings> = {
  'NT-Xent': { kind: 'nt-xent', temperature: 0.5 },
  VICReg: { kind: 'vicreg', invariance: 25, variance: 25, covariance: 1, gamma: 1, normalisation: 'code' },
};
const optimizers: Record<string, OptimizerSettings> = {
  Adam: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 1e-6 },
  AdamW: { kind: 'adamw', beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0.01 },
  LARS: { kind: 'lars', momentum: 0.9, trust: 0.001, weightDecay: 1e-6, excludeVectors: true },
  SGD: { kind: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 1e-4 },
};
const small = createSampleCnn({ sampleRate: 8000, strides: [3, 2], channels: [4, 5, 6, 7] });

/** An encoder without batch norm, so that a chunk is no group of statistics. */
const linear: Encoder = {
  ...small,
  dimensions: 6,
  parameters: () => [{ name: 'weight', shape: [6, small.cropSamples], initial: { kind: 'constant', value: 0 }, isTrained: true }],
  initialise: (seed) => {
    const random = seededRandom(seed);
    const shape = [6, small.cropSamples];
    return new Map([['weight', { shape, data: Float32Array.from({ length: 6 * small.cropSamples }, () => random.normal()) }]]);
  },
  train: (weights, wave) => {
    const weight = defined(weights['weight'], 'weight') as Tensor2D;
    return {
      embedding: tf.matMul(wave, weight, false, true),
      statistics: {},
    };
  },
};

function modelOf(
  encoder: Encoder,
  objective: ViewObjectiveSettings,
  optimizer: OptimizerSettings,
  batchNorm = false,
): training.TrainingModel {
  const projector = createProjector({ kind: 'mlp', hidden: [8], dimensions: 5, batchNorm }, encoder.dimensions);
  return {
    method: twoViews({ encoder, projector, objective: createObjective(objective) }),
    optimizer: createOptimizer(optimizer),
  };
}

function drawWaves(samples: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: samples }, () => random.normal() * 0.3);
}

type Trained = { results: StepResult[]; weights: WeightArrays };

async function run(options: Omit<TrainerOptions, 'weights'>, steps: number): Promise<Trained> {
  const trainer = await openTrainer({ ...options, weights: options.model.method.initialise(11), threads: 1 });
  const results: StepResult[] = [];
  for (let step = 1; step <= steps; step++) {
    const waves = drawWaves(2 * options.batch * options.model.method.encoder.cropSamples, step);
    results.push(await trainer.step({ batch: viewsOf(waves), learningRate: 0.01, step }));
  }
  const { weights } = await trainer.read();
  await trainer.close();
  return { results, weights };
}

function expectAlike(ours: Trained, reference: Trained, tolerance: number): void {
  reference.results.forEach(({ loss, parts, gradientNorms }, index) => {
    const own = defined(ours.results[index], 'a step');
    expect(Math.abs(own.loss / loss - 1)).toBeLessThan(tolerance);
    for (const [name, part] of Object.entries(parts)) expect(own.parts[name]).toBeCloseTo(part, 3);
    const largest = Math.max(...gradientNorms);
    gradientNorms.forEach((norm, at) => expect(Math.abs((own.gradientNorms[at] ?? NaN) - norm)).toBeLessThan(tolerance * largest));
  });
  for (const [name, { data, shape }] of reference.weights) {
    const own = defined(ours.weights.get(name), name);
    expect(own.shape).toEqual(shape);
    const largest = Math.max(...Array.from(data, Math.abs), 1e-2);
    own.data.forEach((value, at) => expect(Math.abs(value - (data[at] ?? NaN))).toBeLessThan(20 * tolerance * largest));
  }
}

describe('a trainer on the processor', () => {
  for (const [objectiveName, objective] of Object.entries(objectives)) {
    for (const [optimizerName, optimizer] of Object.entries(optimizers)) {
      it(`takes the steps of the reference device with ${objectiveName} and ${optimizerName}`, async () => {
        const model = modelOf(small, objective, optimizer, objectiveName === 'VICReg');
        const [recorded, eager] = [
          await run({ model, device: 'cpu', batch: 6, chunk: null, chunkElements: 30 }, 3),
          await run({ model, device: 'tfjs-cpu', batch: 6, chunk: null }, 3),
        ];
        expectAlike(recorded, eager, 2e-4);
      });
    }
  }

  it('lowers the loss on a handful of pairs, and the embeddings do not collapse', async () => {
    const model = modelOf(
      small,
      { kind: 'nt-xent', temperature: 0.5 },
      { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
    );
    const weights = model.method.initialise(2);
    const trainer = await openTrainer({ model, device: 'cpu', batch: 6, chunk: null, weights, threads: 1 });
    const waves = drawWaves(2 * 6 * small.cropSamples, 1);
    const losses: number[] = [];
    let last: StepResult | undefined;
    for (let step = 1; step <= 60; step++) {
      last = await trainer.step({ batch: viewsOf(waves), learningRate: 0.01, step });
      losses.push(last.loss);
    }
    await trainer.close();
    expect(losses.at(-1)).toBeLessThan(0.6 * (losses[0] ?? 0));
    const embeddings = defined(defined(last, 'a step').watched['embeddings'], 'the embeddings');
    const columns = Array.from({ length: small.dimensions }, (_, i) => embeddings.filter((__, at) => at % small.dimensions === i));
    const moving = columns.filter((column) => Math.max(...column) - Math.min(...column) > 1e-3);
    expect(moving.length).toBeGreaterThan(small.dimensions / 2);
  });

  it('computes a batch in chunks with the gradients of the whole batch', async () => {
    for (const objective of Object.values(objectives)) {
      const model = modelOf(linear, objective, { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 });
      const [chunked, whole] = [
        await run({ model, device: 'cpu', batch: 7, chunk: 3 }, 2),
        await run({ model, device: 'cpu', batch: 7, chunk: null }, 2),
      ];
      expectAlike(chunked, whole, 1e-5);
    }
  });

  it('takes batch statistics over a chunk where there is batch norm', async () => {
    const model = modelOf(small, { kind: 'nt-xent', temperature: 0.5 }, { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 });
    const { results } = await run({ model, device: 'cpu', batch: 6, chunk: 3 }, 1);
    const waves = drawWaves(12 * small.cropSamples, 1);
    const trained = model.method.initialise(11);
    const expected = tf.tidy(() => {
      const tensors = Object.fromEntries(
        [...trained].map(([name, { data, shape }]) => [name.replace('encoder.', ''), tf.tensor(data, [...shape])]),
      );
      return [0, 3, 6, 9].flatMap((start) => {
        const wave = tf.tensor2d(waves.subarray(start * small.cropSamples, (start + 3) * small.cropSamples), [3, small.cropSamples]);
        return Array.from(small.train(tensors, wave, { chunkElements: Infinity }).embedding.dataSync());
      });
    });
    results[0]?.watched['embeddings']?.forEach((value, index) => expect(value).toBeCloseTo(expected[index] ?? NaN, 4));
  });

  it('goes on from weights and state as if nothing had been', async () => {
    const model = modelOf(
      small,
      { kind: 'nt-xent', temperature: 0.5 },
      { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
    );
    const whole = await run({ model, device: 'cpu', batch: 4, chunk: null }, 4);
    const open = (weights: WeightArrays, state?: WeightArrays) =>
      openTrainer({ model, device: 'cpu', batch: 4, chunk: null, weights, threads: 1, ...(state === undefined ? {} : { state }) });
    const wavesOf = (step: number): Float32Array => drawWaves(8 * small.cropSamples, step);
    const first = await open(model.method.initialise(11));
    for (const step of [1, 2]) await first.step({ batch: viewsOf(wavesOf(step)), learningRate: 0.01, step });
    const kept = await first.read();
    await first.close();
    const second = await open(kept.weights, kept.state);
    for (const step of [3, 4]) await second.step({ batch: viewsOf(wavesOf(step)), learningRate: 0.01, step });
    const { weights } = await second.read();
    await second.close();
    for (const [name, { data }] of whole.weights) expect(weights.get(name)?.data).toEqual(data);
  });

  it('refuses weights of another model with a sentence', async () => {
    const model = modelOf(small, { kind: 'nt-xent', temperature: 0.5 }, { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 });
    const weights = model.method.initialise(1);
    weights.delete('projector.0.weight');
    await expect(openTrainer({ model, device: 'cpu', batch: 4, chunk: null, weights })).rejects.toThrow('no projector.0.weight');
  });
});
