/** @file Parameters as they are declared: what they start at, and which of them an optimiser changes. */
import { describe, expect, it } from 'vitest';
import { createObjective, createOptimizer, createProjector, findEncoder, training, twoViews } from '../../../src-main/learn/index.ts';
import { batchNormParameters, defaultBias, defaultKernel, drawWeights, kaimingKernel } from '../../../src-main/learn/parameters.ts';

const spread = (data: Float32Array): { most: number; variance: number } => ({
  most: data.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
  variance: data.reduce((sum, value) => sum + value * value, 0) / data.length,
});

describe('first values', () => {
  it('are uniform within the bound that a parameter declares, whatever it is called', () => {
    const shape = [64, 32, 3];
    const drawn = drawWeights([kaimingKernel('running_var', shape), defaultKernel('b', shape), defaultBias('c', [4096, 96])], 7);
    for (const [name, bound] of [
      ['running_var', Math.sqrt(6 / 96)] as const,
      ['b', 1 / Math.sqrt(96)] as const,
      ['c', 1 / Math.sqrt(96)] as const,
    ]) {
      const { most, variance } = spread(drawn.get(name)?.data ?? new Float32Array());
      expect(most).toBeLessThanOrEqual(Math.fround(bound));
      expect(most).toBeGreaterThan(0.99 * bound);
      expect(variance / (bound ** 2 / 3)).toBeCloseTo(1, 1);
    }
    expect(drawn.get('c')?.shape).toEqual([4096]);
  });

  it('of a batch norm are the identity, and take no random numbers', () => {
    const after = (between: Parameters<typeof drawWeights>[0]): Float32Array | undefined =>
      drawWeights([defaultKernel('a', [2, 2]), ...between, defaultKernel('b', [8, 8])], 1).get('b')?.data;
    expect(after(batchNormParameters('norm', 4))).toEqual(after([]));
    const drawn = drawWeights(batchNormParameters('norm', 2), 1);
    expect([...drawn].map(([name, { data }]) => [name, ...data])).toEqual([
      ['norm.weight', 1, 1],
      ['norm.bias', 0, 0],
      ['norm.running_mean', 0, 0],
      ['norm.running_var', 1, 1],
    ]);
  });

  it('of a projector are PyTorch’s default for linear layers: with Kaiming’s, VICReg’s covariance term starts some forty times higher', () => {
    const projector = createProjector({ kind: 'mlp', hidden: [1024], dimensions: 512, batchNorm: true }, 256);
    const weights = projector.initialise(3);
    for (const [name, from] of [['0.weight', 256] as const, ['3.weight', 1024] as const]) {
      const { most, variance } = spread(weights.get(name)?.data ?? new Float32Array());
      expect(most).toBeLessThanOrEqual(Math.fround(1 / Math.sqrt(from)));
      expect(variance * 3 * from).toBeCloseTo(1, 1);
    }
  });
});

describe('what an optimiser changes', () => {
  it('is what the parameters say, in the order of the layers', () => {
    const encoder = findEncoder('sample-cnn', 8000);
    const projector = createProjector({ kind: 'mlp', hidden: [8], dimensions: 4, batchNorm: true }, encoder.dimensions);
    const model = {
      method: twoViews({ encoder, projector, objective: createObjective({ kind: 'nt-xent', temperature: 0.5 }) }),
      optimizer: createOptimizer({ kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 }),
    };
    const all = model.method.parameters().map(({ name }) => name);
    const trained = training.trainedParameters(model).map(({ name }) => name);
    expect(all.filter((name) => !trained.includes(name)).every((name) => /\.running_(mean|var)$/.test(name))).toBe(true);
    // The norms of eleven convolutions and of the projector's hidden layer.
    expect(all.length - trained.length).toBe(2 * (11 + 1));
    expect(trained.slice(-4)).toEqual(['projector.0.weight', 'projector.1.weight', 'projector.1.bias', 'projector.3.weight']);
  });
});
