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
    at: ({ learningRate, step }) => {
      const rate = tf.div(learningRate, tf.sub(1, tf.pow(tf.scalar(beta1), step)));
      // The square's bias is taken from rate and ε, which are scalars, instead of from each square.
      const bias = tf.sqrt(tf.sub(1, tf.pow(tf.scalar(beta2), step)));
      const [biasedRate, biasedEpsilon] = [tf.mul(rate, bias), tf.mul(bias, epsilon)];
      return ({ weight, gradient, state }) => {
        const decayed = weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(weight, weightDecay));
        const mean = tf.add(tf.mul(defined(state['mean'], 'mean'), beta1), tf.mul(decayed, 1 - beta1));
        const square = tf.add(tf.mul(defined(state['square'], 'square'), beta2), tf.mul(tf.square(decayed), 1 - beta2));
        const size = tf.add(tf.sqrt(square), biasedEpsilon);
        return { weight: tf.sub(weight, tf.mul(biasedRate, tf.div(mean, size))), state: { mean, square } };
      };
    },
  };
}

/** Adam whose weight decay shrinks weights by rate × decay before the step, whatever the gradient's size. */
export function adamw({ weightDecay, ...settings }: AdamwSettings): Optimizer {
  const plain = adam({ ...settings, weightDecay: 0 });
  return {
    slots: plain.slots,
    at: (scalars) => {
      const update = plain.at(scalars);
      const kept = tf.sub(1, tf.mul(scalars.learningRate, weightDecay));
      return ({ weight, ...rest }) => update({ ...rest, weight: tf.mul(weight, kept) });
    },
  };
}
