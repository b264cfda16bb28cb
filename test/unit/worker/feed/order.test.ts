import { describe, expect, it } from 'vitest';
import { numberOf, orderOfEpoch, randomFor } from '../../../../src-main/worker/feed/order.ts';

describe('the order of tracks', () => {
  it('takes every track once an epoch', () => {
    expect(orderOfEpoch({ seed: 1, epoch: 3, tracks: 10 }).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('is another in each epoch and for each seed, and the same when it is asked again', () => {
    const order = (seed: number, epoch: number): number[] => orderOfEpoch({ seed, epoch, tracks: 40 });
    expect(order(1, 0)).toEqual(order(1, 0));
    expect(order(1, 0)).not.toEqual(order(1, 1));
    expect(order(1, 0)).not.toEqual(order(2, 0));
    expect(order(1, 7).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, index) => index));
  });

  it('puts each track first as often as any other', () => {
    const counts = new Array<number>(8).fill(0);
    for (let epoch = 0; epoch < 4000; epoch++) {
      const [first = 0] = orderOfEpoch({ seed: 3, epoch, tracks: 8 });
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
