import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src-main/base/index.ts';
import {
  createEncoderRunner,
  encoderMetadata,
  exportOnnx,
  loadWeights,
  runEncoder,
  writeSafetensorsFile,
} from '../../../src-main/compute/index.ts';
import { createSampleCnn, findEncoder } from '../../../src-main/learn/index.ts';
import type { WeightArray } from '../../../src-main/learn/index.ts';

const tiny = createSampleCnn({ sampleRate: 8000, strides: [3, 4, 2, 2], channels: [3, 4, 4, 5, 6, 6] });
const weights = tiny.initialise(2);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earmark-runner-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function noise(length: number): Float32Array {
  const random = seededRandom(9);
  return Float32Array.from({ length }, () => random.uniform() - 0.5);
}

describe('an encoder on a device', () => {
  it('gives the same embeddings compiled as run eagerly, for any batch', async () => {
    const [fast, reference] = [
      await runEncoder({ encoder: tiny, weights, device: 'cpu', threads: 1 }),
      await runEncoder({ encoder: tiny, weights, device: 'tfjs-cpu' }),
    ];
    for (const batch of [1, 5]) {
      const waves = noise(batch * tiny.cropSamples);
      const [ours, expected] = [await fast.encode(waves, batch), await reference.encode(waves, batch)];
      expect(ours).toHaveLength(batch * 6);
      expect(Math.max(...expected)).toBeGreaterThan(0);
      ours.forEach((value, index) => expect(value).toBeCloseTo(expected[index] ?? NaN, 5));
    }
    await fast.close();
    await reference.close();
  });

  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    for (const device of ['cpu', 'tfjs-cpu'] as const) {
      const runner = await runEncoder({ encoder: tiny, weights, device });
      await runner.encode(noise(tiny.cropSamples), 1);
      await runner.close();
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses another number of samples and goes on', async () => {
    const runner = await runEncoder({ encoder: tiny, weights, device: 'cpu' });
    await expect(runner.encode(noise(100), 1)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: '1 crops of 144 samples are 144 numbers, not 100.',
    });
    expect(await runner.encode(noise(144), 1)).toHaveLength(6);
    await runner.close();
  });

  it('says which weights are missing', async () => {
    const some = new Map([...weights].filter(([name]) => !name.startsWith('sequential.2.0')));
    await expect(runEncoder({ encoder: tiny, weights: some, device: 'cpu' })).rejects.toMatchObject({
      code: 'WEIGHTS_MISMATCH',
      message: expect.stringMatching(/^2 weights .* sequential\.2\.0\.weight, sequential\.2\.0\.bias/) as string,
    });
  });

  it('opens a published encoder by its rate', async () => {
    const runner = await createEncoderRunner({
      settings: findEncoder('sample-cnn', 8000).settings,
      weights: findEncoder('sample-cnn', 8000).initialise(1),
      device: 'cpu',
    });
    expect([runner.cropSamples, runner.dimensions, runner.device]).toEqual([20736, 512, 'cpu']);
    const embedding = await runner.encode(noise(20736), 1);
    expect(embedding.some((value) => value > 0)).toBe(true);
    expect(embedding.every((value) => value >= 0 && Number.isFinite(value))).toBe(true);
    await runner.close();
  });

  it('exports an ONNX file that begins as one, and says what it wants', () => {
    const bytes = Buffer.from(exportOnnx(tiny, weights));
    expect([...bytes.subarray(0, 4)]).toEqual([0x08, 9, 0x12, 7]);
    for (const text of ['earmark', 'cropSamples', '144', 'embedding', 'batch', 'MaxPool']) expect(bytes.includes(text)).toBe(true);
  });
});

describe('loading weights', () => {
  const published = findEncoder('sample-cnn', 16000);
  const full = published.initialise(4);

  async function fileOf(tensors: ReadonlyMap<string, WeightArray>, metadata: Record<string, string> = {}): Promise<string> {
    const path = join(folder, 'weights.safetensors');
    await writeSafetensorsFile(path, tensors, metadata);
    return path;
  }

  it.each(['', 'encoder.', 'module.', 'model.encoder.'])(
    'finds the encoder under the prefix "%s", and its rate from its shapes',
    async (prefix) => {
      const named = new Map<string, WeightArray>([...full].map(([name, array]) => [`${prefix}${name}`, array]));
      named.set(`${prefix}fc.weight`, { shape: [2, 512], data: new Float32Array(1024) });
      named.set(`${prefix}fc.bias`, { shape: [2], data: new Float32Array(2) });
      named.set(`${prefix.replace('encoder.', '')}projector.0.weight`, { shape: [1, 1], data: new Float32Array(1) });
      const loaded = await loadWeights(await fileOf(named));
      expect([loaded.kind, loaded.settings]).toEqual(['safetensors', published.settings]);
      expect([...loaded.weights.keys()]).toEqual(published.parameters().map(({ name }) => name));
      expect(loaded.weights.get('sequential.3.0.weight')).toEqual(full.get('sequential.3.0.weight'));
      expect([...loaded.head.keys()]).toEqual(['fc.weight', 'fc.bias']);
      expect([...loaded.projector.keys()]).toEqual(['0.weight']);
    },
  );

  it('makes the encoder from the settings beside its weights, whatever its widths', async () => {
    for (const prefix of ['', 'encoder.']) {
      const named = new Map([...weights].map(([name, array]) => [`${prefix}${name}`, array] as const));
      const loaded = await loadWeights(await fileOf(named, encoderMetadata(tiny.settings)));
      expect(loaded.settings).toEqual(tiny.settings);
      expect(loaded.weights).toEqual(weights);
      expect(loaded.encoder.cropSamples).toBe(tiny.cropSamples);
    }
    await expect(loadWeights(await fileOf(weights))).rejects.toMatchObject({ code: 'WEIGHTS_MISMATCH' });
  });

  it('takes the settings at their word: published weights beside settings of another network are refused', async () => {
    await expect(loadWeights(await fileOf(full, encoderMetadata(tiny.settings)))).rejects.toMatchObject({
      code: 'WEIGHTS_MISMATCH',
      message: expect.stringMatching(/against SampleCNN at 8000 Hz: .*unexpected.*of another shape/) as string,
    });
  });

  it.each([
    ['no JSON', 'sample-cnn', /They are not JSON/],
    ['another family', '{"architecture":"perceiver"}', /no kind of encoder called perceiver; there are sample-cnn/],
    ['a family by a name that every object has', '{"architecture":"toString"}', /no kind of encoder called toString/],
    ['no object', 'null', /no kind of encoder called undefined/],
    [
      'widths that are no numbers',
      '{"architecture":"sample-cnn","sampleRate":8000,"strides":[3],"channels":["4",4,4]}',
      /not the settings of a SampleCNN/,
    ],
    [
      'a crop of years',
      `{"architecture":"sample-cnn","sampleRate":8000,"strides":[${Array(30).fill(64).join()}],"channels":[${Array(32).fill(1).join()}]}`,
      /not the settings/,
    ],
    [
      'layers that do not fit together',
      '{"architecture":"sample-cnn","sampleRate":8000,"strides":[3,3],"channels":[4,4]}',
      /two more channel widths/,
    ],
  ])('says so of settings that are %s', async (_, text, says) => {
    await expect(loadWeights(await fileOf(full, { 'earmark.encoder': text }))).rejects.toMatchObject({
      code: 'WEIGHTS_MISMATCH',
      message: expect.stringMatching(says) as string,
    });
  });

  it('names what is missing, unexpected and of another shape', async () => {
    const wrong = new Map<string, WeightArray>(full);
    wrong.delete('sequential.4.1.bias');
    wrong.set('sequential.11.0.weight', { shape: [1], data: new Float32Array(1) });
    wrong.set('sequential.2.0.bias', { shape: [64], data: new Float32Array(64) });
    await expect(loadWeights(await fileOf(wrong))).rejects.toMatchObject({
      code: 'WEIGHTS_MISMATCH',
      message: expect.stringMatching(
        /against SampleCNN at 16000 Hz: 1 missing \(sequential\.4\.1\.bias\); 1 unexpected \(sequential\.11\.0\.weight\); 1 of another shape \(sequential\.2\.0\.bias \[64\] instead of \[128\]\)/,
      ) as string,
    });
  });

  it.each([
    ['numbers that are not finite', 'sequential.3.0.weight', NaN, /sequential\.3\.0\.weight, 1 of \d+ are no finite numbers/],
    ['an infinite bias', 'sequential.2.0.bias', -Infinity, /no finite numbers/],
    ['absurd numbers', 'sequential.2.0.bias', 1e30, /1 of 128 are absurd/],
    ['a negative variance', 'sequential.2.1.running_var', -1, /absurd/],
    ['a head that is not finite', 'fc.bias', NaN, /of fc\.bias, 1 of 2/],
  ])('refuses weights with %s', async (_, name, value, says) => {
    const spoilt = new Map<string, WeightArray>(full);
    spoilt.set('fc.weight', { shape: [2, 512], data: new Float32Array(1024) });
    spoilt.set('fc.bias', { shape: [2], data: new Float32Array(2) });
    const { shape, data } = spoilt.get(name) as WeightArray;
    spoilt.set(name, { shape, data: data.map((other, i) => (i === 1 ? value : other)) });
    await expect(loadWeights(await fileOf(spoilt))).rejects.toMatchObject({
      code: 'WEIGHTS_UNREADABLE',
      message: expect.stringMatching(says) as string,
    });
  });

  it.each([
    ['an empty file', '', 'WEIGHTS_UNREADABLE', /it is empty/],
    ['a text', 'Not weights at all, but a long enough text.', 'WEIGHTS_UNREADABLE', /neither a safetensors file nor one of PyTorch/],
  ])('says what is wrong with %s', async (_, content, code, says) => {
    const path = join(folder, 'other');
    await writeFile(path, content);
    await expect(loadWeights(path)).rejects.toMatchObject({ code, message: expect.stringMatching(says) as string });
  });

  it('says so when the tensors are those of something else', async () => {
    const path = await fileOf(new Map([['conv.weight', { shape: [1], data: new Float32Array(1) }]]));
    await expect(loadWeights(path)).rejects.toMatchObject({
      code: 'WEIGHTS_MISMATCH',
      message: expect.stringMatching(/not those of a SampleCNN/) as string,
    });
  });
});
