/**
 * Reference values: scikit-learn 1.9.1, `LogisticRegression(C=1/penalty, tol=1e-12)` on the same standardised rows with the same balanced weights, and its
 * coefficients brought back to rows as they are. Tolerance: 1 % of the largest coefficient, which is what stopping at a slope of 1e-4 allows.
 */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { defined, seededRandom } from '../../../../src-main/base/index.ts';
import { fitHead, HeadPredictor } from '../../../../src-main/compute/index.ts';
import type { HeadFit, HeadOptions } from '../../../../src-main/compute/index.ts';
import type { heads } from '../../../../src-main/learn/index.ts';
import { balancedAnswers, clusters } from '../../../support/head-examples.ts';

const options: HeadOptions = { architecture: 'logistic', folds: 5, seed: 1, grouping: 'artist' };

/** The examples that the reference program makes as well. */
function reference(repeats = 1, copies = 1): heads.HeadExamples {
  const [count, dimensions, labels] = [60, 6, 2];
  const rows = Array.from({ length: count * repeats }, (_, row) => row % count);
  const columns = Array.from({ length: labels * copies }, (_, column) => column % labels);
  const answer = (i: number, t: number): number =>
    Math.sin(1.7 * i) + Math.sin(1.7 * i + 2.3) + Math.cos(5.1 * i * (t + 1)) > 0.3 ? 1 : 0;
  const weight = (i: number, t: number): number => ((i + t) % 7 === 0 ? 0 : i % 3 === 0 && answer(i, t) === 0 ? 0.5 : 1);
  return {
    dimensions,
    labels: columns.length,
    embeddings: Float32Array.from(
      rows.flatMap((i) => Array.from({ length: dimensions }, (_, j) => Math.sin(1.7 * i + 2.3 * j + 0.37 * i * j) * (j + 1) + j)),
    ),
    answers: Uint8Array.from(rows.flatMap((i) => columns.map((t) => answer(i, t)))),
    weights: Float32Array.from(rows.flatMap((i) => columns.map((t) => weight(i, t)))),
    groups: Int32Array.from(rows),
  };
}

const coefficients: Record<string, number[][]> = {
  '0.1': [
    [0.75175503, -0.043362633, 0.09781202, -0.033927177, -0.0023189078, 0.0095159125, -0.17239828],
    [0.42385666, 0.049590557, -0.0120691, 0.027190339, 0.012756309, 0.0097892182, -0.1997091],
  ],
  '0.001': [
    [1.1726152, -0.059969906, 0.16031777, -0.060549384, -0.0017612601, 0.018996645, -0.30193637],
    [0.61026828, 0.078017719, -0.010600495, 0.043127088, 0.017429307, 0.015137263, -0.31882403],
  ],
};

function layer(fit: HeadFit, label: number): number[] {
  const weight = defined(fit.tensors.get('fc.weight'), 'fc.weight');
  const inputs = defined(weight.shape[1], 'inputs');
  return [...weight.data.subarray(label * inputs, (label + 1) * inputs), defined(fit.tensors.get('fc.bias'), 'fc.bias').data[label] ?? NaN];
}

function expectNear(ours: readonly number[], theirs: readonly number[], share = 0.01): void {
  const largest = Math.max(...theirs.map(Math.abs));
  for (const [place, value] of theirs.entries()) expect(Math.abs((ours[place] ?? NaN) - value)).toBeLessThan(share * largest);
}

describe('a logistic head', () => {
  it.each(Object.entries(coefficients))('is scikit-learn’s at a penalty of %s', async (penalty, expected) => {
    const fit = await fitHead(reference(), { ...options, penalties: [Number(penalty)] });
    for (const [label, own] of expected.entries()) expectNear(layer(fit, label), own);
    expect(fit.l2).toBe(Number(penalty));
  });

  it('is the same when its examples come in several pieces', async () => {
    const fit = await fitHead(reference(100), { ...options, penalties: [0.1] });
    for (const [label, own] of defined(coefficients['0.1'], 'a reference').entries()) expectNear(layer(fit, label), own);
  });

  it('is the same when its labels come in several blocks', async () => {
    const fit = await fitHead(reference(1, 120), { ...options, penalties: [0.1] });
    for (const label of [0, 1, 118, 119, 238, 239]) expectNear(layer(fit, label), defined(coefficients['0.1']?.[label % 2], 'a reference'));
  });

  it('tells every example of a handful, and clips of groups that it has not heard', async () => {
    const fit = await fitHead(clusters({ count: 24, dimensions: 16, labels: 2, groups: 8 }), options);
    const some = clusters({ count: 24, dimensions: 16, labels: 2, groups: 8 });
    const logits = await new HeadPredictor().predict(fit.tensors, some.embeddings);
    for (const [place, answer] of some.answers.entries()) expect((logits[place] ?? NaN) > 0 ? 1 : 0).toBe(answer);
    for (const { state, rocAuc, averagePrecision, calibration, thresholds } of fit.labels) {
      expect(state).toBe('ready');
      expect(rocAuc?.value).toBeGreaterThan(0.95);
      expect(averagePrecision?.value).toBeGreaterThan(0.95);
      expect(calibration.slope).toBeGreaterThan(0);
      expect(thresholds.length).toBeGreaterThan(20);
      for (const { precision, low, recall } of thresholds) expect([low <= precision, recall <= 1, low >= 0]).toEqual([true, true, true]);
    }
  });

  it('chooses the penalty that does best on what is held out', async () => {
    // Noise alone: the weaker the penalty, the worse.
    const random = seededRandom(8);
    const some = balancedAnswers({ count: 80, labels: 3, groups: 40 });
    const embeddings = Float32Array.from({ length: 80 * 20 }, () => random.normal());
    const fit = await fitHead({ ...some, dimensions: 20, embeddings }, { ...options, penalties: [0.001, 1] });
    expect(fit.l2).toBe(1);
  });

  it('gives the same numbers for the same examples, and rows of zeros for what was not learnt', async () => {
    const some = reference();
    for (let row = 0; row < 60; row++) some.answers[row * 2 + 1] = 0;
    const [first, second] = [await fitHead(some, options), await fitHead(some, options)];
    expect(second.tensors).toEqual(first.tensors);
    expect(first.labels[1]).toMatchObject({ state: 'tooFew', rocAuc: null, thresholds: [] });
    expect(layer(first, 1)).toEqual(new Array<number>(7).fill(0));
  });

  it('refuses arrays that do not fit each other and numbers that are not finite', async () => {
    await expect(fitHead({ ...reference(), dimensions: 5 }, options)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    const broken = reference();
    broken.embeddings[7] = NaN;
    await expect(fitHead(broken, options)).rejects.toMatchObject({ code: 'NOT_FINITE' });
  });

  it('leaves no tensor behind', async () => {
    await fitHead(reference(), options);
    const before = tf.memory().numTensors;
    await fitHead(reference(), options);
    expect(tf.memory().numTensors).toBe(before);
  });
});
