/** @file What an objective is: a loss over the projections of two views, and its parts. */
import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';

/** A loss with its parts by name; the parts are for people to look at and already carry their weights. */
export type ObjectiveValue = { loss: Scalar; parts: Record<string, Scalar> };

/** Compares projections of two views, both `[batch, dimensions]`; row n of both comes from track n. Differentiable. */
export type Objective = (first: Tensor2D, second: Tensor2D) => ObjectiveValue;
