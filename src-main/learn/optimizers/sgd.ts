/** @file Stochastic gradient descent with momentum, as PyTorch's `SGD` defines it (Sutskever et al. 2013 up to where the rate stands). */
import * as tf from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import type { Optimizer } from './optimizer.ts';
import type { SgdSettings } from './settings.ts';

/** Keeps `velocity` where there is momentum. */
export function sgd({ momentum, nesterov, weightDecay }: SgdSettings): Optimizer {
  return {
    slots: momentum === 0 ? [] : ['velocity'],
    at:
      ({ learningRate }) =>
      ({ weight, gradient, state }) => {
        const decayed = weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(weight, weightDecay));
        if (momentum === 0) return { weight: tf.sub(weight, tf.mul(decayed, learningRate)), state: {} };
        const velocity = tf.add(tf.mul(defined(state['velocity'], 'velocity'), momentum), decayed);
        const direction = nesterov ? tf.add(decayed, tf.mul(velocity, momentum)) : velocity;
        return { weight: tf.sub(weight, tf.mul(direction, learningRate)), state: { velocity } };
      },
  };
}
