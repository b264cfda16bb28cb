/** @file Labels as parts of a batch, and encoders that learn them. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src-main/base/index.ts';
import { openTrainer } from '../../../src-main/compute/index.ts';
import { pretraining } from '../../../src-main/contract/index.ts';
import { createModel, createOptimizer, createSampleCnn, supervised, training } from '../../../src-main/learn/index.ts';
import { drawPart, labelsOf } from '../../../src-main/worker/feed/parts.ts';

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
  training.registerGradients();
});

const objective = { ...pretraining.objectiveDefaults.bce, dropout: 0.25 };
const encoder = createSampleCnn({ sampleRate: 8000, strides: [3, 2], channels: [4, 5, 6, 7] });

describe('the parts of a batch', () => {
  it('hold the labels of its tracks, −1 where nothing is known', () => {
    const part = { name: 'labels', content: { kind: 'labels' }, shape: [2] } as const;
    const labels = new Map([
      [7, Float32Array.of(1, 0)],
      [3, Float32Array.of(-0.5, 1)],
    ]);
    expect(Array.from(labelsOf(part, Int32Array.of(3, 7, 9, 3), labels))).toEqual([-0.5, 1, 1, 0, -1, -1, -0.5, 1]);
  });

  it('leave values out, as many as the dropout says, and keep the mean', () => {
    const part = { name: 'dropout', content: { kind: 'dropout', dropped: 0.25 }, shape: [500] } as const;
    const drawn = drawPart(part, 40, seededRandom(1));
    expect(new Set(drawn)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
    expect(drawn.reduce((sum, value) => sum + value, 0) / drawn.length).toBeCloseTo(1, 1);
    expect(drawn.filter((value) => value === 0).length / drawn.length).toBeCloseTo(0.25, 1);
    expect(drawPart(part, 40, seededRandom(1))).toEqual(drawn);
    const [first, second] = [drawn.slice(0, 500), drawn.slice(500, 1000)];
    expect(first).not.toEqual(second);
  });

  it('are a crop, labels and what is left out; without dropout, nothing is', () => {
    const parts = supervised({ encoder, objective, outputs: 3 }).parts.map(({ name, shape }) => [name, ...shape]);
    expect(parts).toEqual([
      ['crop', encoder.cropSamples],
      ['labels', 3],
      ['dropout', 7],
    ]);
    expect(supervised({ encoder, objective: { ...objective, dropout: 0 }, outputs: 3 }).parts).toHaveLength(2);
  });
});

describe('learning labels', () => {
  it.each(['linear', 'mlp'] as const)(
    'lowers the loss until a handful of clips are known by heart, with a head that is %s',
    async (head) => {
      const method = supervised({ encoder, objective: { ...objective, dropout: 0, head, hidden: 8 }, outputs: 2 });
      const optimizer = createOptimizer({ kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 });
      const trainer = await openTrainer({
        model: { method, optimizer },
        device: 'cpu',
        batch: 6,
        chunk: null,
        weights: method.initialise(3),
        threads: 1,
      });
      const random = seededRandom(2);
      const crop = Float32Array.from({ length: 6 * encoder.cropSamples }, () => random.normal() * 0.3);
      const labels = Float32Array.of(1, 0, 0, 1, 1, 1, 0, 0, 1, -1, -1, 0);
      const losses: number[] = [];
      for (let step = 1; step <= 80; step++) losses.push((await trainer.step({ batch: { crop, labels }, learningRate: 0.02, step })).loss);
      expect(losses.at(-1)).toBeLessThan(0.2 * (losses[0] ?? 0));
      const { logits } = await trainer.evaluate(crop.slice(0, 2 * encoder.cropSamples));
      expect(logits).toHaveLength(4);
      await trainer.close();
    },
  );

  it.each(['sample-cnn', 'resnet', 'cpc', 'data2vec', 'vit'] as const)('is a method of %s, with the head that it names', (architecture) => {
    const settings = { ...pretraining.recipeDefaults.supervised, encoder: pretraining.encoderDefaults[architecture] };
    const { method } = createModel({ ...settings, labels: { names: ['a', 'b', 'c'] } });
    const head = method.parameters().filter(({ name }) => name.startsWith('head.'));
    expect(head.map(({ name, shape }) => [name, ...shape])).toEqual([
      ['head.fc.weight', 3, method.encoder.dimensions],
      ['head.fc.bias', 3],
    ]);
    expect(method.pieces?.beside).toEqual(['labels', 'dropout']);
  });
});
