/** Values of PyTorch (losses and gradients of heads) and scikit-learn (all else) in 64 bits (`make-values.py`). */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { defined } from '../../src-main/base/index.ts';
import { heldOutLosses } from '../../src-main/compute/heads/fold-problem.ts';
import { fitHead } from '../../src-main/compute/index.ts';
import { heads, lbfgsSlots } from '../../src-main/learn/index.ts';
import { expectNear, readValues } from './reference-values.ts';

type Numbers = number | Numbers[];
type Values = {
  mlp: {
    rows: number[][];
    answers: number[][];
    counts: number[][][];
    kept: number[][][];
    penalty: number;
    weights: Record<string, Numbers>;
    loss: number;
    logits: Numbers[];
    gradients: Record<string, Numbers>;
  };
  logistic: {
    rows: number[][];
    answers: number[][];
    counts: number[][][];
    weights: number[][];
    penalty: number;
    losses: number[][];
    gradient: number[][];
    penalised: number[][];
    slopes: number[][];
  };
  standard: { rows: number[][]; mean: number[]; deviation: number[]; standardised: number[][] };
  balance: { answers: number[]; shares: number[]; logits: number[]; loss: number };
  platt: { logits: number[]; answers: number[]; weights: number[]; fits: heads.Calibration[] };
  fit: { rows: number[][]; answers: number[]; fits: { penalty: number; weight: number[]; bias: number }[] };
};

const values = readValues<Values>('heads');
const tolerance = 1e-6;
const flat = (numbers: Numbers): number[] => (typeof numbers === 'number' ? [numbers] : numbers.flatMap(flat));
const compare = (name: string, ours: tf.Tensor, reference: Numbers): void =>
  expectNear(name, { ours: ours.dataSync(), reference: flat(reference), tolerance });

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
});

describe('heads with a hidden layer', () => {
  it('give the logits, the loss and the gradients of PyTorch, part by part', () => {
    const { rows, answers, counts, kept, penalty, loss, logits, gradients } = values.mlp;
    tf.tidy(() => {
      const weights = Object.fromEntries(Object.entries(values.mlp.weights).map(([name, own]) => [name, tf.tensor(own as number[])]));
      compare('logits', heads.mlpLogits(weights, tf.tensor2d(rows)), logits);
      const batch = { rows: tf.tensor2d(rows), answers: tf.tensor2d(answers), counts: tf.tensor3d(counts), kept: tf.tensor3d(kept) };
      const found = heads.mlpGradients(weights, { ...batch, penalty: tf.scalar(penalty) });
      compare('loss', found.loss, loss);
      expect(Object.keys(found.gradients)).toEqual(Object.keys(gradients));
      for (const [name, gradient] of Object.entries(gradients)) compare(name, defined(found.gradients[name], name), gradient);
    });
  });
});

describe('logistic heads', () => {
  it('give the losses and gradients of PyTorch, without the penalty and with it, which leaves biases alone', () => {
    const { logistic } = values;
    tf.tidy(() => {
      const weights = tf.tensor2d(logistic.weights);
      const batch = { rows: tf.tensor2d(logistic.rows), answers: tf.tensor2d(logistic.answers), counts: tf.tensor3d(logistic.counts) };
      const { loss, gradient } = heads.logisticPart(weights, batch);
      compare('losses', loss, logistic.losses);
      compare('gradient', gradient, logistic.gradient);
      const slots = lbfgsSlots(weights.shape).map(({ name, shape, first }) => [name, tf.fill(shape, first)] as const);
      const begun = { weights, loss, gradient, state: Object.fromEntries(slots) };
      const { state } = heads.logisticStep({ ...begun, penalty: tf.scalar(logistic.penalty) });
      compare('penalised losses', defined(state['value'], 'value'), logistic.penalised);
      compare('slopes', defined(state['slope'], 'slope'), logistic.slopes);
    });
  });

  it.each(values.fit.fits)('are scikit-learn’s with balanced classes at a penalty of $penalty', async ({ penalty, weight, bias }) => {
    const { rows, answers } = values.fit;
    const examples = {
      ...{ dimensions: 3, labels: 1, embeddings: Float32Array.from(rows.flat()), answers: Uint8Array.from(answers) },
      ...{ weights: new Float32Array(rows.length).fill(1), groups: Int32Array.from(rows.keys()) },
    };
    const options = { architecture: 'logistic', folds: 5, seed: 1, grouping: 'artist', penalties: [penalty] } as const;
    const { tensors } = await fitHead(examples, options);
    const ours = [...defined(tensors.get('fc.weight'), 'fc.weight').data, ...defined(tensors.get('fc.bias'), 'fc.bias').data];
    // A slope of 1e-4, at which a fit stops, leaves this.
    expectNear('coefficients', { ours, reference: [...weight, bias], tolerance: 2e-3 });
  });
});

describe('what heads are given', () => {
  it('is standardised as scikit-learn does it', () => {
    const { rows, mean, deviation, standardised } = values.standard;
    const embeddings = Float32Array.from(rows.flat());
    const standard = heads.standardOf(embeddings, 4);
    expectNear('mean', { ours: standard.mean, reference: mean, tolerance });
    expectNear('deviation', { ours: standard.deviation, reference: deviation, tolerance });
    expectNear('rows', { ours: heads.standardised(embeddings, standard), reference: standardised.flat(), tolerance });
  });

  it('is balanced as scikit-learn does it, in what is learnt from and in what is held out', () => {
    const { answers, shares, logits, loss } = values.balance;
    const count = answers.length;
    // The first of two folds holds everything, so that the second part, and the last, learn from all of it.
    const foldOf = new Int32Array(count);
    const own = { labels: 1, answers: Uint8Array.from(answers), weights: new Float32Array(count).fill(1) };
    const all = { ...own, dimensions: 1, embeddings: new Float32Array(count), groups: Int32Array.from(answers.keys()) };
    const balanced = heads.balancedWeights(all, { foldOf, folds: 2 });
    expectNear('shares', { ours: balanced.shares.subarray(4), reference: shares, tolerance });
    expect(Array.from(balanced.isWhole)).toEqual([0, 1, 1]);
    const problem = { ...own, count, dimensions: 1, rows: new Float32Array(2 * count), answers: Float32Array.from(answers), balanced };
    const losses = heldOutLosses(
      { ...problem, foldOf: foldOf.fill(1), settings: { ...heads.headDefaults.logistic } },
      Float32Array.from(logits),
    );
    expectNear('held-out loss', { ours: losses, reference: [loss], tolerance });
  });

  it('is calibrated as scikit-learn does it, with weights and without', () => {
    const { logits, answers, weights, fits } = values.platt;
    for (const [index, given] of [answers.map(() => 1), weights].entries()) {
      const { scale, shift } = heads.fitCalibration(logits, answers, given);
      const reference = defined(fits[index], 'a fit');
      expectNear('calibration', { ours: [scale, shift], reference: [reference.scale, reference.shift], tolerance: 1e-4 });
    }
  });
});
