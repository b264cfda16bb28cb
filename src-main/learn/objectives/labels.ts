/**
 * @file Losses against labels. A label is 1 where it fits and 0 where it does not; below that, to −1, an answer that it does not fit counts less: −0.5 half, and
 * −1, where nothing is known, not at all.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';

/** Keeps a batch of which nothing is known from dividing by zero. */
const leastWeight = 1e-12;

/**
 * The binary cross-entropy of each label by itself, its mean over all answers as they count (PyTorch's `BCEWithLogitsLoss`; SampleCNN, Lee et al. 2017).
 * @param logits `[batch, labels]`
 * @param labels `[batch, labels]`, from −1 to 1
 */
export function binaryCrossEntropy(logits: Tensor2D, labels: Tensor2D): Scalar {
  const { answers, weights } = answersOf(labels);
  const losses = tf.sub(tf.softplus(logits), tf.mul(logits, answers));
  return tf.div(tf.sum<Scalar>(tf.mul(losses, weights)), tf.maximum(tf.sum(weights), leastWeight));
}

/**
 * The cross-entropy of one class out of several, its mean over the clips (PyTorch's `CrossEntropyLoss`).
 * @param logits `[batch, classes]`
 * @param labels `[batch, classes]`, 1 for the clip's class and 0 for the others
 */
export function crossEntropy(logits: Tensor2D, labels: Tensor2D): Scalar {
  return tf.mean<Scalar>(tf.sub(tf.logSumExp(logits, 1), tf.sum(tf.mul(logits, labels), 1)));
}

/** Answers as 1 and 0, and how much each counts. */
function answersOf(labels: Tensor2D): { answers: Tensor2D; weights: Tensor2D } {
  return { answers: tf.relu(labels), weights: tf.sub(1, tf.relu(tf.neg(labels))) };
}
