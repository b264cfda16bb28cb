/**
 * @file A training step, and the pieces of one that a large batch is computed in. Each is a pure function over tensors that reads nothing back.
 *
 * In pieces, a batch is embedded chunk by chunk without gradients, the loss is differentiated with respect to all embeddings at once, and each chunk is
 * gone through again with its share: the gradients are those of the whole batch (Gao et al. 2021, gradient cache).
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import type { TrainOptions } from '../encoders/encoder.ts';
import { registerGradients } from '../gradients/register.ts';
import { runningAfter } from '../layers/batch-norm.ts';
import type { MethodValue, Pieces } from '../methods/index.ts';
import type { Parameter, WeightTensors } from '../parameters.ts';
import { trainedParameters } from './model.ts';
import type { TrainingModel } from './model.ts';

type Named = Record<string, Tensor>;

/** What a forward and backward pass over a batch gives. */
export type Gradients = {
  loss: Scalar;
  /** The loss's parts, and what the method watches, by name. */
  parts: Record<string, Scalar>;
  watched: Named;
  /** What is remembered of each item's track, by name. */
  remembered: Named;
  /** Of every trained weight, by name. */
  gradients: Named;
  /** The running statistics afterwards, by name. */
  statistics: Named;
};

/** Forward and backward over a batch. @param batch by the names of the method's parts, `[batch, …]` */
export function computeGradients(
  { method }: Pick<TrainingModel, 'method'>,
  weights: WeightTensors,
  batch: Readonly<Named>,
  options: TrainOptions,
): Gradients {
  const names = trainedParameters({ method }).map(({ name }) => name);
  const tensors = names.map((name) => defined(weights[name], name));
  const { gradients, ...value } = differentiate(weights, tensors, () => method.value(weights, batch, options));
  return { ...value, gradients: byName(names, gradients) };
}

/** What comparing all embeddings of a batch gives. */
export type ComparedGradients = Gradients & {
  /** By the embeddings' names, `[batch, dimensions]`. */
  embeddingGradients: Record<string, Tensor2D>;
};

/**
 * Differentiates the comparison with respect to both the embeddings and the weights that compare.
 * @param embeddings by name, `[batch, dimensions]`
 * @param beside what the comparison takes as it is
 */
export function compareGradients(
  pieces: Pieces,
  weights: WeightTensors,
  { embeddings, beside }: { embeddings: Readonly<Record<string, Tensor2D>>; beside: Readonly<Named> },
): ComparedGradients {
  const embedded = Object.keys(pieces.embedded);
  const given = embedded.map((name) => defined(embeddings[name], name));
  const names = trainedNames(pieces.comparing);
  const tensors = [...given, ...names.map((name) => defined(weights[name], name))];
  const { gradients, ...value } = differentiate(weights, tensors, () => pieces.compare(weights, embeddings, beside));
  const own = gradients.slice(0, given.length);
  return {
    ...value,
    gradients: byName(names, gradients.slice(given.length)),
    embeddingGradients: byName(embedded, own) as Record<string, Tensor2D>,
  };
}

/** Goes back through a chunk. @param parts what is embedded, `[clips, …]` each @param gradient of its embeddings, `[clips, dimensions]` */
export function embedGradients(
  pieces: Pieces,
  weights: WeightTensors,
  { parts, gradient, options }: { parts: readonly Tensor[]; gradient: Tensor2D; options: TrainOptions },
): Pick<Gradients, 'gradients' | 'statistics'> {
  registerGradients();
  const names = trainedNames(pieces.embedding);
  let running: Named = {};
  const back = tf.grads(() => {
    const { embedding, statistics } = pieces.embed(weights, parts, options);
    running = held(follow(weights, [statistics]));
    return embedding;
  });
  const gradients = back(
    names.map((name) => defined(weights[name], name)),
    gradient,
  );
  return { gradients: byName(names, gradients), statistics: released(running) };
}

type Differentiated = Omit<Gradients, 'gradients'> & { gradients: Tensor[] };

/** The value with its gradients with respect to some tensors that it is computed from. */
function differentiate(weights: WeightTensors, tensors: Tensor[], compute: () => MethodValue): Differentiated {
  registerGradients();
  let [parts, watched, remembered, statistics]: [Record<string, Scalar>, Named, Named, Named] = [{}, {}, {}, {}];
  const { value: loss, grads: gradients } = tf.valueAndGrads(() => {
    const computed = compute();
    parts = held(computed.parts);
    watched = held(computed.watched);
    remembered = held(computed.remembered ?? {});
    statistics = held(follow(weights, computed.statistics));
    return computed.loss;
  })(tensors);
  return {
    ...{ loss, gradients, parts: released(parts), watched: released(watched) },
    ...{ remembered: released(remembered), statistics: released(statistics) },
  };
}

/** Kept beyond the scope in which they were computed. A clone, since the tape frees what it has gone back through. */
function held<Value extends Tensor>(named: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(named).map(([name, tensor]) => [name, tf.keep(tf.clone(tensor))]));
}

/** Handed over to the scope that stands now. */
function released<Value extends Tensor>(named: Readonly<Record<string, Value>>): Record<string, Value> {
  const here = Object.fromEntries(Object.entries(named).map(([name, tensor]) => [name, tf.clone(tensor)]));
  tf.dispose(named);
  return here;
}

/** The running statistics after some batches, one after the other. */
function follow(weights: WeightTensors, batches: readonly Readonly<Named>[]): Named {
  const after: Named = {};
  for (const batch of batches)
    for (const [name, value] of Object.entries(batch)) after[name] = runningAfter(after[name] ?? defined(weights[name], name), value);
  return after;
}

function trainedNames(parameters: readonly Parameter[]): string[] {
  return parameters.flatMap(({ name, isTrained }) => (isTrained ? [name] : []));
}

function byName(names: readonly string[], tensors: readonly Tensor[]): Named {
  return Object.fromEntries(names.map((name, index) => [name, defined(tensors[index], name)]));
}

/** Weights and state after a step, in the order of `trained`; so are the norms of the gradients. `state` and the result's are named `slot:weight`. */
export function applyGradients(
  { optimizer }: Pick<TrainingModel, 'optimizer'>,
  given: {
    /** Names of what is changed; other weights are left alone. */
    trained: readonly string[];
    weights: WeightTensors;
    gradients: Readonly<Named>;
    state: Readonly<Named>;
    learningRate: Scalar;
    step: Scalar;
  },
): { weights: Named; state: Named; gradientNorms: Tensor } {
  const update = optimizer.at(given);
  const weights: Named = {};
  const state: Named = {};
  const norms: Tensor[] = [];
  for (const name of given.trained) {
    const weight = defined(given.weights[name], name);
    const gradient = compact(defined(given.gradients[name], `the gradient of ${name}`));
    const slots = optimizer.slots.map((slot) => [slot, compact(defined(given.state[`${slot}:${name}`], `${slot}:${name}`))] as const);
    const next = update({ weight: compact(weight), gradient, state: Object.fromEntries(slots) });
    weights[name] = tf.reshape(next.weight, weight.shape);
    for (const [slot, tensor] of Object.entries(next.state)) state[`${slot}:${name}`] = tf.reshape(tensor, weight.shape);
    norms.push(tf.sqrt(tf.sum(tf.square(gradient))));
  }
  return { weights, state, gradientNorms: tf.stack(norms) };
}

/**
 * Without the last axes of size 1 that a kernel of one pixel has: what broadcasts along these, as a scalar does, goes number by number on a processor, five
 * times as slow (observed with ONNX Runtime 1.30).
 */
function compact(tensor: Tensor): Tensor {
  const last = tensor.shape.findLastIndex((size) => size !== 1);
  return last === tensor.shape.length - 1 ? tensor : tf.reshape(tensor, tensor.shape.slice(0, last + 1));
}
