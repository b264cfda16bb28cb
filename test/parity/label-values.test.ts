/** Losses against labels and whole steps on labels beside PyTorch in 64 bits (`make-values.py`). */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { defined } from '../../src-main/base/index.ts';
import { openTrainer, readSafetensors } from '../../src-main/compute/index.ts';
import type { StepResult } from '../../src-main/compute/index.ts';
import { pretraining } from '../../src-main/contract/index.ts';
import { binaryCrossEntropy, createOptimizer, createSampleCnn, crossEntropy, supervised, training } from '../../src-main/learn/index.ts';
import type { LabelObjectiveSettings, WeightArray } from '../../src-main/learn/index.ts';
import { expectNear, readValues, valuesPath } from './reference-values.ts';

type Case = { kind: 'bce' | 'cross-entropy'; logits: number[][]; labels: number[][]; loss: number; gradient: number[][] };

const losses = { bce: binaryCrossEntropy, 'cross-entropy': crossEntropy };
const encoder = createSampleCnn({ sampleRate: 8000, strides: [3, 4, 2], channels: [4, 5, 6, 5, 7] });
const heads: Record<Case['kind'], LabelObjectiveSettings> = {
  bce: { ...pretraining.objectiveDefaults.bce, head: 'linear' },
  'cross-entropy': { ...pretraining.objectiveDefaults['cross-entropy'], head: 'mlp', hidden: 6 },
};
/** What 32 bits leave, a few times over. */
const tolerances = { loss: 3e-6, output: 1e-5, gradient: 3e-5 };

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
  training.registerGradients();
});

describe('a loss against labels', () => {
  it.each(readValues<Case[]>('label-losses'))(
    'is PyTorch’s, with its gradient: $kind of $logits.length clips',
    ({ kind, logits, labels, loss, gradient }) => {
      tf.tidy(() => {
        const known = tf.tensor2d(labels);
        const { value, grads } = tf.valueAndGrads((x) => losses[kind](x as tf.Tensor2D, known))([tf.tensor2d(logits)]);
        expectNear('loss', { ours: value.dataSync(), reference: [loss], tolerance: tolerances.loss });
        expectNear('gradient', { ours: defined(grads[0], 'a gradient').dataSync(), reference: gradient.flat(), tolerance: 3e-6 });
      });
    },
  );

  it('is 0, and teaches nothing, where nothing is known', () => {
    tf.tidy(() => {
      const unknown = tf.fill<tf.Rank.R2>([3, 2], -1);
      const { value, grads } = tf.valueAndGrads((x) => binaryCrossEntropy(x as tf.Tensor2D, unknown))([tf.ones([3, 2])]);
      expect(Array.from(value.dataSync())).toEqual([0]);
      expect(Array.from(defined(grads[0], 'a gradient').dataSync(), Math.abs)).toEqual([0, 0, 0, 0, 0, 0]);
    });
  });
});

describe('steps on labels', () => {
  const kinds = ['bce', 'cross-entropy'] as const;
  it.each([...kinds.map((kind) => [kind, null] as const), ...kinds.map((kind) => [kind, 6] as const)])(
    'are PyTorch’s, with %s, computed %s at a time',
    async (kind, chunk) => {
      const { tensors } = await readSafetensors(valuesPath('supervised.safetensors'));
      const named = (name: string): WeightArray => defined(tensors.get(name), name);
      const method = supervised({ encoder, objective: heads[kind], outputs: 3 });
      const optimizer = createOptimizer({ kind: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 1e-6 });
      const weights = new Map(method.parameters().map(({ name }) => [name, named(`before.${kind}.${name}`)]));
      // Two batches of six are one of twelve whose loss and gradients are the same.
      const twice = chunk === null ? 1 : 2;
      const repeated = (name: string): Float32Array =>
        Float32Array.from(Array.from({ length: twice }, () => Array.from(named(name).data)).flat());
      const trainer = await openTrainer({ model: { method, optimizer }, device: 'cpu', batch: 6 * twice, chunk, weights, threads: 1 });
      const batch = {
        crop: repeated('input.crop'),
        dropout: repeated('input.dropout'),
        labels: repeated(`input.${kind}.labels`),
      };
      try {
        for (const step of [1, 2]) {
          const result = await trainer.step({ batch, learningRate: 0.1, step });
          compareStep(result, (name) => named(name.replace('*', `${kind}.${step}`)).data, trainer.trainable);
        }
        const { weights: after } = await trainer.read();
        for (const [name, { data }] of after) {
          // A chunk that comes twice moves running statistics twice; a convolution's bias before a batch norm holds noise.
          if ((name.includes('running') && twice === 2) || /encoder.*\.0\.bias$/.test(name)) continue;
          expectNear(name, { ours: data, reference: named(`after.${kind}.${name}`).data, tolerance: tolerances.output });
        }
        if (twice === 2) return;
        const told = await trainer.evaluate(named('input.crop').data);
        expectNear('held-out logits', {
          ours: defined(told['logits'], 'logits'),
          reference: named(`held-out.${kind}.logits`).data,
          tolerance: 5e-5,
        });
      } finally {
        await trainer.close();
      }
    },
  );
});

function compareStep(
  { loss, watched, gradientNorms }: StepResult,
  reference: (name: string) => Float32Array,
  names: readonly string[],
): void {
  expectNear('loss', { ours: [loss], reference: reference('output.*.loss'), tolerance: tolerances.loss });
  const logits = reference('output.*.logits');
  expectNear('logits', {
    ours: defined(watched['logits'], 'logits').slice(0, logits.length),
    reference: logits,
    tolerance: tolerances.output,
  });
  for (const [index, name] of names.entries()) {
    if (/encoder.*\.0\.bias$/.test(name)) continue;
    const norm = Math.hypot(...reference(`gradient.*.${name}`));
    expectNear(name, { ours: [gradientNorms[index] ?? NaN], reference: [norm], tolerance: tolerances.gradient });
  }
}
