import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src-main/base/index.ts';
import { transformed } from '../../../src-main/learn/inputs/fourier.ts';

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
});

/** `[rows][half + 1]`: sums over time, from `from` on, times a wave. */
function sums(
  rows: readonly Float32Array[],
  { half, from, wave }: { half: number; from: number; wave: (angle: number) => number },
): number[][] {
  return rows.map((row) =>
    Array.from({ length: half + 1 }, (_, frequency) =>
      row.reduce((sum, value, at) => sum + value * wave((Math.PI * (at + from) * frequency) / half), 0),
    ),
  );
}

function expectSums(ours: tf.Tensor2D, { expected, frequencies }: { expected: number[][]; frequencies: readonly number[] }): void {
  ours
    .arraySync()
    .forEach((row, at) =>
      row.forEach((value, column) => expect(Math.abs(value - (expected[at]?.[frequencies[column] ?? NaN] ?? NaN))).toBeLessThan(2e-4)),
    );
}

describe('the transform of folded frames', () => {
  // Folded three times, twice, once; never, since it is odd on the way, or short.
  it.each([1024, 512, 256, 300, 255, 64])(
    'gives every frequency once, as sums of cosines and sines do, at a half of %d samples',
    (half) => {
      const random = seededRandom(half);
      const drawn = (length: number): Float32Array[] => [1, 2].map(() => Float32Array.from({ length }, () => random.normal()));
      const [even, odd] = [drawn(half + 1), drawn(half - 1)];
      // An odd part may be given with the frame's beginning, at which it is zero.
      const whole = odd.map((row) => Float32Array.of(0, ...row));
      const flat = (rows: readonly Float32Array[]): number[] => rows.flatMap((row) => [...row]);
      const [cosines, sines] = [sums(even, { half, from: 0, wave: Math.cos }), sums(odd, { half, from: 1, wave: Math.sin })];
      for (const oddFrom of [0, 1] as const)
        tf.tidy(() => {
          const own = tf.tensor2d(flat(oddFrom === 0 ? whole : odd), [2, half - oddFrom]);
          const made = transformed({ even: tf.tensor2d(flat(even), [2, half + 1]), odd: own, oddFrom }, half);
          const told = made.flatMap(({ frequencies }) => frequencies);
          expect(told.toSorted((a, b) => a - b)).toEqual(Array.from({ length: half + 1 }, (_, at) => at));
          for (const part of made)
            for (const [ours, expected] of [
              [part.cosines, cosines],
              [part.sines, sines],
            ] as const)
              expectSums(ours, { expected, frequencies: part.frequencies });
        });
    },
  );
});
