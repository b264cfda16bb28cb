/**
 * @file Adam (Kingma and Ba 2015, algorithm 1), with weight decay added to the gradient as PyTorch's `Adam` does, or taken from the weights beside it as its
 * `AdamW` does (Loshchilov and Hutter 2019, algorithm 2) and fairseq's `adam`, too.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import type { Optimizer } from './optimizer.ts';
import type { AdamSettings, AdamwSettings } from './settings.ts';

/** Keeps `mean` and `square`: moving averages of the gradient and of its square. */
export function adam({ beta1, beta2, epsilon, weightDecay }: AdamSettings): Optimizer {
  return {
    slots: ['mean', 'square'],
    update: ({ weight, gradient, state, learningRate, step }) => {
      const decayed = weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(weight, weightDecay));
      const mean = tf.add(tf.mul(defined(state['mean'], 'mean'), beta1), tf.mul(decayed, 1 - beta1));
      const square = tf.add(tf.mul(defined(state['square'], 'square'), beta2), tf.mul(tf.square(decayed), 1 - beta2));
      const rate = tf.div(learningRate, tf.sub(1, tf.pow(tf.scalar(beta1), step)));
      const unbiased = tf.rsqrt(tf.sub(1, tf.pow(tf.scalar(beta2), step)));
      const size = tf.add(tf.mul(tf.sqrt(square), unbiased), epsilon);
      return { weight: tf.sub(weight, tf.mul(rate, tf.div(mean, size))), state: { mean, square } };
    },
  };
}

/** Adam whose weight decay shrinks weights by rate × decay before the step, whatever the gradient's size. */
export function adamw({ weightDecay, ...settings }: AdamwSettings): Optimizer {
  const plain = adam({ ...settings, weightDecay: 0 });
  return {
    slots: plain.slots,
    update: ({ weight, learningRate, ...rest }) =>
      plain.update({ ...rest, learningRate, weight: tf.mul(weight, tf.sub(1, tf.mul(learningRate, weightDecay))) }),
  };
}
