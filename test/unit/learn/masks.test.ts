/** @file What masking with a teacher is made of, beside its definitions: masks, targets, the regression, what tells of collapse. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src-main/base/index.ts';
import { training } from '../../../src-main/learn/index.ts';
import { deviationOf, regression, targetOf } from '../../../src-main/learn/objectives/data2vec.ts';
import { drawPart } from '../../../src-main/worker/feed/parts.ts';

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
  training.registerGradients();
});

function masksOf(content: { of: number; probability: number; span: number; least: number }, items: number, seed: number): number[][] {
  const part = { name: 'mask', content: { kind: 'mask', ...content }, shape: [content.of] } as const;
  const drawn = Array.from(drawPart(part, items, seededRandom(seed)));
  return Array.from({ length: items }, (_, item) => drawn.slice(item * content.of, (item + 1) * content.of));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('masks', () => {
  const published = { of: 249, probability: 0.65, span: 10, least: 1 };

  it('are whole spans at places that are drawn without putting back', () => {
    for (let seed = 0; seed < 200; seed++) {
      const [row = []] = masksOf(published, 1, seed);
      const runs = row.join('').match(/1+/g) ?? [];
      for (const run of runs) expect(run.length).toBeGreaterThanOrEqual(10);
      expect(sum(row)).toBeLessThanOrEqual(170);
      expect(row.at(-1)).toBe(0);
    }
  });

  it('cover so much that a place among the others is masked as often as the count of spans says', () => {
    const draws = 3000;
    let covered = 0;
    for (let seed = 0; seed < draws; seed++) covered += sum((masksOf(published, 1, seed)[0] ?? []).slice(20, 229)) / 209;
    // 16 spans, or 17 with the probability 0.185, begin at 239 places; a place is free where none begins at it or at the nine before it.
    const free = (spans: number): number => Array.from({ length: spans }, (_, i) => (229 - i) / (239 - i)).reduce((a, b) => a * b, 1);
    expect(covered / draws).toBeCloseTo(1 - (0.815 * free(16) + 0.185 * free(17)), 2.5);
  });

  it('hide as much of every clip of a batch, and other places of each', () => {
    for (let seed = 0; seed < 20; seed++) {
      const rows = masksOf(published, 8, seed);
      expect(new Set(rows.map(sum)).size).toBe(1);
      expect(new Set(rows.map((row) => row.join(''))).size).toBe(8);
    }
    expect(masksOf(published, 4, 5)).toEqual(masksOf(published, 4, 5));
  });

  it('have the least count of spans, and fit a sequence that is hardly longer than one', () => {
    for (let seed = 0; seed < 50; seed++) {
      const [few = []] = masksOf({ ...published, probability: 0.01, least: 3 }, 1, seed);
      expect(sum(few)).toBeGreaterThanOrEqual(12);
      for (const row of masksOf({ of: 6, probability: 1, span: 5, least: 2 }, 2, seed)) expect(sum(row)).toBeGreaterThanOrEqual(5);
    }
  });
});

describe('the target', () => {
  it('is the mean of the last layers, each with mean 0 and variance 1 over a clip’s positions', () => {
    const random = seededRandom(2);
    const layers = [1, 2, 3].map((scale) =>
      Array.from({ length: 2 }, () => Array.from({ length: 5 }, () => Array.from({ length: 3 }, () => scale * (random.normal() + scale)))),
    );
    const normed = (clip: number[][]): number[][] =>
      clip.map((row) =>
        row.map((value, at) => {
          const column = clip.map((one) => one[at] ?? 0);
          const mean = sum(column) / column.length;
          return (value - mean) / Math.sqrt(sum(column.map((one) => (one - mean) ** 2)) / column.length + 1e-5);
        }),
      );
    const made = tf.tidy(() =>
      targetOf(
        layers.map((layer) => tf.tensor3d(layer)),
        2,
      ).arraySync(),
    );
    const [second = [], third = []] = layers.slice(1).map((layer) => layer.map(normed));
    made.forEach((clip, item) =>
      clip.forEach((row, at) =>
        row.forEach((value, i) => expect(value).toBeCloseTo(((second[item]?.[at]?.[i] ?? 0) + (third[item]?.[at]?.[i] ?? 0)) / 2, 5)),
      ),
    );
  });
});

describe('the regression', () => {
  const prediction = [
    [
      [0.5, -2],
      [3, 0.1],
      [9, 9],
    ],
  ];
  const target = [
    [
      [0, 0],
      [0, 0],
      [0, 0],
    ],
  ];
  const lossOf = (settings: { beta: number; scale: number }): { loss: number; gradient: number[] } =>
    tf.tidy(() => {
      const of = (x: tf.Tensor): tf.Scalar =>
        regression({ prediction: x as tf.Tensor3D, target: tf.tensor3d(target), mask: tf.tensor2d([[1, 1, 0]]) }, settings);
      const given = tf.tensor3d(prediction);
      return { loss: of(given).dataSync()[0] ?? NaN, gradient: Array.from(tf.grad(of)(given).dataSync()) };
    });

  it('sums squares over values, divides by their root, and takes the mean over masked positions', () => {
    const { loss, gradient } = lossOf({ beta: 0, scale: 0 });
    expect(loss).toBeCloseTo((0.25 + 4 + 9 + 0.01) / Math.SQRT2 / 2, 5);
    [0.5, -2, 3, 0.1, 0, 0].forEach((value, at) => expect(gradient[at]).toBeCloseTo((2 * value) / Math.SQRT2 / 2, 5));
  });

  it('is PyTorch’s smooth L1 from a β on, at a scale of its own', () => {
    const { loss, gradient } = lossOf({ beta: 1, scale: 3 });
    expect(loss).toBeCloseTo((3 * (0.5 * 0.25 + 1.5 + 2.5 + 0.5 * 0.01)) / 2, 5);
    [0.5, -1, 1, 0.1, 0, 0].forEach((value, at) => expect(gradient[at]).toBeCloseTo((3 * value) / 2, 5));
    expect(lossOf({ beta: 0.5, scale: 1 }).loss).toBeCloseTo((0.25 + 1.75 + 2.75 + 0.01) / 2, 5);
  });

  it('tells how far masked positions deviate, as the root of the unbiased variance', () => {
    const made = tf.tidy(() => deviationOf(tf.tensor3d(prediction), tf.tensor2d([[1, 1, 0]])).dataSync()[0]);
    expect(made).toBeCloseTo((2.5 / Math.SQRT2 + 2.1 / Math.SQRT2) / 2, 4);
  });
});
