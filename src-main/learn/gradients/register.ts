/**
 * @file Gradients of the operations that objectives and projectors are written in. tfjs-core's package for Node carries the tape but not the
 * gradients (their registration is an ES module whose imports Node cannot follow), so those that are used are given here, in closed form.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { GradFunc } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import { elementwiseGradients } from './elementwise.ts';
import type { GradientCall, OperationGradient } from './gradient.ts';
import { shapeGradients } from './shape.ts';

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
