import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src-main/base/index.ts';
import type { NeuronWeight } from '../../../../src-main/contract/index.ts';
import { contributionsOf, neuronsOf, ranked, weightsOf, whyOf } from '../../../../src-main/service/similar/explain.ts';
import { unit } from '../../../../src-main/service/similar/vectors.ts';
import { weightedCosine } from '../../../support/brute-neighbours.ts';

const random = seededRandom(3);
const draw = (length: number): Float32Array => unit(Float32Array.from({ length }, () => random.normal()));
const sum = (parts: ArrayLike<number>): number => Array.from(parts).reduce((total, part) => total + part, 0);
const weight = (feature: number, value: number): NeuronWeight => ({ feature, weight: value });

describe('the parts of a similarity', () => {
  it('add up to the cosine, with weights and without', () => {
    for (let round = 0; round < 20; round++) {
      const [a, b] = [draw(37), draw(37)];
      const weights = Float32Array.from({ length: 37 }, () => 4 * random.uniform());
      expect(sum(contributionsOf(a, b, null))).toBeCloseTo(weightedCosine(a, b, null), 6);
      expect(sum(contributionsOf(a, b, weights))).toBeCloseTo(weightedCosine(a, b, weights), 6);
    }
  });

  it('are those of vectors without a neuron when it is muted', () => {
    const [a, b] = [draw(10), draw(10)];
    const parts = contributionsOf(a, b, weightsOf([weight(4, 0)], 10));
    const without = (vector: Float32Array): Float32Array => vector.filter((_, i) => i !== 4);
    expect(parts[4]).toBe(0);
    const expected = contributionsOf(unit(without(a)), unit(without(b)), null);
    for (const [i, part] of [...parts].filter((_, at) => at !== 4).entries()) expect(part).toBeCloseTo(expected[i] ?? NaN, 6);
  });

  it('are zero between vectors of which nothing is left', () => {
    expect([...contributionsOf(Float32Array.of(1, 0), Float32Array.of(0, 1), Float32Array.of(0, 1))]).toEqual([0, 0]);
  });

  it('are told largest first, and beside a row only those that bring it nearer', () => {
    const parts = Float64Array.of(0.1, -0.5, 0.3, 0, 0.2, 0.05);
    expect(ranked(parts).map(({ feature }) => feature)).toEqual([2, 4, 0, 5, 3, 1]);
    expect(whyOf(parts).map(({ feature }) => feature)).toEqual([2, 4, 0]);
    expect(whyOf(Float64Array.of(-1, -2, 0.5))).toEqual([{ feature: 2, contribution: 0.5 }]);
  });

  it('are gathered over rows, with every neuron that was given a weight', () => {
    const rows = Array.from({ length: 5 }, () => Float64Array.from({ length: 60 }, (_, i) => (60 - i) / 100));
    const neurons = neuronsOf(rows, [weight(59, 2), weight(40, 0)], 60);
    expect(neurons).toHaveLength(26);
    expect(neurons.slice(0, 24).map(({ feature }) => feature)).toEqual(Array.from({ length: 24 }, (_, i) => i));
    expect(neurons.slice(24).map(({ feature }) => feature)).toEqual([40, 59]);
    expect(neurons[0]?.contribution).toBeCloseTo(0.6);
    expect(neuronsOf([], [weight(3, 0)], 60)).toEqual([{ feature: 3, contribution: 0 }]);
  });
});

describe('weights of neurons', () => {
  it('are none when all count alike', () => {
    expect(weightsOf([], 4)).toBeNull();
    expect(weightsOf([weight(2, 1)], 4)).toBeNull();
    expect([...(weightsOf([weight(2, 0), weight(3, 2.5)], 4) ?? [])]).toEqual([1, 1, 0, 2.5]);
  });

  it('must be of neurons that there are, and leave something', () => {
    expect(() => weightsOf([weight(4, 0)], 4)).toThrow(/neurons 0 to 3/);
    expect(() => weightsOf([weight(0, 0), weight(1, 0)], 2)).toThrow(/Every neuron is muted/);
  });
});
