/** @file Puts a computation whose gradient is known in closed form on tfjs' tape, where it counts as one operation. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import type { WeightTensors } from '../parameters.ts';

/** What such a computation leaves: its result, what is told beside it, and the way back. */
export type ClosedForm = {
  value: Tensor2D;
  /** Has no gradient; may be used until the gradient is taken. */
  beside: Record<string, Tensor>;
  /** @param gradient of `value` @returns those of all `names`, by name */
  backward(gradient: Tensor2D): Record<string, Tensor>;
};

/**
 * Runs a computation so that the tape can go back through it to the named weights.
 * @param run is called once, at once; what it computes on the way stays until the tape has gone back through it
 */
export function closedForm(weights: WeightTensors, names: readonly string[], run: () => ClosedForm): Omit<ClosedForm, 'backward'> {
  const { state } = tf.engine();
  if (!tf.engine().isTapeOn()) return run();
  let beside: Record<string, Tensor> = {};
  const pass = tf.customGrad(() => {
    const computed = untaped(run);
    // The scope ends with this function; the way back needs what was computed in it.
    const held = state.activeScope.track.map((tensor) => tf.keep(tensor));
    ({ beside } = computed);
    return {
      value: tf.clone(computed.value),
      gradFunc: (gradient: Tensor) => {
        const gradients = computed.backward(gradient as Tensor2D);
        tf.dispose(held);
        return names.map((name) => defined(gradients[name], `the gradient of ${name}`));
      },
    };
  });
  const value = pass(...names.map((name) => defined(weights[name], name)));
  return { value: value as Tensor2D, beside };
}

/** Runs something as if no gradient were asked for: under a tape, tfjs takes fused operations apart, which it need not where the tape does not look. */
function untaped<Result>(run: () => Result): Result {
  const { state } = tf.engine();
  const depth = state.gradientDepth;
  state.gradientDepth = 0;
  try {
    return run();
  } finally {
    state.gradientDepth = depth;
  }
}
