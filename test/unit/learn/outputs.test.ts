/** @file What layers give beside the embedding: pooling beside plain loops, SampleCNN's blocks beside plain convolutions, data2vec's beside `transformers`. */
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { defined, seededRandom } from '../../../src-main/base/index.ts';
import { createEncoderRunner, readSafetensors } from '../../../src-main/compute/index.ts';
import { readModelFolder } from '../../../src-main/compute/tensors/model-folder.ts';
import { createEncoder, findOutput, pictures } from '../../../src-main/learn/index.ts';
import type { Encoder, OutputChoice, Pooling, WeightArrays } from '../../../src-main/learn/index.ts';

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
});

const reference = join(import.meta.dirname, '../../parity/reference');
const mel = { ...pictures.vicmusMel, sampleRate: 8000, window: 64, hop: 32, bands: 16, highestHz: 4000 };
const data2vec = {
  ...{ sampleRate: 8000, cropSamples: 900, values: 8, layers: 2, heads: 2, inner: 12, positionLayers: 1, positionKernel: 3 },
  ...{ positionGroups: 2, epsilon: 1e-5, isNormalised: true, convolutions: [{ kernel: 10, stride: 5, channels: 6 }] },
};

const vit = { cropSamples: 900, mel, frames: 28, values: 8, layers: 2, heads: 2, headValues: 3, inner: 12 };

const families: { settings: Encoder['settings']; names: string[] }[] = [
  {
    settings: { architecture: 'sample-cnn', sampleRate: 8000, strides: [3, 2], channels: [4, 5, 6, 7] },
    names: ['first', 'block-1', 'block-2', 'embedding'],
  },
  {
    settings: { architecture: 'cpc', sampleRate: 8000, cropSamples: 9600, channels: 6, context: 5 },
    names: [...[1, 2, 3, 4, 5, 6, 7].map((number) => `convolution-${number}`), 'context', 'embedding'],
  },
  {
    settings: { architecture: 'resnet', sampleRate: 8000, depth: 18, width: 64, cropSamples: 1024, mel },
    names: ['stem', 'stage-1', 'stage-2', 'stage-3', 'stage-4', 'embedding'],
  },
  {
    settings: { architecture: 'data2vec', ...data2vec },
    names: ['extractor', 'layer-0', 'layer-1', 'layer-2', 'embedding'],
  },
  {
    settings: { architecture: 'vit', sampleRate: 8000, ...vit, patches: [{ bands: 16, frames: 2 }] },
    names: ['patches', 'layer-1', 'layer-2', 'embedding'],
  },
  {
    settings: {
      architecture: 'vit',
      sampleRate: 8000,
      ...vit,
      patches: [
        { bands: 4, frames: 4 },
        { bands: 16, frames: 2 },
      ],
    },
    names: [...['square', 'tall'].flatMap((kind) => ['patches', 'layer-1', 'layer-2'].map((layer) => `${kind}-${layer}`)), 'embedding'],
  },
];

const batch = 2;

function draw(encoder: Encoder, seed: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: batch * encoder.cropSamples }, () => random.normal() * 0.3);
}

/** Weights whose batch norms are no identities. */
function weightsOf(encoder: Encoder): WeightArrays {
  const random = seededRandom(9);
  const weights = encoder.initialise(3);
  for (const [name, { data }] of weights) if (name.endsWith('running_mean')) data.forEach((_, i) => (data[i] = random.normal() * 0.1));
  return weights;
}

async function embed(encoder: Encoder, outputs: readonly OutputChoice[] | undefined, wave: Float32Array): Promise<Float32Array> {
  const runner = await createEncoderRunner({ settings: encoder.settings, weights: weightsOf(encoder), device: 'cpu', outputs });
  const rows = await runner.encode(wave, wave.length / encoder.cropSamples);
  expect(rows).toHaveLength((wave.length / encoder.cropSamples) * runner.dimensions);
  await runner.close();
  return rows;
}

/** Every layer's values as the reference device gives them, pooled by loops: `[batch][neuron]`. */
function pooledByLoops(encoder: Encoder, wave: Float32Array, pooling: Pooling): Record<string, number[][]> {
  return tf.tidy(() => {
    const tensors = Object.fromEntries([...weightsOf(encoder)].map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]));
    const layers = encoder.layers(tensors, tf.tensor2d(wave, [batch, encoder.cropSamples]));
    return Object.fromEntries(
      Object.entries(layers).map(([name, { values, positions }]) => {
        const axis = values.shape.findIndex((_, at) => at > 0 && !positions.includes(at));
        const [flat, size] = [values.dataSync(), values.shape[axis] ?? 0];
        const found = Array.from({ length: batch }, () => Array.from({ length: size }, () => [] as number[]));
        const steps = values.shape.map((_, at) => values.shape.slice(at + 1).reduce((product, one) => product * one, 1));
        flat.forEach((value, at) => {
          const place = (of: number): number => Math.floor(at / (steps[of] ?? 1)) % (values.shape[of] ?? 1);
          found[place(0)]?.[place(axis)]?.push(value);
        });
        const pool = (all: number[]): number =>
          pooling === 'max' ? all.reduce((most, one) => Math.max(most, one)) : all.reduce((sum, one) => sum + one, 0) / all.length;
        return [name, found.map((rows) => rows.map(pool))];
      }),
    );
  });
}

describe.each(families)('outputs of $settings.architecture', ({ settings, names }) => {
  const encoder = createEncoder(settings);
  const wave = draw(encoder, 5);

  it('are its layers in their order, with the embedding last', () => {
    expect(encoder.outputs.map(({ name }) => name)).toEqual(names);
    expect(encoder.outputs.at(-1)).toEqual({ name: 'embedding', title: 'Embedding', dimensions: encoder.dimensions });
    expect(new Set(encoder.outputs.map(({ title }) => title)).size).toBe(names.length);
  });

  it('are pooled as loops do, by mean and by maximum, all in one pass, side by side', async () => {
    const choices = (['mean', 'max'] as const).flatMap((pooling) => encoder.outputs.map(({ name }) => ({ output: name, pooling })));
    const rows = await embed(encoder, choices, wave);
    const width = 2 * encoder.outputs.reduce((sum, { dimensions }) => sum + dimensions, 0);
    const byLoops = { mean: pooledByLoops(encoder, wave, 'mean'), max: pooledByLoops(encoder, wave, 'max') };
    expect(Object.keys(byLoops.mean).toSorted()).toEqual(names.toSorted());
    let at = 0;
    for (const { output: name, pooling } of choices) {
      const { dimensions } = findOutput(encoder, name);
      const expected = defined(byLoops[pooling][name], name);
      expect(expected[0]).toHaveLength(dimensions);
      expected.forEach((values, crop) =>
        values.forEach((value, neuron) => {
          const own = rows[crop * width + at + neuron] ?? NaN;
          expect(Math.abs(own - value), `${name} ${neuron} of crop ${crop}, ${pooling}`).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)));
        }),
      );
      at += dimensions;
    }
  });

  it('leave the embedding as it is without them', async () => {
    const [alone, asked] = [await embed(encoder, undefined, wave), await embed(encoder, [{ output: 'embedding', pooling: 'max' }], wave)];
    expect(asked).toEqual(alone);
  });
});

describe('SampleCNN’s blocks', () => {
  it('are convolution, batch norm, ReLU and pooling, written out', async () => {
    const encoder = createEncoder(families[0]?.settings);
    const weights = weightsOf(encoder);
    const get = (name: string): Float32Array => defined(weights.get(name), name).data;
    const wave = draw(encoder, 6).subarray(0, encoder.cropSamples);
    const layers = [
      { kernel: 3, stride: 3, padding: 0, pool: 1 },
      { kernel: 3, stride: 1, padding: 1, pool: 3 },
      { kernel: 2, stride: 1, padding: 1, pool: 2 },
    ];
    let x = [[...wave]];
    const means: number[][] = [];
    for (const [index, { kernel, stride, padding, pool }] of layers.entries()) {
      const [w, bias] = [get(`sequential.${index}.0.weight`), get(`sequential.${index}.0.bias`)];
      const norm = (part: string, o: number): number => get(`sequential.${index}.1.${part}`)[o] ?? NaN;
      const time = Math.floor(((x[0]?.length ?? 0) + 2 * padding - kernel) / stride) + 1;
      x = Array.from(bias, (shift, o) => {
        const convolved = Array.from({ length: time }, (_, t) => {
          let sum = shift;
          for (const [c, row] of x.entries())
            for (let k = 0; k < kernel; k++) sum += (w[(o * x.length + c) * kernel + k] ?? NaN) * (row[t * stride + k - padding] ?? 0);
          const normed = (sum - norm('running_mean', o)) / Math.sqrt(norm('running_var', o) + 1e-5);
          return Math.max(0, normed * norm('weight', o) + norm('bias', o));
        });
        return Array.from({ length: Math.floor(time / pool) }, (_, at) => Math.max(...convolved.slice(at * pool, (at + 1) * pool)));
      });
      means.push(x.map((row) => row.reduce((sum, value) => sum + value, 0) / row.length));
    }
    const own = await embed(
      encoder,
      [
        { output: 'first', pooling: 'mean' },
        { output: 'block-1', pooling: 'mean' },
        { output: 'block-2', pooling: 'mean' },
      ],
      wave,
    );
    means.flat().forEach((value, at) => expect(own[at]).toBeCloseTo(value, 5));
  });
});

describe('data2vec’s layers', () => {
  it('have the values of Hugging Face’s hidden states, pooled', async () => {
    const { tensors } = await readSafetensors(join(reference, 'data2vec-tiny.safetensors'));
    const wave = defined(tensors.get('input.wave'), 'input.wave');
    const { settings, weights } = await readModelFolder(join(reference, 'data2vec-tiny'), { cropSamples: wave.shape[1] ?? 0 });
    const encoder = createEncoder({ architecture: 'data2vec', ...settings });
    const named = [
      { output: 'extractor', name: 'output.features' },
      ...Array.from({ length: settings.layers + 1 }, (_, layer) => ({ output: `layer-${layer}`, name: `output.hidden.${layer}` })),
    ];
    for (const pooling of ['mean', 'max'] as const) {
      const outputs = named.map(({ output }) => ({ output, pooling }));
      const runner = await createEncoderRunner({ settings: encoder.settings, weights, device: 'cpu', outputs });
      const crops = wave.shape[0] ?? 0;
      const rows = await runner.encode(wave.data, crops);
      await runner.close();
      let at = 0;
      for (const { name } of named) {
        const { data, shape } = defined(tensors.get(name), name);
        const [, positions = 0, values = 0] = shape;
        for (let crop = 0; crop < crops; crop++)
          for (let neuron = 0; neuron < values; neuron++) {
            const all = Array.from({ length: positions }, (_, t) => data[(crop * positions + t) * values + neuron] ?? NaN);
            const expected = pooling === 'max' ? Math.max(...all) : all.reduce((sum, one) => sum + one, 0) / positions;
            const own = rows[crop * runner.dimensions + at + neuron] ?? NaN;
            expect(Math.abs(own - expected), `${name} ${neuron}, ${pooling}`).toBeLessThan(2e-4 * Math.max(1, Math.abs(expected)));
          }
        at += values;
      }
    }
  });
});

describe('an output that is none', () => {
  it('is refused with those that there are', async () => {
    const encoder = createEncoder(families[0]?.settings);
    const says = 'SampleCNN has no output called block-9. It has first, block-1, block-2, embedding.';
    expect(() => findOutput(encoder, 'block-9')).toThrow(says);
    await expect(embed(encoder, [{ output: 'block-9', pooling: 'mean' }], draw(encoder, 1))).rejects.toThrow(says);
    await expect(embed(encoder, [{ output: 'toString', pooling: 'mean' }], draw(encoder, 1))).rejects.toThrow('no output called toString');
  });
});
