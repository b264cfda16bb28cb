/**
 * @file Gradients of the operations that objectives and projectors are written in. tfjs-core's package for Node carries the tape but not the
 * gradients (their registration is an ES module whose imports Node cannot follow), so those that are used are given here, in closed form.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { GradFunc, NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import { elementwiseGradients } from './elementwise.ts';
import { shapeGradients } from './shape.ts';

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

let isRegistered = false;

/** Makes the gradients known to tfjs; does nothing the second time. */
export function registerGradients(): void {
  if (isRegistered) return;
  isRegistered = true;
  for (const [kernelName, own] of Object.entries({ ...elementwiseGradients, ...shapeGradients })) {
    tf.registerGradient({
      kernelName,
      inputsToSave: [...own.names],
      saveAllInputs: own.isList === true,
      outputsToSave: own.savesOutput === true ? [true] : [],
      gradFunc: gradientFunction(own),
    });
  }
}

function gradientFunction(own: OperationGradient): GradFunc {
  return (given, saved, attributes) => {
    const gradients = Array.isArray(given) ? given : [given];
    const count = own.isList === true ? saved.length : own.names.length;
    const call: GradientCall = {
      gradient: defined(gradients[0], 'a gradient'),
      gradients,
      inputs: saved.slice(0, count),
      output: saved.at(-1) ?? defined(gradients[0], 'a gradient'),
      attributes,
    };
    const names = own.isList === true ? Array.from({ length: count }, (_, index) => String(index)) : own.names;
    return Object.fromEntries(names.map((name, index) => [name, () => own.of(call, index)]));
  };
}
