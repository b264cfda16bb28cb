/** @file What the gradient of an operation is. */
import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';

/** What a gradient is made from: the incoming one (or several, where the operation has several outputs), and what was saved. */
export type GradientCall = { gradient: Tensor; gradients: Tensor[]; inputs: Tensor[]; output: Tensor; attributes: NamedAttrMap };

/** The gradients of an operation's inputs in the order of `names`, each computed when it is asked for. */
export type OperationGradient = {
  /** Names of the inputs that have gradients, in the order in which they are saved. */
  names: readonly string[];
  /** The operation takes a list instead; its inputs are numbered. */
  isList?: boolean;
  /** The output is saved as well. */
  savesOutput?: boolean;
  of(call: GradientCall, index: number): Tensor;
};

/** Gradients by the operations' tfjs names. */
export type GradientGroup = Readonly<Record<string, OperationGradient>>;
