/**
 * @file The global contrastive objective of SogCLR (Yuan et al. 2022, algorithm 1; `GCLoss_v1` of LibAUC, which Myna trains with): each view is drawn to its
 * partner and pushed from all others, the more alike the harder. How hard in all follows a moving average of what the track's views were alike to, over all
 * batches in which it came, so that small batches learn as large ones do.
 *
 * The loss is one whose gradient is the published estimate, and stays about zero. What falls is told beside it: the contrastive loss over all tracks, as far
 * as the averages know them (equation 3).
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import { untaped } from '../gradients/closed-form.ts';
import { unitRows } from './nt-xent.ts';
import type { Objective } from './objective.ts';
import type { SogclrSettings } from './settings.ts';

/** Averages below this count as this (Myna, released code). */
const leastAverage = 1e-8;

/**
 * The objective, which remembers one number of each track: the moving average. A track that comes for the first time has none, and begins with what it finds
 * there; LibAUC tells that of a batch as a whole, and only in the first epoch.
 */
export function sogclr(settings: SogclrSettings): Objective {
  const compare: Objective = (first, second, remembered) => {
    const views = [unitRows(first), unitRows(second)] as const;
    const [batch] = first.shape;
    const before = remembered ?? tf.zeros<tf.Rank.R2>([batch, 1]);
    const sides = [sideOf(views, before, settings), sideOf([views[1], views[0]], before, settings)] as const;
    const alike = tf.mul<Scalar>(tf.mean(tf.sum(tf.mul(views[0], views[1]), 1)), 2);
    const repulsion = tf.add<Scalar>(tf.mean(sides[0].repulsion), tf.mean(sides[1].repulsion));
    const averages = sides.map(({ average }) => average) as [Tensor2D, Tensor2D];
    return {
      loss: tf.sub(repulsion, alike),
      parts: { globalLoss: untaped(() => tf.sub(globalPart(averages, settings), alike)) },
      remembered: untaped(() => tf.mul<Tensor2D>(tf.add(...averages), 0.5)),
    };
  };
  return Object.assign(compare, { remembers: 1 });
}

/** Of both sides, the logarithm of the averages, times the temperature. */
function globalPart(averages: readonly Tensor2D[], { temperature }: SogclrSettings): Scalar {
  const logarithms = averages.map((average) => tf.mean<Scalar>(tf.log(tf.maximum(average, leastAverage))));
  return tf.mul(tf.addN(logarithms), temperature);
}

/** How much the views of one side are pushed from all of other tracks, and the new averages; `[batch, 1]` each. */
function sideOf(
  [own, other]: readonly [Tensor2D, Tensor2D],
  before: Tensor2D,
  { temperature, gamma }: SogclrSettings,
): { repulsion: Tensor2D; average: Tensor2D } {
  const [batch] = own.shape;
  const pairs = 2 * (batch - 1);
  const similarities = tf.concat([tf.matMul(own, other, false, true), tf.matMul(own, own, false, true)], 1);
  const { shares, average } = untaped(() => {
    const isOther = tf.sub(1, tf.eye(batch));
    const strengths = tf.mul<Tensor2D>(tf.exp(tf.div(similarities, temperature)), tf.concat([isOther, isOther], 1));
    const found = tf.div(tf.sum(strengths, 1, true), pairs);
    const share = tf.add(tf.mul(tf.cast(tf.equal(before, 0), 'float32'), 1 - gamma), gamma);
    const average = tf.add<Tensor2D>(tf.mul(before, tf.sub(1, share)), tf.mul(found, share));
    return { shares: tf.div<Tensor2D>(strengths, tf.maximum(average, leastAverage)), average };
  });
  return { repulsion: tf.div(tf.sum(tf.mul(shares, similarities), 1, true), pairs), average };
}
