/** @file What an optimiser is: a pure function from weights, gradients and its own state to the next ones. */
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';

/** One parameter's step. `state`: the optimiser's tensors for it, by name, each of the parameter's shape. */
export type UpdateInput = {
  weight: Tensor;
  gradient: Tensor;
  state: Readonly<Record<string, Tensor>>;
};

/** What is the same for all parameters of a step. `step` counts from 1. */
export type StepScalars = { learningRate: Scalar; step: Scalar };

/** Changes one parameter. */
export type Update = (input: UpdateInput) => { weight: Tensor; state: Record<string, Tensor> };

/** Changes one parameter at a time; what follows from rate and step alone is computed once for all. */
export type Optimizer = {
  /** Names of the tensors that it keeps for each parameter; they begin as zeros. */
  slots: readonly string[];
  at(scalars: StepScalars): Update;
};
