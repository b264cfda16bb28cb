/** @file A head that comes with its encoder: its tags become columns to sort segments by, without anything being decoded again. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src-main/base/index.ts';
import { readSafetensors, writeSafetensorsFile } from '../../src-main/compute/index.ts';
import type { Encoder } from '../../src-main/contract/index.ts';
import { findEncoder, headLogits } from '../../src-main/learn/index.ts';
import type { WeightArray } from '../../src-main/learn/index.ts';
import { earmarkJson, runEarmark } from '../support/run-earmark.ts';
import { writeWav } from '../support/wav.ts';

type Top = { feature: number; rows: { activation: number; path: string; segment: number }[] };

const tags = ['rainy', 'has “sax”', '明るい'];
let root: string;
let data: string;
let weights: string;
let twoLayers: string;

/** A layer drawn from a seed. */
function layer(name: string, outputs: number, seed: number): [string, WeightArray][] {
  const random = seededRandom(seed);
  const draw = (count: number): Float32Array => Float32Array.from({ length: count }, () => random.uniform() - 0.5);
  return [
    [`${name}.weight`, { shape: [outputs, 512], data: draw(outputs * 512) }],
    [`${name}.bias`, { shape: [outputs], data: draw(outputs) }],
  ];
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'earmark-tag-set-'));
  data = join(root, 'data');
  const music = join(root, 'music');
  mkdirSync(music);
  for (const seed of [1, 2, 3]) writeWav(join(music, `${seed}.wav`), { seconds: 8 + seed, seed });
  [weights, twoLayers] = [join(root, 'tagger.safetensors'), join(root, 'mlp.safetensors')];
  const encoder = findEncoder('sample-cnn', 8000).initialise(3);
  await writeSafetensorsFile(weights, new Map([...encoder, ...layer('fc', 3, 1)]));
  const inside = [...findEncoder('sample-cnn', 8000).initialise(4)].map(([name, array]) => [`encoder.${name}`, array] as const);
  await writeSafetensorsFile(twoLayers, new Map([...inside, ...layer('model.0', 512, 2), ...layer('model.2', 50, 3)]));
  await earmarkJson(data, 'scan', music);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** What TensorFlow.js makes of the first file's embeddings with the head's own tensors. */
async function expected(head: [string, WeightArray][]): Promise<number[][]> {
  const out = join(root, 'embeddings.safetensors');
  await earmarkJson(data, 'embed', join(root, 'music', '1.wav'), '--device', 'cpu', '-o', out);
  const embeddings = (await readSafetensors(out)).tensors.get('embeddings');
  if (embeddings === undefined) throw new Error('no embeddings');
  const tensors = Object.fromEntries(head.map(([name, { shape, data: values }]) => [name, tf.tensor(values, [...shape])]));
  return tf.sigmoid(headLogits(tensors, tf.tensor2d(embeddings.data, embeddings.shape as [number, number]))).array();
}

describe('a head that comes with its encoder', () => {
  it('needs a name for every output', async () => {
    const file = join(root, 'two.txt');
    writeFileSync(file, 'one\ntwo\n');
    const { code, stderr } = await runEarmark(data, 'import', 'weights', weights, '--labels', file);
    expect([code, stderr]).toEqual([1, expect.stringContaining('The head gives 3 numbers, and 2 names were given.')]);
    const { encoders } = await earmarkJson<{ encoders: Encoder[] }>(data, 'encoders');
    expect(encoders.map(({ source }) => source)).toEqual(['built-in']);
  });

  it('is kept with the names a person gives, and is no encoder of its own', async () => {
    const file = join(root, 'labels.txt');
    writeFileSync(file, `${tags.join('\r\n')}\r\n\r\n`);
    const { encoder } = await earmarkJson<{ encoder: Encoder }>(data, 'import', 'weights', weights, '--labels', file);
    expect(encoder.tagSet).toMatchObject({ name: '3 tags', labels: tags });
    const { encoders } = await earmarkJson<{ encoders: Encoder[] }>(data, 'encoders');
    expect(encoders.map(({ id, source }) => [id, source])).toEqual([
      [expect.any(Number), 'built-in'],
      [encoder.id, 'imported'],
    ]);
  });

  it('says of every segment what its weights make of the embedding', async () => {
    await earmarkJson(data, 'index', '--device', 'cpu');
    const wanted = await expected(layer('fc', 3, 1));
    for (const [column, tag] of tags.entries()) {
      const { rows } = await earmarkJson<Top>(data, 'top', '--tag', tag.toUpperCase(), '-n', '100');
      expect(rows.map(({ activation }) => activation)).toEqual(rows.map(({ activation }) => activation).toSorted((a, b) => b - a));
      const first = rows.filter(({ path }) => path.endsWith('1.wav')).toSorted((a, b) => a.segment - b.segment);
      expect(first).toHaveLength(wanted.length);
      for (const { segment, activation } of first) expect(activation).toBeCloseTo(wanted[segment]?.[column] ?? NaN, 5);
    }
  });

  it('is drawn over the time of a track, with the same numbers', async () => {
    type Drawn = { head: string; hopMs: number; probabilities: { name: string; values: number[] }[] };
    const file = join(root, 'taggram.csv');
    const asked = ['inspect', 'taggram', '--track', join(root, 'music', '1.wav'), '-o', file];
    const drawn = await earmarkJson<Drawn>(data, ...asked);
    expect(drawn.probabilities.map(({ name }) => name)).toEqual(tags);
    const { rows } = await earmarkJson<Top>(data, 'top', '--tag', tags[1] ?? '', '-n', '100');
    const first = rows.filter(({ path }) => path.endsWith('1.wav'));
    expect(drawn.probabilities[1]?.values).toHaveLength(first.length);
    for (const { segment, activation } of first) expect(drawn.probabilities[1]?.values[segment]).toBeCloseTo(activation, 6);
    expect(readFileSync(file, 'utf8')).toContain('has “sax”');
    const gone = await runEarmark(data, 'inspect', 'taggram', '--track', '99');
    expect([gone.code, gone.stderr]).toEqual([1, expect.stringContaining('99')]);
  });

  it('refuses a tag that it does not have, and says which it has', async () => {
    const { code, stderr } = await runEarmark(data, 'top', '--tag', 'sad');
    expect([code, stderr]).toEqual([1, expect.stringContaining('It has: rainy, has “sax”, 明るい.')]);
    expect((await runEarmark(data, 'top')).code).toBe(2);
  });

  it('is found behind two layers too, and fifty outputs without names are MagnaTagATune’s', async () => {
    const { encoder } = await earmarkJson<{ encoder: Encoder }>(data, 'import', 'weights', twoLayers);
    expect(encoder.tagSet?.labels).toHaveLength(50);
    expect(encoder.tagSet?.labels.slice(-3)).toEqual(['metal', 'female voice', 'choral']);
    await earmarkJson(data, 'index', '--device', 'cpu');
    const wanted = await expected([...layer('hidden', 512, 2), ...layer('fc', 50, 3)]);
    const { rows } = await earmarkJson<Top>(data, 'top', '--tag', 'choral', '-n', '100');
    const first = rows.filter(({ path }) => path.endsWith('1.wav')).toSorted((a, b) => a.segment - b.segment);
    for (const { segment, activation } of first) expect(activation).toBeCloseTo(wanted[segment]?.[49] ?? NaN, 5);
  });
});
