/**
 * @file Convolutions with kernels of three in five products instead of nine, three outputs at a time (Winograd 1980; F(3,3) in the words of Lavin and
 * Gray 2016), on time that is kept by phase within three. The points are 0, 1, −1, 2 and infinity. The backward pass uses it: its rounding,
 * some ten times that of a plain convolution, goes into gradients linearly; in the forward pass batch norms of small batches would magnify it.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { total } from './sum.ts';

/** Five tensors of one shape. */
type Five = [Tensor2D, Tensor2D, Tensor2D, Tensor2D, Tensor2D];

/** What becomes of a kernel's taps: row by product, column by tap. */
const kernelRows: readonly (readonly [number, number, number])[] = [
  [1 / 2, 0, 0],
  [-1 / 2, -1 / 2, -1 / 2],
  [-1 / 6, 1 / 6, -1 / 6],
  [1 / 6, 1 / 3, 2 / 3],
  [0, 0, 1],
];

/** Phases of time, each `[channels, clips · time / 3]`. */
export type Phases = readonly [Tensor2D, Tensor2D, Tensor2D];

/**
 * What the products take of a signal: five combinations of the five values that three outputs see.
 * @param clips how many clips stand behind each other in a row; nothing of one reaches into the next
 */
export function signalCombinations([first, second, third]: Phases, clips: number): Five {
  const before = shifted(third, clips, 1);
  const afterwards = shifted(first, clips, -1);
  const rise = tf.sub<Tensor2D>(third, first);
  return [
    tf.add(tf.mul(tf.sub(before, second), 2), rise),
    tf.sub(tf.sub(rise, first), second),
    tf.add(tf.mul(tf.sub(first, second), 3), rise),
    rise,
    tf.sub(tf.sub(afterwards, second), tf.mul(rise, 2)),
  ];
}

/** A row of each clip moved by one: later for 1, earlier for −1; zero comes in. */
function shifted(phase: Tensor2D, clips: number, by: 1 | -1): Tensor2D {
  const [channels, columns] = phase.shape;
  const time = columns / clips;
  const rows: Tensor3D = tf.reshape(phase, [channels, clips, time]);
  const kept = tf.slice(rows, [0, 0, by === 1 ? 0 : 1], [channels, clips, time - 1]);
  const padded = tf.pad(kept, [[0, 0], [0, 0], by === 1 ? [1, 0] : [0, 1]]);
  return tf.reshape(padded, [channels, columns]);
}

/** The kernel's five matrices. @param taps three of one shape */
export function kernelCombinations(taps: readonly Tensor2D[]): Tensor2D[] {
  return kernelRows.map((row) => total(row.flatMap((weight, tap) => (weight === 0 ? [] : [tf.mul(taps[tap] as Tensor2D, weight)]))));
}

/** Three outputs of five products. */
export function outputsOf([m0, m1, m2, m3, m4]: Five): [Tensor2D, Tensor2D, Tensor2D] {
  const sum = tf.add(m1, m2);
  return [tf.add(tf.add(m0, sum), m3), tf.add(tf.sub(m1, m2), tf.mul(m3, 2)), tf.add(tf.add(sum, m4), tf.mul(m3, 4))];
}

/**
 * The convolution of a signal, zero beyond its ends, with a kernel of three.
 * @param kernel {@link kernelCombinations}, each `[channels out, channels in]`
 */
export function convolve(kernel: readonly Tensor2D[], signal: Phases, clips: number): [Tensor2D, Tensor2D, Tensor2D] {
  const combined = signalCombinations(signal, clips);
  return outputsOf(combined.map((part, index) => tf.matMul(kernel[index] as Tensor2D, part)) as Five);
}

/**
 * The gradient of a kernel of three, by tap, `[channels out, channels in]`.
 * @param output its output's gradient by phase
 * @param input its input by phase
 */
export function kernelGradientOf(output: Phases, input: Phases, clips: number): Tensor2D[] {
  const [first, second, third] = output;
  const outer = tf.add(first, third);
  const spread = [first, tf.add(outer, second), tf.sub(outer, second), tf.add(tf.add(first, tf.mul(second, 2)), tf.mul(third, 4)), third];
  const products = signalCombinations(input, clips).map((part, index) => tf.matMul(spread[index] as Tensor2D, part, false, true));
  return [0, 1, 2].map((tap) =>
    total(products.flatMap((product, index) => (kernelRows[index]?.[tap] === 0 ? [] : [tf.mul(product, kernelRows[index]?.[tap] ?? 0)]))),
  );
}

/** Time by phase: `[channels, clips · time]` to three of a third. */
export function phasesOf(signal: Tensor2D): Phases {
  const [channels, columns] = signal.shape;
  const byPhase = tf.transpose(tf.reshape(signal, [(channels * columns) / 3, 3]));
  const [first, second, third] = tf.split(byPhase, 3, 0).map((phase) => tf.reshape<tf.Rank.R2>(phase, [channels, columns / 3]));
  return [first as Tensor2D, second as Tensor2D, third as Tensor2D];
}

/** Puts any number of phases into the order of time. */
export function inOrder(phases: readonly Tensor2D[]): Tensor2D {
  const [only] = phases;
  const [channels, columns] = (only as Tensor2D).shape;
  if (phases.length === 1) return only as Tensor2D;
  const rows = phases.map((phase) => tf.reshape<tf.Rank.R2>(phase, [1, channels * columns]));
  return tf.reshape(tf.transpose(tf.concat(rows, 0)), [channels, columns * phases.length]);
}
