/** @file Frames to chunks of mono samples that know their place. */
import type { Frame } from 'node-av/lib';
import { MonoResampler } from './mono-resampler.ts';
import type { ChainOptions } from './mono-resampler.ts';

/** Mono samples and the place of the first of them in the output. */
export type Chunk = { samples: Float32Array; at: number };

/** How to resample, and which place in the output the first sample has. */
export type ChunkOptions = ChainOptions & { startAt?: number };

/** Resamples frames in order; where their format changes, the resampler begins anew. */
export function* chunksOf(frames: Iterable<Frame>, { startAt = 0, trimSamples = 0, ...shape }: ChunkOptions): Generator<Chunk, void> {
  let chain: MonoResampler | null = null;
  let at = startAt;
  const place = (samples: Float32Array): Chunk => {
    at += samples.length;
    return { samples, at: at - samples.length };
  };
  try {
    for (const frame of frames) {
      if (chain !== null && !chain.accepts(frame)) {
        for (const samples of chain.push(null)) yield place(samples);
        chain.free();
        chain = null;
      }
      chain ??= new MonoResampler(frame, { ...shape, trimSamples: at === startAt ? trimSamples : 0 });
      for (const samples of chain.push(frame)) yield place(samples);
    }
    if (chain !== null) for (const samples of chain.push(null)) yield place(samples);
  } finally {
    chain?.free();
  }
}
