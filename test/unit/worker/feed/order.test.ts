import { describe, expect, it } from 'vitest';
import { numberOf, randomFor, tracksOfStep } from '../../../../src-main/worker/feed/order.ts';

describe('the order of tracks', () => {
  it('takes every track once an epoch, leaving out what does not fill a batch', () => {
    const steps = [0, 1, 2].map((step) => tracksOfStep({ seed: 1, step, tracks: 10, batch: 3 }));
    expect(new Set(steps.flat()).size).toBe(9);
    expect(steps.every((step) => step.length === 3)).toBe(true);
  });

  it('is another in each epoch and for each seed, and the same when it is asked again', () => {
    const order = (seed: number, epoch: number): number[] =>
      [0, 1].flatMap((step) => tracksOfStep({ seed, step: 2 * epoch + step, tracks: 40, batch: 20 }));
    expect(order(1, 0)).toEqual(order(1, 0));
    expect(order(1, 0)).not.toEqual(order(1, 1));
    expect(order(1, 0)).not.toEqual(order(2, 0));
    expect(order(1, 7).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, index) => index));
  });

  it('puts each track first as often as any other', () => {
    const counts = new Array<number>(8).fill(0);
    for (let epoch = 0; epoch < 4000; epoch++) {
      const [first = 0] = tracksOfStep({ seed: 3, step: epoch, tracks: 8, batch: 8 });
      counts[first] = (counts[first] ?? 0) + 1;
    }
    // Six standard deviations of a fair draw.
    counts.forEach((count) => expect(Math.abs(count - 500)).toBeLessThan(126));
  });
});

describe('random numbers for a purpose', () => {
  it('differ where any of its numbers differs', () => {
    const first = (...numbers: number[]): number => randomFor(...numbers).uniform();
    const seen = new Set<number>();
    for (let a = 0; a < 12; a++) for (let b = 0; b < 12; b++) for (let c = 0; c < 12; c++) seen.add(first(a, b, c));
    expect(seen.size).toBe(12 ** 3);
    expect(first(1, 2)).not.toBe(first(2, 1));
    expect(first(0x10000)).not.toBe(first(1));
  });

  it('tells texts apart', () => {
    expect(numberOf('a')).not.toBe(numberOf('b'));
    expect(numberOf('')).toBe(0x811c9dc5);
  });
});
