/**
 * @file The normalised temperature-scaled cross entropy (Chen et al. 2020, SimCLR, equation 1; CLMR): each view must find its partner
 * among all other views of the batch.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import type { Objective } from './objective.ts';

/** Norms below this count as this, as PyTorch's cosine similarity has it. */
const leastNorm = 1e-8;
/** Stands for a similarity that may not be chosen: that of a view with itself. */
const never = 1e9;

/** @param temperature divides the similarities; CLMR uses 0.5 */
export function ntXent(temperature: number): Objective {
  return (first, second) => {
    const views = unitRows(tf.concat([first, second], 0));
    const [count] = views.shape;
    const similarities = tf.div(tf.matMul(views, views, false, true), temperature);
    const others = tf.sub(similarities, tf.mul(tf.eye(count), never));
    const [batch] = first.shape;
    const partners = tf.concat([tf.slice(views, [batch, 0]), tf.slice(views, [0, 0], [batch, -1])], 0);
    const positives = tf.div(tf.sum(tf.mul(views, partners), 1), temperature);
    const loss = tf.mean<Scalar>(tf.sub(tf.logSumExp(others, 1), positives));
    return { loss, parts: {} };
  };
}

/** Rows divided by their lengths. */
export function unitRows(rows: Tensor2D): Tensor2D {
  // The limit stands before the root, whose gradient at 0 has no end.
  return tf.div(rows, tf.sqrt(tf.maximum(tf.sum(tf.square(rows), 1, true), leastNorm ** 2)));
}
