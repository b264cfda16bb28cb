/** @file Convolutions with batch norm over images beside plain loops in 64 bits, and a ResNet on every kind of device. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { defined, seededRandom } from '../../../src-main/base/index.ts';
import { createEncoderRunner } from '../../../src-main/compute/index.ts';
import { runRecorded } from '../../../src-main/compute/training/run-recorded.ts';
import { createEncoder, createResnet, training } from '../../../src-main/learn/index.ts';
import type { pictures } from '../../../src-main/learn/index.ts';
import { convolutionNorm } from '../../../src-main/learn/layers/convolution-norm.ts';
import { gathered, patchedLength, patchesOf } from '../../../src-main/learn/layers/image-patches.ts';
import type { Patching } from '../../../src-main/learn/layers/image-patches.ts';

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
  training.registerGradients();
});

type Case = { patching: Patching; hasSkip: boolean; hasRelu: boolean };
const cases: Case[] = [
  { patching: { kernel: 1, stride: 1, padding: 0 }, hasSkip: true, hasRelu: true },
  { patching: { kernel: 1, stride: 2, padding: 0 }, hasSkip: false, hasRelu: false },
  { patching: { kernel: 3, stride: 1, padding: 1 }, hasSkip: false, hasRelu: true },
  { patching: { kernel: 3, stride: 2, padding: 1 }, hasSkip: true, hasRelu: true },
  { patching: { kernel: 7, stride: 2, padding: 3 }, hasSkip: false, hasRelu: true },
];
const [channels, clips, out] = [2, 3, 4];
const [height, width] = [6, 7];

type Values = Record<'x' | 'kernel' | 'gain' | 'shift' | 'skip', number[]>;

/** Written out: the result `[out][clips · down · across]`. */
function plain({ patching, hasSkip, hasRelu }: Case, values: Values): number[] {
  const { kernel, stride, padding } = patching;
  const [down, across] = [patchedLength(height, patching), patchedLength(width, patching)];
  const pixel = (c: number, n: number, i: number, j: number): number =>
    i < 0 || j < 0 || i >= height || j >= width ? 0 : (values.x[((c * clips + n) * height + i) * width + j] ?? 0);
  return Array.from({ length: out }, (_, o) => {
    const sums: number[] = [];
    for (let n = 0; n < clips; n++)
      for (let i = 0; i < down; i++)
        for (let j = 0; j < across; j++) {
          let sum = 0;
          for (let c = 0; c < channels; c++)
            for (let a = 0; a < kernel; a++)
              for (let b = 0; b < kernel; b++)
                sum +=
                  (values.kernel[((o * channels + c) * kernel + a) * kernel + b] ?? 0) *
                  pixel(c, n, i * stride + a - padding, j * stride + b - padding);
          sums.push(sum);
        }
    const mean = sums.reduce((total, value) => total + value, 0) / sums.length;
    const variance = sums.reduce((total, value) => total + (value - mean) ** 2, 0) / sums.length;
    return sums.map((value, at) => {
      const normed = ((value - mean) / Math.sqrt(variance + 1e-5)) * (values.gain[o] ?? 0) + (values.shift[o] ?? 0);
      const added = hasSkip ? normed + (values.skip[o * sums.length + at] ?? 0) : normed;
      return hasRelu ? Math.max(0, added) : added;
    });
  }).flat();
}

describe.each(cases)('a convolution with batch norm, $patching', (one) => {
  const { patching, hasSkip, hasRelu } = one;
  const positions = clips * patchedLength(height, patching) * patchedLength(width, patching);
  const random = seededRandom(3);
  const draw = (count: number): number[] => Array.from({ length: count }, () => Math.fround(random.normal()));
  const values: Values = {
    x: draw(channels * clips * height * width),
    kernel: draw(out * channels * patching.kernel ** 2),
    gain: draw(out),
    shift: draw(out),
    skip: draw(out * positions),
  };
  const shapes: Record<keyof Values, number[]> = {
    x: [channels, clips, height, width],
    kernel: [out, channels, patching.kernel, patching.kernel],
    gain: [out],
    shift: [out],
    skip: [out, clips, patchedLength(height, patching), patchedLength(width, patching)],
  };
  const names = (['x', 'kernel', 'gain', 'shift', 'skip'] as const).filter((name) => name !== 'skip' || hasSkip);
  const coefficients = Array.from({ length: out * positions }, (_, at) => Math.sin(at + 1));
  const apply = (tensors: Record<string, tf.Tensor>): tf.Tensor => {
    const { x, kernel, gain, shift, skip } = tensors as {
      x: tf.Tensor4D;
      kernel: tf.Tensor4D;
      gain: tf.Tensor1D;
      shift: tf.Tensor1D;
      skip: tf.Tensor4D;
    };
    return convolutionNorm({ x, kernel, norm: { gain, shift }, patching, hasRelu, ...(hasSkip ? { skip } : {}) }).y;
  };
  const tensorsOf = (): Record<string, tf.Tensor> => Object.fromEntries(names.map((name) => [name, tf.tensor(values[name], shapes[name])]));

  it('gives what plain loops give', () => {
    const ours = tf.tidy(() => Array.from(apply(tensorsOf()).dataSync()));
    plain(one, values).forEach((value, at) => expect(ours[at]).toBeCloseTo(value, 4));
  });

  it('has the same gradients as recorded', async () => {
    const back = (tensors: Record<string, tf.Tensor>): Record<string, tf.Tensor> => {
      const given = names.map((name) => defined(tensors[name], name));
      const of = tf.grads((...own) => apply(Object.fromEntries(names.map((name, at) => [name, defined(own[at], name)]))));
      return Object.fromEntries(of(given, tf.tensor(coefficients, shapes.skip)).map((gradient, at) => [names[at] ?? '', gradient]));
    };
    const arrays = Object.fromEntries(names.map((name) => [name, { shape: shapes[name], data: Float32Array.from(values[name]) }]));
    const recorded = await runRecorded('gradients', arrays, back);
    const eager = tf.tidy(() => Object.entries(back(tensorsOf())).map(([name, tensor]) => [name, Array.from(tensor.dataSync())] as const));
    for (const [name, expected] of eager) {
      const scale = Math.max(...expected.map(Math.abs));
      expect(scale).toBeGreaterThan(0);
      expected.forEach((value, at) => expect(Math.abs((recorded[name]?.[at] ?? NaN) - value) / scale, name).toBeLessThan(1e-4));
    }
  });

  it('has the gradients that differences of those loops say', () => {
    const gradients = tf.tidy(() => {
      const tensors = tensorsOf();
      const given = names.map((name) => defined(tensors[name], name));
      const back = tf.grads((...own) => apply(Object.fromEntries(names.map((name, at) => [name, defined(own[at], name)]))));
      return back(given, tf.tensor(coefficients, shapes.skip)).map((gradient) => Array.from(gradient.dataSync()));
    });
    const lossOf = (own: Values): number => plain(one, own).reduce((sum, value, at) => sum + value * (coefficients[at] ?? 0), 0);
    const draws = seededRandom(9);
    for (const [index, name] of names.entries())
      for (let trial = 0; trial < 8; trial++) {
        const at = draws.below(values[name].length);
        const moved = (by: number): Values => ({ ...values, [name]: values[name].with(at, (values[name][at] ?? 0) + by) });
        const slope = (lossOf(moved(1e-6)) - lossOf(moved(-1e-6))) / 2e-6;
        const scale = Math.max(1, ...(gradients[index] ?? []).map(Math.abs));
        expect(Math.abs((gradients[index]?.[at] ?? NaN) - slope) / scale, `${name} ${at}`).toBeLessThan(1e-4);
      }
  });
});

describe.each(cases.filter(({ patching }) => patching.padding > 0))('patches of an image, $patching', ({ patching }) => {
  it('are taken back by the transpose of how they are laid out', () => {
    const random = seededRandom(12);
    const draw = (shape: number[]): tf.Tensor4D =>
      tf.tensor4d(
        Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
        shape as [number, number, number, number],
      );
    tf.tidy(() => {
      const x = draw([channels, clips, height, width]);
      const patches = patchesOf(x, patching);
      const positions = [height, width].map((size) => patchedLength(size, patching));
      expect(patches.shape).toEqual([channels * patching.kernel ** 2, clips, ...positions]);
      const given = draw(patches.shape);
      const back = gathered(given, x.shape, patching);
      expect(tf.sum(tf.mul(back, x)).arraySync()).toBeCloseTo(tf.sum(tf.mul(given, patches)).arraySync() as number, 3);
    });
  });

  it('hold at each position what a kernel covers, row by row', () => {
    tf.tidy(() => {
      const x = tf.reshape<tf.Rank.R4>(tf.range(1, channels * clips * height * width + 1), [channels, clips, height, width]);
      const patches = patchesOf(x, patching);
      const { kernel, padding } = patching;
      // The patch of the second channel of the last clip, at the first position: what lies above and to the left is zero.
      const own = tf.slice(patches, [kernel ** 2, clips - 1, 0, 0], [kernel ** 2, 1, 1, 1]).dataSync();
      const expected = Array.from({ length: kernel ** 2 }, (_, at) => {
        const [row, column] = [Math.floor(at / kernel) - padding, (at % kernel) - padding];
        return row < 0 || column < 0 ? 0 : ((clips + clips - 1) * height + row) * width + column + 1;
      });
      expect(Array.from(own)).toEqual(expected);
    });
  });
});

describe('a ResNet', () => {
  const mel: pictures.MelSettings = {
    ...{ sampleRate: 8000, window: 128, hop: 32, bands: 64, lowestHz: 0, highestHz: 4000 },
    ...{ scale: 'htk', norm: 'slaney', power: 2, compression: 'log1p', normalisation: 'min-max' },
  };
  const small = createResnet({ depth: 50, width: 2, cropSamples: 2016, mel });
  const batch = 6;
  const wave = (seed: number, count: number): Float32Array => {
    const random = seededRandom(seed);
    return Float32Array.from({ length: count }, () => random.normal() * 0.3);
  };

  /** Variances over the batch itself, from those that the running ones follow. Positions a clip: those of a picture of 64 by 64. */
  function biased(name: string, data: Float32Array): Float32Array {
    if (!name.endsWith('running_var')) return data;
    const stage = Number(/layer(\d)/.exec(name)?.[1] ?? 0);
    const isBefore = /layer[234]\.0\.bn1/.test(name);
    const side = stage === 0 ? 32 : 16 / 2 ** (stage - (isBefore ? 2 : 1));
    const count = batch * side * side;
    return data.map((value) => (value * (count - 1)) / count);
  }

  it('has torchvision’s names and as many weights as published', () => {
    const published = createEncoder({
      ...createResnet({ depth: 50, width: 64, cropSamples: 65_024, mel: { ...mel, window: 1024, hop: 512, bands: 128 } }).settings,
    });
    const count = published.parameters().reduce((sum, { shape, isTrained }) => sum + (isTrained ? shape.reduce((a, b) => a * b, 1) : 0), 0);
    expect(count).toBe(23_508_032);
    expect(published.dimensions).toBe(2048);
    const names = published.parameters().map(({ name }) => name);
    expect(names.slice(0, 3)).toEqual(['conv1.weight', 'bn1.weight', 'bn1.bias']);
    expect(names).toContain('layer4.2.bn3.running_var');
    expect(names.filter((name) => name.includes('downsample.0'))).toHaveLength(4);
    const counts = ([18, 34] as const).map((depth) => {
      const all = createResnet({ depth, width: 64, cropSamples: 1000, mel }).parameters();
      return all.reduce((sum, { shape, isTrained }) => sum + (isTrained ? shape.reduce((a, b) => a * b, 1) : 0), 0);
    });
    expect(counts).toEqual([11_176_512, 21_284_672]);
  });

  it('embeds alike as recorded, with batch norms folded, and as it is written', async () => {
    const weights = small.initialise(3);
    const random = seededRandom(8);
    for (const [name, { data }] of weights)
      if (/running|bn/.test(name)) for (let i = 0; i < data.length; i++) data[i] = 0.5 + random.uniform();
    const embed = async (device: 'cpu' | 'tfjs-cpu'): Promise<Float32Array> => {
      const runner = await createEncoderRunner({ settings: small.settings, weights, device });
      const rows = await runner.encode(wave(4, batch * 2016), batch);
      await runner.close();
      return rows;
    };
    const [recorded, eager] = [await embed('cpu'), await embed('tfjs-cpu')];
    const largest = Math.max(...eager.map(Math.abs));
    expect(largest).toBeGreaterThan(0);
    eager.forEach((value, at) => expect(Math.abs((recorded[at] ?? NaN) - value) / largest).toBeLessThan(1e-5));
  });

  it('gives in training what it gives otherwise with the statistics of that batch', async () => {
    const weights = Object.fromEntries(small.initialise(5));
    const inputs = { wave: { shape: [batch, 2016], data: wave(6, batch * 2016) }, ...weights };
    const trained = await runRecorded('training', inputs, (given) => {
      const { embedding, statistics } = small.train(given, given['wave'] as tf.Tensor2D, { chunkElements: Infinity });
      return { embedding, ...statistics };
    });
    const followed = Object.entries(weights).map(([name, { shape, data }]) => {
      const own = trained[name];
      return [name, { shape, data: own === undefined ? data : biased(name, Float32Array.from(own)) }] as const;
    });
    const still = await runRecorded('evaluation', { wave: inputs.wave, ...Object.fromEntries(followed) }, (given) => ({
      embedding: small.forward(given, given['wave'] as tf.Tensor2D),
    }));
    const [ours, expected] = [trained, still].map(({ embedding }) => Array.from(defined(embedding, 'embedding')));
    const largest = Math.max(...(expected ?? []));
    expect(largest).toBeGreaterThan(0.1);
    expected?.forEach((value, at) => expect(Math.abs((ours?.[at] ?? NaN) - value) / largest).toBeLessThan(2e-3));
  });

  it('is made from its settings again, and from no others', () => {
    expect(createEncoder(small.settings).settings).toEqual(small.settings);
    for (const wrong of [{ depth: 20 }, { mel: null }, { mel: { ...mel, window: 63 } }, { cropSamples: 10 }, { width: 0 }])
      expect(() => createEncoder({ ...small.settings, ...wrong })).toThrow(/not the settings of a ResNet|A mel spectrogram has/);
  });
});
