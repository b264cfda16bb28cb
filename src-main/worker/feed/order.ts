/** @file Which tracks a step takes, and the random numbers of each view: they follow from the seed and from what they are for, and from nothing else. */
import { seededRandom } from '../../base/index.ts';
import type { Random } from '../../base/index.ts';

/** Random numbers for a purpose: the same numbers give the same stream, whatever was drawn before. */
export function randomFor(...numbers: readonly number[]): Random {
  let mixed = 0x811c9dc5;
  for (const number of numbers) {
    for (const half of [number & 0xffff, Math.floor(number / 0x10000)]) {
      mixed = Math.imul(mixed ^ half, 0x01000193) >>> 0;
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b) >>> 0;
    }
  }
  return seededRandom((mixed ^ (mixed >>> 13)) >>> 0);
}

/** Digital silence is passed over so many times, then taken. */
const silenceTries = 8;

/** Where a view's crop may begin, the first place first; the next ones are for when there is nothing to hear. */
export function* cropStarts(seeds: readonly number[], places: number): Generator<number, void> {
  const random = randomFor(...seeds);
  for (let attempt = 0; attempt < silenceTries; attempt++) yield random.below(places);
}

/**
 * The order in which an epoch goes through tracks, as their indexes. Steps take a batch after another of it; what does not fill a batch is left out, as
 * CLMR does.
 */
export function orderOfEpoch({ seed, epoch, tracks }: { seed: number; epoch: number; tracks: number }): number[] {
  const order = Array.from({ length: tracks }, (_, index) => index);
  const random = randomFor(seed, 0x6f726465, epoch);
  for (let last = tracks - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}

/** 32 bits of a text (FNV-1a). */
export function numberOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}
