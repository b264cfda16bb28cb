/**
 * @file Layers over time that are gone through a few clips at a time while they are large, so that what is held between going forth and back is the layers'
 * inputs alone, whatever the batch, and stays in a processor's cache meanwhile. Clips do not see each other there.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import { partition } from './partition.ts';

/** A layer that has so many times what is worked on at a time is not taken in parts: its products are better as large as they are. */
const mostAtOnce = 4;

/** `elements`: what leaves each layer, numbers of a clip; `through`: the layer of an index. */
export type LayersInParts = {
  elements: readonly number[];
  chunkElements: number;
  through: (x: Tensor3D, layer: number) => Tensor3D;
};

/** All layers, one after the other. @param x `[batch, time, channels]` */
export function layersInParts(x: Tensor3D, { elements, chunkElements, through }: LayersInParts): Tensor3D {
  const [batch] = x.shape;
  const large = elements.findLastIndex((own) => batch * own > mostAtOnce * chunkElements) + 1;
  const run = (part: Tensor3D, from: number, to: number): Tensor3D =>
    Array.from({ length: to - from }, (_, at) => from + at).reduce((y: Tensor3D, layer) => through(y, layer), part);
  const sizes = partition(batch, Math.max(...elements), chunkElements);
  if (large === 0 || sizes.length === 1) return run(x, 0, elements.length);
  const parts = tf.split<Tensor3D>(x, sizes, 0).map((part) => run(part, 0, large));
  return run(tf.concat(parts, 0), large, elements.length);
}
