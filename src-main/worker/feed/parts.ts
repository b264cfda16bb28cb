/** @file The parts of a batch that are drawn, not heard, and those that are known of its tracks. */
import type { Random } from '../../base/index.ts';
import { sizeOf } from '../../learn/index.ts';
import type { BatchPart } from '../../learn/index.ts';
import { drawMasks } from './masks.ts';
import { drawPatches } from './patches.ts';

/** What is known of tracks, by their numbers; as objectives over labels take it. */
export type TrackLabels = ReadonlyMap<number, Float32Array>;

/** Labels of a batch's tracks, `[batch, outputs]`; those of a track of which nothing is known are −1. */
export function labelsOf({ shape: [outputs = 0] }: BatchPart, trackIds: Int32Array, labels: TrackLabels): Float32Array {
  const all = new Float32Array(trackIds.length * outputs).fill(-1);
  for (const [place, trackId] of trackIds.entries()) all.set(labels.get(trackId) ?? [], place * outputs);
  return all;
}

/** Draws a part of a batch, `[batch, …]`; empty for one that is heard, or known; zeros for one that is remembered, in place of which comes what was told. */
export function drawPart({ content, shape }: BatchPart, batch: number, random: Random): Float32Array {
  switch (content.kind) {
    case 'permutations':
      return permutations(batch * content.of, content.count, random);
    case 'window': {
      const [length = 0] = shape;
      const start = random.below(content.of - content.size + 1);
      return Float32Array.from({ length: batch * length }, (_, at) => Number(at % length >= start && at % length < start + content.size));
    }
    case 'mask':
      return drawMasks(content, batch, random);
    case 'kept': {
      const [layers = 0] = shape;
      const kept = Array.from({ length: layers }, () => Number(random.uniform() >= content.dropped));
      return Float32Array.from({ length: batch * layers }, (_, at) => kept[at % layers] ?? 1);
    }
    case 'dropout': {
      const { dropped } = content;
      return Float32Array.from({ length: batch * sizeOf(shape) }, () => (random.uniform() < dropped ? 0 : 1 / (1 - dropped)));
    }
    case 'patches':
      return drawPatches(content, batch, random);
    case 'remembered':
      return new Float32Array(batch * sizeOf(shape));
    case 'labels':
    case 'view':
    case 'crop':
      return new Float32Array(0);
  }
}

/** `[places, 2 · count]`: each column is a permutation of the places (Fisher and Yates), or, in the second half, the inverse of one. */
function permutations(places: number, count: number, random: Random): Float32Array {
  const [drawn, width] = [new Float32Array(2 * places * count), 2 * count];
  for (let column = 0; column < count; column++) {
    for (let place = 0; place < places; place++) {
      const other = random.below(place + 1);
      drawn[place * width + column] = drawn[other * width + column] ?? 0;
      drawn[other * width + column] = place;
    }
    for (let place = 0; place < places; place++) drawn[(drawn[place * width + column] ?? 0) * width + count + column] = place;
  }
  return drawn;
}
