/**
 * @file Layer-wise adaptive rate scaling (You, Gitman and Ginsburg 2017), as VICReg's released code has it: the trust ratio scales the
 * decayed gradient before momentum, and vectors (biases and norms) may be left out of both decay and scaling.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import type { Optimizer } from './optimizer.ts';
import type { LarsSettings } from './settings.ts';

/** Keeps `velocity`. */
export function lars({ momentum, trust, weightDecay, excludeVectors }: LarsSettings): Optimizer {
  return {
    slots: ['velocity'],
    at:
      ({ learningRate }) =>
      ({ weight, gradient, state }) => {
        const isExcluded = excludeVectors && weight.rank <= 1;
        const decayed = isExcluded || weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(weight, weightDecay));
        const scaled = isExcluded ? decayed : tf.mul(decayed, trustRatio(weight, decayed, trust));
        const velocity = tf.add(tf.mul(defined(state['velocity'], 'velocity'), momentum), scaled);
        return { weight: tf.sub(weight, tf.mul(velocity, learningRate)), state: { velocity } };
      },
  };
}

/** How long the weights are against their gradient; 1 where either is zero. */
function trustRatio(weight: Tensor, gradient: Tensor, trust: number): Tensor {
  const [weightNorm, gradientNorm] = [tf.norm(weight), tf.norm(gradient)];
  const isUsable = tf.logicalAnd(tf.greater(weightNorm, 0), tf.greater(gradientNorm, 0));
  return tf.where(isUsable, tf.div(tf.mul(weightNorm, trust), gradientNorm), tf.onesLike(weightNorm));
}
