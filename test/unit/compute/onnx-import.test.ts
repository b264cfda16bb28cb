/** @file ONNX files of others as encoders: what they take is settled or asked for, what they give is one vector a crop, and what is unsafe is not loaded. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createEncoderRunner,
  encoderMetadata,
  exportOnnx,
  inspectForeign,
  loadWeights,
  readWeightsFile,
  writeSafetensorsFile,
} from '../../../src-main/compute/index.ts';
import type { OnnxWish } from '../../../src-main/compute/index.ts';
import { encodeModel } from '../../../src-main/compute/onnx/encode-model.ts';
import type { OnnxGraph } from '../../../src-main/compute/onnx/graph.ts';
import { MessageWriter } from '../../../src-main/compute/onnx/protobuf.ts';
import { createSampleCnn, findEncoder, pictures } from '../../../src-main/learn/index.ts';
import type { ResnetSettings } from '../../../src-main/learn/index.ts';

let root: string;
const small = createSampleCnn({ sampleRate: 8000, strides: [3, 3], channels: [4, 4, 5, 10] });
const weights = small.initialise(1);

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'earmark-onnx-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function fileOf(bytes: Uint8Array, name = 'model.onnx'): string {
  const path = join(root, name);
  writeFileSync(path, bytes);
  return path;
}

/** `y[batch, 4, frames] = wave[batch, samples] in frames of 3, times a matrix`; kernel `[4, 1, 3]`, stride 3. */
function convolution({
  shape = ['batch', 1, 'samples'],
  type = 'float32',
}: { shape?: (number | string)[]; type?: 'float32' | 'int32' } = {}): OnnxGraph {
  return {
    name: 'other',
    inputs: [{ name: 'audio', type, shape }],
    outputs: [{ name: 'y', type: 'float32', shape: ['batch', 4, 'frames'] }],
    constants: [{ name: 'kernel', type: 'float32', shape: [4, 1, 3], data: Float32Array.from({ length: 12 }, (_, i) => (i % 5) - 2) }],
    nodes: [
      { op: 'Conv', inputs: ['audio', 'kernel'], outputs: ['inner'], attributes: { kernel_shape: [3], strides: [3] } },
      { op: 'Relu', inputs: ['inner'], outputs: ['y'], attributes: {} },
    ],
  };
}

const matrix = Float32Array.from({ length: 20 }, (_, i) => ((i * 7) % 5) / 2 - 1);

/** What {@link layered} makes of a frame: four channels times a matrix, and a ReLU. */
function hidden(channels: readonly number[]): number[] {
  return [0, 1, 2, 3, 4].map((neuron) =>
    Math.max(
      0,
      channels.reduce((sum, value, at) => sum + value * (matrix[5 * at + neuron] ?? 0), 0),
    ),
  );
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value / values.length, 0);

/** The convolution `[batch, 4, frames]`, turned to `[batch, frames, 4]`, times a matrix; with values that do not follow the sound, or mix the crops. */
function layered(): OnnxGraph {
  const first = convolution();
  const node = (
    op: string,
    inputs: string[],
    output: string,
    attributes: OnnxGraph['nodes'][number]['attributes'] = {},
  ): OnnxGraph['nodes'][number] => ({
    ...{ op, inputs, outputs: [output], attributes },
  });
  return {
    ...first,
    outputs: [{ name: 'z', type: 'float32', shape: ['batch', 'frames', 5] }],
    constants: [
      ...first.constants,
      { name: 'matrix', type: 'float32', shape: [4, 5], data: matrix },
      { name: 'flat', type: 'int64', shape: [1], data: BigInt64Array.of(-1n) },
    ],
    nodes: [
      node('Conv', ['audio', 'kernel'], 'model/conv:0', { kernel_shape: [3], strides: [3] }),
      node('Transpose', ['model/conv:0'], 'turned', { perm: [0, 2, 1] }),
      node('Shape', ['turned'], 'sizes'),
      node('Cast', ['sizes'], 'lengths', { to: 1 }),
      node('Relu', ['matrix'], 'constant'),
      node('Reshape', ['turned', 'flat'], 'mixed'),
      node('ReduceMean', ['turned'], 'number', { keepdims: 0 }),
      node('MatMul', ['turned', 'matrix'], 'hidden'),
      node('Relu', ['hidden'], 'z'),
    ],
  };
}

const wishes = { kind: 'wave', sampleRate: 8000, cropSamples: 9 } as const;
const wave = Float32Array.from({ length: 18 }, (_, i) => Math.sin(i));

/** What the convolution makes of a crop, before its ReLU: `[4][3]`. */
function convolved(crop: Float32Array): number[][] {
  const kernel = convolution().constants[0]?.data as Float32Array;
  return [0, 1, 2, 3].map((channel) =>
    [0, 1, 2].map((frame) => [0, 1, 2].reduce((sum, k) => sum + (kernel[3 * channel + k] ?? 0) * (crop[3 * frame + k] ?? 0), 0)),
  );
}

async function encoded(path: string, onnx: OnnxWish, waves: Float32Array, batch: number): Promise<Float32Array> {
  const { settings, weights: file } = await loadWeights(path, { onnx });
  const runner = await createEncoderRunner({ settings, weights: file, device: 'cpu', threads: 1 });
  try {
    return await runner.encode(waves, batch);
  } finally {
    await runner.close();
  }
}

describe('an ONNX file', () => {
  it('that Earmark wrote is imported without a question and gives the same embeddings, also after it was stored', async () => {
    const path = fileOf(exportOnnx(small, weights));
    const loaded = await loadWeights(path);
    expect(loaded).toMatchObject({
      kind: 'onnx',
      remarks: [],
      encoder: { architecture: 'onnx', sampleRate: 8000, cropSamples: 27, dimensions: 10 },
    });
    const stored = join(root, 'stored.safetensors');
    await writeSafetensorsFile(stored, loaded.weights, encoderMetadata(loaded.settings));
    const [own, foreign] = await Promise.all([
      createEncoderRunner({ settings: small.settings, weights, device: 'cpu', threads: 1 }),
      createEncoderRunner({ settings: loaded.settings, weights: await readWeightsFile(stored), device: 'cpu', threads: 1 }),
    ]);
    const waves = Float32Array.from({ length: 3 * 27 }, (_, i) => Math.sin(i * i));
    expect(await foreign.encode(waves, 3)).toEqual(await own.encode(waves, 3));
    await Promise.all([own.close(), foreign.close()]);
  });

  it.each<[string, OnnxWish, (values: number[]) => number]>([
    ['the mean', { axis: 1 }, (values) => values.map((value) => Math.max(0, value)).reduce((sum, value) => sum + value / 3, 0)],
    ['the maximum of a value inside it', { axis: 1, output: 'inner', pooling: 'max' }, (values) => Math.max(...values)],
  ])('gives %s over time of each neuron', async (_, wish, pool) => {
    const rows = await encoded(fileOf(encodeModel(convolution())), { ...wishes, ...wish }, wave, 2);
    const wanted = [wave.subarray(0, 9), wave.subarray(9)].flatMap((crop) => convolved(crop).map(pool));
    for (const [i, value] of wanted.entries()) expect(rows[i]).toBeCloseTo(value, 5);
  });

  it('offers the values inside it as outputs once it is imported, each along its own axis and pooled as asked', async () => {
    const { settings, encoder, weights: file } = await loadWeights(fileOf(encodeModel(layered())), { onnx: wishes });
    expect(encoder.outputs).toEqual([
      { name: 'model/conv:0', title: 'model/conv:0', dimensions: 4 },
      { name: 'turned', title: 'turned', dimensions: 4 },
      { name: 'hidden', title: 'hidden', dimensions: 5 },
      { name: 'z', title: 'z', dimensions: 5 },
      { name: 'embedding', title: 'Embedding', dimensions: 5 },
    ]);
    const outputs = [
      { output: 'model/conv:0', pooling: 'max' },
      { output: 'embedding', pooling: 'mean' },
      { output: 'turned', pooling: 'mean' },
      { output: 'z', pooling: 'max' },
    ] as const;
    const runner = await createEncoderRunner({ settings, weights: file, device: 'cpu', threads: 1, outputs });
    expect(runner.dimensions).toBe(4 + 5 + 4 + 5);
    const rows = await runner.encode(wave, 2);
    await runner.close();
    const wanted = [wave.subarray(0, 9), wave.subarray(9)].flatMap((crop) => {
      const channels = convolved(crop);
      const frames = [0, 1, 2].map((frame) => hidden(channels.map((values) => values[frame] ?? NaN)));
      const pool = (neuron: number, how: (values: number[]) => number): number => how(frames.map((values) => values[neuron] ?? NaN));
      return [
        ...channels.map((values) => Math.max(...values)),
        ...[0, 1, 2, 3, 4].map((neuron) => pool(neuron, mean)),
        ...channels.map(mean),
        ...[0, 1, 2, 3, 4].map((neuron) => pool(neuron, (values) => Math.max(...values))),
      ];
    });
    expect(rows).toHaveLength(wanted.length);
    for (const [i, value] of wanted.entries()) expect(rows[i]).toBeCloseTo(value, 4);
    await expect(
      createEncoderRunner({ settings, weights: file, device: 'cpu', outputs: [{ output: 'lengths', pooling: 'mean' }] }),
    ).rejects.toThrow('ONNX has no output called lengths. It has model/conv:0, turned, hidden, z, embedding.');
  });

  it('that one segment at a time is given to, gives the values inside it in the same way', async () => {
    const { settings, weights: file } = await loadWeights(fileOf(encodeModel(convolution({ shape: [1, 1, 9] }))), {
      onnx: { kind: 'wave', sampleRate: 8000, axis: 1 },
    });
    const outputs = [{ output: 'inner', pooling: 'max' }] as const;
    const runner = await createEncoderRunner({ settings, weights: file, device: 'cpu', threads: 1, outputs });
    const rows = await runner.encode(wave, 2);
    await runner.close();
    const wanted = [wave.subarray(0, 9), wave.subarray(9)].flatMap((crop) => convolved(crop).map((values) => Math.max(...values)));
    for (const [i, value] of wanted.entries()) expect(rows[i]).toBeCloseTo(value, 5);
  });

  it('with settings that name a value that it does not make is refused', async () => {
    const loaded = await loadWeights(fileOf(encodeModel(convolution())), { onnx: { ...wishes, axis: 1 } });
    const path = join(root, 'forged.safetensors');
    const settings = { ...loaded.settings, inner: [{ name: 'elsewhere', axis: 1, dimensions: 4 }] };
    await writeSafetensorsFile(path, loaded.weights, encoderMetadata(settings));
    await expect(loadWeights(path)).rejects.toThrow(/name a value elsewhere that its model does not make/);
  });

  it('says which axis it takes for the neurons where that is open', async () => {
    const { encoder, remarks } = await loadWeights(fileOf(encodeModel(convolution())), { onnx: wishes });
    expect([encoder.dimensions, remarks]).toEqual([
      3,
      ['Of its output y [1, 4, 3], axis 2 is taken for the neurons; the others are pooled over.'],
    ]);
  });

  it('that takes one segment at a time is given one at a time', async () => {
    const path = fileOf(encodeModel(convolution({ shape: [1, 1, 9] })));
    const rows = await encoded(path, { kind: 'wave', sampleRate: 8000, axis: 1 }, wave, 2);
    expect(rows[4]).toBeCloseTo(convolved(wave.subarray(9))[0]?.reduce((sum, value) => sum + Math.max(0, value) / 3, 0) ?? NaN, 5);
  });

  it('that takes a log-mel spectrogram is given it, in the order and with the channels that it wants', async () => {
    const { mel } = findEncoder('resnet', 22050).settings as unknown as ResnetSettings;
    const picture = { ...mel, sampleRate: 8000, window: 64, hop: 32, bands: 8, lowestHz: 0, highestHz: 4000 };
    const graph: OnnxGraph = {
      name: 'pictures',
      inputs: [{ name: 'image', type: 'float32', shape: ['batch', 3, 8, 5] }],
      outputs: [{ name: 'z', type: 'float32', shape: ['batch', 3, 8, 5] }],
      constants: [],
      nodes: [{ op: 'Identity', inputs: ['image'], outputs: ['z'], attributes: {} }],
    };
    const onnx: OnnxWish = { sampleRate: 8000, order: 'bands-first', axis: 2, mel: picture };
    const path = fileOf(encodeModel(graph));
    const { encoder } = await loadWeights(path, { onnx });
    expect([encoder.cropSamples, encoder.dimensions]).toEqual([128, 8]);
    const noise = Float32Array.from({ length: 128 }, (_, i) => Math.sin(i * i) / 2);
    const rows = await encoded(path, onnx, noise, 1);
    await tf.setBackend('cpu');
    const expected = await tf.mean(pictures.logMel(picture, tf.tensor2d(noise, [1, 128])), [0, 1]).data();
    expect(rows).toHaveLength(8);
    for (const [band, value] of expected.entries()) expect(rows[band]).toBeCloseTo(value, 4);
  });

  it('is looked at without being run', () => {
    const summary = inspectForeign(fileOf(encodeModel(convolution(), { sample_rate: '16000' })));
    expect(summary).toMatchObject({
      inputs: [{ name: 'audio', type: 1, shape: ['batch', 1, 'samples'] }],
      outputs: [{ name: 'y', shape: ['batch', 4, 'frames'] }],
      ...{ values: ['inner', 'y'], sampleRate: 16_000 },
    });
  });

  it('finds the data that lie beside it in its folder', async () => {
    mkdirSync(join(root, 'beside', 'data'), { recursive: true });
    const { data } = convolution().constants[0] as { data: Float32Array };
    writeFileSync(join(root, 'beside', 'data', 'kernel.bin'), Buffer.concat([Buffer.alloc(8), Buffer.from(data.buffer)]));
    const path = fileOf(outside('data/kernel.bin', { offset: '8', length: '48' }), 'beside/model.onnx');
    const rows = await encoded(path, { ...wishes, axis: 1 }, wave.subarray(0, 9), 1);
    expect(rows[0]).toBeCloseTo(convolved(wave.subarray(0, 9))[0]?.reduce((sum, value) => sum + Math.max(0, value) / 3, 0) ?? NaN, 5);
  });
});

/** The convolution with its kernel in another file. */
function outside(location: string, more: Record<string, string> = {}): Uint8Array {
  const entry = (key: string, value: string): MessageWriter => new MessageWriter().string(1, key).string(2, value);
  const tensor = new MessageWriter().integer(1, 4).integer(1, 1).integer(1, 3).integer(2, 1).string(8, 'kernel').integer(14, 1);
  for (const [key, value] of Object.entries({ location, ...more })) tensor.message(13, entry(key, value));
  const whole = encodeModel({ ...convolution(), constants: [] });
  // A second piece of the graph, which the format puts together with the first.
  return Buffer.concat([whole, new MessageWriter().message(7, new MessageWriter().message(5, tensor)).finish()]);
}

/** The convolution with one more node, in a second piece of its graph. */
function withNode(node: MessageWriter): Uint8Array {
  return Buffer.concat([encodeModel(convolution()), new MessageWriter().message(7, new MessageWriter().message(1, node)).finish()]);
}

const operator = (name: string, domain: string): MessageWriter =>
  new MessageWriter().string(1, 'y').string(2, 'q').string(4, name).string(7, domain);

describe('an ONNX file is refused in one sentence, before it is loaded,', () => {
  const branch = (node: MessageWriter): MessageWriter =>
    operator('If', '').message(5, new MessageWriter().string(1, 'then_branch').message(6, new MessageWriter().message(1, node)));
  const cases: [string, () => Uint8Array | string, OnnxWish, RegExp][] = [
    [
      'with an operator from elsewhere',
      () => withNode(operator('Magic', 'com.example')),
      wishes,
      /needs the operator Magic of com\.example.*Nothing was run/,
    ],
    ['with one in a branch', () => withNode(branch(operator('Magic', 'com.example'))), wishes, /needs the operator Magic of com\.example/],
    ['with a compiled model of its own', () => withNode(operator('EPContext', 'com.microsoft')), wishes, /needs the operator EPContext/],
    [
      'with data outside its folder',
      () => outside('../secret.bin'),
      wishes,
      /wants to read \.\.\/secret\.bin, which is outside its own folder\. Nothing was read/,
    ],
    ['with data at a whole path', () => outside('/etc/passwd'), wishes, /wants to read \/etc\/passwd/],
    ['with data in another drive', () => outside('C:\\secret.bin'), wishes, /outside its own folder/],
    ['with data that are not there', () => outside('gone.bin'), wishes, /keeps data in gone\.bin beside it, and that file is not there/],
    [
      'with data longer than their file',
      () => outside('model.onnx', { length: '99999999' }),
      wishes,
      /reads more from model\.onnx beside it than that file holds/,
    ],
    [
      'with the data of a branch elsewhere',
      () =>
        withNode(
          operator('Constant', '').message(5, new MessageWriter().string(1, 'value').message(5, new MessageWriter().integer(14, 1))),
        ),
      wishes,
      /data of a branch in another file/,
    ],
    ['that is none', () => Buffer.from('no model at all, but a text of some length'), wishes, /it is no ONNX file/],
    ['that is empty', () => Buffer.alloc(0), wishes, /it is empty/],
    ['that is cut', () => encodeModel(convolution()).subarray(0, 60), wishes, /no ONNX file, or it is cut/],
    ['with an unknown operator of ONNX', () => withNode(operator('Nonsense', '')), wishes, /ONNX Runtime cannot run/],
    [
      'without its rate',
      () => encodeModel(convolution()),
      { kind: 'wave' },
      /takes audio \[batch, 1, samples\] and gives y \[batch, 4, frames\]; say at which sample rate it hears \(--rate\)/,
    ],
    [
      'without a length',
      () => encodeModel(convolution()),
      { kind: 'wave', sampleRate: 8000 },
      /say how long a segment is, in samples \(--crop\)/,
    ],
    [
      'that may take either',
      () => encodeModel(convolution({ shape: ['batch', 'x'] })),
      { sampleRate: 8000 },
      /say whether it takes a wave or a log-mel spectrogram \(--kind\)/,
    ],
    [
      'without its spectrogram',
      () => encodeModel(convolution({ shape: ['batch', 1, 64, 96] })),
      { sampleRate: 8000, order: 'bands-first' },
      /say what its spectrogram is like \(--mel/,
    ],
    [
      'at another rate than it says',
      () => encodeModel(convolution(), { sampleRate: '16000' }),
      wishes,
      /has a sample rate of 16000 Hz, and 8000 Hz was asked for/,
    ],
    [
      'with another length than it says',
      () => encodeModel(convolution({ shape: ['batch', 1, 12] })),
      wishes,
      /has a segment of 12 samples, and 9 samples was asked for/,
    ],
    [
      'for an output that it does not make',
      () => encodeModel(convolution()),
      { ...wishes, output: 'layer9' },
      /it makes no value called layer9/,
    ],
    ['with an input of whole numbers', () => encodeModel(convolution({ type: 'int32' })), wishes, /not of 32-bit floating-point numbers/],
    [
      'with a wave of two channels',
      () => encodeModel(convolution({ shape: ['batch', 2, 'samples'] })),
      wishes,
      /a wave has one channel here/,
    ],
    ['for exactly four segments', () => encodeModel(convolution({ shape: [4, 1, 'samples'] })), wishes, /takes exactly 4 segments at once/],
    [
      'of 20 GB',
      () => {
        const path = fileOf(Buffer.alloc(8), 'large.onnx');
        truncateSync(path, 20 * 2 ** 30);
        return path;
      },
      wishes,
      /one part of it has 21\.5 GB/,
    ],
  ];
  it.each(cases)('%s', async (_, make, onnx, says) => {
    const made = make();
    const error: unknown = await loadWeights(typeof made === 'string' ? made : fileOf(made), { onnx }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      message: expect.stringMatching(says) as string,
      code: expect.stringMatching(/^(WEIGHTS_|BAD_INPUT|FILE_GONE)/) as string,
    });
  });

  it.skipIf(process.platform === 'win32')('with data behind a link that leads out of its folder', async () => {
    mkdirSync(join(root, 'linked'), { recursive: true });
    writeFileSync(join(root, 'secret.bin'), Buffer.alloc(48));
    symlinkSync(join(root, 'secret.bin'), join(root, 'linked', 'kernel.bin'));
    const path = fileOf(outside('kernel.bin'), 'linked/model.onnx');
    await expect(loadWeights(path, { onnx: wishes })).rejects.toMatchObject({ code: 'WEIGHTS_UNSAFE' });
  });
});
