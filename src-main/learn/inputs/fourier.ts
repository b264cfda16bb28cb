/**
 * @file Fourier's transform of frames that are folded about their middle, as products with cosines and sines. At every second frequency what is folded is
 * symmetric about its own middle, so it is folded again, and so on while it is long; the other frequencies take half of the length (as in fast transforms of
 * Cooley and Tukey 1965). A frame of 2048 samples takes a third of the products that it takes at once.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';

/**
 * The even part of frames, `[rows, half + 1]`, and the odd one, `[rows, half − oddFrom]`: it begins at that time, at which it is zero when that is 0, and ends
 * before the middle, where it is zero, too.
 */
export type Folded = { even: Tensor2D; odd: Tensor2D; oddFrom: 0 | 1 };

/**
 * The same, folded again about the middle of the half: what lies before that (left), the rest turned round (right, from the frame's middle backwards), and
 * the value there (`[rows, 1]`). Even parts are `[rows, quarter]`, odd ones as long, or without their first time.
 */
export type Quartered = {
  even: { left: Tensor2D; right: Tensor2D; middle: Tensor2D };
  odd: { left: Tensor2D; right: Tensor2D; middle: Tensor2D };
  oddFrom: 0 | 1;
};

/** Sums over the frame times cosines and times sines, of some of the frequencies from 0 to half: `[rows, frequencies]` each. */
export type Transformed = { cosines: Tensor2D; sines: Tensor2D; frequencies: readonly number[] };

/** Shorter halves are not folded again: their products are small. */
const leastFolded = 256;

/** Whether a half of this length is folded again. */
export function isFoldedAgain(half: number): boolean {
  return half >= leastFolded && half % 2 === 0;
}

/** All frequencies, in parts. @param half of the frame's length: how many samples lie between its beginning and its middle */
export function transformed(folded: Folded, half: number): Transformed[] {
  return isFoldedAgain(half) ? fromQuarters(quartersOf(folded, half), half) : [atOnce(folded, half)];
}

/** Of what is folded twice. @param half as above */
export function fromQuarters({ even, odd, oddFrom }: Quartered, half: number): Transformed[] {
  const quarter = half / 2;
  const times = Array.from({ length: quarter + 1 }, (_, at) => at);
  const others = times.slice(0, quarter).map((at) => 2 * at + 1);
  const own: Transformed = {
    frequencies: others,
    cosines: tf.matMul(
      tf.sub(even.left, even.right),
      matrix({ times: times.slice(0, quarter), frequencies: others, half, wave: Math.cos }),
    ),
    sines: tf.matMul(
      tf.concat([tf.add<Tensor2D>(odd.left, odd.right), odd.middle], 1),
      matrix({ times: times.slice(oddFrom), frequencies: others, half, wave: Math.sin }),
    ),
  };
  const second = transformed(
    { even: tf.concat([tf.add<Tensor2D>(even.left, even.right), even.middle], 1), odd: tf.sub(odd.left, odd.right), oddFrom },
    quarter,
  );
  return [own, ...second.map((part) => ({ ...part, frequencies: part.frequencies.map((frequency) => 2 * frequency) }))];
}

function quartersOf({ even, odd, oddFrom }: Folded, half: number): Quartered {
  const quarter = half / 2;
  const [rows] = even.shape;
  const cut = (x: Tensor2D, from: number, length: number): Tensor2D => tf.slice(x, [0, from], [rows, length]);
  const turned = (x: Tensor2D, from: number, length: number): Tensor2D => tf.reverse(cut(x, from, length), 1);
  return {
    even: { left: cut(even, 0, quarter), right: turned(even, quarter + 1, quarter), middle: cut(even, quarter, 1) },
    odd: {
      left: cut(odd, 1 - oddFrom, quarter - 1),
      right: turned(odd, quarter + 1 - oddFrom, quarter - 1),
      middle: cut(odd, quarter - oddFrom, 1),
    },
    oddFrom: 1,
  };
}

function atOnce({ even, odd, oddFrom }: Folded, half: number): Transformed {
  const frequencies = Array.from({ length: half + 1 }, (_, at) => at);
  return {
    cosines: tf.matMul(even, matrix({ times: frequencies, frequencies, half, wave: Math.cos })),
    sines: tf.matMul(odd, matrix({ times: frequencies.slice(oddFrom, -1), frequencies, half, wave: Math.sin })),
    frequencies,
  };
}

type Waves = { times: readonly number[]; frequencies: readonly number[]; half: number; wave: (angle: number) => number };

/** `[times, frequencies]` */
function matrix({ times, frequencies, half, wave }: Waves): Tensor2D {
  const values = times.flatMap((time) => frequencies.map((frequency) => wave((Math.PI * ((time * frequency) % (2 * half))) / half)));
  return tf.tensor2d(Float32Array.from(values), [times.length, frequencies.length]);
}
