/** @file Adam (Kingma and Ba 2015, algorithm 1), with weight decay added to the gradient as PyTorch's `Adam` does. */
import * as tf from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import type { Optimizer } from './optimizer.ts';
import type { AdamSettings } from './settings.ts';

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
