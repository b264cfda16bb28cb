/**
 * @file Fourier's transform of frames that are folded about their middle, as products with cosines and sines. At every second frequency what is folded is
 * symmetric about its own middle, so it is folded again, and so on while it is long; the other frequencies take half of the length (as in fast transforms of
 * Cooley and Tukey 1965). A frame of 2048 samples takes a third of the products that it takes at once.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';

/** The even part of frames, `[rows, half + 1]`, and the odd one, `[rows, half − 1]`. */
export type Folded = { even: Tensor2D; odd: Tensor2D };

/** Sums over the frame times cosines and times sines, `[rows, half + 1]`; columns are the `frequencies`, in an order of their own. */
export type Transformed = { cosines: Tensor2D; sines: Tensor2D; frequencies: readonly number[] };

/** Shorter halves are not folded again: their products are small. */
const leastFolded = 256;

/** @param half of the frame's length: how many samples lie between its beginning and its middle */
export function transformed({ even, odd }: Folded, half: number): Transformed {
  if (half < leastFolded || half % 2 !== 0) return atOnce({ even, odd }, half);
  const quarter = half / 2;
  const [rows] = even.shape;
  const cut = (x: Tensor2D, from: number, length: number): Tensor2D => tf.slice(x, [0, from], [rows, length]);
  const [evenLeft, evenRight] = [cut(even, 0, quarter), tf.reverse(cut(even, quarter + 1, quarter), 1)] as const;
  const [oddLeft, oddRight] = [cut(odd, 0, quarter - 1), tf.reverse(cut(odd, quarter, quarter - 1), 1)] as const;
  const others = Array.from({ length: quarter }, (_, at) => 2 * at + 1);
  const own: Omit<Transformed, 'frequencies'> = {
    cosines: tf.matMul(
      tf.sub(evenLeft, evenRight),
      matrix({ times: others.map((_, at) => at), frequencies: others, half, wave: Math.cos }),
    ),
    sines: tf.matMul(
      tf.concat([tf.add<Tensor2D>(oddLeft, oddRight), cut(odd, quarter - 1, 1)], 1),
      matrix({ times: others.map((_, at) => at + 1), frequencies: others, half, wave: Math.sin }),
    ),
  };
  const inner = {
    even: tf.concat([tf.add<Tensor2D>(evenLeft, evenRight), cut(even, quarter, 1)], 1),
    odd: tf.sub<Tensor2D>(oddLeft, oddRight),
  };
  const second = transformed(inner, quarter);
  return {
    cosines: tf.concat([own.cosines, second.cosines], 1),
    sines: tf.concat([own.sines, second.sines], 1),
    frequencies: [...others, ...second.frequencies.map((frequency) => 2 * frequency)],
  };
}

function atOnce({ even, odd }: Folded, half: number): Transformed {
  const frequencies = Array.from({ length: half + 1 }, (_, at) => at);
  return {
    cosines: tf.matMul(even, matrix({ times: frequencies, frequencies, half, wave: Math.cos })),
    sines: tf.matMul(odd, matrix({ times: frequencies.slice(1, -1), frequencies, half, wave: Math.sin })),
    frequencies,
  };
}

type Waves = { times: readonly number[]; frequencies: readonly number[]; half: number; wave: (angle: number) => number };

/** `[times, frequencies]` */
function matrix({ times, frequencies, half, wave }: Waves): Tensor2D {
  const values = times.flatMap((time) => frequencies.map((frequency) => wave((Math.PI * ((time * frequency) % (2 * half))) / half)));
  return tf.tensor2d(Float32Array.from(values), [times.length, frequencies.length]);
}
