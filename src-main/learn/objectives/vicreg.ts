/**
 * @file Variance, invariance, covariance (Bardes, Ponce and LeCun 2022; for music Hesse and Löf 2023): views of a track are drawn together,
 * every dimension is kept from going flat, and no two may say the same.
 *
 * The released code differs from the paper by constant factors: it takes the mean of the squared distance over all entries, where the paper sums over
 * dimensions, and half of the variance's hinge for each branch.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import type { Objective } from './objective.ts';
import type { VicregSettings } from './settings.ts';

/** Added to the variance before its root. */
const epsilon = 1e-4;

/** The objective with the given weights of its parts, deviation to hold dimensions above, and whose factors to use. */
export function vicreg(settings: VicregSettings): Objective {
  const isCode = settings.normalisation === 'code';
  return (first, second) => {
    const distances = tf.square(tf.sub(first, second));
    const distance = isCode ? tf.mean(distances) : tf.mean(tf.sum(distances, 1));
    const hinge = tf.mul(tf.add(flatness(first, settings.gamma), flatness(second, settings.gamma)), isCode ? 0.5 : 1);
    const repeated = tf.add(repetition(first), repetition(second));
    const parts = {
      invariance: tf.mul<Scalar>(distance, settings.invariance),
      variance: tf.mul<Scalar>(hinge, settings.variance),
      covariance: tf.mul<Scalar>(repeated, settings.covariance),
    };
    return { loss: tf.addN([parts.invariance, parts.variance, parts.covariance]), parts };
  };
}

/** Mean over dimensions of how far the deviation falls short. */
function flatness(rows: Tensor2D, gamma: number): Scalar {
  const [count] = rows.shape;
  const variance = tf.div(tf.sum(tf.square(centred(rows)), 0), count - 1);
  return tf.mean(tf.relu(tf.sub(gamma, tf.sqrt(tf.add(variance, epsilon)))));
}

/** Squares of the covariance's entries off the diagonal, summed, over the number of dimensions. */
function repetition(rows: Tensor2D): Scalar {
  const [count, dimensions] = rows.shape;
  const own = centred(rows);
  const covariance = tf.div(tf.matMul(own, own, true), count - 1);
  const off = tf.mul(covariance, tf.sub(1, tf.eye(dimensions)));
  return tf.div(tf.sum(tf.square(off)), dimensions);
}

function centred(rows: Tensor2D): Tensor2D {
  return tf.sub(rows, tf.mean(rows, 0));
}
