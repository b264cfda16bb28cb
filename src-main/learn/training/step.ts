/**
 * @file A training step, and the pieces of one that a large batch is computed in. Each is a pure function over tensors that reads nothing back.
 *
 * The objective sees embeddings alone. So a batch that is too large for a device is embedded chunk by chunk without gradients, the objective is
 * differentiated with respect to all embeddings at once, and each chunk is gone through again with its share: the gradients are those of the whole
 * batch (Gao et al. 2021, gradient cache). A chunk is then the group over which batch norms take their statistics.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import type { TrainOptions } from '../encoders/encoder.ts';
import type { WeightTensors } from '../parameters.ts';
import { registerGradients } from '../gradients/register.ts';
import { runningAfter } from '../layers/batch-norm.ts';
import { weightsOf } from './model.ts';
import type { TrainingModel } from './model.ts';

/** What a forward and backward pass over a batch gives. */
export type Gradients = {
  loss: Scalar;
  /** The loss's parts by name. */
  parts: Record<string, Scalar>;
  /** Of every trainable weight, by name. */
  gradients: Record<string, Tensor>;
  /** The running statistics afterwards, by name. */
  statistics: Record<string, Tensor>;
  /** `[2 · batch, dimensions]`, the first views before the second: the encoder's embeddings and the projector's projections. */
  embeddings: Tensor2D;
  projections: Tensor2D;
};

/**
 * Forward and backward over a batch. Views are passed through one after the other, as CLMR's code does: each has its own batch statistics.
 * @param views two tensors `[batch, cropSamples]`
 */
export function computeGradients(
  model: TrainingModel,
  weights: WeightTensors,
  views: readonly Tensor2D[],
  options: TrainOptions,
): Gradients {
  const own = weightsOf('encoder', weights);
  const trained = views.map((wave) => model.encoder.train(own, wave, options));
  const compared = objectiveGradients(
    model,
    weights,
    trained.map(({ embedding }) => embedding),
  );
  const [first, second] = trained.map(({ backward }, view) => backward(defined(compared.embeddingGradients[view], 'a gradient')));
  const gradients = { ...compared.projectorGradients };
  for (const [name, gradient] of Object.entries(first ?? {}))
    gradients[`encoder.${name}`] = tf.add(gradient, defined(second?.[name], name));
  let statistics = { ...compared.statistics };
  for (const pass of trained) statistics = { ...statistics, ...follow('encoder', { ...weights, ...statistics }, pass.statistics) };
  const { loss, parts, projections } = compared;
  return {
    loss,
    parts,
    gradients,
    statistics,
    projections,
    embeddings: tf.concat(
      trained.map(({ embedding }) => embedding),
      0,
    ),
  };
}

/** What the objective says of all embeddings of a batch. */
export type ObjectiveGradients = {
  loss: Scalar;
  parts: Record<string, Scalar>;
  projections: Tensor2D;
  /** By view, `[batch, dimensions]`. */
  embeddingGradients: Tensor2D[];
  projectorGradients: Record<string, Tensor>;
  /** The projector's running statistics afterwards. */
  statistics: Record<string, Tensor>;
};

/** Projects the embeddings of two views, compares them, and differentiates with respect to both the embeddings and the projector's weights. */
export function objectiveGradients(
  { projector, objective }: TrainingModel,
  weights: WeightTensors,
  embeddings: readonly Tensor2D[],
): ObjectiveGradients {
  registerGradients();
  const own = weightsOf('projector', weights);
  const names = projector.parameters().flatMap(({ name, isTrained }) => (isTrained ? [name] : []));
  const seen: { parts: Record<string, Scalar>; projections: Tensor2D[]; batches: Record<string, Tensor>[] } = {
    parts: {},
    projections: [],
    batches: [],
  };
  const lossOf = (...tensors: Tensor[]): Scalar => {
    const changed = { ...own, ...Object.fromEntries(names.map((name, index) => [name, defined(tensors[index + 2], name)])) };
    seen.batches = embeddings.map(() => ({}));
    seen.projections = embeddings.map((_, view) =>
      projector.train(changed, tensors[view] as Tensor2D, defined(seen.batches[view], 'a view')),
    );
    const { loss, parts } = objective(defined(seen.projections[0], 'a view'), defined(seen.projections[1], 'a view'));
    seen.parts = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, tf.keep(part)]));
    for (const tensor of [...seen.projections, ...seen.batches.flatMap((batch) => Object.values(batch))]) tf.keep(tensor);
    return loss;
  };
  const { value, grads } = tf.valueAndGrads(lossOf)([...embeddings, ...names.map((name) => defined(own[name], name))]);
  let statistics: Record<string, Tensor> = {};
  for (const batch of seen.batches) statistics = { ...statistics, ...follow('projector', { ...weights, ...statistics }, batch) };
  const parts = Object.fromEntries(Object.entries(seen.parts).map(([name, part]) => [name, tf.clone(part)]));
  const projections = tf.concat(seen.projections, 0);
  tf.dispose([...Object.values(seen.parts), ...seen.projections, ...seen.batches.flatMap((batch) => Object.values(batch))]);
  return {
    loss: value,
    parts,
    projections,
    embeddingGradients: grads.slice(0, 2) as Tensor2D[],
    projectorGradients: Object.fromEntries(names.map((name, index) => [`projector.${name}`, defined(grads[index + 2], name)])),
    statistics,
  };
}

/** The running statistics of a room after a batch. */
export function follow(
  room: 'encoder' | 'projector',
  weights: WeightTensors,
  batch: Readonly<Record<string, Tensor>>,
): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(batch).map(([name, value]) => {
      const whole = `${room}.${name}`;
      return [whole, runningAfter(defined(weights[whole], whole), value)];
    }),
  );
}

/** Weights and state after a step, in the order of `trained`; so are the norms of the gradients. `state` and the result's are named `slot:weight`. */
export function applyGradients(
  { optimizer }: Pick<TrainingModel, 'optimizer'>,
  given: {
    /** Names of what is changed; other weights are left alone. */
    trained: readonly string[];
    weights: WeightTensors;
    gradients: Readonly<Record<string, Tensor>>;
    state: Readonly<Record<string, Tensor>>;
    learningRate: Scalar;
    step: Scalar;
  },
): { weights: Record<string, Tensor>; state: Record<string, Tensor>; gradientNorms: Tensor } {
  const { learningRate, step } = given;
  const weights: Record<string, Tensor> = {};
  const state: Record<string, Tensor> = {};
  const norms: Tensor[] = [];
  for (const name of given.trained) {
    const gradient = defined(given.gradients[name], `the gradient of ${name}`);
    const slots = Object.fromEntries(optimizer.slots.map((slot) => [slot, defined(given.state[`${slot}:${name}`], `${slot}:${name}`)]));
    const next = optimizer.update({ weight: defined(given.weights[name], name), gradient, state: slots, learningRate, step });
    weights[name] = next.weight;
    for (const [slot, tensor] of Object.entries(next.state)) state[`${slot}:${name}`] = tensor;
    norms.push(tf.sqrt(tf.sum(tf.square(gradient))));
  }
  return { weights, state, gradientNorms: tf.stack(norms) };
}
