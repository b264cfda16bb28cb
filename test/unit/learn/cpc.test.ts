/** @file CPC: the encoder beside plain loops, the loss beside its definition, and a step on every kind of device. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { defined, seededRandom } from '../../../src-main/base/index.ts';
import type { Random } from '../../../src-main/base/index.ts';
import { createEncoderRunner, openTrainer, record } from '../../../src-main/compute/index.ts';
import { inferenceGraph } from '../../../src-main/compute/encoder-runner.ts';
import type { StepResult } from '../../../src-main/compute/index.ts';
import { createEncoder, createOptimizer, createSampleCnn, predictive, training } from '../../../src-main/learn/index.ts';
import type { WeightArray } from '../../../src-main/learn/index.ts';
import { cpcLayers } from '../../../src-main/learn/encoders/cpc/cpc.ts';
import { stridedConvolution, stridedKernel } from '../../../src-main/learn/layers/strided-convolution.ts';
import type { Striding } from '../../../src-main/learn/layers/strided-convolution.ts';
import { infoNce } from '../../../src-main/learn/objectives/info-nce.ts';
import { drawPart } from '../../../src-main/worker/feed/parts.ts';

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
  training.registerGradients();
});

const small = createEncoder({ architecture: 'cpc', sampleRate: 8000, cropSamples: 9600, channels: 6, context: 5 });
const objective = { kind: 'info-nce', steps: 4, negatives: 3, window: 9 } as const;
const batch = 3;
const whole = { chunkElements: Infinity };

function drawCrops(seed: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: batch * small.cropSamples }, () => random.normal() * 0.3);
}

/** A tensor of normal numbers. */
function normals(random: Random, shape: number[]): tf.Tensor {
  return tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
    shape,
  );
}

/** PyTorch's `Conv1d`, written out. */
function convolved(x: number[][], { shape, data }: WeightArray, bias: WeightArray, layer: Striding, hasRelu = true): number[][] {
  const [out = 0, channels = 0, kernel = 0] = shape;
  const time = x[0]?.length ?? 0;
  const positions = Math.floor((time + 2 * layer.padding - kernel) / layer.stride) + 1;
  return Array.from({ length: out }, (_, o) =>
    Array.from({ length: positions }, (__, t) => {
      let sum = bias.data[o] ?? 0;
      for (let c = 0; c < channels; c++)
        for (let k = 0; k < kernel; k++)
          sum += (data[(o * channels + c) * kernel + k] ?? 0) * (x[c]?.[t * layer.stride + k - layer.padding] ?? 0);
      return hasRelu ? Math.max(0, sum) : sum;
    }),
  );
}

describe('CPC’s recurrent unit where nothing is learnt', () => {
  it('is one operator of the graph for every output, and gives what it gives step by step', async () => {
    const weights = small.initialise(4);
    const outputs = [
      { output: 'context', pooling: 'max' },
      { output: 'embedding', pooling: 'mean' },
    ] as const;
    const tensorsOf = (): Record<string, tf.Tensor> =>
      Object.fromEntries([...weights].map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]));
    for (const chosen of [outputs, outputs.slice(0, 1), outputs.slice(1)]) {
      const { nodes } = inferenceGraph(small, weights, chosen);
      expect(nodes.filter(({ op }) => op === 'GRU')).toHaveLength(1);
      expect(nodes.filter(({ op }) => op === 'Sigmoid' || op === 'Tanh')).toEqual([]);
    }
    const waves = drawCrops(6);
    const runner = await createEncoderRunner({ settings: small.settings, weights, device: 'cpu', threads: 1, outputs });
    const found = await runner.encode(waves, batch);
    await runner.close();
    const stepByStep = tf.tidy(() => {
      const { contexts } = defined(small.sequences, 'sequences').of(tensorsOf(), tf.tensor2d(waves, [batch, small.cropSamples]), whole);
      return [...tf.concat([tf.max(contexts, 1), tf.mean(contexts, 1)], 1).dataSync()];
    });
    expect(found).toHaveLength(stepByStep.length);
    for (const [at, value] of stepByStep.entries()) expect(Math.abs((found[at] ?? NaN) - value)).toBeLessThan(1e-5);
  });

  it('stays step by step where a gradient is asked for', () => {
    const inputs = [
      { name: 'wave', type: 'float32', shape: [2, small.cropSamples] } as const,
      ...small.parameters().map(({ name, shape }) => ({ name, type: 'float32' as const, shape })),
    ];
    const { nodes } = record({
      ...{ name: 'train', inputs },
      run: ({ wave, ...weights }) => ({ embedding: small.train(weights, wave as tf.Tensor2D, { chunkElements: Infinity }).embedding }),
    });
    expect(nodes.some(({ op }) => op === 'GRU')).toBe(false);
    expect(nodes.filter(({ op }) => op === 'Tanh')).toHaveLength(defined(small.sequences, 'sequences').positions);
  });
});

describe('CPC’s encoder', () => {
  it('makes the latents of plain strided convolutions', () => {
    const weights = small.initialise(2);
    const { positions, of } = defined(small.sequences, 'sequences');
    const wave = drawCrops(1).subarray(0, small.cropSamples);
    const weightOf = (name: string): WeightArray => defined(weights.get(name), name);
    const plain = cpcLayers.reduce<number[][]>(
      (x, layer, index) => convolved(x, weightOf(`layers.${index}.weight`), weightOf(`layers.${index}.bias`), layer),
      [[...wave]],
    );
    const latents = tf.tidy(() => {
      const tensors = Object.fromEntries([...weights].map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]));
      return of(tensors, tf.tensor2d(wave, [1, small.cropSamples]), whole).latents.arraySync()[0] ?? [];
    });
    expect(latents).toHaveLength(positions);
    expect(plain[0]).toHaveLength(positions);
    for (const [t, values] of latents.entries())
      for (const [channel, value] of values.entries()) expect(value).toBeCloseTo(plain[channel]?.[t] ?? NaN, 4);
  });

  it('gives a context of 256 values for 124 positions of 22 ms, as published', () => {
    const published = createEncoder({ architecture: 'cpc', sampleRate: 22050, cropSamples: 59_049, channels: 512, context: 256 });
    expect(published.dimensions).toBe(256);
    expect(published.sequences).toMatchObject({ positions: 124, latents: 512, contexts: 256 });
    expect(cpcLayers.reduce((product, { stride }) => product * stride, 1)).toBe(480);
    expect(cpcLayers.map(({ kernel, stride, padding }) => [kernel, stride, padding])).toEqual([
      ...[
        [10, 5, 2],
        [6, 3, 2],
        [4, 2, 2],
        [4, 2, 2],
      ],
      ...[
        [4, 2, 1],
        [2, 2, 1],
        [2, 2, 1],
      ],
    ]);
  });

  it('embeds alike as recorded and as it is written', async () => {
    const weights = small.initialise(3);
    const embed = async (device: 'cpu' | 'tfjs-cpu'): Promise<Float32Array> => {
      const runner = await createEncoderRunner({ settings: small.settings, weights, device });
      const rows = await runner.encode(drawCrops(4), batch);
      await runner.close();
      return rows;
    };
    const [recorded, eager] = [await embed('cpu'), await embed('tfjs-cpu')];
    eager.forEach((value, index) => expect(recorded[index]).toBeCloseTo(value, 5));
    expect(new Set(eager).size).toBeGreaterThan(10);
  });
});

describe('a strided convolution', () => {
  it.each([
    { channels: 3, kernel: 10, stride: 5, padding: 2 },
    { channels: 3, kernel: 4, stride: 2, padding: 1 },
    { channels: 3, kernel: 2, stride: 2, padding: 0 },
    { channels: 3, kernel: 3, stride: 2, padding: 0 },
    // Strides no wider than what comes out are laid side by side.
    { channels: 1, kernel: 6, stride: 3, padding: 1 },
    { channels: 1, kernel: 3, stride: 2, padding: 0 },
  ])('has the gradients that differences of plain loops say, $kernel by $stride of $channels', ({ channels, ...striding }) => {
    const random = seededRandom(6);
    const draw = (count: number): number[] => Array.from({ length: count }, () => Math.fround(random.normal()));
    const [clips, time, out] = [2, 23, 4];
    const values = { x: draw(clips * time * channels), kernel: draw(out * channels * striding.kernel), bias: draw(out) };
    const hasBias = striding.padding > 0;
    const plain = (own: typeof values): number[] =>
      Array.from({ length: clips }, (_, clip) => {
        const rows = Array.from({ length: channels }, (__, c) =>
          Array.from({ length: time }, (___, t) => own.x[(clip * time + t) * channels + c] ?? 0),
        );
        const kernel = { shape: [out, channels, striding.kernel], data: own.kernel as unknown as Float32Array };
        const bias = { shape: [out], data: (hasBias ? own.bias : new Array<number>(out).fill(0)) as unknown as Float32Array };
        const made = convolved(rows, kernel, bias, striding, hasBias);
        return (made[0] ?? []).flatMap((___, t) => made.map((row) => row[t] ?? 0));
      }).flat();
    const names = (['x', 'kernel', 'bias'] as const).filter((name) => name !== 'bias' || hasBias);
    const shapes = { x: [clips, time, channels], kernel: [out, channels, striding.kernel], bias: [out] };
    const expected = plain(values);
    const coefficients = expected.map((_, at) => Math.sin(at + 1));
    const { made, gradients } = tf.tidy(() => {
      const given = names.map((name) => tf.tensor(values[name], shapes[name]));
      const apply = (...inputs: tf.Tensor[]): tf.Tensor => {
        const [x, kernel, bias] = inputs as [tf.Tensor3D, tf.Tensor3D, tf.Tensor1D?];
        const own = stridedKernel(kernel, striding);
        return stridedConvolution(x, bias === undefined ? { kernel: own } : { kernel: own, bias });
      };
      const result = apply(...given);
      const back = tf.grads(apply)(given, tf.tensor(coefficients, result.shape));
      return { made: Array.from(result.dataSync()), gradients: back.map((one) => Array.from(one.dataSync())) };
    });
    expected.forEach((value, at) => expect(made[at]).toBeCloseTo(value, 4));
    const lossOf = (own: typeof values): number => plain(own).reduce((sum, value, at) => sum + value * (coefficients[at] ?? 0), 0);
    for (const [index, name] of names.entries())
      for (let trial = 0; trial < 10; trial++) {
        const at = random.below(values[name].length);
        const moved = (by: number): typeof values => ({ ...values, [name]: values[name].with(at, (values[name][at] ?? 0) + by) });
        const slope = (lossOf(moved(1e-6)) - lossOf(moved(-1e-6))) / 2e-6;
        expect(gradients[index]?.[at], `${name} ${at}`).toBeCloseTo(slope, 3);
      }
  });
});

describe('negatives that are permutations', () => {
  it('have with their inverses the gradients that they have without', () => {
    const random = seededRandom(4);
    const draw = (...shape: number[]): tf.Tensor => normals(random, shape);
    const part = { name: 'negatives', content: { kind: 'permutations', of: 9, count: 4 }, shape: [9, 8] } as const;
    const drawn = drawPart(part, 2, random);
    tf.tidy(() => {
      const [latents, contexts, predictor] = [draw(2, 9, 3), draw(2, 9, 4), draw(3, 4)] as [tf.Tensor3D, tf.Tensor3D, tf.Tensor2D];
      const [negatives, inverses] = tf.split<tf.Tensor3D>(tf.tensor(drawn, [2, 9, 8]), 2, 2) as [tf.Tensor3D, tf.Tensor3D];
      const window = tf.ones<tf.Rank.R2>([2, 9]);
      const shared = { contexts, predictors: [predictor], steps: [2], negatives, window };
      const [plain, looked] = [{}, { inverses }].map((more) =>
        tf
          .grad((x: tf.Tensor) => infoNce({ latents: x as tf.Tensor3D, ...shared, ...more }))(latents)
          .dataSync(),
      );
      looked?.forEach((value, at) => expect(value).toBeCloseTo(plain?.[at] ?? NaN, 6));
      expect(Math.max(...Array.from(plain ?? []))).toBeGreaterThan(0.001);
    });
  });
});

describe('the loss over several steps', () => {
  it('is the mean of those over each alone', () => {
    const random = seededRandom(4);
    const draw = (...shape: number[]): tf.Tensor => normals(random, shape);
    tf.tidy(() => {
      const [latents, contexts] = [draw(2, 9, 3), draw(2, 9, 4)] as [tf.Tensor3D, tf.Tensor3D];
      const predictors = [1, 2, 3].map(() => draw(3, 4) as tf.Tensor2D);
      const negatives = tf.floor<tf.Tensor3D>(tf.mul(tf.abs(tf.sin(draw(2, 9, 5))), 18));
      const window = tf.ones<tf.Rank.R2>([2, 9]);
      const whole = infoNce({ latents, contexts, predictors, steps: [1, 2, 3], negatives, window });
      const each = [1, 2, 3].map((step, at) =>
        infoNce({ latents, contexts, predictors: [defined(predictors[at], 'a predictor')], steps: [step], negatives, window }),
      );
      const mean = each.reduce((sum, loss) => sum + (loss.dataSync()[0] ?? NaN), 0) / 3;
      expect(whole.dataSync()[0]).toBeCloseTo(mean, 5);
    });
  });
});

describe('predicting', () => {
  const method = predictive({ encoder: small, objective });
  const model = { method, optimizer: createOptimizer({ kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 }) };

  function batchOf(seed: number): Record<string, Float32Array> {
    const random = seededRandom(seed);
    return Object.fromEntries(
      method.parts.map((part) => [part.name, part.name === 'crop' ? drawCrops(seed) : drawPart(part, batch, random)]),
    );
  }

  async function run(device: 'cpu' | 'tfjs-cpu', steps: number, seedOf: (step: number) => number): Promise<StepResult[]> {
    const trainer = await openTrainer({ model, device, batch, chunk: null, weights: method.initialise(5), threads: 1 });
    const results: StepResult[] = [];
    for (let step = 1; step <= steps; step++) results.push(await trainer.step({ batch: batchOf(seedOf(step)), learningRate: 0.003, step }));
    await trainer.close();
    return results;
  }

  it('draws permutations of all places, and one window', () => {
    const { negatives, window } = batchOf(7);
    const { positions } = defined(small.sequences, 'sequences');
    const columns = [0, 1, 2, 3, 4, 5].map((column) => Array.from(negatives ?? []).filter((_, at) => at % 6 === column));
    for (const column of columns) expect(column.toSorted((a, b) => a - b)).toEqual(Array.from({ length: batch * positions }, (_, i) => i));
    expect(columns[0]).not.toEqual(columns[1]);
    for (const column of [0, 1, 2])
      expect(columns[column]?.map((place) => columns[column + 3]?.[place])).toEqual(Array.from({ length: batch * positions }, (_, i) => i));
    const rows = Array.from({ length: batch }, (_, item) => [...(window ?? [])].slice(item * positions, (item + 1) * positions));
    expect(rows[0]?.reduce((sum, value) => sum + value, 0)).toBe(9);
    expect(rows[0]?.slice(positions - 4)).toEqual([0, 0, 0, 0]);
    for (const row of rows) expect(row).toEqual(rows[0]);
  });

  it('takes the steps of the reference device', async () => {
    const [recorded, eager] = [await run('cpu', 3, (step) => step), await run('tfjs-cpu', 3, (step) => step)];
    eager.forEach(({ loss, gradientNorms }, index) => {
      const own = defined(recorded[index], 'a step');
      expect(Math.abs(own.loss / loss - 1)).toBeLessThan(1e-4);
      const largest = Math.max(...gradientNorms);
      gradientNorms.forEach((norm, at) => expect(Math.abs((own.gradientNorms[at] ?? NaN) - norm)).toBeLessThan(1e-3 * largest));
      expect(Math.min(...gradientNorms)).toBeGreaterThan(0);
    });
  });

  it('gives the same bits with several threads, time after time', async () => {
    const once = async (): Promise<Float32Array[]> => {
      const trainer = await openTrainer({ model, device: 'cpu', batch, chunk: null, weights: method.initialise(5), threads: 2 });
      for (let step = 1; step <= 3; step++) await trainer.step({ batch: batchOf(step), learningRate: 0.003, step });
      const { weights } = await trainer.read();
      await trainer.close();
      return [...weights.values()].map(({ data }) => data);
    };
    const first = await once();
    for (let time = 0; time < 3; time++) expect(await once()).toEqual(first);
  });

  it('takes the same step a clip at a time as all at once', async () => {
    const stepBy = async (chunkElements: number): Promise<StepResult> => {
      const weights = method.initialise(5);
      const trainer = await openTrainer({ model, device: 'cpu', batch, chunk: null, weights, threads: 1, chunkElements });
      const result = await trainer.step({ batch: batchOf(1), learningRate: 0.003, step: 1 });
      await trainer.close();
      return result;
    };
    // The first layers are large beside this, the last ones are not.
    const [parts, all] = [await stepBy(2000), await stepBy(Infinity)];
    expect(parts.loss).toBeCloseTo(all.loss, 5);
    all.gradientNorms.forEach((norm, at) => expect(Math.abs((parts.gradientNorms[at] ?? NaN) / norm - 1)).toBeLessThan(1e-4));
  });

  it('learns what comes next', async () => {
    const results = await run('cpu', 80, () => 3);
    expect(results.at(-1)?.loss).toBeLessThan(0.7 * (results[0]?.loss ?? 0));
  });

  it('refuses an encoder without sequences, and a crop that is too short for its steps', () => {
    const sampleCnn = createSampleCnn({ sampleRate: 8000, strides: [3, 2], channels: [4, 5, 6, 7] });
    expect(() => predictive({ encoder: sampleCnn, objective })).toThrow('SampleCNN makes no sequence');
    expect(() => predictive({ encoder: small, objective: { ...objective, window: 81 } })).toThrow('steps and window together want 85');
  });
});
