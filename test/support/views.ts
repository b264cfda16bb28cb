/** @file Batches of two views. */
import { defined } from '../../src-main/base/index.ts';
import type { BatchPart } from '../../src-main/learn/index.ts';

/** The parts of a batch of two views, from `[2 · batch, crop]`, first views before second ones. */
export function viewsOf(waves: Float32Array): { first: Float32Array; second: Float32Array } {
  const half = waves.length / 2;
  return { first: waves.subarray(0, half), second: waves.subarray(half) };
}

/** What a batch of two views has. */
export function viewParts(cropSamples: number): BatchPart[] {
  return (['first', 'second'] as const).map((name, view) => ({
    name,
    content: { kind: 'view', view: view as 0 | 1 },
    shape: [cropSamples],
  }));
}

/** The views of a batch, one after the other: `[2 · batch, crop]`. */
export function wavesIn({ parts }: { parts: Readonly<Record<string, Float32Array>> }): Float32Array {
  const [first, second] = [defined(parts['first'], 'first'), defined(parts['second'], 'second')];
  const waves = new Float32Array(first.length + second.length);
  waves.set(first);
  waves.set(second, first.length);
  return waves;
}
