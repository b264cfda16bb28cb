/**
 * @file Heads with one hidden layer, one for each fold and one that is kept, side by side: their first layers are one matrix, and each part has its own
 * second. All see the same batch; what a part may not learn from has the weight zero in it.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { defined, seededRandom } from '../../base/index.ts';
import type { NamedShape, WeightArray, WeightTensors } from '../parameters.ts';
import { registerGradients } from '../gradients/register.ts';

/** Sizes of heads side by side. */
export type MlpShape = { dimensions: number; hidden: number; parts: number; labels: number };

/** Names and shapes of all weights; a unit of part p stands in the columns from p · hidden on. */
export function mlpParameters({ dimensions, hidden, parts, labels }: MlpShape): NamedShape[] {
  return [
    { name: 'hidden.weight', shape: [dimensions, parts * hidden] },
    { name: 'hidden.bias', shape: [parts * hidden] },
    { name: 'fc.weight', shape: [parts, hidden, labels] },
    { name: 'fc.bias', shape: [parts, 1, labels] },
  ];
}

/** First weights, the same for every part: uniform within ±√(6 / fan-in) before the ReLU (He et al. 2015), ±1 / √fan-in behind it; biases 0. */
export function mlpInitialise(shape: MlpShape, seed: number): Map<string, WeightArray> {
  const random = seededRandom(seed);
  const { dimensions, hidden, parts, labels } = shape;
  const draw = (count: number, bound: number): Float32Array =>
    Float32Array.from({ length: count }, () => (2 * random.uniform() - 1) * bound);
  const first = draw(dimensions * hidden, Math.sqrt(6 / dimensions));
  const second = draw(hidden * labels, 1 / Math.sqrt(hidden));
  const weights = new Map(
    mlpParameters(shape).map((own) => [own.name, { shape: own.shape, data: new Float32Array(own.shape.reduce((a, b) => a * b, 1)) }]),
  );
  const [wide, deep] = [defined(weights.get('hidden.weight'), 'hidden.weight').data, defined(weights.get('fc.weight'), 'fc.weight').data];
  for (let part = 0; part < parts; part++) {
    deep.set(second, part * second.length);
    for (let row = 0; row < dimensions; row++) wide.set(first.subarray(row * hidden, (row + 1) * hidden), (row * parts + part) * hidden);
  }
  return weights;
}

/**
 * Logits of all parts.
 * @param rows `[rows, dimensions]`
 * @param kept `[rows, 1, hidden]`: what dropout leaves, scaled; absent when predicting
 * @returns `[parts, rows, labels]`
 */
export function mlpLogits(weights: WeightTensors, rows: Tensor2D, kept?: Tensor): Tensor3D {
  const at = (name: string): Tensor => defined(weights[name], name);
  const [parts = 0, hidden = 0] = at('fc.weight').shape;
  const units = tf.relu(tf.add(tf.matMul(rows, at('hidden.weight') as Tensor2D), at('hidden.bias')));
  const shaped = tf.reshape(units, [rows.shape[0], parts, hidden]);
  const left = kept === undefined ? shaped : tf.mul(shaped, kept);
  return tf.add(tf.matMul(tf.transpose(left, [1, 0, 2]), at('fc.weight') as Tensor3D), at('fc.bias'));
}

/**
 * Weighted cross entropy of a batch, summed over parts and labels, with the penalty on weights; and its gradients by name.
 * @param given `answers` `[rows, labels]`, `counts` `[parts, rows, labels]`, `kept` as in {@link mlpLogits}
 */
export function mlpGradients(
  weights: WeightTensors,
  given: { rows: Tensor2D; answers: Tensor; counts: Tensor; kept: Tensor; penalty: Tensor },
): { loss: Scalar; gradients: Record<string, Tensor> } {
  registerGradients();
  const names = Object.keys(weights);
  const lossOf = (...tensors: Tensor[]): Scalar => {
    const own = Object.fromEntries(names.map((name, index) => [name, defined(tensors[index], name)]));
    const logits = mlpLogits(own, given.rows, given.kept);
    const losses = tf.mul(given.counts, tf.sub(tf.softplus(logits), tf.mul(logits, tf.expandDims(given.answers, 0))));
    const squares = names.filter((name) => name.endsWith('.weight')).map((name) => tf.sum(tf.square(defined(own[name], name))));
    return tf.add(tf.sum(losses), tf.mul(tf.mul(tf.addN(squares), given.penalty), 0.5));
  };
  const { value, grads } = tf.valueAndGrads(lossOf)(names.map((name) => defined(weights[name], name)));
  return { loss: value, gradients: Object.fromEntries(names.map((name, index) => [name, defined(grads[index], name)])) };
}
