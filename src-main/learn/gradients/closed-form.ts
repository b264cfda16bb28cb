/** @file Puts a computation whose gradient is known in closed form on tfjs' tape, where it counts as one operation. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** What such a computation leaves: its result, what is told beside it, and the way back. */
export type ClosedForm = {
  value: Tensor;
  /** Has no gradient; may be used until the gradient is taken. */
  beside: Record<string, Tensor>;
  /** @param gradient of `value` @returns those of all inputs, in their order */
  backward(gradient: Tensor): Tensor[];
};

/**
 * Runs a computation so that the tape can go back through it.
 * @param inputs what it has gradients with respect to; it may use other tensors, too
 * @param run is called once, at once, with the inputs as they stay until the tape has gone back through it; so does what it computes on the way, but for
 *   what is tidied up
 */
export function closedForm<Value extends Tensor>(
  inputs: readonly Tensor[],
  run: (inputs: readonly Tensor[]) => ClosedForm,
): { value: Value; beside: Record<string, Tensor> } {
  const { state } = tf.engine();
  if (!tf.engine().isTapeOn()) return run(inputs) as ClosedForm & { value: Value };
  let beside: Record<string, Tensor> = {};
  const pass = tf.customGrad(() => {
    const computed = untaped(() => run(inputs.map((tensor) => tf.clone(tensor))));
    // The scope ends with this function; the way back needs what was computed in it.
    const held = state.activeScope.track.map((tensor) => tf.keep(tensor));
    ({ beside } = computed);
    return {
      value: tf.clone(computed.value),
      gradFunc: (gradient: Tensor) => {
        const gradients = computed.backward(gradient);
        tf.dispose(held);
        return gradients;
      },
    };
  });
  return { value: pass(...inputs) as Value, beside };
}

/** Runs something as if no gradient were asked for: under a tape, tfjs takes fused operations apart, which it need not where the tape does not look. */
export function untaped<Result>(run: () => Result): Result {
  const { state } = tf.engine();
  const depth = state.gradientDepth;
  state.gradientDepth = 0;
  try {
    return run();
  } finally {
    state.gradientDepth = depth;
  }
}
