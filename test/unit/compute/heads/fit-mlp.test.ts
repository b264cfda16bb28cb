import { describe, expect, it } from 'vitest';
import { defined, seededRandom } from '../../../../src-main/base/index.ts';
import { batchOf, keptInParts } from '../../../../src-main/compute/heads/fit-mlp.ts';
import { fitHead, HeadPredictor } from '../../../../src-main/compute/index.ts';
import { heads } from '../../../../src-main/learn/index.ts';
import { clusters, groupsThatDecide } from '../../../support/head-examples.ts';

describe('a head with a hidden layer', () => {
  it('is measured on groups that it has not learnt from, and kept as it learnt from all', async () => {
    const some = groupsThatDecide({ count: 160, groups: 20, dimensions: 48 });
    const { tensors, labels } = await fitHead(some, { architecture: 'mlp', folds: 4, seed: 1, grouping: 'artist', penalties: [1e-4] });
    expect(labels[0]?.rocAuc?.value).toBeLessThan(0.75);
    const predictor = new HeadPredictor();
    const logits = await predictor.predict(tensors, some.embeddings);
    await predictor.close();
    const right = Array.from(logits).filter((logit, row) => (logit > 0 ? 1 : 0) === some.answers[row]).length;
    expect(right / 160).toBeGreaterThan(0.97);
  });
});

describe('what a step is given', () => {
  it('counts, over an epoch, as the balanced examples do: one for every part, shared among labels', () => {
    const examples = clusters({ count: 24, dimensions: 3, labels: 2, groups: 12 });
    const cut = heads.groupedFolds(examples, { wanted: 3, seed: 1 });
    const balanced = heads.balancedWeights(examples, cut);
    const problem = {
      ...{ count: 24, dimensions: 3, labels: 2, rows: new Float32Array(24 * 4), answers: Float32Array.from(examples.answers) },
      ...{ weights: examples.weights, balanced, foldOf: cut.foldOf, settings: heads.headDefaults.mlp },
    };
    const totals = [0, 0, 0, 0];
    for (let batch = 0; batch < 3; batch++) {
      const rows = Uint32Array.from({ length: 8 }, (_, place) => 3 * place + batch);
      const fed = batchOf(problem, { dimensions: 3, hidden: 4, parts: 4, labels: 2 }, { rows, batch: 8 });
      const counts = defined(fed['counts'], 'counts').data as Float32Array;
      for (const [place, count] of counts.entries()) totals[Math.floor(place / 16)] = (totals[Math.floor(place / 16)] ?? 0) + count / 3;
    }
    for (const total of totals) expect(total).toBeCloseTo(1, 5);
  });

  it('loses the share of units that dropout takes, and keeps its sum', () => {
    const { kept } = keptInParts({ dimensions: 1, hidden: 500, parts: 1, labels: 1 }, 80, seededRandom(3));
    const data = kept.data as Float32Array;
    expect(kept.shape).toEqual([80, 1, 500]);
    expect(data.filter((value) => value === 0).length / data.length).toBeCloseTo(heads.dropout, 2);
    expect(data.reduce((sum, value) => sum + value, 0) / data.length).toBeCloseTo(1, 2);
  });
});
