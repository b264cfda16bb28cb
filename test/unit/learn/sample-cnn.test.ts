import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src-main/base/index.ts';
import { createSampleCnn, encoders, findEncoder, headLogits } from '../../../src-main/learn/index.ts';
import type { WeightArrays, WeightTensors } from '../../../src-main/learn/index.ts';

const tiny = createSampleCnn({ sampleRate: 8000, strides: [3, 4, 2, 2], channels: [3, 4, 4, 5, 6, 6] });

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
});

function tensors(weights: WeightArrays): WeightTensors {
  return Object.fromEntries([...weights].map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]));
}

function noise(length: number, seed = 7): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length }, () => random.uniform() * 2 - 1);
}

const isBatchNorm = (name: string): boolean => /^sequential\.\d+\.1\./.test(name);

/** Weights whose batch norms do something. */
function lively(): ReturnType<typeof tiny.initialise> {
  const weights = tiny.initialise(3);
  const random = seededRandom(11);
  for (const [name, { data }] of weights) if (isBatchNorm(name)) data.forEach((_, i) => (data[i] = 0.5 + random.uniform()));
  return weights;
}

describe('SampleCNN', () => {
  it("takes crops of 59049, 43740 and 20736 samples at CLMR's three rates and gives 512 features", () => {
    const published = encoders.filter(({ architecture }) => architecture === 'sample-cnn');
    expect(published.map(({ sampleRate, cropSamples, dimensions }) => [sampleRate, cropSamples, dimensions])).toEqual([
      [22050, 59049, 512],
      [16000, 43740, 512],
      [8000, 20736, 512],
    ]);
  });

  it("has CLMR's names and shapes", () => {
    const shapes = new Map(
      findEncoder('sample-cnn', 16000)
        .parameters()
        .map(({ name, shape }) => [name, shape]),
    );
    expect(shapes.size).toBe(66);
    expect(shapes.get('sequential.0.0.weight')).toEqual([128, 1, 3]);
    expect(shapes.get('sequential.7.0.weight')).toEqual([256, 256, 5]);
    expect(shapes.get('sequential.9.1.running_var')).toEqual([512]);
    expect(shapes.get('sequential.10.0.weight')).toEqual([512, 512, 3]);
  });

  it('has about two and a half million parameters', () => {
    const learned = findEncoder('sample-cnn', 22050)
      .parameters()
      .filter(({ name }) => !name.includes('running'));
    const count = learned.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
    expect(count).toBeGreaterThan(2.3e6);
    expect(count).toBeLessThan(2.7e6);
  });

  it('refuses a crop that its strides do not divide, in words', () => {
    const weights = tensors(tiny.initialise(1));
    const crop = tf.zeros<tf.Rank.R2>([1, 147]);
    expect(() => tiny.forward(weights, crop)).toThrow(
      /takes crops of 144 samples \(3·3·4·2·2\); 147 is a length that its strides do not divide/,
    );
    tf.dispose([weights, crop]);
  });

  it('refuses settings that do not fit together', () => {
    expect(() => createSampleCnn({ sampleRate: 8000, strides: [3, 3], channels: [4, 4] })).toThrow(/two more channel widths/);
    expect(() => createSampleCnn({ sampleRate: 8000, strides: [3, 1], channels: [4, 4, 4, 4] })).toThrow(/at least 2/);
    expect(() => createSampleCnn({ sampleRate: 8000, strides: [2, 5], channels: [4, 4, 4, 4] })).toThrow(/instead of one/);
  });

  it('names the encoders there are when one is unknown', () => {
    expect(() => findEncoder('sample-cnn', 44100)).toThrow(/no encoder sample-cnn at 44100 Hz; there are sample-cnn at 22050 Hz/);
  });

  it('leaves no tensor behind', () => {
    const weights = tensors(tiny.initialise(1));
    const wave = tf.tensor2d(noise(2 * tiny.cropSamples), [2, tiny.cropSamples]);
    const before = tf.memory().numTensors;
    const embedding = tiny.forward(weights, wave);
    expect(embedding.shape).toEqual([2, 6]);
    expect(tf.memory().numTensors).toBe(before + 1);
    tf.dispose([weights, wave, embedding]);
  });

  it('treats each crop of a batch by itself', () => {
    const weights = tensors(lively());
    const both = tf.tensor2d(noise(2 * tiny.cropSamples), [2, tiny.cropSamples]);
    const second = tf.slice(both, [1, 0], [1, tiny.cropSamples]);
    const [joint, alone] = [tiny.forward(weights, both).arraySync(), tiny.forward(weights, second).arraySync()];
    expect(joint[1]).toEqual(alone[0]);
    expect(joint[0]).not.toEqual(joint[1]);
  });

  it('computes the same after batch norm was folded into the convolutions', () => {
    const weights = lively();
    const folded = tiny.fold(weights);
    expect([...folded.keys()].some(isBatchNorm)).toBe(false);
    const wave = tf.tensor2d(noise(3 * tiny.cropSamples), [3, tiny.cropSamples]);
    const [plain, fast] = [tiny.forward(tensors(weights), wave).dataSync(), tiny.forward(tensors(folded), wave).dataSync()];
    const largest = Math.max(...plain);
    expect(largest).toBeGreaterThan(0);
    plain.forEach((value, index) => expect(Math.abs(value - (fast[index] ?? NaN)) / largest).toBeLessThan(1e-5));
  });

  it('gives the logits of a linear head', () => {
    const weights = {
      'fc.weight': tf.tensor2d([
        [1, 2],
        [3, 4],
        [0, 1],
      ]),
      'fc.bias': tf.tensor1d([0.5, 0, -1]),
    };
    expect(headLogits(weights, tf.tensor2d([[10, 1]])).arraySync()).toEqual([[12.5, 34, 0]]);
  });
});

describe('first weights', () => {
  it('depend on the seed alone', () => {
    const [a, same, other] = [tiny.initialise(5), tiny.initialise(5), tiny.initialise(6)];
    expect(a).toEqual(same);
    expect(a.get('sequential.0.0.weight')?.data).not.toEqual(other.get('sequential.0.0.weight')?.data);
  });

  it('are uniform with the variance that keeps a ReLU network level, and batch norms are the identity', () => {
    const weights = findEncoder('sample-cnn', 22050).initialise(1);
    const kernel = weights.get('sequential.4.0.weight')?.data ?? new Float32Array();
    const variance = kernel.reduce((sum, value) => sum + value * value, 0) / kernel.length;
    expect(variance * 768).toBeCloseTo(2, 1);
    expect(kernel.reduce((most, value) => Math.max(most, Math.abs(value)), 0)).toBeLessThanOrEqual(Math.sqrt(6 / 768));
    expect(new Set(weights.get('sequential.4.1.weight')?.data)).toEqual(new Set([1]));
    expect(new Set(weights.get('sequential.4.1.running_var')?.data)).toEqual(new Set([1]));
    expect(new Set(weights.get('sequential.4.1.running_mean')?.data)).toEqual(new Set([0]));
  });
});
