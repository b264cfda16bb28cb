/** @file A model in training: a method with its encoder, and the optimiser of its weights. */
import type { Method } from '../methods/index.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import type { Parameter } from '../parameters.ts';

/** Everything that a step consists of. */
export type TrainingModel = { method: Method; optimizer: Optimizer };

/** What an optimiser changes, in the order of the layers. */
export function trainedParameters({ method }: Pick<TrainingModel, 'method'>): Parameter[] {
  return method.parameters().filter(({ isTrained }) => isTrained);
}
