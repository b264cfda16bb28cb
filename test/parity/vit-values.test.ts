/** A small Vision Transformer with two kinds of patches beside vit-pytorch's, nnAudio's mel and LibAUC's loss (`make-values.py`). */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { defined } from '../../src-main/base/index.ts';
import { openTrainer, readSafetensors } from '../../src-main/compute/index.ts';
import { createMethod, createOptimizer, pictures, training } from '../../src-main/learn/index.ts';
import type { WeightArray } from '../../src-main/learn/index.ts';
import { createVit } from '../../src-main/learn/encoders/vit/vit.ts';
import { expectNear, valuesPath } from './reference-values.ts';

const mel = { ...pictures.mynaMel, sampleRate: 8000, highestHz: 4000, window: 256, hop: 64, bands: 16 };
const settings = {
  ...{ cropSamples: 900, mel, frames: 12, values: 16, layers: 3, heads: 2, headValues: 6, inner: 24 },
  patches: [
    { bands: 4, frames: 4 },
    { bands: 16, frames: 2 },
  ],
};
/** Twelve square patches, of which three are kept, and six tall ones, of which two are. */
const encoder = createVit(settings, 0.25);
const projector = { kind: 'linear', hidden: [], dimensions: 7, batchNorm: false } as const;
const objective = { kind: 'sogclr', temperature: 0.1, gamma: 0.9 } as const;
const method = createMethod({ encoder, projector, objective, outputs: 0 });
const batch = 4;

let tensors: ReadonlyMap<string, WeightArray>;
const valueOf = (name: string): WeightArray => defined(tensors.get(name), name);

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
  training.registerGradients();
  ({ tensors } = await readSafetensors(valuesPath('vit.safetensors')));
});

describe('a Vision Transformer', () => {
  it('gives what vit-pytorch’s gives, in every layer, and Myna’s embedding of both kinds of patches', () => {
    tf.tidy(() => {
      const weights = Object.fromEntries(
        encoder.parameters().map(({ name, shape }) => [name, tf.tensor(valueOf(`encoder.${name}`).data, [...shape])]),
      );
      const wave = tf.tensor2d(valueOf('input.wave').data, [2, settings.cropSamples]);
      const whole = pictures.transposed(pictures.logMel(mel, wave));
      const picture = tf.slice(whole, [0, 0, 0], [2, mel.bands, settings.frames]);
      expectNear('the picture', { ours: picture.dataSync(), reference: valueOf('output.picture').data, tolerance: 1e-5 });
      const layers = encoder.layers(weights, wave);
      expect(Object.keys(layers)).toEqual(encoder.outputs.map(({ name }) => name));
      for (const [name, { values }] of Object.entries(layers))
        expectNear(name, { ours: values.dataSync(), reference: valueOf(`output.${name}`).data, tolerance: 2e-4 });
      expect(encoder.forward(weights, wave).dataSync()).toEqual(layers['embedding']?.values.dataSync());
    });
  });

  it('takes Myna’s steps: loss, gradients of all weights and averages, of patches that are kept alone', async () => {
    expect(method.parts.map(({ name, shape }) => [name, ...shape])).toEqual([
      ['first', 900],
      ['first-square', 3],
      ['first-tall', 2],
      ['second', 900],
      ['second-square', 3],
      ['second-tall', 2],
      ['remembered', 1],
    ]);
    const weights = new Map(method.parameters().map(({ name }) => [name, valueOf(name)]));
    const model = { method, optimizer: createOptimizer({ kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 }) };
    for (const chunk of [null, 3]) {
      const trainer = await openTrainer({ model, device: 'cpu', batch, chunk, weights, threads: 1 });
      for (const step of [0, 1, 2]) {
        const of = (name: string): WeightArray => valueOf(`step${step}.${name}`);
        const given = Object.fromEntries(method.parts.map(({ name }) => [name, of(`input.${name}`).data]));
        const { loss, remembered, gradientNorms } = await trainer.step({ batch: given, learningRate: 0, step: step + 1 });
        expect(Math.abs(loss - (of('output.loss').data[0] ?? NaN))).toBeLessThan(1e-5);
        const averages = remembered['remembered'] ?? [];
        expectNear('averages', { ours: averages, reference: of('output.remembered').data, tolerance: 1e-5 });
        for (const [index, name] of trainer.trainable.entries())
          expectNear(`gradient of ${name}`, {
            ours: [gradientNorms[index] ?? NaN],
            reference: of(`gradient.${name}`).data,
            tolerance: 1e-3,
          });
      }
      await trainer.close();
    }
  });
});
