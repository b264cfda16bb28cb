/** @file A model in training: encoder, projector and objective joined, with their weights under one roof of names. */
import type { Encoder } from '../encoders/encoder.ts';
import type { Parameter, WeightArray, WeightTensors } from '../parameters.ts';
import type { Objective } from '../objectives/objective.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import type { Projector } from '../projectors/projector.ts';

/** Everything that a step consists of. */
export type TrainingModel = { encoder: Encoder; projector: Projector; objective: Objective; optimizer: Optimizer };

/** All weights with running statistics: `encoder.…` and `projector.…`. */
export function modelParameters({ encoder, projector }: Pick<TrainingModel, 'encoder' | 'projector'>): Parameter[] {
  const within =
    (room: string) =>
    (parameter: Parameter): Parameter => ({ ...parameter, name: `${room}.${parameter.name}` });
  return [...encoder.parameters().map(within('encoder')), ...projector.parameters().map(within('projector'))];
}

/** What an optimiser changes, in the order of the layers. */
export function trainedParameters(model: Pick<TrainingModel, 'encoder' | 'projector'>): Parameter[] {
  return modelParameters(model).filter(({ isTrained }) => isTrained);
}

/** First weights, the same on every machine. */
export function initialWeights(
  { encoder, projector }: Pick<TrainingModel, 'encoder' | 'projector'>,
  seed: number,
): Map<string, WeightArray> {
  return new Map([
    ...[...encoder.initialise(seed)].map(([name, array]) => [`encoder.${name}`, array] as const),
    // Another sequence of random numbers than the encoder's.
    ...[...projector.initialise((seed ^ 0x9e3779b9) >>> 0)].map(([name, array]) => [`projector.${name}`, array] as const),
  ]);
}

/** The weights of one room, without its name. */
export function weightsOf(room: 'encoder' | 'projector', weights: WeightTensors): WeightTensors {
  const prefix = `${room}.`;
  return Object.fromEntries(
    Object.entries(weights)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  );
}
