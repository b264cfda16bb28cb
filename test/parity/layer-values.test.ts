/** Probes on a weighted sum of layers beside PyTorch: loss and gradients, and where thirty steps of Adam take them (`make-layer-values.py`). */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { defined } from '../../src-main/base/index.ts';
import { fitProbe } from '../../src-main/compute/probes/fit-probe.ts';
import type { ProbeProblem } from '../../src-main/compute/index.ts';
import { probes } from '../../src-main/learn/index.ts';
import { expectNear, readValues } from './reference-values.ts';

type Weights = Record<string, number[]>;
type Values = {
  rows: number[];
  answers: number[];
  batch: { weights: Weights; loss: number; gradients: Weights };
  learnt: { first: Weights; shares: number[]; logits: number[] };
};

const { rows, answers, batch, learnt } = readValues<Values>('layers');
const shape: probes.ProbeShape = { dimensions: 4, hidden: 5, outputs: 2, layers: 3 };
const count = 12;

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
});

describe('a probe on a weighted sum of layers', () => {
  it('has PyTorch’s loss and gradients', () => {
    tf.tidy(() => {
      const weights = Object.fromEntries(
        probes.probeParameters(shape).map((own) => [own.name, tf.tensor(defined(batch.weights[own.name], own.name), [...own.shape])]),
      );
      const { loss, gradients } = probes.probeGradients('tags', weights, {
        ...{ rows: tf.tensor2d(rows, [count, 12]), answers: tf.tensor2d(answers, [count, 2]), counts: tf.ones([count]), kept: undefined },
      });
      expectNear('loss', { ours: loss.dataSync(), reference: [batch.loss], tolerance: 2e-6 });
      expect(Object.keys(gradients).toSorted()).toEqual(Object.keys(batch.gradients).toSorted());
      for (const [name, gradient] of Object.entries(gradients))
        expectNear(name, { ours: gradient.dataSync(), reference: defined(batch.gradients[name], name), tolerance: 2e-6 });
    });
  });

  it('comes where PyTorch’s Adam takes it, and tells how much each layer counts', async () => {
    const thrice = (all: readonly number[]): Float32Array => Float32Array.from([...all, ...all, ...all]);
    const own = Int32Array.from({ length: 3 * count }, (_, at) => at);
    const problem: ProbeProblem = {
      ...{ kind: 'tags', outputs: 2, dimensions: 12, layers: 3, rows: thrice(rows), answers: thrice(answers) },
      ...{
        counts: new Int32Array(3 * count).fill(1),
        parts: Uint8Array.from(own, (at) => Math.floor(at / count)),
        wholes: own,
        groups: own,
      },
    };
    const parameters = probes.probeParameters(shape);
    const first = new Map(
      parameters.map(({ name, shape: of }) => [name, { shape: of, data: Float32Array.from(defined(learnt.first[name], name)) }]),
    );
    const trial: probes.ProbeTrial = {
      ...{ hidden: 5, dropout: 0, isStandardised: false, learningRate: 0.05, schedule: { kind: 'constant' }, batch: 16, mostEpochs: 30 },
      ...{ optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 } },
      ...{ evaluatedEvery: null, patience: null, watched: 'loss' },
    };
    const fit = await fitProbe({
      ...{ problem, trial, seed: 1, first },
      reading: { taughtBy: 'all', judgedBy: 'logits', isLastDropped: false },
    });
    expectNear('logits', { ours: fit.outputs.outputs, reference: learnt.logits, tolerance: 2e-5 });
    expectNear('shares', {
      ours: defined(probes.layerShares(fit.weights) ?? undefined, 'shares'),
      reference: learnt.shares,
      tolerance: 1e-5,
    });
    expect(Math.max(...learnt.shares) - Math.min(...learnt.shares)).toBeGreaterThan(0.05);
  });

  it('begins with layers that count alike', () => {
    expect(probes.layerShares(probes.probeWeights(shape, 3))).toEqual([1 / 3, 1 / 3, 1 / 3]);
    expect(probes.layerShares(probes.probeWeights({ dimensions: 4, hidden: null, outputs: 2 }, 3))).toBeNull();
  });
});
