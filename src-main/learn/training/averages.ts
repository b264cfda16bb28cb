/** @file Weights that follow those which an optimiser changes, by a moving average: a teacher's (Tarvainen and Valpola 2017). */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import type { Method } from '../methods/index.ts';
import type { WeightTensors } from '../parameters.ts';

/**
 * What followers are after a step: decay · follower + (1 − decay) · followed.
 * @param weights before the step, with the followers
 * @param after what the optimiser made of the followed
 * @param step counts from 1
 */
export function averagesAfter(
  { averages }: Pick<Method, 'averages'>,
  { weights, after, step }: { weights: WeightTensors; after: WeightTensors; step: Scalar },
): Record<string, Tensor> {
  if (averages === null) return {};
  const decay = averages.decay(step);
  const share = tf.sub(1, decay);
  return Object.fromEntries(
    [...averages.followers].map(([name, { of, isCopy }]) => {
      const followed = defined(after[of], of);
      if (isCopy) return [name, tf.clone(followed)];
      return [name, tf.add(tf.mul(defined(weights[name], name), decay), tf.mul(followed, share))];
    }),
  );
}
