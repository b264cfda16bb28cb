/** @file What an objective is: a loss over the projections of two views, and its parts. */
import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';

/**
 * A loss with its parts by name; the parts are for people to look at and already carry their weights. `remembered`: what the objective is told of each track
 * the next time that it comes, `[batch, numbers]`, where it remembers anything; it has no gradient.
 */
export type ObjectiveValue = { loss: Scalar; parts: Record<string, Scalar>; remembered?: Tensor2D };

/**
 * Compares projections of two views, both `[batch, dimensions]`; row n of both comes from track n. Differentiable. An objective that remembers is also
 * given what it said of each track the last time, `[batch, numbers]`, zeros the first time.
 */
export type Objective = {
  (first: Tensor2D, second: Tensor2D, remembered?: Tensor2D): ObjectiveValue;
  /** How many numbers it remembers of a track; none when absent. */
  readonly remembers?: number;
};
