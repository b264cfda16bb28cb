/** @file The graphs that training is made of: a whole step, or its pieces for a batch that is computed chunk by chunk. */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import { training } from '../../learn/index.ts';
import type { NamedShape, Pieces, TrainOptions } from '../../learn/index.ts';
import type { OnnxValue } from '../onnx/graph.ts';
import type { Recording } from '../record/record.ts';
import { nextPrefix } from './resident.ts';

type Tensors = Readonly<Record<string, Tensor>>;

/** Prefix of outputs that hold a part of the loss. */
export const partPrefix = 'part:';
/** Prefix of outputs that hold what the method watches. */
export const watchedPrefix = 'watched:';
/** Prefix of outputs that hold what is remembered of tracks. */
export const rememberedPrefix = 'remembered:';
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

/** What is told of a step, under the names that outputs have. */
export function toldOf({
  loss,
  parts,
  watched,
  remembered,
}: Record<'parts' | 'watched' | 'remembered', Tensors> & { loss: Tensor }): Record<string, Tensor> {
  const prefixed = (prefix: string, named: Tensors): [string, Tensor][] =>
    Object.entries(named).map(([name, tensor]) => [`${prefix}${name}`, tensor]);
  const all = [...prefixed(partPrefix, parts), ...prefixed(watchedPrefix, watched), ...prefixed(rememberedPrefix, remembered)];
  return { loss, ...Object.fromEntries(all) };
}

/** What a step takes besides the batch: the learning rate and the step's number. */
const scalars = [input('learningRate', []), input('step', [])];

/** What a step takes of a batch. */
function partShapes({ method }: training.TrainingModel, batch: number): NamedShape[] {
  return method.parts.map(({ name, shape }) => ({ name, shape: [batch, ...shape] }));
}

/** A whole step: the parts of a batch in; loss, its parts, what is watched, and norms of the gradients out. */
export function stepGraph(options: GraphOptions): Recording {
  const { model, batch } = options;
  const parameters = model.method.parameters();
  const parts = partShapes(model, batch);
  return {
    name: 'training step',
    order: 'late',
    inputs: [...parts.map(asInput), ...scalars, ...parameters.map(asInput), ...stateParameters(options).map(asInput)],
    run: (given) => {
      const weights = pick(given, parameters);
      const computed = training.computeGradients(model, weights, pick(given, parts), options);
      const applied = training.applyGradients(model, {
        trained: namesOf(training.trainedParameters(model)),
        weights,
        gradients: computed.gradients,
        state: given,
        ...scalarsOf(given),
      });
      const averaged = training.averagesAfter(model.method, { weights, after: applied.weights, step: scalarsOf(given).step });
      const resident = next({ ...computed.statistics, ...applied.weights, ...applied.state, ...averaged });
      return { ...toldOf(computed), gradientNorms: applied.gradientNorms, ...resident };
    },
  };
}

/** What the method tells of held-out clips, `wave` `[batch, cropSamples]`, by name. @throws AppError INTERNAL for a method that holds nothing out */
export function evaluationGraph({ model, batch }: Omit<GraphOptions, 'chunkElements'>): Recording {
  const { encoder, evaluate, parameters } = model.method;
  return {
    name: 'evaluation',
    inputs: [input('wave', [batch, encoder.cropSamples]), ...parameters().map(asInput)],
    run: (given) => defined(evaluate, 'an evaluation')(given, defined(given['wave'], 'wave') as Tensor2D),
  };
}

/** A method whose batch is computed in pieces. */
export type PieceOptions = GraphOptions & { pieces: Pieces };

/** What a chunk is embedded from, as inputs: `[clips, …]` each. */
function chunkInputs(shapes: readonly (readonly number[])[]): NamedShape[] {
  return shapes.map((shape, index) => ({ name: chunkInput(index), shape }));
}

/** The name of one of the parts that a chunk is embedded from. */
export function chunkInput(index: number): string {
  return `part-${index}`;
}

/** Embeds a chunk in training mode: its parts `[clips, …]` to `embedding`. */
export function embedGraph({ pieces, chunkElements }: PieceOptions, shapes: readonly (readonly number[])[]): Recording {
  const parameters = pieces.embedding.filter(({ isTrained }) => isTrained);
  return {
    name: 'embedding of a chunk',
    order: 'late',
    inputs: [...chunkInputs(shapes), ...parameters].map(asInput),
    run: (given) => ({ embedding: pieces.embed(given, chunkOf(given, shapes), { chunkElements }).embedding }),
  };
}

/**
 * The loss over all embeddings: each `[batch, dimensions]` in, and parts that are taken as they are; gradients of the embeddings out under their names, those
 * of the weights resident.
 */
export function compareGraph({ model, batch, pieces }: PieceOptions): Recording {
  const rows = Object.keys(pieces.embedded).map((name) => ({ name, shape: [batch, model.method.encoder.dimensions] }));
  const beside = partShapes(model, batch).filter(({ name }) => pieces.beside?.includes(name));
  return {
    name: 'objective',
    inputs: [...rows, ...beside, ...pieces.comparing].map(asInput),
    run: (given) => {
      const embeddings = pick(given, rows) as Record<string, Tensor2D>;
      const compared = training.compareGradients(pieces, pick(given, pieces.comparing), { embeddings, beside: pick(given, beside) });
      return {
        ...toldOf(compared),
        ...Object.fromEntries(Object.entries(compared.embeddingGradients).map(([name, tensor]) => [`${gradientPrefix}${name}`, tensor])),
        ...next({ ...compared.statistics, ...summedNames(compared.gradients) }),
      };
    },
  };
}

/** Goes back through a chunk: its parts, `gradient` of its embeddings; gradients are added to the resident sums. */
export function backwardGraph({ model, pieces, chunkElements }: PieceOptions, shapes: readonly (readonly number[])[]): Recording {
  const parameters = pieces.embedding;
  const sums = parameters.filter(({ isTrained }) => isTrained).map(({ name, shape }) => ({ name: `${gradientPrefix}${name}`, shape }));
  const gradientInput = input('gradient', [shapes[0]?.[0] ?? 0, model.method.encoder.dimensions]);
  return {
    name: 'gradients of a chunk',
    order: 'late',
    inputs: [...chunkInputs(shapes).map(asInput), gradientInput, ...parameters.map(asInput), ...sums.map(asInput)],
    run: (given) => {
      const gradient = defined(given['gradient'], 'gradient') as Tensor2D;
      const own = { parts: chunkOf(given, shapes), gradient, options: { chunkElements } };
      const { gradients, statistics } = training.embedGradients(pieces, pick(given, parameters), own);
      const summed = Object.entries(summedNames(gradients)).map(([name, tensor]) => [name, tf.add(tensor, defined(given[name], name))]);
      return next({ ...statistics, ...(Object.fromEntries(summed) as Record<string, Tensor>) });
    },
  };
}

function chunkOf(given: Tensors, shapes: readonly (readonly number[])[]): Tensor[] {
  return chunkInputs(shapes).map(({ name }) => defined(given[name], name));
}

/** Gradients under the names of their sums. */
function summedNames(gradients: Tensors): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(gradients).map(([name, tensor]) => [`${gradientPrefix}${name}`, tensor]));
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
