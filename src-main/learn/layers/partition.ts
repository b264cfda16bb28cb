/**
 * @file How a batch is cut into chunks of clips while a layer is trained. On a processor a chunk's activations should stay in the caches, since
 * everything but the convolutions is bound by memory; a GPU wants the whole batch at once. Statistics are always those of the whole batch.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { assert } from '../../base/index.ts';

/**
 * Sizes of the chunks of a batch: powers of two, so that the chunks of a deeper layer, which are larger, are unions of these.
 * @param clipElements activations of one clip
 * @param chunkElements activations that a chunk may have; at least one clip is taken
 */
export function partition(batch: number, clipElements: number, chunkElements: number): number[] {
  const most = Math.max(1, Math.floor(chunkElements / clipElements));
  const size = most >= batch ? batch : 2 ** Math.floor(Math.log2(most));
  const whole = Array.from({ length: Math.floor(batch / size) }, () => size);
  return batch % size === 0 ? whole : [...whole, batch % size];
}

/** For each chunk of the coarser partition, the indexes of the finer chunks that it is made of. */
export function unions(finer: readonly number[], coarser: readonly number[]): number[][] {
  let next = 0;
  return coarser.map((size) => {
    const members: number[] = [];
    for (let clips = 0; clips < size; clips += finer[next++] ?? size) members.push(next);
    assert(members.reduce((sum, member) => sum + (finer[member] ?? 0), 0) === size, 'coarser chunks are unions of finer ones');
    return members;
  });
}

/** Puts chunks `[1, channels, clips, time]` behind each other. */
export function joinClips(chunks: Tensor4D[]): Tensor4D {
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : tf.concat(chunks, 2);
}

/** Takes a chunk `[1, channels, clips, time]` apart again. */
export function partClips(chunk: Tensor4D, sizes: readonly number[]): Tensor4D[] {
  return sizes.length === 1 ? [chunk] : tf.split(chunk, [...sizes], 2);
}
