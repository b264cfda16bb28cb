/**
 * @file A gated recurrent unit (Cho et al. 2014), as PyTorch's `GRU` of one layer has it: gates in the order reset, update, new; the first state is zero. Training
 * takes it step by step, which the tape can follow; where nothing is learnt, a backend that has the whole unit as one kernel computes it by that.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import type { Parameter, WeightTensors } from '../parameters.ts';

const parts = (name: string): [inner: string, outer: string, innerBias: string, outerBias: string] => [
  `${name}.weight_ih_l0`,
  `${name}.weight_hh_l0`,
  `${name}.bias_ih_l0`,
  `${name}.bias_hh_l0`,
];

/** Its weights under PyTorch's names, all drawn within ±1 / √units as PyTorch does. */
export function gruParameters(name: string, inputs: number, units: number): Parameter[] {
  const bound = 1 / Math.sqrt(units);
  const shapes = [[3 * units, inputs], [3 * units, units], [3 * units], [3 * units]];
  return parts(name).map((one, index) => ({
    name: one,
    shape: shapes[index] ?? [],
    initial: { kind: 'uniform', bound },
    isTrained: true,
  }));
}

/**
 * The kernel of a whole unit, as ONNX's operator `GRU` has it with `linear_before_reset`: inputs `x` `[time, batch, inputs]`, `fromInput`
 * `[1, 3 · units, inputs]`, `fromState` `[1, 3 · units, units]` and `bias` `[1, 6 · units]`, gates in the order update, reset, new; gives `[time, batch, units]`.
 */
export const gruKernel = 'EarmarkGru';

/** {@link gru} without a gradient, as one kernel where the backend has it. @param x `[batch, time, inputs]` @returns `[batch, time, units]` */
export function heardGru(name: string, weights: WeightTensors, x: Tensor3D): Tensor3D {
  if (tf.getKernel(gruKernel, tf.getBackend()) === undefined) return gru(name, weights, x);
  const [fromInput, fromState, inputBias, stateBias] = parts(name).map((one) => updateFirst(defined(weights[one], one)));
  const given = {
    x: tf.transpose(x, [1, 0, 2]),
    ...{ fromInput: tf.expandDims(defined(fromInput, 'a weight'), 0), fromState: tf.expandDims(defined(fromState, 'a weight'), 0) },
    bias: tf.expandDims(tf.concat([defined(inputBias, 'a bias'), defined(stateBias, 'a bias')], 0), 0),
  };
  const states = tf.engine().runKernel<Tensor3D>(gruKernel, given);
  return tf.transpose(states, [1, 0, 2]);
}

/** Gates in the order of ONNX: update, reset, new. */
function updateFirst(weight: Tensor): Tensor {
  const [reset, update, fresh] = tf.split(weight, 3, 0) as [Tensor, Tensor, Tensor];
  return tf.concat([update, reset, fresh], 0);
}

/** @param x `[batch, time, inputs]` @returns the state after every step, `[batch, time, units]` */
export function gru(name: string, weights: WeightTensors, x: Tensor3D): Tensor3D {
  const [batch, time, inputs] = x.shape;
  const [fromInput, fromState, inputBias, stateBias] = parts(name).map((one) => defined(weights[one], one)) as [
    Tensor2D,
    Tensor2D,
    Tensor2D,
    Tensor2D,
  ];
  const units = fromState.shape[1];
  const projected = tf.add(tf.matMul(tf.reshape(x, [batch * time, inputs]), fromInput, false, true), inputBias);
  const steps = tf.unstack(tf.reshape(projected, [batch, time, 3 * units]), 1) as Tensor2D[];
  let state: Tensor2D | null = null;
  const states = steps.map((given) => {
    const recurrent: Tensor2D =
      state === null ? tf.reshape(stateBias, [1, 3 * units]) : tf.add(tf.matMul(state, fromState, false, true), stateBias);
    state = stateAfter(state, tf.split(given, 3, 1), tf.split(recurrent, 3, 1));
    return state;
  });
  return tf.stack(states, 1) as Tensor3D;
}

/** @param state the one before; null for zeros */
function stateAfter(state: Tensor2D | null, given: readonly Tensor2D[], recurrent: readonly Tensor2D[]): Tensor2D {
  const [givenReset, givenUpdate, givenNew] = given as [Tensor2D, Tensor2D, Tensor2D];
  const [ownReset, ownUpdate, ownNew] = recurrent as [Tensor2D, Tensor2D, Tensor2D];
  const reset = tf.sigmoid(tf.add(givenReset, ownReset));
  const update = tf.sigmoid(tf.add(givenUpdate, ownUpdate));
  const fresh = tf.tanh(tf.add(givenNew, tf.mul(reset, ownNew)));
  return state === null ? tf.sub(fresh, tf.mul(update, fresh)) : tf.add(fresh, tf.mul(update, tf.sub(state, fresh)));
}
