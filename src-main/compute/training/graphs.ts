/** @file The graphs that training is made of: a whole step, or its pieces for a batch that is computed chunk by chunk. */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import { training } from '../../learn/index.ts';
import type { NamedShape, TrainOptions } from '../../learn/index.ts';
import type { OnnxValue } from '../onnx/graph.ts';
import type { Recording } from '../record/record.ts';
import { nextPrefix } from './resident.ts';

type Tensors = Readonly<Record<string, Tensor>>;

/** Prefix of outputs that hold a part of the loss. */
export const partPrefix = 'part:';
/** Prefix of resident sums of gradients. */
export const gradientPrefix = 'gradient:';

/** A model with the sizes that its graphs are made for. */
export type GraphOptions = { model: training.TrainingModel; batch: number } & TrainOptions;

const input = (name: string, shape: readonly number[]): OnnxValue => ({ name, type: 'float32', shape });
const asInput = ({ name, shape }: NamedShape): OnnxValue => input(name, shape);

/** The optimiser's tensors for the given parameters, named `slot:weight`. */
export function stateParameters({ model }: Pick<GraphOptions, 'model'>): NamedShape[] {
  const trained = training.trainedParameters(model);
  return model.optimizer.slots.flatMap((slot) => trained.map(({ name, shape }) => ({ name: `${slot}:${name}`, shape })));
}

function next(tensors: Tensors): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${nextPrefix}${name}`, tensor]));
}

/** Parts of a loss under the names that outputs have. */
export function partsOf(parts: Tensors): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(parts).map(([name, tensor]) => [`${partPrefix}${name}`, tensor]));
}

/** What a step takes besides the waves: the learning rate and the step's number. */
const scalars = [input('learningRate', []), input('step', [])];

/** A whole step: `first` and `second` `[batch, crop]` in; loss, parts, norms of the gradients and embeddings out. */
export function stepGraph(options: GraphOptions): Recording {
  const { model, batch } = options;
  const parameters = training.modelParameters(model);
  const wave = [batch, model.encoder.cropSamples];
  return {
    name: 'training step',
    order: 'late',
    inputs: [input('first', wave), input('second', wave), ...scalars, ...parameters.map(asInput), ...stateParameters(options).map(asInput)],
    run: (given) => {
      const weights = pick(given, parameters);
      const views = [defined(given['first'], 'first'), defined(given['second'], 'second')] as Tensor2D[];
      const computed = training.computeGradients(model, weights, views, options);
      const { gradients, statistics, loss, parts, embeddings, projections } = computed;
      const applied = training.applyGradients(model, {
        trained: namesOf(training.trainedParameters(model)),
        weights,
        gradients,
        state: given,
        ...scalarsOf(given),
      });
      const { gradientNorms } = applied;
      const resident = next({ ...statistics, ...applied.weights, ...applied.state });
      return { loss, ...partsOf(parts), gradientNorms, embeddings, projections, ...resident };
    },
  };
}

/** Embeds a chunk in training mode: `wave` `[clips, crop]` to `embedding`. */
export function embedGraph({ model, chunkElements }: GraphOptions, clips: number): Recording {
  const parameters = training.trainedParameters(model).filter(({ name }) => name.startsWith('encoder.'));
  return {
    name: 'embedding of a chunk',
    order: 'late',
    inputs: [input('wave', [clips, model.encoder.cropSamples]), ...parameters.map(asInput)],
    run: (given) => {
      const weights = training.weightsOf('encoder', given);
      return { embedding: model.encoder.train(weights, defined(given['wave'], 'wave') as Tensor2D, { chunkElements }).embedding };
    },
  };
}

/** The objective over all embeddings: `first` and `second` `[batch, dimensions]` in, their gradients out, the projector's gradients resident. */
export function objectiveGraph({ model, batch }: GraphOptions): Recording {
  const parameters = training.modelParameters(model).filter(({ name }) => name.startsWith('projector.'));
  const rows = [batch, model.encoder.dimensions];
  return {
    name: 'objective',
    inputs: [input('first', rows), input('second', rows), ...parameters.map(asInput)],
    run: (given) => {
      const embeddings = [defined(given['first'], 'first'), defined(given['second'], 'second')] as Tensor2D[];
      const compared = training.objectiveGradients(model, pick(given, parameters), embeddings);
      const [first, second] = compared.embeddingGradients;
      const gradients = Object.fromEntries(
        Object.entries(compared.projectorGradients).map(([name, tensor]) => [`${gradientPrefix}${name}`, tensor]),
      );
      return {
        loss: compared.loss,
        ...partsOf(compared.parts),
        projections: compared.projections,
        firstGradient: defined(first, 'first'),
        secondGradient: defined(second, 'second'),
        ...next({ ...compared.statistics, ...gradients }),
      };
    },
  };
}

/** Goes back through a chunk: `wave`, `gradient` of its embeddings; gradients are added to the resident sums. */
export function backwardGraph({ model, chunkElements }: GraphOptions, clips: number): Recording {
  const parameters = training.modelParameters(model).filter(({ name }) => name.startsWith('encoder.'));
  const sums = parameters.filter(({ isTrained }) => isTrained).map(({ name, shape }) => ({ name: `${gradientPrefix}${name}`, shape }));
  const { cropSamples, dimensions } = model.encoder;
  return {
    name: 'gradients of a chunk',
    order: 'late',
    inputs: [input('wave', [clips, cropSamples]), input('gradient', [clips, dimensions]), ...parameters.map(asInput), ...sums.map(asInput)],
    run: (given) => {
      const weights = pick(given, parameters);
      const pass = model.encoder.train(training.weightsOf('encoder', weights), defined(given['wave'], 'wave') as Tensor2D, {
        chunkElements,
      });
      const own = pass.backward(defined(given['gradient'], 'gradient') as Tensor2D);
      const summed = Object.entries(own).map(([name, tensor]) => {
        const whole = `${gradientPrefix}encoder.${name}`;
        return [whole, tf.add(tensor, defined(given[whole], whole))] as const;
      });
      return next({ ...training.follow('encoder', weights, pass.statistics), ...Object.fromEntries(summed) });
    },
  };
}

/** The optimiser's step from the resident gradients. */
export function updateGraph(options: GraphOptions): Recording {
  const { model } = options;
  const parameters = training.trainedParameters(model);
  const gradients = parameters.map(({ name, shape }) => ({ name: `${gradientPrefix}${name}`, shape }));
  return {
    name: 'optimiser step',
    inputs: [...scalars, ...parameters.map(asInput), ...gradients.map(asInput), ...stateParameters(options).map(asInput)],
    run: (given) => {
      const own = Object.fromEntries(parameters.map(({ name }) => [name, defined(given[`${gradientPrefix}${name}`], name)]));
      const applied = training.applyGradients(model, {
        trained: namesOf(parameters),
        weights: pick(given, parameters),
        gradients: own,
        state: given,
        ...scalarsOf(given),
      });
      return { gradientNorms: applied.gradientNorms, ...next({ ...applied.weights, ...applied.state }) };
    },
  };
}

function namesOf(parameters: readonly NamedShape[]): string[] {
  return parameters.map(({ name }) => name);
}

function pick(given: Tensors, parameters: readonly NamedShape[]): Record<string, Tensor> {
  return Object.fromEntries(parameters.map(({ name }) => [name, defined(given[name], name)]));
}

function scalarsOf(given: Tensors): { learningRate: Scalar; step: Scalar } {
  return { learningRate: defined(given['learningRate'], 'learningRate') as Scalar, step: defined(given['step'], 'step') as Scalar };
}
