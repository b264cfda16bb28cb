/** SogCLR beside LibAUC's loss in 64 bits (`make-values.py`): loss, gradients and moving averages, step after step. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { createObjective, training } from '../../src-main/learn/index.ts';
import { expectNear, readValues } from './reference-values.ts';

type Step = { views: number[][][]; before: number[][]; loss: number; gradients: number[][][]; after: number[][] };
type Case = { temperature: number; gamma: number; steps: Step[] };

/** What 32 bits leave. */
const [lossTolerance, tolerance] = [2e-6, 1e-5];

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
  training.registerGradients();
});

/** Of both sides: the temperature times the logarithm of each track's new average, less how alike its views are. */
function globalLoss({ views, before, temperature, gamma }: Pick<Step, 'views' | 'before'> & Pick<Case, 'temperature' | 'gamma'>): number {
  const unit = views.map((rows) => rows.map((row) => row.map((value) => value / Math.hypot(...row))));
  const alike = (a: number[] = [], b: number[] = []): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? NaN), 0);
  let sum = 0;
  for (const [own = [], other = []] of [unit, unit.toReversed()])
    for (const [at, row] of own.entries()) {
      const others = [...other, ...own].filter((_, index) => index % own.length !== at);
      const found = others.reduce((all, one) => all + Math.exp(alike(row, one) / temperature), 0) / others.length;
      const known = before[at]?.[0] ?? 0;
      sum += temperature * Math.log(known === 0 ? found : (1 - gamma) * known + gamma * found) - alike(row, other[at]);
    }
  return sum / before.length;
}

describe('SogCLR', () => {
  it.each(readValues<Case[]>('sogclr'))(
    'gives LibAUC’s loss, gradients and averages at temperature $temperature and γ $gamma',
    ({ temperature, gamma, steps }) => {
      const objective = createObjective({ kind: 'sogclr', temperature, gamma });
      expect(objective.remembers).toBe(1);
      for (const [number, { views, before, loss, gradients, after }] of steps.entries())
        tf.tidy(() => {
          const own = views.map((view) => tf.tensor2d(view));
          const known = tf.tensor2d(before);
          const told = objective(own[0] as tf.Tensor2D, own[1] as tf.Tensor2D, known);
          const back = tf.valueAndGrads((a, b) => objective(a as tf.Tensor2D, b as tf.Tensor2D, known).loss)(own);
          expect(Math.abs((back.value.dataSync()[0] ?? NaN) - loss), `loss of step ${number}`).toBeLessThan(lossTolerance);
          const figure = told.parts['globalLoss']?.dataSync()[0] ?? NaN;
          expect(figure).toBeCloseTo(globalLoss({ views, before, temperature, gamma }), 4);
          expectNear(`averages of step ${number}`, { ours: told.remembered?.dataSync() ?? [], reference: after.flat(), tolerance });
          for (const [view, gradient] of back.grads.entries())
            expectNear(`gradient of view ${view}`, { ours: gradient.dataSync(), reference: gradients[view]?.flat() ?? [], tolerance });
        });
    },
  );

  it('takes a track that never came as new, whatever the others of its batch did', () => {
    const objective = createObjective({ kind: 'sogclr', temperature: 0.1, gamma: 0.25 });
    const [first, second] = [
      tf.randomNormal<tf.Rank.R2>([3, 4], 0, 1, 'float32', 3),
      tf.randomNormal<tf.Rank.R2>([3, 4], 0, 1, 'float32', 4),
    ];
    const found = objective(first, second).remembered?.dataSync() ?? [];
    const mixed = objective(first, second, tf.tensor2d([[2], [0], [5]])).remembered?.dataSync() ?? [];
    expect(mixed[1]).toBe(found[1]);
    expect(mixed[0]).toBeCloseTo(0.75 * 2 + 0.25 * (found[0] ?? NaN), 5);
    expect(mixed[2]).toBeCloseTo(0.75 * 5 + 0.25 * (found[2] ?? NaN), 5);
    tf.dispose([first, second]);
  });
});
