/** Bounds and deviations of what PyTorch draws (`make-values.py`): Kaiming's uniform for convolutions, its default for their biases and for linear layers. */
import { describe, expect, it } from 'vitest';
import { createProjector, createSampleCnn, heads } from '../../src-main/learn/index.ts';
import type { WeightArrays } from '../../src-main/learn/index.ts';
import { readValues } from './reference-values.ts';

type Drawn = { shape: number[]; bound: number; deviation: number };

const { linear, convolution, bias } = readValues<Record<'linear' | 'convolution' | 'bias', Drawn>>('first-weights');

function expectDrawn(weights: WeightArrays, name: string, { shape, bound, deviation }: Drawn, share = 0.02): void {
  const own = weights.get(name);
  expect(own?.shape).toEqual(shape);
  const data = Array.from(own?.data ?? []);
  const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(largest).toBeLessThanOrEqual(bound * (1 + 1e-6));
  expect(largest).toBeGreaterThan(bound * (1 - share));
  expect(Math.abs(data.reduce((sum, value) => sum + value, 0) / data.length)).toBeLessThan(5 * share * bound);
  const square = data.reduce((sum, value) => sum + value * value, 0) / data.length;
  expect(Math.abs(Math.sqrt(square) / deviation - 1)).toBeLessThan(5 * share);
}

describe('first weights', () => {
  it('of convolutions and their biases are drawn as PyTorch draws them', () => {
    const encoder = createSampleCnn({ sampleRate: 8000, strides: [3, 3], channels: [40, 300, 8, 8] });
    const weights = encoder.initialise(5);
    expectDrawn(weights, 'sequential.1.0.weight', convolution);
    expectDrawn(weights, 'sequential.1.0.bias', bias);
  });

  it('of linear layers are drawn as PyTorch draws them', () => {
    const projector = createProjector({ kind: 'mlp', hidden: [300], dimensions: 4, batchNorm: true }, 400);
    const weights = projector.initialise(6);
    expectDrawn(weights, '0.weight', linear);
    const all = (name: string): number[] => [...new Set(weights.get(name)?.data)];
    expect(['weight', 'bias', 'running_mean', 'running_var'].map((part) => all(`1.${part}`))).toEqual([[1], [0], [0], [1]]);
  });

  it('of heads with a hidden layer are drawn as PyTorch draws them, alike in every part', () => {
    const weights = heads.mlpInitialise({ dimensions: 120, hidden: 400, parts: 2, labels: 75 }, 7);
    expectDrawn(weights, 'hidden.weight', { ...convolution, shape: [120, 800] });
    expectDrawn(weights, 'fc.weight', { ...linear, shape: [2, 400, 75] });
    const [first, second] = [0, 1].map((part) => weights.get('fc.weight')?.data.slice(part * 30_000, (part + 1) * 30_000));
    expect(second).toEqual(first);
    for (const name of ['hidden.bias', 'fc.bias']) expect([...new Set(weights.get(name)?.data)], name).toEqual([0]);
  });
});
