/** Values of PyTorch in 64 bits (`make-values.py`). 32 bits leave up to 7e-7 of the largest number. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { createObjective, training } from '../../src-main/learn/index.ts';
import type { ViewObjectiveSettings } from '../../src-main/learn/index.ts';
import { expectNear, readValues } from './reference-values.ts';

type Case = { settings: ViewObjectiveSettings; views: number[][][]; loss: number; parts: Record<string, number>; gradients: number[][][] };

const tolerance = 2e-6;
/** Where pairs are found with near certainty, a gradient is the small rest of that. */
const gradientTolerances = { 'nt-xent': 2e-5, vicreg: 2e-6, sogclr: 1e-5 };
const cases = readValues<Case[]>('objectives').map((own) => {
  const { kind, ...settings } = own.settings;
  return { ...own, name: `${kind} of ${own.views[0]?.length} pairs at ${Object.values(settings).join(' ')}` };
});

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
  training.registerGradients();
});

function compute(
  settings: ViewObjectiveSettings,
  views: number[][][],
): { loss: number; parts: Record<string, number>; gradients: number[][] } {
  const objective = createObjective(settings);
  return tf.tidy(() => {
    const [first, second] = views.map((view) => tf.tensor2d(view));
    const own = [first, second] as tf.Tensor2D[];
    const { parts } = objective(...(own as [tf.Tensor2D, tf.Tensor2D]));
    const { value, grads } = tf.valueAndGrads((a, b) => objective(a as tf.Tensor2D, b as tf.Tensor2D).loss)(own);
    return {
      loss: value.dataSync()[0] ?? NaN,
      parts: Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.dataSync()[0] ?? NaN])),
      gradients: grads.map((gradient) => Array.from(gradient.dataSync())),
    };
  });
}

describe('an objective', () => {
  it.each(cases)('gives the loss, its parts and the gradients of PyTorch: $name', ({ settings, views, loss, parts, gradients }) => {
    const ours = compute(settings, views);
    // A small loss is the difference of similarities over temperature, and has their rounding.
    const largest = settings.kind === 'nt-xent' ? Math.max(loss, 1 / settings.temperature) : loss;
    expect(Math.abs(ours.loss - loss)).toBeLessThan(tolerance * largest);
    for (const [name, part] of Object.entries(parts)) expectNear(name, { ours: [ours.parts[name] ?? NaN], reference: [part], tolerance });
    for (const view of [0, 1])
      expectNear(`gradient of view ${view}`, {
        ours: ours.gradients[view] ?? [],
        reference: gradients[view]?.flat() ?? [],
        tolerance: gradientTolerances[settings.kind],
      });
  });

  it('gives the gradients of PyTorch for a projection of zeros, which has no direction', () => {
    // torch 2.15: cross_entropy over F.normalize with ε 1e-8, in 32 bits.
    const views = [
      [
        [0, 0],
        [1, 2],
      ],
      [
        [3, 1],
        [-1, 0.5],
      ],
    ];
    const { loss, gradients } = compute({ kind: 'nt-xent', temperature: 0.5 }, views);
    expect(loss).toBeCloseTo(1.348_805_8, 6);
    const [[zero = NaN, next = NaN, ...others] = [], second = []] = gradients;
    expectNear('the zeros', { ours: [zero, next], reference: [-93_934_244, 16_244_308], tolerance: 1e-5 });
    expectNear('the others', {
      ours: [...others, ...second],
      reference: [0.481_876_7, -0.240_938_31, -0.056_375_19, 0.169_125_62, -0.256_375_88, -0.512_751_76],
      tolerance: 1e-5,
    });
  });
});
