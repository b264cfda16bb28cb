/** @file Faults in what learns concepts. */
import { faultsOf } from './fault.ts';
import type { Fault } from './fault.ts';

const learn = 'src-main/learn/concepts';
const tests = ['test/parity/concept-values.test.ts', 'test/unit/compute/concepts/'];

export const conceptFaults: readonly Fault[] = [
  ...faultsOf(`${learn}/autoencoder.ts`, tests, [
    [
      'concepts: the bias not taken from the rows',
      "tf.sub<Tensor2D>(rows, at(weights, 'decoder.bias'));\n  return tf.relu",
      'rows;\n  return tf.relu',
    ],
    ['concepts: no ReLU', 'return tf.relu(tf.add<Tensor2D>(', 'return (tf.add<Tensor2D>('],
    ['concepts: the largest of half a batch', 'active * rows.shape[0]);\n  const missed', '(active * rows.shape[0]) / 2);\n  const missed'],
    ['concepts: loss of sums', 'loss: tf.mean(tf.square(missed)),', 'loss: tf.sum(tf.square(missed)),'],
    ['concepts: dead ones not alone', 'tf.mul<Tensor2D>(activations, dead)', 'activations'],
    ['concepts: dead ones explain the segment', 'tf.matMul(tried, decoder), missed)', 'tf.matMul(tried, decoder), tf.mul(missed, 2))'],
    ['concepts: the second loss counts whole', '(2 * auxiliaryShare) / missed.size', '2 / missed.size'],
    [
      'concepts: silent ones have a gradient',
      'tf.matMul(gradient, decoder, false, true), isActive)',
      'tf.matMul(gradient, decoder, false, true), 1)',
    ],
    ['concepts: the gradient through the encoder’s input forgotten', '0), tf.squeeze(through, [0])),', '0), 0),'],
    ['concepts: length learnt too', 'tf.sub(gradient, tf.mul(directions', 'tf.add(gradient, tf.mul(directions'],
    ['concepts: squared length', 'tf.div(directions, tf.sqrt(tf.sum', 'tf.div(directions, tf.square(tf.sum'],
  ]),
  ...faultsOf(`${learn}/step.ts`, tests, [
    ['concepts: directions of any length', 'isDirection ? atUnitLength(after.weight as Tensor2D) : after.weight', 'after.weight'],
    ['concepts: what is silent counts', 'tf.greater(active, 0)', 'tf.greaterEqual(active, 0)'],
    [
      'concepts: the threshold subtracted',
      'tf.mul(activations, tf.cast(tf.greater',
      'tf.mul(tf.sub(activations, threshold), tf.cast(tf.greater',
    ],
  ]),
  ...faultsOf('src-main/compute/concepts/measure.ts', tests, [
    ['concepts: explained the other way', 'explained: 1 - left / whole', 'explained: left / whole'],
    ['concepts: threshold of one batch', '?? 0) / blocks.length', '?? 0) / 1'],
    ['concepts: all are dead', 'count === 0).length', 'count >= 0).length'],
  ]),
  ...faultsOf('src-main/compute/concepts/batch-order.ts', tests, [
    ['concepts: the same rows each step', 'const first = (step % this.#perEpoch) * this.#batch;', 'const first = 0;'],
    ['concepts: an order without the seed', 'this.#seed * 65_537 + epoch', 'epoch'],
  ]),
];
