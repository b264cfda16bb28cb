/**
 * @file Limited-memory BFGS (Nocedal 1980; Nocedal and Wright 2006, algorithms 7.4 and 3.1) for convex losses over a whole batch: many problems of the
 * same size at once, one a column, each with a step length of its own. A step evaluates the gradient once: a trial that does not lower its column's
 * loss enough is drawn nearer, by quadratic interpolation, at the next step.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';

/** Pairs of differences that a column remembers. Ten are usual. */
const pairs = 10;
/** Share of the predicted decrease that a step must bring. */
const sufficient = 1e-4;
/** Losses that differ by less than this share are equal: 32-bit numbers know no better. */
const slack = 1e-6;
/** Stands for the loss before the first evaluation. */
const unknownLoss = 1e30;

type Tensors = Readonly<Record<string, Tensor>>;

const vectors = ['point', 'slope', 'direction', ...numbered('moved'), ...numbered('turned')];
const scalars = ['value', 'length', 'scale', ...numbered('curvature')];

function numbered(name: string): string[] {
  return Array.from({ length: pairs }, (_, age) => `${name}${age}`);
}

/** What the optimiser keeps, by name, with its shape and what it begins with; the same begins a new problem. @param shape `[inputs, columns]` */
export function lbfgsSlots([inputs, columns]: readonly [number, number]): { name: string; shape: number[]; first: number }[] {
  return [
    ...vectors.map((name) => ({ name, shape: [inputs, columns], first: 0 })),
    ...scalars.map((name) => ({ name, shape: [1, columns], first: name === 'value' ? unknownLoss : name === 'length' ? 1 : 0 })),
  ];
}

/**
 * One step.
 * @param given `weights` `[inputs, columns]` where the loss was evaluated, their `loss` `[1, columns]` and `gradient`, and `state` by the names of
 *   {@link lbfgsSlots}
 * @returns where to evaluate next, the next state, and of each column the largest slope at the best weights so far, `[1, columns]`; those weights are
 *   the state's `point`
 */
export function lbfgsStep(given: { weights: Tensor2D; loss: Tensor2D; gradient: Tensor2D; state: Tensors }): {
  weights: Tensor2D;
  state: Record<string, Tensor>;
  steepest: Tensor;
} {
  const { weights, loss, gradient, state } = given;
  const at = (name: string): Tensor2D => defined(state[name], name) as Tensor2D;
  const [point, slope, value, length] = [at('point'), at('slope'), at('value'), at('length')];
  const descent = tf.mul(columnSum(slope, at('direction')), length);
  const target = tf.add(tf.add(value, tf.mul(descent, sufficient)), tf.mul(tf.abs(value), slack));
  const isBetter = tf.lessEqual(loss, target);
  const taken = tf.cast(isBetter, 'float32');
  const remembered = remember({ moved: tf.mul(taken, tf.sub(weights, point)), turned: tf.mul(taken, tf.sub(gradient, slope)), at });
  const next = {
    point: mixed(taken, weights, point),
    slope: mixed(taken, gradient, slope),
    value: tf.where(isBetter, loss, value),
  };
  const fresh = freshDirection(next.slope, remembered);
  const direction = mixed(taken, fresh, at('direction'));
  const shorter = tf.div(tf.mul(descent, tf.mul(length, -0.5)), tf.maximum(tf.sub(tf.sub(loss, value), descent), 1e-30));
  const kept = tf.minimum(tf.maximum(shorter, tf.mul(length, 0.1)), tf.mul(length, 0.5));
  const following = tf.where(isBetter, tf.onesLike(length), kept);
  return {
    weights: tf.add(next.point, tf.mul(direction, following)),
    state: { ...remembered, ...next, direction, length: following },
    steepest: tf.max(tf.abs(next.slope), 0, true),
  };
}

/** Puts a pair behind the others, the oldest being forgotten. A pair without curvature, as a refused step leaves, counts for nothing. */
function remember({ moved, turned, at }: { moved: Tensor; turned: Tensor; at: (name: string) => Tensor2D }): Record<string, Tensor2D> {
  const product = columnSum(moved, turned);
  const square = columnSum(turned, turned);
  const size = tf.sqrt(tf.mul(columnSum(moved, moved), square));
  const isUsable = tf.greater(product, tf.maximum(tf.mul(size, 1e-8), 1e-30));
  const [one, nothing] = [tf.onesLike(product), tf.zerosLike(product)];
  const curvature = tf.where(isUsable, tf.div(one, tf.where(isUsable, product, one)), nothing);
  const scale: Tensor2D = tf.where(isUsable, tf.div(product, tf.where(isUsable, square, one)), at('scale'));
  const all: Record<string, Tensor2D> = { scale };
  for (const [name, latest] of Object.entries({ moved, turned, curvature }))
    for (let age = 0; age < pairs; age++) all[`${name}${age}`] = age === 0 ? (latest as Tensor2D) : tf.clone(at(`${name}${age - 1}`));
  return all;
}

/** The two loops over what is remembered. Before anything is, a step of length one down the slope. */
function freshDirection(slope: Tensor, state: Tensors): Tensor {
  const at = (name: string): Tensor => defined(state[name], name);
  let rest = slope;
  const shares: Tensor[] = [];
  for (let age = 0; age < pairs; age++) {
    const share = tf.mul(at(`curvature${age}`), columnSum(at(`moved${age}`), rest));
    shares.push(share);
    rest = tf.sub(rest, tf.mul(share, at(`turned${age}`)));
  }
  const steepness = tf.maximum(tf.sqrt(columnSum(slope, slope)), 1e-12);
  const scale = at('scale');
  rest = tf.mul(rest, tf.where(tf.greater(scale, 0), scale, tf.div(tf.onesLike(scale), steepness)));
  for (let age = pairs - 1; age >= 0; age--) {
    const share = tf.mul(at(`curvature${age}`), columnSum(at(`turned${age}`), rest));
    rest = tf.add(rest, tf.mul(at(`moved${age}`), tf.sub(defined(shares[age], 'a share'), share)));
  }
  return tf.neg(rest);
}

function columnSum(a: Tensor, b: Tensor): Tensor2D {
  return tf.sum(tf.mul(a, b), 0, true);
}

/** `a` in the columns where `share` is 1, `b` where it is 0. */
function mixed(share: Tensor, a: Tensor, b: Tensor): Tensor2D {
  return tf.add(b, tf.mul(share, tf.sub(a, b)));
}
