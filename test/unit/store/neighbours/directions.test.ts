import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src-main/base/index.ts';
import { directionsBytes, leadingDirections } from '../../../../src-main/store/neighbours/directions.ts';
import { makeKernel, makeMemory } from '../../../../src-main/store/neighbours/kernel.ts';

/** Rows whose feature i has the deviation `deviation(i)`, mixed by a reflection so that directions are no features. */
function sampleOf(
  rows: number,
  dimensions: number,
  deviation: (i: number) => number,
): { sample: Float32Array; axis: (i: number) => Float64Array } {
  const random = seededRandom(4);
  const mirror = Float64Array.from({ length: dimensions }, () => random.normal());
  const square = mirror.reduce((sum, value) => sum + value * value, 0);
  const axis = (i: number): Float64Array => mirror.map((value, k) => (k === i ? 1 : 0) - (2 * value * (mirror[i] as number)) / square);
  const sample = new Float32Array(rows * dimensions);
  for (let row = 0; row < rows; row++) {
    const values = Float64Array.from({ length: dimensions }, (_, i) => deviation(i) * random.normal());
    const along = values.reduce((sum, value, i) => sum + value * (mirror[i] as number), 0);
    for (let i = 0; i < dimensions; i++)
      sample[row * dimensions + i] = (values[i] as number) - (2 * along * (mirror[i] as number)) / square;
  }
  return { sample, axis };
}

const find = (sample: Float32Array, dimensions: number) =>
  leadingDirections(makeKernel(makeMemory(directionsBytes(sample.length / dimensions, dimensions))), sample, dimensions);

describe('the directions of codes', () => {
  it('are orthonormal, and the first are those along which rows differ most', () => {
    const dimensions = 200;
    const { sample, axis } = sampleOf(3000, dimensions, (i) => (i < 3 ? 30 / (i + 1) : 1));
    const { basis, width, share } = find(sample, dimensions);
    expect(width).toBe(96);
    expect(share).toBeGreaterThan(0.9);
    const direction = (k: number): Float32Array => basis.subarray(k * dimensions, (k + 1) * dimensions);
    for (const [a, b] of [
      [0, 0],
      [0, 1],
      [5, 5],
      [5, 70],
      [99, 99],
      [3, 99],
    ] as const) {
      const product = direction(a).reduce((sum, value, i) => sum + value * (direction(b)[i] as number), 0);
      expect(product).toBeCloseTo(a === b ? 1 : 0, 4);
    }
    for (let k = 0; k < 3; k++) {
      const product = direction(k).reduce((sum, value, i) => sum + value * (axis(k)[i] as number), 0);
      expect(Math.abs(product)).toBeGreaterThan(0.99);
    }
  });

  it('are more where fewer do not cover enough, and the features themselves where rows differ alike along all', () => {
    expect(find(sampleOf(4000, 320, (i) => (i < 220 ? 5 : 1)).sample, 320).width).toBe(160);
    const { basis, width, share } = find(sampleOf(4000, 500, () => 1).sample, 500);
    expect([width, share]).toEqual([512, 1]);
    expect([basis[4 * 500], basis[5 * 500 + 1]]).toEqual([1, 1]);
    expect(basis.reduce((sum, value) => sum + value, 0)).toBe(500);
  });

  it('stand a sample without any difference, and fewer features than a code has numbers', () => {
    const { basis, width } = find(new Float32Array(10 * 5), 5);
    expect(width).toBe(32);
    expect(basis.every(Number.isFinite)).toBe(true);
    const small = find(sampleOf(50, 5, () => 1).sample, 5);
    expect(small.width).toBe(32);
    expect(small.share).toBeGreaterThan(0.99);
  });
});
