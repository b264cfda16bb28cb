/** Probes beside PyTorch (losses, gradients, rates, a probe learnt to its end) and scikit-learn (figures), in 64 bits (`make-probe-values.py`). */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { defined } from '../../src-main/base/index.ts';
import { clipOutputs } from '../../src-main/compute/probes/judge-probe.ts';
import { fitProbe } from '../../src-main/compute/probes/fit-probe.ts';
import { seedFigures } from '../../src-main/compute/index.ts';
import type { ProbeProblem } from '../../src-main/compute/index.ts';
import { probes } from '../../src-main/learn/index.ts';
import { expectNear, readValues } from './reference-values.ts';

type Batch = {
  kind: probes.ProbeKind;
  shape: probes.ProbeShape;
  rows: number[];
  answers: number[];
  kept: number[] | null;
  weights: Record<string, number[]>;
  loss: number;
  gradients: Record<string, number[]>;
};
type Told = Record<string, number>;
type Values = {
  batches: Batch[];
  plateau: { losses: number[]; factor: number; patience: number; rate: number; rates: number[] };
  cosine: { rate: number; rates: number[] };
  figures: {
    counts: number[];
    labels: number[];
    logits: number[];
    ofLogits: Told;
    ofProbabilities: Told;
    classes: number[];
    accuracy: number;
    numbers: number[];
    r2: number;
  };
  learnt: { rows: number[]; answers: number[]; first: Record<string, number[]>; logits: number[] };
};

const values = readValues<Values>('probes');
const tolerance = 2e-6;

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
});

describe('a probe', () => {
  it.each(values.batches.map((batch) => [batch.kind, batch.shape.hidden, batch] as const))(
    'of %s, %s units hidden, has PyTorch’s loss and gradients, also where rows fill the batch up',
    (kind, hidden, { shape, ...batch }) => {
      const count = batch.rows.length / shape.dimensions;
      const filled = (own: readonly number[], width: number): tf.Tensor2D =>
        tf.tensor2d([...own, ...new Array<number>(2 * width).fill(0.7)], [count + 2, width]);
      tf.tidy(() => {
        const parameters = probes.probeParameters(shape);
        const weights = Object.fromEntries(
          parameters.map((own) => [own.name, tf.tensor(defined(batch.weights[own.name], own.name), [...own.shape])]),
        );
        const { loss, gradients } = probes.probeGradients(kind, weights, {
          rows: filled(batch.rows, shape.dimensions),
          answers: filled(batch.answers, shape.outputs),
          counts: tf.tensor1d([...new Array<number>(count).fill(1), 0, 0]),
          kept: hidden === null ? undefined : filled(defined(batch.kept ?? undefined, 'dropout'), hidden),
        });
        expectNear('loss', { ours: loss.dataSync(), reference: [batch.loss], tolerance });
        expect(Object.keys(gradients).toSorted()).toEqual(Object.keys(batch.gradients).toSorted());
        for (const [name, gradient] of Object.entries(gradients))
          expectNear(name, { ours: gradient.dataSync(), reference: defined(batch.gradients[name], name), tolerance });
      });
    },
  );

  it('comes where PyTorch’s Adam takes it, in batches that its rows do not fill', async () => {
    const { rows, answers, first, logits } = values.learnt;
    const [dimensions, outputs, count] = [6, 3, 24];
    const thrice = <Value>(all: readonly Value[]): Value[] => [...all, ...all, ...all];
    const own = Array.from({ length: 3 * count }, (_, at) => at);
    const problem: ProbeProblem = {
      ...{ kind: 'tags', outputs, dimensions, rows: Float32Array.from(thrice(rows)), answers: Float32Array.from(thrice(answers)) },
      ...{ counts: new Int32Array(3 * count).fill(1), parts: Uint8Array.from(own, (at) => Math.floor(at / count)) },
      ...{ wholes: Int32Array.from(own), groups: Int32Array.from(own) },
    };
    const weights = new Map(
      probes
        .probeParameters({ dimensions, hidden: null, outputs })
        .map(({ name, shape }) => [name, { shape, data: Float32Array.from(defined(first[name], name)) }]),
    );
    const trial: probes.ProbeTrial = {
      ...{ hidden: null, dropout: 0, isStandardised: false, learningRate: 0.05, schedule: { kind: 'constant' }, batch: 32, mostEpochs: 40 },
      ...{ optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 } },
      ...{ evaluatedEvery: null, patience: null, watched: 'loss' },
    };
    const fit = await fitProbe({
      ...{ problem, trial, seed: 1, first: weights },
      reading: { taughtBy: 'all', judgedBy: 'logits', isLastDropped: false },
    });
    expect(fit.evaluations).toBe(40);
    expectNear('logits', { ours: fit.outputs.outputs, reference: logits, tolerance: 2e-5 });
  });
});

describe('the rate of a probe', () => {
  it('falls on a plateau as PyTorch’s does', () => {
    const { losses, factor, patience, rate, rates } = values.plateau;
    const course = new probes.ProbeCourse({
      learningRate: rate,
      schedule: { kind: 'plateau', factor, patience },
      patience: null,
      mostEpochs: 99,
    });
    const ours = losses.map((loss) => {
      course.evaluated(-loss, loss);
      return course.rateAt(0.5);
    });
    expectNear('rates', { ours, reference: rates, tolerance: 1e-12 });
  });

  it('falls along PyTorch’s cosine', () => {
    const { rate, rates } = values.cosine;
    const course = new probes.ProbeCourse({ learningRate: rate, schedule: { kind: 'cosine' }, patience: null, mostEpochs: rates.length });
    expectNear('rates', { ours: rates.map((_, epoch) => course.rateAt(epoch / rates.length)), reference: rates, tolerance: 1e-12 });
  });

  it('ends after as many evaluations without a better one as it is patient for', () => {
    const course = new probes.ProbeCourse({ learningRate: 1, schedule: { kind: 'constant' }, patience: 2, mostEpochs: 99 });
    const ended = [0.5, 0.5, 0.6, 0.1, NaN].map((score) => [course.evaluated(score, 1), course.isOver]);
    expect(ended).toEqual([
      [true, false],
      [false, false],
      [true, false],
      [false, false],
      [false, true],
    ]);
  });
});

describe('figures of a probe', () => {
  const { counts, labels, logits, ofLogits, ofProbabilities, classes, accuracy, numbers, r2 } = values.figures;
  const clips = counts.length;
  const base = { outputs: 4, groups: Int32Array.from({ length: clips }, (_, at) => at), keys: null };
  const own = Int32Array.from({ length: clips }, (_, at) => at);
  const segments = { clips: counts.flatMap((count, clip) => new Array<number>(count).fill(clip)), logits: Float32Array.from(logits) };
  const problemOf = (kind: probes.ProbeKind, answers: readonly number[]): ProbeProblem => ({
    ...{ kind, ...base, answers: Float32Array.from(answers), wholes: own, counts: Int32Array.from(counts) },
    ...{ dimensions: 0, rows: new Float32Array(0), parts: new Uint8Array(clips) },
  });
  const told = (kind: probes.ProbeKind, answers: readonly number[], judgedBy: 'logits' | 'probabilities'): Told => {
    const problem = problemOf(kind, answers);
    const figures = seedFigures({ ...base, kind, answers: problem.answers }, [clipOutputs(problem, { judgedBy }, segments)]);
    return Object.fromEntries(figures.map(({ name, value }) => [name, value]));
  };

  it('are scikit-learn’s by tag and by clip, of mean logits and of mean probabilities', () => {
    for (const [judgedBy, reference] of [
      ['logits', ofLogits],
      ['probabilities', ofProbabilities],
    ] as const) {
      const ours = told('tags', labels, judgedBy);
      expect(Object.keys(ours).toSorted()).toEqual(Object.keys(reference).toSorted());
      for (const [name, figure] of Object.entries(reference)) expect(ours[name], `${name} of ${judgedBy}`).toBeCloseTo(figure, 9);
    }
    expect(ofLogits['rocAuc']).not.toBeCloseTo(defined(ofProbabilities['rocAuc'], 'a figure'), 3);
  });

  it('are scikit-learn’s of classes and of numbers', () => {
    expect(told('classes', classes, 'logits')['accuracy']).toBeCloseTo(accuracy, 12);
    // Means are kept in 32 bits.
    expect(told('numbers', numbers, 'logits')['r2']).toBeCloseTo(r2, 6);
  });

  it('of several seeds are the means of theirs', () => {
    const problem = problemOf('tags', labels);
    const said = (['logits', 'probabilities'] as const).map((judgedBy) => clipOutputs(problem, { judgedBy }, segments));
    const [first, second] = [ofLogits, ofProbabilities].map((one) => defined(one['averagePrecision'], 'a figure'));
    const [figure] = seedFigures({ ...base, kind: 'tags', answers: problem.answers }, said);
    expect(figure?.each).toHaveLength(2);
    expect(figure?.each[0]).toBeCloseTo(first ?? NaN, 9);
    expect(figure?.value).toBeCloseTo(((first ?? NaN) + (second ?? NaN)) / 2, 9);
    expect(figure?.low).toBeLessThan(figure?.value ?? NaN);
  });

  it('of keys counts a near one for a part', () => {
    const keys = [
      { tonic: 0, isMinor: false },
      { tonic: 7, isMinor: false },
      { tonic: 9, isMinor: true },
      { tonic: 1, isMinor: false },
    ];
    const problem = problemOf('classes', [0, 0, 0, 0, ...new Array<number>(clips - 4).fill(1)]);
    const outputs = new Float32Array(clips * 4);
    for (let clip = 0; clip < clips; clip++) outputs[clip * 4 + (clip < 4 ? clip : 1)] = 1;
    const [score, right] = seedFigures({ ...base, kind: 'classes', answers: problem.answers, keys }, [{ clips: own, outputs }]);
    expect(score?.value).toBeCloseTo((1 + 0.5 + 0.3 + 0 + (clips - 4)) / clips, 12);
    expect(right?.value).toBeCloseTo((clips - 3) / clips, 12);
  });
});
