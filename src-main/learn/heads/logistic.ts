/**
 * @file Logistic regression of many labels and folds at once: one column of weights for each, all over the same examples. What a fold may not learn from
 * has the weight zero in its columns, so one product trains every fold and the head itself.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import { registerGradients } from '../gradients/register.ts';
import { lbfgsStep } from '../optimizers/lbfgs.ts';

/** What some rows say of the columns' losses. */
export type LogisticPart = {
  /** `[1, columns]` */
  loss: Tensor2D;
  /** `[inputs, columns]` */
  gradient: Tensor2D;
};

/**
 * Weighted cross entropy of some rows, with its gradient.
 * @param weights `[inputs, columns]`, columns are parts times labels; the last input is the 1 that a bias is multiplied with
 * @param rows `[rows, inputs]`
 * @param answers `[rows, labels]`
 * @param counts `[rows, parts, labels]`, how much each row counts in each column
 */
export function logisticPart(
  weights: Tensor2D,
  { rows, answers, counts }: { rows: Tensor2D; answers: Tensor; counts: Tensor },
): LogisticPart {
  registerGradients();
  const [size = 0, parts = 0, labels = 0] = counts.shape;
  const truth = tf.reshape(answers, [size, 1, labels]);
  let columns: Tensor2D | undefined;
  const total = (own: Tensor): tf.Scalar => {
    const logits = tf.reshape(tf.matMul(rows, own as Tensor2D), [size, parts, labels]);
    const losses = tf.mul(counts, tf.sub(tf.softplus(logits), tf.mul(logits, truth)));
    columns = tf.keep(tf.reshape<tf.Rank.R2>(tf.sum(losses, 0), [1, parts * labels]));
    return tf.sum(columns);
  };
  const { grad } = tf.valueAndGrad(total)(weights);
  const kept = defined(columns, 'the losses');
  const loss = tf.clone(kept);
  tf.dispose(kept);
  return { loss, gradient: grad as Tensor2D };
}

/**
 * The penalty's share, and the step that follows from sums over all rows.
 * @param penalty of the square of every weight but the biases, which are the last row; half of it counts
 */
export function logisticStep(given: {
  weights: Tensor2D;
  loss: Tensor2D;
  gradient: Tensor2D;
  penalty: Tensor;
  state: Readonly<Record<string, Tensor>>;
}): ReturnType<typeof lbfgsStep> {
  const [inputs] = given.weights.shape;
  const isWeight = tf.tensor2d(
    Float32Array.from({ length: inputs }, (_, input) => (input === inputs - 1 ? 0 : 1)),
    [inputs, 1],
  );
  const pull = tf.mul(tf.mul(given.weights, given.penalty), isWeight);
  const loss = tf.add<Tensor2D>(given.loss, tf.mul(tf.sum(tf.mul(pull, given.weights), 0, true), 0.5));
  return lbfgsStep({ weights: given.weights, loss, gradient: tf.add(given.gradient, pull), state: given.state });
}
