/**
 * @file InfoNCE over future steps (van den Oord et al. 2018, equation 4): from the context at a time, the latent so many steps later is told from others.
 * Scores are inner products. One set of negatives belongs to each latent that is predicted, whatever step it is predicted from.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';

/** What is compared. */
export type Predictions = {
  /** `[batch, time, dimensions]` */
  latents: Tensor3D;
  /** `[batch, time, units]` */
  contexts: Tensor3D;
  /** By step, `[dimensions, units]`: what predicts a latent from a context. */
  predictors: readonly Tensor2D[];
  /** How many steps later the latent is that each predicts, from 1. */
  steps: readonly number[];
  /** `[batch, time, negatives]`: which latents, counted over batch and time, that at a place is told from. */
  negatives: Tensor3D;
  /** Where each place is among the negatives, by the same columns: for permutations, their inverses, which make the way back a look-up. */
  inverses?: Tensor3D;
  /** `[batch, time]`: 1 where predictions are made from, 0 elsewhere. */
  window: Tensor2D;
};

/** The cross entropy of the right latent among its negatives: its mean over the places, then over the steps. */
export function infoNce({ latents, contexts, predictors, steps, negatives, inverses, window }: Predictions): Scalar {
  const [batch, time, dimensions] = latents.shape;
  const flat = tf.reshape<tf.Rank.R2>(latents, [batch * time, dimensions]);
  const places = withOwn(negatives);
  const candidates = inverses === undefined ? (tf.gather<Tensor>(flat, places) as Tensor3D) : looked(flat, places, withOwn(inverses));
  const predicted = steps.map((step, index) => predictedBy(contexts, defined(predictors[index], 'a predictor'), step));
  const scores = tf.matMul(candidates, tf.reshape(tf.stack(predicted, 2), [batch * time, steps.length, dimensions]), false, true);
  const right = tf.reshape(tf.slice(scores, [0, 0, 0], [batch * time, 1, steps.length]), [batch * time, steps.length]);
  const losses = tf.sub(tf.logSumExp(scores, 1), right);
  const counted = tf.stack(
    steps.map((step) => later(window, step)),
    2,
  );
  const weights = tf.reshape(tf.div(counted, tf.sum(counted, [0, 1])), [batch * time, steps.length]);
  return tf.div(tf.sum(tf.mul(losses, weights)), steps.length);
}

/** `[batch · time, 1 + count]`: each place itself before those that are named. */
function withOwn(named: Tensor3D): Tensor2D {
  const [batch, time, count] = named.shape;
  const own = tf.reshape(tf.range(0, batch * time, 1, 'int32'), [batch * time, 1]);
  return tf.concat([own, tf.cast(tf.reshape(named, [batch * time, count]), 'int32')], 1) as Tensor2D;
}

/**
 * Rows by place. The gradient of a row is the sum of what each column says where that row stands in it, which the inverses tell: a look-up, too, whose sums
 * have one order however many threads compute them.
 */
function looked(rows: Tensor2D, places: Tensor2D, inverses: Tensor2D): Tensor3D {
  const [count, columns] = places.shape;
  const apply = tf.customGrad((...given) => {
    const save = given.at(-1) as unknown as (tensors: Tensor[]) => void;
    save([inverses]);
    return {
      value: tf.gather<Tensor>(given[0] as Tensor, places),
      gradFunc: (gradient: Tensor, [saved]: Tensor[]) => {
        const flat = tf.reshape(gradient, [count * columns, rows.shape[1]]);
        const at = tf.add(tf.mul(defined(saved, 'the inverses'), tf.scalar(columns, 'int32')), tf.range(0, columns, 1, 'int32'));
        return tf.sum(tf.gather(flat, at as Tensor2D), 1);
      },
    };
  });
  return apply(rows) as Tensor3D;
}

/** What is predicted of each place from the context so many steps before; zeros where there is none. */
export function predictedBy(contexts: Tensor3D, predictor: Tensor2D, step: number): Tensor3D {
  const [batch, time, units] = contexts.shape;
  const before = tf.reshape(tf.slice(contexts, [0, 0, 0], [batch, time - step, units]), [batch * (time - step), units]);
  const made = tf.reshape<tf.Rank.R3>(tf.matMul(before, predictor, false, true), [batch, time - step, predictor.shape[0]]);
  return tf.pad(made, [
    [0, 0],
    [step, 0],
    [0, 0],
  ]);
}

/** Moves `[batch, time]` so many steps later; zeros come in. */
function later(x: Tensor2D, step: number): Tensor {
  const [batch, time] = x.shape;
  return tf.pad(tf.slice(x, [0, 0], [batch, time - step]), [
    [0, 0],
    [step, 0],
  ]);
}
