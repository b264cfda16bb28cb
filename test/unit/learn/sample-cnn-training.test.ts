import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { defined, seededRandom } from '../../../src-main/base/index.ts';
import { createSampleCnn } from '../../../src-main/learn/index.ts';
import type { WeightArray } from '../../../src-main/learn/index.ts';
import { sampleCnnLayers } from '../../../src-main/learn/encoders/sample-cnn-layers.ts';
import type { SampleCnnSettings } from '../../../src-main/learn/encoders/sample-cnn-layers.ts';

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
});

type Weights = Map<string, WeightArray>;
const at = (weights: Weights, name: string): ArrayLike<number> => defined(weights.get(name), name).data;

/** SampleCNN in training mode, written out in 64-bit loops: `[batch][samples]` to `[batch][dimensions]`. */
function plainForward(settings: SampleCnnSettings, weights: Weights, waves: number[][]): number[][] {
  let x: number[][][] = waves.map((wave) => [wave]);
  for (const { name, outChannels, inChannels, kernel, stride, padding, pool } of sampleCnnLayers(settings)) {
    const [w, b] = [at(weights, `${name}.0.weight`), at(weights, `${name}.0.bias`)];
    const convolved = x.map((clip) => {
      const time = clip[0]?.length ?? 0;
      const outTime = Math.floor((time + 2 * padding - kernel) / stride) + 1;
      return Array.from({ length: outChannels }, (_, out) =>
        Array.from({ length: outTime }, (_, t) => {
          let sum = b[out] ?? 0;
          for (let c = 0; c < inChannels; c++)
            for (let k = 0; k < kernel; k++)
              sum += (w[(out * inChannels + c) * kernel + k] ?? 0) * (clip[c]?.[t * stride + k - padding] ?? 0);
          return sum;
        }),
      );
    });
    x = convolved.map((clip) => clip.map((row) => row.slice()));
    for (let c = 0; c < outChannels; c++) {
      const all = convolved.flatMap((clip) => clip[c] ?? []);
      const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
      const variance = all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length;
      const [gain, shift] = [at(weights, `${name}.1.weight`)[c] ?? 0, at(weights, `${name}.1.bias`)[c] ?? 0];
      for (const clip of x) {
        const row = (clip[c] ?? []).map((value) => Math.max(0, ((value - mean) / Math.sqrt(variance + 1e-5)) * gain + shift));
        clip[c] = Array.from({ length: Math.floor(row.length / pool) }, (_, t) => Math.max(...row.slice(t * pool, (t + 1) * pool)));
      }
    }
  }
  return x.map((clip) => clip.map((row) => row[0] ?? NaN));
}

const networks: Record<string, SampleCnnSettings> = {
  'pools of three': { sampleRate: 8000, strides: [3, 3], channels: [4, 5, 6, 5] },
  'kernels of every size that is published': { sampleRate: 8000, strides: [5, 4, 3, 2, 2], channels: [3, 4, 4, 5, 4, 4, 3] },
};

/** Weights with gains of both signs, so that pooling must mind them. */
function drawWeights(settings: SampleCnnSettings): Weights {
  const random = seededRandom(8);
  const weights = createSampleCnn(settings).initialise(3);
  for (const [name, { data }] of weights)
    if (name.includes('.1.') && !name.includes('running'))
      for (let i = 0; i < data.length; i++) data[i] = (random.uniform() < 0.3 ? -1 : 1) * (0.5 + random.uniform());
  return weights;
}

function drawWaves(settings: SampleCnnSettings, batch: number): number[][] {
  const random = seededRandom(9);
  const { cropSamples } = createSampleCnn(settings);
  return Array.from({ length: batch }, () => Array.from({ length: cropSamples }, () => Math.fround(random.normal() * 0.5)));
}

describe.each(Object.entries(networks))('SampleCNN in training with %s', (_, settings) => {
  const encoder = createSampleCnn(settings);
  const weights = drawWeights(settings);
  const waves = drawWaves(settings, 5);
  const coefficients = Array.from({ length: 5 * encoder.dimensions }, (_, index) => Math.sin(index + 1));
  const lossOf = (own: Weights): number =>
    plainForward(settings, own, waves)
      .flat()
      .reduce((sum, value, index) => sum + value * (coefficients[index] ?? 0), 0);
  type Pass = { embedding: number[]; gradients: Map<string, number[]>; statistics: Map<string, number[]> };
  const read = (of: Record<string, tf.Tensor>): Map<string, number[]> =>
    new Map(Object.entries(of).map(([name, x]) => [name, Array.from(x.dataSync())]));
  const train = (chunkElements: number, wave = waves): Pass => {
    const result: Partial<Pass> = {};
    tf.tidy(() => {
      const tensors = Object.fromEntries([...weights].map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]));
      const names = encoder.parameters().flatMap(({ name, isTrained }) => (isTrained ? [name] : []));
      const pass = encoder.train(tensors, tf.tensor2d(wave), { chunkElements });
      const back = tf.grads(() => encoder.train(tensors, tf.tensor2d(wave), { chunkElements }).embedding);
      const arrays = back(
        names.map((name) => defined(tensors[name], name)),
        tf.tensor2d(coefficients, [5, encoder.dimensions]),
      );
      const gradients = Object.fromEntries(names.map((name, index) => [name, defined(arrays[index], name)]));
      const embedding = Array.from(pass.embedding.dataSync());
      Object.assign(result, { embedding, gradients: read(gradients), statistics: read(pass.statistics) });
    });
    return result as Pass;
  };

  it('gives the embeddings of a plain computation in 64 bits', () => {
    const { embedding } = train(Infinity);
    plainForward(settings, weights, waves)
      .flat()
      .forEach((value, index) => expect(embedding[index]).toBeCloseTo(value, 4));
  });

  it('gives the gradients that differences of that computation say', () => {
    const { gradients } = train(Infinity);
    const random = seededRandom(4);
    for (const { name } of encoder.parameters()) {
      if (name.includes('running') || name.endsWith('.0.bias')) continue;
      const own = defined(weights.get(name), name);
      const largest = Math.max(...(gradients.get(name) ?? []).map(Math.abs));
      for (let trial = 0; trial < 4; trial++) {
        const index = random.below(own.data.length);
        const moved = (by: number): Weights => {
          const data = Float64Array.from(own.data);
          data[index] = (data[index] ?? 0) + by;
          return new Map(weights).set(name, { shape: own.shape, data: data as unknown as Float32Array });
        };
        const slope = (lossOf(moved(1e-6)) - lossOf(moved(-1e-6))) / 2e-6;
        expect(Math.abs((gradients.get(name)?.[index] ?? NaN) - slope)).toBeLessThan(1e-3 * Math.max(largest, 1e-2));
      }
    }
  });

  it('computes the same in chunks of the batch', () => {
    const [whole, chunked] = [train(Infinity), train(1)];
    chunked.embedding.forEach((value, index) => expect(value).toBeCloseTo(whole.embedding[index] ?? NaN, 4));
    for (const part of ['gradients', 'statistics'] as const)
      for (const [name, values] of chunked[part]) {
        const reference = whole[part].get(name) ?? [];
        const largest = Math.max(...reference.map(Math.abs), 1e-3);
        values.forEach((value, index) => expect(Math.abs(value - (reference[index] ?? NaN))).toBeLessThan(1e-4 * largest));
      }
  });

  it('stays finite in silence, where all values of a pool are greatest', () => {
    const { gradients } = train(
      Infinity,
      waves.map((wave) => wave.map(() => 0)),
    );
    expect([...gradients.values()].flat().every(Number.isFinite)).toBe(true);
  });
});
