import { expect, it } from 'vitest';
import { checkParity } from '../../../src-main/compute/parity-check.ts';

const file = 'reference.safetensors';
const check = (ours: ArrayLike<number>, reference: ArrayLike<number>): ReturnType<typeof checkParity> =>
  checkParity(file, { name: 'loss', ours, reference, tolerance: 0.1 });

it('divides the largest difference by the largest reference value', () => {
  expect(check([1, -8.5], [1, -8])).toEqual({ file, name: 'loss', relativeError: 0.0625, tolerance: 0.1, ok: true });
  expect(check([1, -9], [1, -8])).toMatchObject({ relativeError: 0.125, ok: false });
});

it('passes no number that is none, wherever it stands and on whichever side', () => {
  for (const wrong of [NaN, Infinity, -Infinity])
    for (const place of [0, 1, 2]) {
      const damaged = [1, 2, 3].with(place, wrong);
      expect(check(damaged, [1, 2, 3])).toMatchObject({ relativeError: Infinity, ok: false });
      expect(check([1, 2, 3], damaged)).toMatchObject({ relativeError: Infinity, ok: false });
    }
});

it('passes nothing that is missing, and names another length', () => {
  expect(check([1], [1, 2])).toMatchObject({ name: 'loss: 1 numbers instead of 2', relativeError: Infinity, ok: false });
  expect(check([1, 2], [1])).toMatchObject({ name: 'loss: 2 numbers instead of 1', relativeError: Infinity, ok: false });
  expect(check({ length: 2, 0: 1 }, [1, 2])).toMatchObject({ relativeError: Infinity, ok: false });
});

it('passes no comparison with nothing or with zeros alone', () => {
  expect(check([], [])).toMatchObject({ relativeError: Infinity, ok: false });
  expect(check([0, 0], [0, 0])).toMatchObject({ relativeError: Infinity, ok: false });
});

it('compares more numbers than fit on a stack', () => {
  const many = new Float32Array(2_000_000).fill(1);
  expect(check(many, many)).toMatchObject({ relativeError: 0, ok: true });
});
