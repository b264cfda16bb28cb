import { describe, expect, it } from 'vitest';
import { defined, seededRandom } from '../../../../src-main/base/index.ts';
import { fitHead, HeadPredictor } from '../../../../src-main/compute/index.ts';
import type { HeadOptions } from '../../../../src-main/compute/index.ts';
import { clusters, groupsThatDecide } from '../../../support/head-examples.ts';

const options: HeadOptions = { architecture: 'logistic', folds: 5, seed: 1, grouping: 'artist' };

describe('figures of a head', () => {
  it('are those of chance where the artist alone decides, and would be near one if artists were on both sides', async () => {
    const some = groupsThatDecide({ count: 400, groups: 40, dimensions: 64 });
    const fair = await fitHead(some, options);
    expect(fair.labels[0]?.rocAuc?.value).toBeGreaterThan(0.2);
    expect(fair.labels[0]?.rocAuc?.value).toBeLessThan(0.7);
    const leaking = await fitHead({ ...some, groups: Int32Array.from(some.groups.keys()) }, options);
    expect(leaking.labels[0]?.rocAuc?.value).toBeGreaterThan(0.97);
  });

  it('have intervals as wide as few groups make them', async () => {
    const some = groupsThatDecide({ count: 400, groups: 40, dimensions: 8 });
    const grouped = defined((await fitHead(some, options)).labels[0]?.rocAuc ?? undefined, 'an area');
    expect((grouped.high ?? NaN) - (grouped.low ?? NaN)).toBeGreaterThan(0.15);
    expect(grouped.low).toBeLessThan(grouped.value);
    expect(grouped.high).toBeGreaterThan(grouped.value);
  });

  it('have none where a handful of artists have the tag, and say what was measured all the same', async () => {
    const some = clusters({ count: 60, dimensions: 8, labels: 1, groups: 20 });
    for (const [row, answer] of some.answers.entries()) if (answer === 1) some.groups[row] = 100 + (row % 3);
    expect((await fitHead(some, options)).labels[0]).toMatchObject({
      ...{ state: 'ready', rocAuc: { value: expect.any(Number) as number, low: null, high: null } },
      averagePrecision: { value: expect.any(Number) as number, low: null, high: null },
    });
  });

  it('count an example as its weight says', async () => {
    const some = clusters({ count: 60, dimensions: 8, labels: 1, groups: 20 });
    // What sounds like a track that it fits and is none, but hardly counts.
    for (let row = 0; row < 60; row += 5) [some.answers[row], some.weights[row]] = [0, 0.001];
    const label = defined((await fitHead(some, options)).labels[0], 'a label');
    expect(label.rocAuc?.value).toBeGreaterThan(0.99);
    expect(label.averagePrecision?.value).toBeGreaterThan(0.99);
    const yes = some.answers.reduce((sum, answer, row) => sum + answer * (some.weights[row] ?? 0), 0);
    expect(label.chance).toBeCloseTo(yes / some.weights.reduce((sum, weight) => sum + weight, 0), 6);
  });

  it('are told at thresholds of probabilities: nearly all examples reach the least', async () => {
    const some = clusters({ count: 40, dimensions: 8, labels: 1, groups: 20 });
    const { chance, thresholds } = defined((await fitHead(some, options)).labels[0], 'a label');
    expect(thresholds[0]).toMatchObject({ atLeast: 0.01, recall: 1 });
    // Hardly an example is given less than one percent.
    expect(thresholds[0]?.precision).toBeCloseTo(chance ?? NaN, 1);
    expect(thresholds.at(-1)?.precision).toBe(1);
  });

  it('make probabilities that mean what they say', async () => {
    // An example carries the label with the probability that its one telling number gives.
    const random = seededRandom(5);
    const [count, dimensions] = [1200, 4];
    const embeddings = Float32Array.from({ length: count * dimensions }, () => random.normal());
    const truth = (row: number): number => 1 / (1 + Math.exp(-(2 * (embeddings[row * dimensions] ?? 0) - 1)));
    const some = {
      ...{ dimensions, labels: 1, embeddings, weights: new Float32Array(count).fill(1) },
      answers: Uint8Array.from({ length: count }, (_, row) => (random.uniform() < truth(row) ? 1 : 0)),
      groups: Int32Array.from({ length: count }, (_, row) => Math.floor(row / 4)),
    };
    const fit = await fitHead(some, options);
    const logits = await new HeadPredictor().predict(fit.tensors, embeddings);
    const { slope, offset } = defined(fit.labels[0], 'a label').calibration;
    const errors = Array.from(logits, (logit, row) => Math.abs(1 / (1 + Math.exp(-(slope * logit + offset))) - truth(row)));
    expect(errors.reduce((sum, error) => sum + error, 0) / count).toBeLessThan(0.04);
  });
});

describe('a label without enough examples', () => {
  const without = async (change: (row: number) => { answer?: number; weight?: number; group?: number }): Promise<string> => {
    const some = clusters({ count: 30, dimensions: 4, labels: 1, groups: 10 });
    for (let row = 0; row < 30; row++) {
      const { answer, weight, group } = change(row);
      if (answer !== undefined) some.answers[row] = answer;
      if (weight !== undefined) some.weights[row] = weight;
      if (group !== undefined) some.groups[row] = group;
    }
    const { labels, tensors } = await fitHead(some, options);
    expect(labels[0]).toMatchObject({ state: 'tooFew', rocAuc: null, averagePrecision: null, chance: null });
    expect(tensors.get('fc.weight')?.data.every((value) => value === 0)).toBe(true);
    return labels[0]?.message ?? '';
  };

  it('says so for one class only', async () => {
    expect(await without(() => ({ answer: 1 }))).toBe('Not enough examples. It needs 5 more that it does not fit (there are none).');
    expect(await without(() => ({ answer: 0 }))).toBe('Not enough examples. It needs 5 more tracks that it fits (there are none).');
  });

  it('says what is missing on both sides, and counts no answer that weighs nothing', async () => {
    const says = await without((row) => ({ answer: row % 2, weight: row < 5 ? 1 : 0 }));
    expect(says).toBe(
      'Not enough examples. It needs 3 more tracks that it fits (there are 2), and 2 more that it does not fit (there are 3).',
    );
  });

  it('wants examples of more than one artist on either side', async () => {
    expect(await without((row) => ({ answer: row < 10 ? 1 : 0, group: row < 10 ? 1 : row }))).toBe(
      'Not enough examples. It needs tracks of other artists that it fits (all 10 are of one artist).',
    );
    expect(await without((row) => ({ answer: row < 10 ? 1 : 0, group: row < 10 ? row : 50 }))).toBe(
      'Not enough examples. It needs tracks of other artists that it does not fit (all 20 are of one artist).',
    );
  });

  it('leaves the other labels as they are', async () => {
    const some = clusters({ count: 40, dimensions: 8, labels: 3, groups: 12 });
    const alone = await fitHead(some, options);
    for (let row = 0; row < 40; row++) some.weights[row * 3 + 1] = 0;
    const { labels } = await fitHead(some, options);
    expect(labels.map(({ state }) => state)).toEqual(['ready', 'tooFew', 'ready']);
    expect(labels[0]?.rocAuc?.value).toBeCloseTo(alone.labels[0]?.rocAuc?.value ?? NaN, 1);
  });
});

describe('a head with a hidden layer', () => {
  const deep: HeadOptions = { ...options, architecture: 'mlp' };

  it('learns what no line can part, in folds too', async () => {
    const random = seededRandom(3);
    const count = 240;
    const embeddings = Float32Array.from({ length: count * 2 }, () => 2 * random.uniform() - 1);
    const some = {
      ...{ dimensions: 2, labels: 1, embeddings, weights: new Float32Array(count).fill(1) },
      answers: Uint8Array.from({ length: count }, (_, row) => ((embeddings[row * 2] ?? 0) * (embeddings[row * 2 + 1] ?? 0) > 0 ? 1 : 0)),
      groups: Int32Array.from({ length: count }, (_, row) => Math.floor(row / 4)),
    };
    const [line, curve] = [await fitHead(some, options), await fitHead(some, deep)];
    expect(line.labels[0]?.rocAuc?.value).toBeLessThan(0.65);
    expect(curve.labels[0]?.rocAuc?.value).toBeGreaterThan(0.9);
    const logits = await new HeadPredictor().predict(curve.tensors, embeddings);
    const right = Array.from(logits).filter((logit, row) => (logit > 0 ? 1 : 0) === some.answers[row]).length;
    expect(right / count).toBeGreaterThan(0.9);
    expect(curve.tensors.get('hidden.weight')?.shape).toEqual([512, 2]);
  });
});

describe('predicting', () => {
  it('refuses embeddings of another length and a head without layers', async () => {
    const fit = await fitHead(clusters({ count: 30, dimensions: 4, labels: 1, groups: 10 }), options);
    const predictor = new HeadPredictor();
    await expect(predictor.predict(fit.tensors, new Float32Array(7))).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(predictor.predict(new Map(), new Float32Array(8))).rejects.toMatchObject({ code: 'WEIGHTS_MISMATCH' });
    expect(await predictor.predict(fit.tensors, new Float32Array(0))).toHaveLength(0);
    await predictor.close();
  });
});
