/** The Vision Transformer as a part: what it is made from, patches that are left out, and any objective over two views with it. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { defined, seededRandom } from '../../../src-main/base/index.ts';
import { openTrainer } from '../../../src-main/compute/index.ts';
import type { DeviceId } from '../../../src-main/compute/devices/device.ts';
import { pretraining } from '../../../src-main/contract/index.ts';
import { chosenEncoder, createEncoder, createMethod, createOptimizer, pictures, sizeOf } from '../../../src-main/learn/index.ts';
import type { BatchPart, Encoder, Method, ViewObjectiveSettings, WeightArrays } from '../../../src-main/learn/index.ts';
import { createVit } from '../../../src-main/learn/encoders/vit/vit.ts';
import { positionsOf } from '../../../src-main/learn/encoders/vit/vit-pass.ts';
import { drawPart } from '../../../src-main/worker/feed/parts.ts';

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
});

const mel = { ...pictures.mynaMel, sampleRate: 8000, highestHz: 4000, window: 64, hop: 32, bands: 16 };
const own = { cropSamples: 600, mel, frames: 16, values: 8, layers: 2, heads: 2, headValues: 3, inner: 12 };
const both = [
  { bands: 4, frames: 4 },
  { bands: 16, frames: 2 },
];
const objectives: Record<string, ViewObjectiveSettings> = {
  SogCLR: pretraining.objectiveDefaults.sogclr,
  'NT-Xent': pretraining.objectiveDefaults['nt-xent'],
  VICReg: pretraining.objectiveDefaults.vicreg,
};
const projector = { kind: 'mlp', hidden: [6], dimensions: 5, batchNorm: false } as const;
const batch = 5;

function methodOf(objective: ViewObjectiveSettings, encoder: Encoder = createVit({ ...own, patches: both }, 0.25)): Method {
  return createMethod({ encoder, projector, objective, outputs: 0 });
}

function batchOf({ parts }: Method, seed: number): Record<string, Float32Array> {
  const random = seededRandom(seed);
  const made = (part: BatchPart): Float32Array =>
    part.content.kind === 'view'
      ? Float32Array.from({ length: batch * sizeOf(part.shape) }, () => random.normal() * 0.3)
      : drawPart(part, batch, random);
  return Object.fromEntries(parts.map((part) => [part.name, made(part)]));
}

async function train(
  method: Method,
  { device = 'cpu', chunk = null }: { device?: DeviceId; chunk?: number | null } = {},
): Promise<{
  told: number[];
  weights: WeightArrays;
}> {
  const model = { method, optimizer: createOptimizer(pretraining.optimizerDefaults.adam) };
  const trainer = await openTrainer({ model, device, batch, chunk, weights: method.initialise(3), threads: 1 });
  let known: Record<string, Float32Array> = {};
  const told: number[] = [];
  for (let step = 1; step <= 3; step++) {
    const { loss, remembered, gradientNorms } = await trainer.step({
      batch: { ...batchOf(method, 1), ...known },
      learningRate: 0.01,
      step,
    });
    known = remembered;
    told.push(loss, ...gradientNorms, ...Object.values(remembered).flatMap((values) => [...values]));
  }
  const { weights } = await trainer.read();
  await trainer.close();
  return { told, weights };
}

function expectAlike(ours: readonly number[], reference: readonly number[], tolerance: number): void {
  expect(ours).toHaveLength(reference.length);
  reference.forEach((value, at) => expect(Math.abs((ours[at] ?? NaN) - value)).toBeLessThan(tolerance * Math.max(1, Math.abs(value))));
}

describe('a Vision Transformer', () => {
  const choice = pretraining.encoderDefaults.vit;

  it('has Myna’s 22 million parameters as small, and embeds both kinds of patches side by side', () => {
    const count = (encoder: Encoder): number => encoder.parameters().reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    const small = chosenEncoder({ ...choice, transformer: 'small' });
    expect(count(small) / 1e6).toBeCloseTo(21.4, 1);
    expect([small.sampleRate, small.cropSamples, small.dimensions]).toEqual([16_000, 50_000, 384]);
    expect(small.patches).toEqual([{ name: 'square', count: 48, kept: 5 }]);
    const hybrid = chosenEncoder({ ...choice, transformer: 'small', patches: 'both' });
    expect(hybrid.dimensions).toBe(768);
    expect(hybrid.patches?.map(({ name, count: all, kept }) => [name, all, kept])).toEqual([
      ['square', 48, 5],
      ['tall', 48, 5],
    ]);
    expect(count(chosenEncoder(choice)) / 1e6).toBeCloseTo(2.7, 1);
    expect(count(chosenEncoder({ ...choice, transformer: 'base' })) / 1e6).toBeCloseTo(85.2, 1);
  });

  it('is made again from its settings, and refuses those of something else', () => {
    const encoder = createVit({ ...own, patches: both });
    expect(createEncoder(JSON.parse(JSON.stringify(encoder.settings))).settings).toEqual(encoder.settings);
    const changes = [
      { patches: [] },
      { patches: [{ bands: 5, frames: 4 }] },
      { patches: [{ bands: 4, frames: 3 }] },
      { patches: [both[0], both[0]] },
      { patches: [null] },
      { frames: 99 },
      { values: 6 },
      { heads: 0 },
      { layers: 1.5 },
      { mel: null },
      { mel: { ...mel, scale: 'bark' } },
      { cropSamples: 10 },
    ];
    for (const change of changes)
      expect(() => createEncoder({ ...encoder.settings, ...change }), JSON.stringify(change)).toThrow(
        'not the settings of a Vision Transformer',
      );
  });

  it('tells in tall patches when, and in square ones where as well', () => {
    const rows = (kind: { rows: number; columns: number }): string[] => {
      const table = positionsOf(kind, 8);
      return Array.from({ length: kind.rows * kind.columns }, (_, at) => table.slice(at * 8, (at + 1) * 8).join());
    };
    expect(new Set(rows({ rows: 1, columns: 48 })).size).toBe(48);
    expect(new Set(rows({ rows: 8, columns: 6 })).size).toBe(48);
    const [sine, slow, cosine] = [...positionsOf({ rows: 1, columns: 2 }, 8).slice(8, 13)];
    expect([sine, slow, cosine]).toEqual([Math.fround(Math.sin(1)), Math.fround(Math.sin(1e-4)), Math.fround(Math.cos(1))]);
  });

  it('looks in training at the patches that are kept, and at nothing else of the picture', () => {
    const encoder = createVit({ ...own, patches: [{ bands: 16, frames: 2 }] }, 0.25);
    const random = seededRandom(4);
    const wave = Float32Array.from({ length: own.cropSamples }, () => random.normal() * 0.3);
    // The last patches’ frames begin here; those of the first four end before.
    const changed = wave.map((value, at) => (at < 400 ? value : -3 * value));
    tf.tidy(() => {
      const weights = Object.fromEntries([...encoder.initialise(2)].map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]));
      const of = (samples: Float32Array, patches?: number[]): number[] => {
        const kept = patches === undefined ? {} : { patches: [tf.tensor2d([patches])] };
        const given = tf.tensor2d(samples, [1, own.cropSamples]);
        return [...encoder.train(weights, given, { chunkElements: Infinity, ...kept }).embedding.dataSync()];
      };
      expectAlike(of(wave, [0, 1, 2, 3, 4, 5, 6, 7]), of(wave), 1e-5);
      expect(of(wave, [0, 1, 3])).toEqual(of(changed, [0, 1, 3]));
      expect(of(wave, [0, 1, 7])).not.toEqual(of(changed, [0, 1, 7]));
      expect(of(wave, [0, 1, 3])).not.toEqual(of(wave, [0, 2, 3]));
    });
  });
});

describe('two views of which patches are kept', () => {
  it.each(Object.entries(objectives))('are compared by %s as on the reference device, and in chunks as at once', async (_, objective) => {
    const method = methodOf(objective);
    const { told: whole } = await train(method);
    expectAlike((await train(method, { device: 'tfjs-cpu' })).told, whole, 2e-4);
    expectAlike((await train(method, { chunk: 2 })).told, whole, 1e-4);
  });

  it('take the mean of what each kind of patches gives by itself', async () => {
    const [square, tall] = both.map((patch) => createVit({ ...own, patches: [patch] }, 0.25)) as [Encoder, Encoder];
    const method = methodOf(objectives['VICReg'] as ViewObjectiveSettings);
    const given = batchOf(method, 1);
    const weights = method.initialise(3);
    const lossOf = async (encoder: Encoder, rename: (name: string) => string): Promise<number> => {
      const alone = methodOf(objectives['VICReg'] as ViewObjectiveSettings, encoder);
      const taken = new Map(alone.parameters().map(({ name }) => [name, defined(weights.get(rename(name)), name)]));
      const model = { method: alone, optimizer: createOptimizer(pretraining.optimizerDefaults.adam) };
      const trainer = await openTrainer({ model, device: 'cpu', batch, chunk: null, weights: taken, threads: 1 });
      const parts = Object.fromEntries(alone.parts.map(({ name }) => [name, defined(given[name], name)]));
      const { loss } = await trainer.step({ batch: parts, learningRate: 0, step: 1 });
      await trainer.close();
      return loss;
    };
    const alone = [
      await lossOf(square, (name) => name),
      await lossOf(tall, (name) => name.replace('patch_embedding.', 'patch_embedding_b.')),
    ];
    const { told } = await train(method);
    expect(told[0]).toBeCloseTo(((alone[0] ?? NaN) + (alone[1] ?? NaN)) / 2, 4);
  });

  it('have no kept patches where all are looked at, and nothing to remember where the objective remembers nothing', () => {
    const names = (share: number, objective: ViewObjectiveSettings): string[] =>
      methodOf(objective, createVit({ ...own, patches: both }, share)).parts.map(({ name }) => name);
    expect(names(1, objectives['VICReg'] as ViewObjectiveSettings)).toEqual(['first', 'second']);
    expect(names(1, objectives['SogCLR'] as ViewObjectiveSettings)).toEqual(['first', 'second', 'remembered']);
  });

  it('learn a handful of tracks with SogCLR, and embeddings do not collapse', async () => {
    const method = methodOf(objectives['SogCLR'] as ViewObjectiveSettings, createVit({ ...own, patches: both }, 0.5));
    const model = { method, optimizer: createOptimizer(pretraining.optimizerDefaults.adam) };
    const trainer = await openTrainer({ model, device: 'cpu', batch, chunk: null, weights: method.initialise(3), threads: 1 });
    const given = batchOf(method, 2);
    given['second'] = Float32Array.from(given['first'] ?? [], (value) => value * 0.8);
    let known: Record<string, Float32Array> = {};
    const losses: number[] = [];
    for (let step = 1; step <= 60; step++) {
      const result = await trainer.step({ batch: { ...given, ...known }, learningRate: 0.01, step });
      known = result.remembered;
      losses.push(result.loss);
      if (step < 60) continue;
      const rows = defined(result.watched['embeddings'], 'the embeddings');
      const columns = Array.from({ length: 16 }, (_, i) => rows.filter((__, at) => at % 16 === i));
      expect(columns.filter((column) => Math.max(...column) - Math.min(...column) > 0.05).length).toBeGreaterThan(8);
    }
    await trainer.close();
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) - 0.5);
  });
});

describe('patches that are kept', () => {
  const part = { name: 'first-square', content: { kind: 'patches', of: 48, kept: 5 }, shape: [5] } as const;
  const drawn = (seed: number, items = 64): number[][] => {
    const flat = [...drawPart(part, items, seededRandom(seed))];
    return Array.from({ length: items }, (_, item) => flat.slice(item * 5, (item + 1) * 5));
  };

  it('are as many of every item, in order, none twice, and others in each', () => {
    const rows = drawn(1);
    for (const row of rows) {
      expect(row).toEqual([...new Set(row)].toSorted((a, b) => a - b));
      expect(row).toHaveLength(5);
      expect(row.every((patch) => Number.isInteger(patch) && patch >= 0 && patch < 48)).toBe(true);
    }
    expect(new Set(rows.map(String)).size).toBeGreaterThan(60);
    expect(drawn(1)).toEqual(rows);
    expect(drawn(2)).not.toEqual(rows);
  });

  it('are all equally likely', () => {
    const counts = new Array<number>(48).fill(0);
    for (const patch of drawn(3, 9600).flat()) counts[patch] = (counts[patch] ?? 0) + 1;
    // 1 000 are expected of each; five deviations of that are 150.
    expect(Math.min(...counts)).toBeGreaterThan(850);
    expect(Math.max(...counts)).toBeLessThan(1150);
  });
});
