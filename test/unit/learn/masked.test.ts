/** @file Masking with a teacher: the encoder’s halves, the moving average beside its definition, and steps on every kind of device. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { defined, seededRandom } from '../../../src-main/base/index.ts';
import { openTrainer } from '../../../src-main/compute/index.ts';
import type { StepResult, Trainer } from '../../../src-main/compute/index.ts';
import { pretraining } from '../../../src-main/contract/index.ts';
import {
  chosenEncoder,
  createEncoder,
  createOptimizer,
  createSampleCnn,
  masked,
  predictive,
  training,
} from '../../../src-main/learn/index.ts';
import type { WeightArrays, WeightTensors } from '../../../src-main/learn/index.ts';
import { drawPart } from '../../../src-main/worker/feed/parts.ts';
import { readCheckpoint, writeCheckpoint } from '../../../src-main/worker/train/checkpoint-files.ts';
import { firstWeights } from '../../../src-main/worker/train/first-weights.ts';

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
  training.registerGradients();
});

const sizes = {
  ...{ architecture: 'data2vec', sampleRate: 8000, cropSamples: 1600 },
  convolutions: [
    { kernel: 10, stride: 5, channels: 6 },
    { kernel: 3, stride: 2, channels: 6 },
    { kernel: 2, stride: 2, channels: 6 },
  ],
  ...{ values: 8, layers: 3, heads: 2, inner: 12, positionLayers: 2, positionKernel: 3, positionGroups: 2 },
  ...{ epsilon: 1e-5, isNormalised: true },
};
const small = createEncoder(sizes);
const positions = 79;
const objective = {
  ...{ kind: 'data2vec', maskProbability: 0.65, maskSpan: 10, leastSpans: 1, topLayers: 2, beta: 0, scale: 0 },
  ...{ decay: 0.5, endDecay: 0.9, decaySteps: 4, layerDrop: 0.3 },
} as const;
const method = masked({ encoder: small, objective });
const adamw = createOptimizer({ kind: 'adamw', beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0.01 });
const model = { method, optimizer: adamw };
const batch = 3;

function batchOf(seed: number): Record<string, Float32Array> {
  const random = seededRandom(seed);
  const crop = Float32Array.from({ length: batch * small.cropSamples }, () => random.normal() * 0.3);
  return Object.fromEntries(method.parts.map((part) => [part.name, part.name === 'crop' ? crop : drawPart(part, batch, random)]));
}

function tensorsOf(weights: WeightArrays): WeightTensors {
  return Object.fromEntries([...weights].map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('a data2vec encoder', () => {
  it('leaves out the layers that are not kept', () => {
    const none = createEncoder({ ...sizes, layers: 0 });
    tf.tidy(() => {
      const weights = tensorsOf(small.initialise(3));
      const halves = defined(small.halves, 'halves');
      const heard = halves.hear(weights, tf.tensor2d(defined(batchOf(1)['crop'], 'crop'), [batch, small.cropSamples]), {
        chunkElements: Infinity,
      });
      const of = (kept?: number[]): Float32Array =>
        halves.understand(weights, heard, kept === undefined ? undefined : tf.tensor1d(kept)).last.dataSync<'float32'>();
      expect(of([0, 0, 0])).toEqual(defined(none.halves, 'halves').understand(weights, heard).last.dataSync());
      expect(of([1, 1, 1])).toEqual(of());
      expect(of([1, 0, 1])).not.toEqual(of());
    });
  });

  it('begins as data2vec’s code draws it', () => {
    const encoder = chosenEncoder({ architecture: 'data2vec', sampleRate: 16000, size: 'small', cropSeconds: 5 });
    expect(defined(encoder.halves, 'halves')).toMatchObject({ positions: 249, values: 256, layers: 6 });
    const weights = encoder.initialise(4);
    const deviation = (name: string): number => {
      const { data } = defined(weights.get(name), name);
      return Math.sqrt(data.reduce((total, value) => total + value * value, 0) / data.length);
    };
    expect(deviation('encoder.layers.2.attention.q_proj.weight')).toBeCloseTo(0.02, 3);
    expect(deviation('encoder.layers.5.feed_forward.output_dense.weight')).toBeCloseTo(0.02, 3);
    expect(deviation('encoder.layers.5.feed_forward.output_dense.bias')).toBe(0);
    expect(deviation('feature_extractor.conv_layers.3.conv.weight')).toBeCloseTo(Math.sqrt(2 / (128 * 3)), 2);
    const base = chosenEncoder({ architecture: 'data2vec', sampleRate: 16000, size: 'base', cropSeconds: 5 });
    const count = base.parameters().reduce((total, { shape }) => total + shape.reduce((product, size) => product * size, 1), 0);
    expect(Math.round(count / 1e6)).toBe(93);
  });
});

describe('masking with a teacher', () => {
  const open = (device: 'cpu' | 'tfjs-cpu', threads = 1, from?: { weights: WeightArrays; state: WeightArrays }): Promise<Trainer> =>
    openTrainer({ model, device, batch, chunk: null, threads, ...(from ?? { weights: method.initialise(5) }) });
  const take = (trainer: Trainer, step: number, seed = step): Promise<StepResult> =>
    trainer.step({ batch: batchOf(seed), learningRate: 0.003, step });

  it('takes the same step a clip at a time as all at once', async () => {
    const stepBy = async (chunkElements: number): Promise<StepResult> => {
      const weights = method.initialise(5);
      const trainer = await openTrainer({ model, device: 'cpu', batch, chunk: null, weights, threads: 1, chunkElements });
      const result = await take(trainer, 1);
      await trainer.close();
      return result;
    };
    // The first convolution is large beside this, the last one is not.
    const [parts, all] = [await stepBy(1000), await stepBy(Infinity)];
    expect(parts.loss).toBeCloseTo(all.loss, 5);
    all.gradientNorms.forEach((norm, at) =>
      expect(Math.abs((parts.gradientNorms[at] ?? NaN) - norm)).toBeLessThan(1e-4 * Math.max(1, norm)),
    );
  });

  it('begins with the teacher as the one who learns, and what stands at masked positions between 0 and 1', () => {
    const first = method.initialise(5);
    for (const [name, { of }] of defined(method.averages, 'averages').followers) expect(first.get(name)).toEqual(first.get(of));
    const mask = Array.from(defined(first.get('masked_spec_embed'), 'the mask').data);
    expect(Math.min(...mask)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...mask)).toBeGreaterThan(0.5);
    expect(method.parameters().filter(({ name, isTrained }) => name.startsWith('teacher.') && isTrained)).toEqual([]);
  });

  it('takes the steps of the reference device', async () => {
    const [recorded, eager] = [await open('cpu'), await open('tfjs-cpu')];
    for (let step = 1; step <= 3; step++) {
      const [own, other] = [await take(recorded, step), await take(eager, step)];
      expect(Math.abs(own.loss / other.loss - 1)).toBeLessThan(1e-4);
      const largest = Math.max(...other.gradientNorms);
      other.gradientNorms.forEach((norm, at) => expect(Math.abs((own.gradientNorms[at] ?? NaN) - norm)).toBeLessThan(1e-3 * largest));
      expect(own.watched['deviations']).toHaveLength(2);
      expect(own.watched['projections']).toHaveLength(2 * batch * 16 * 8);
      expect(own.parts['targetDeviation']).toBe(own.watched['deviations']?.[0]);
    }
    const [{ weights: a }, { weights: b }] = [await recorded.read(), await eager.read()];
    for (const [name, { data }] of b) data.forEach((value, at) => expect(a.get(name)?.data[at]).toBeCloseTo(value, 3));
    await recorded.close();
    await eager.close();
  });

  it('lets the teacher follow by a decay that rises, and copies what tells positions', async () => {
    const trainer = await open('cpu');
    let before = (await trainer.read()).weights;
    for (const [step, decay] of [0.6, 0.7, 0.8, 0.9, 0.9].entries()) {
      await take(trainer, step + 1);
      const { weights } = await trainer.read();
      const at = (from: WeightArrays, name: string): Float32Array => defined(from.get(name), name).data;
      const [name, own] = ['teacher.encoder.layers.1.attention.v_proj.weight', 'encoder.encoder.layers.1.attention.v_proj.weight'];
      const [old, followed] = [at(before, name), at(weights, own)];
      at(weights, name).forEach((value, i) => expect(value).toBeCloseTo(decay * (old[i] ?? 0) + (1 - decay) * (followed[i] ?? 0), 6));
      expect(followed).not.toEqual(at(before, own));
      const position = 'encoder.pos_conv_embed.layers.1.conv.weight';
      expect(at(weights, `teacher.${position}`)).toEqual(at(weights, `encoder.${position}`));
      before = weights;
    }
    await trainer.close();
  });

  it('goes on from a checkpoint bit for bit, the teacher too, whatever the threads', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'earmark-masked-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const whole = await open('cpu', 2);
    const losses: number[] = [];
    for (let step = 1; step <= 6; step++) losses.push((await take(whole, step)).loss);
    const first = await open('cpu', 2);
    for (let step = 1; step <= 3; step++) await take(first, step);
    const settings = pretraining.recipeDefaults.music2vec;
    const told = { activeSeconds: 1, warmupShare: null, loss: 1, rank: 1, settings, codeVersion: '', memory: new Map() };
    await writeCheckpoint(directory, { step: 3, ...told, ...(await first.read()) });
    await first.close();
    const second = await open('cpu', 2, await readCheckpoint(directory, 3));
    for (let step = 4; step <= 6; step++) expect((await take(second, step)).loss).toBe(losses[step - 1]);
    const [{ weights: expected, state }, after] = [await whole.read(), await second.read()];
    expect(after.weights).toEqual(expected);
    expect(after.state).toEqual(state);
    await whole.close();
    await second.close();
  });

  it('learns what was hidden', async () => {
    const trainer = await openTrainer({
      model: { method: masked({ encoder: small, objective: { ...objective, decay: 1, endDecay: 1, layerDrop: 0 } }), optimizer: adamw },
      ...{ device: 'cpu', batch, chunk: null, threads: 1, weights: method.initialise(5) },
    });
    const { layers: _, ...given } = batchOf(3);
    const losses: number[] = [];
    for (let step = 1; step <= 50; step++) losses.push((await trainer.step({ batch: given, learningRate: 0.003, step })).loss);
    await trainer.close();
    expect(losses.at(-1)).toBeLessThan(0.8 * (losses[0] ?? 0));
  });

  it('takes the teacher of a checkpoint that has one, and else makes one of its encoder', () => {
    const other = masked({ encoder: small, objective }).initialise(9);
    const name = 'teacher.encoder.layer_norm.weight';
    other.set(name, { shape: [8], data: new Float32Array(8).fill(0.25) });
    expect(firstWeights(method, 1, { path: 'a', tensors: other }).get(name)?.data[0]).toBe(0.25);
    const alone = new Map([...other].filter(([own]) => own.startsWith('encoder.')));
    const first = firstWeights(method, 1, { path: 'a', tensors: alone });
    for (const [follower, { of }] of defined(method.averages, 'averages').followers) expect(first.get(follower)).toEqual(other.get(of));
    expect(first.get('final_proj.weight')).toEqual(method.initialise(1).get('final_proj.weight'));
    alone.set('encoder.feature_projection.projection.bias', { shape: [4], data: new Float32Array(4) });
    expect(() => firstWeights(method, 1, { path: 'a.safetensors', tensors: alone })).toThrow('a.safetensors is of another encoder');
  });

  it('draws which layers work for the whole batch, and none where all do', () => {
    const shares = Array.from({ length: 300 }, (_, seed) => {
      const drawn = Array.from(defined(batchOf(seed)['layers'], 'layers'));
      expect(drawn).toHaveLength(3 * batch);
      expect(drawn.slice(3, 6)).toEqual(drawn.slice(0, 3));
      return sum(drawn) / drawn.length;
    });
    expect(sum(shares) / shares.length).toBeCloseTo(0.7, 1.1);
    expect(masked({ encoder: small, objective: { ...objective, layerDrop: 0 } }).parts.map(({ name }) => name)).toEqual(['crop', 'mask']);
  });

  it('refuses an encoder without halves, more layers than it has, and spans longer than a crop', () => {
    const sampleCnn = createSampleCnn({ sampleRate: 8000, strides: [3, 2], channels: [4, 5, 6, 7] });
    expect(() => masked({ encoder: sampleCnn, objective })).toThrow('SampleCNN has no positions that could be masked');
    expect(() => masked({ encoder: small, objective: { ...objective, topLayers: 4 } })).toThrow('The encoder has 3 layers, and 4 are');
    expect(() => masked({ encoder: small, objective: { ...objective, maskSpan: positions } })).toThrow(
      `A crop gives ${positions} positions`,
    );
    const infoNce = { kind: 'info-nce', steps: 4, negatives: 3, window: 9 } as const;
    expect(() => predictive({ encoder: small, objective: infoNce })).toThrow('data2vec makes no sequence');
  });
});
