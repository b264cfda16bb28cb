import { expect, it } from 'vitest';
import { seededRandom } from '../../../../src-main/base/index.ts';
import { Landmarks } from '../../../../src-main/service/similar/landmarks.ts';
import { product } from '../../../../src-main/service/similar/vectors.ts';

it.each([1, 15, 16, 17, 512])('landmarks are multiplied as plain loops do it, with %i dimensions', (dimensions) => {
  const random = seededRandom(dimensions);
  const draw = (): Float32Array => Float32Array.from({ length: dimensions }, () => random.normal());
  const vectors = Array.from({ length: 19 }, draw);
  const landmarks = new Landmarks(vectors, dimensions);
  for (const count of [1, 2, 35]) {
    const queries = Array.from({ length: count }, draw);
    const told: number[] = [];
    landmarks.products(queries, (products, i) => {
      told.push(i);
      expect(products).toHaveLength(19);
      for (const [k, vector] of vectors.entries()) expect(products[k]).toBeCloseTo(product(queries[i] as Float32Array, vector), 3);
    });
    expect(told).toEqual([...queries.keys()]);
  }
});
