/** @file The parts of a batch that are drawn, not heard. */
import type { Random } from '../../base/index.ts';
import type { BatchPart } from '../../learn/index.ts';

/** Whether a part is made of a track's sound. */
export function isHeard({ content }: BatchPart): boolean {
  return content.kind === 'view' || content.kind === 'crop';
}

/** Draws a part of a batch, `[batch, …]`; empty for one that is heard. */
export function drawPart({ content, shape }: BatchPart, batch: number, random: Random): Float32Array {
  switch (content.kind) {
    case 'permutations':
      return permutations(batch * content.of, content.count, random);
    case 'window': {
      const [length = 0] = shape;
      const start = random.below(content.of - content.size + 1);
      return Float32Array.from({ length: batch * length }, (_, at) => Number(at % length >= start && at % length < start + content.size));
    }
    case 'view':
    case 'crop':
      return new Float32Array(0);
  }
}

/** `[places, count]`: each column is a permutation of the places (Fisher and Yates). */
function permutations(places: number, count: number, random: Random): Float32Array {
  const drawn = new Float32Array(places * count);
  for (let column = 0; column < count; column++) {
    for (let place = 0; place < places; place++) {
      const other = random.below(place + 1);
      drawn[place * count + column] = drawn[other * count + column] ?? 0;
      drawn[other * count + column] = place;
    }
  }
  return drawn;
}
