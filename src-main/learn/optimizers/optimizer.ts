/** @file What an optimiser is: a pure function from weights, gradients and its own state to the next ones. */
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';

/** One parameter's step. `state`: the optimiser's tensors for it, by name, each of the parameter's shape. */
export type UpdateInput = {
  weight: Tensor;
  gradient: Tensor;
  state: Readonly<Record<string, Tensor>>;
  learningRate: Scalar;
  /** Counts from 1. */
  step: Scalar;
};

/** Changes one parameter at a time. */
export type Optimizer = {
  /** Names of the tensors that it keeps for each parameter; they begin as zeros. */
  slots: readonly string[];
  update(input: UpdateInput): { weight: Tensor; state: Record<string, Tensor> };
};
