/** @file A probe: a linear layer, or one behind a hidden layer, on frozen embeddings; its first weights as PyTorch draws them, its loss and its gradients. */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import { registerGradients } from '../gradients/register.ts';
import { defaultBias, defaultKernel, drawWeights } from '../parameters.ts';
import type { Parameter, WeightArray, WeightTensors } from '../parameters.ts';
import type { ProbeKind } from './trial.ts';

/**
 * Sizes of a probe. `hidden` null: linear. `layers`: of an encoder, whose rows lie one behind the other in a row and are summed with learnt weights; absent:
 * a row is that of one layer.
 */
export type ProbeShape = { dimensions: number; hidden: number | null; outputs: number; layers?: number };

/** The name of the parameter whose softmax layers are weighted by. */
const layerWeights = 'layers.weight';

/** Weights `[units, inputs]` and biases, by the names of PyTorch's layers; those of an encoder's layers begin alike (Yang et al. 2021, SUPERB). */
export function probeParameters({ dimensions, hidden, outputs, layers }: ProbeShape): Parameter[] {
  const layer = (name: string, shape: readonly number[]): Parameter[] => [
    defaultKernel(`${name}.weight`, shape),
    defaultBias(`${name}.bias`, shape),
  ];
  const last = [outputs, hidden ?? dimensions];
  const alike: Parameter = { name: layerWeights, shape: [layers ?? 0], initial: { kind: 'constant', value: 0 }, isTrained: true };
  return [
    ...(hidden === null ? [] : layer('hidden', [hidden, dimensions])),
    ...layer('fc', last),
    ...(layers === undefined ? [] : [alike]),
  ];
}

/** First weights. */
export function probeWeights(shape: ProbeShape, seed: number): Map<string, WeightArray> {
  return drawWeights(probeParameters(shape), seed);
}

/** How much each layer counts: the softmax of their weights `[layers]`. */
export function layerShares(weights: ReadonlyMap<string, WeightArray>): number[] | null {
  const own = weights.get(layerWeights)?.data;
  if (own === undefined) return null;
  const most = own.reduce((a, b) => Math.max(a, b), -Infinity);
  const parts = Array.from(own, (one) => Math.exp(one - most));
  const sum = parts.reduce((a, b) => a + b, 0);
  return parts.map((part) => part / sum);
}

/** Rows `[rows, layers · dimensions]` as one sum of layers, weighted by the softmax of `[layers]`: `[rows, dimensions]`. */
function summedLayers(rows: Tensor2D, weights: Tensor): Tensor2D {
  const [count, width] = rows.shape;
  const [layers = 1] = weights.shape;
  const shares = tf.exp(tf.sub(weights, tf.logSumExp(weights)));
  const each = tf.reshape(rows, [count, layers, width / layers]);
  return tf.sum(tf.mul(each, tf.reshape(shares, [1, layers, 1])), 1);
}

/**
 * @param given `[rows, dimensions]`, of several layers `[rows, layers · dimensions]`
 * @param kept `[rows, hidden]`: what dropout leaves, scaled; absent where nothing is left out
 * @returns logits, or numbers, `[rows, outputs]`
 */
export function probeLogits(weights: WeightTensors, given: Tensor2D, kept?: Tensor): Tensor2D {
  const ofLayers = weights[layerWeights];
  const rows = ofLayers === undefined ? given : summedLayers(given, ofLayers);
  const at = (name: string): Tensor => defined(weights[name], name);
  const layer = (input: Tensor2D, name: string): Tensor2D =>
    tf.add(tf.matMul(input, at(`${name}.weight`) as Tensor2D, false, true), at(`${name}.bias`));
  if (weights['hidden.weight'] === undefined) return layer(rows, 'fc');
  const units = tf.relu(layer(rows, 'hidden'));
  return layer(kept === undefined ? units : tf.mul(units, kept), 'fc');
}

/** A batch: `answers` `[rows, outputs]`, of classes 1 for the row's own; `counts` `[rows]`, 0 for rows that only fill the batch, else 1. */
export type ProbeBatch = { rows: Tensor2D; answers: Tensor2D; counts: Tensor; kept: Tensor | undefined };

/** The mean loss of the rows that count: binary cross-entropy over labels, cross-entropy, or squared error over numbers, as PyTorch's means are. */
export function probeLoss(kind: ProbeKind, logits: Tensor2D, { answers, counts }: Pick<ProbeBatch, 'answers' | 'counts'>): Scalar {
  const each = {
    tags: () => tf.mean(tf.sub(tf.softplus(logits), tf.mul(logits, answers)), 1),
    classes: () => tf.sub(tf.logSumExp(logits, 1), tf.sum(tf.mul(logits, answers), 1)),
    numbers: () => tf.mean(tf.square(tf.sub(logits, answers)), 1),
  }[kind]();
  return tf.div(tf.sum(tf.mul(each, counts)), tf.sum(counts));
}

/** Loss and gradients by name. */
export function probeGradients(
  kind: ProbeKind,
  weights: WeightTensors,
  batch: ProbeBatch,
): { loss: Scalar; gradients: Record<string, Tensor> } {
  registerGradients();
  const names = Object.keys(weights);
  const lossOf = (...tensors: Tensor[]): Scalar => {
    const own = Object.fromEntries(names.map((name, index) => [name, defined(tensors[index], name)]));
    return probeLoss(kind, probeLogits(own, batch.rows, batch.kept), batch);
  };
  const { value, grads } = tf.valueAndGrads(lossOf)(names.map((name) => defined(weights[name], name)));
  return { loss: value, gradients: Object.fromEntries(names.map((name, index) => [name, defined(grads[index], name)])) };
}
