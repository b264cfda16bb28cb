/** @file Gradients of elementwise operations, of reductions and of matrix products. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import type { GradientCall, GradientGroup, OperationGradient } from './gradient.ts';

/** Sums a gradient over the axes along which its input was broadcast. */
function unbroadcast(gradient: Tensor, shape: readonly number[]): Tensor {
  const axes = tf.backend_util.getReductionAxes([...shape], gradient.shape);
  return tf.reshape(axes.length === 0 ? gradient : tf.sum(gradient, axes), [...shape]);
}

const input = ({ inputs }: GradientCall, index: number): Tensor => defined(inputs[index], 'a saved input');

const unary = (of: (call: GradientCall) => Tensor, savesOutput = false): OperationGradient => ({ names: ['x'], savesOutput, of });

/** `of` gives the gradient before broadcasting is undone. */
const binary = (of: (call: GradientCall, index: number) => Tensor): OperationGradient => ({
  names: ['a', 'b'],
  of: (call, index) => unbroadcast(of(call, index), input(call, index).shape),
});

const mask = (condition: Tensor): Tensor => tf.cast(condition, 'float32');

/** Brings a reduction's gradient back to the shape with ones where axes were reduced. */
function kept(call: GradientCall, gradient: Tensor): Tensor {
  const { shape } = input(call, 0);
  const axes = reducedAxes(call);
  return tf.reshape(
    gradient,
    shape.map((size, axis) => (axes.includes(axis) ? 1 : size)),
  );
}

function reducedAxes(call: GradientCall): number[] {
  const { axis, reductionIndices } = call.attributes as { axis?: number | number[]; reductionIndices?: number | number[] };
  return tf.util.parseAxisParam((axis ?? reductionIndices) as number | number[], input(call, 0).shape);
}

function reducedCount(call: GradientCall): number {
  return reducedAxes(call).reduce((count, axis) => count * (input(call, 0).shape[axis] ?? 1), 1);
}

/** Gradients by tfjs name. */
export const elementwiseGradients: GradientGroup = {
  Add: binary(({ gradient }) => gradient),
  Sub: binary(({ gradient }, index) => (index === 0 ? gradient : tf.neg(gradient))),
  Multiply: binary((call, index) => tf.mul(call.gradient, input(call, 1 - index))),
  RealDiv: binary((call, index) => {
    const share = tf.div(call.gradient, input(call, 1));
    return index === 0 ? share : tf.neg(tf.mul(share, tf.div(input(call, 0), input(call, 1))));
  }),
  Maximum: binary((call, index) =>
    tf.mul(call.gradient, mask(index === 0 ? tf.greaterEqual(input(call, 0), input(call, 1)) : tf.less(input(call, 0), input(call, 1)))),
  ),
  Minimum: binary((call, index) =>
    tf.mul(call.gradient, mask(index === 0 ? tf.lessEqual(input(call, 0), input(call, 1)) : tf.greater(input(call, 0), input(call, 1)))),
  ),
  Neg: unary(({ gradient }) => tf.neg(gradient)),
  Square: unary((call) => tf.mul(call.gradient, tf.mul(input(call, 0), 2))),
  Sqrt: unary(({ gradient, output }) => tf.div(tf.mul(gradient, 0.5), output), true),
  Rsqrt: unary(({ gradient, output }) => tf.mul(tf.mul(gradient, -0.5), tf.mul(output, tf.square(output))), true),
  Exp: unary(({ gradient, output }) => tf.mul(gradient, output), true),
  Log: unary((call) => tf.div(call.gradient, input(call, 0))),
  Relu: unary((call) => tf.mul(call.gradient, mask(tf.greater(input(call, 0), 0)))),
  Sigmoid: unary(({ gradient, output }) => tf.mul(gradient, tf.mul(output, tf.sub(1, output))), true),
  Softplus: unary((call) => tf.mul(call.gradient, tf.sigmoid(input(call, 0)))),
  Tanh: unary(({ gradient, output }) => tf.mul(gradient, tf.sub(1, tf.square(output))), true),
  // Over the last axis.
  Softmax: {
    names: ['logits'],
    savesOutput: true,
    of: ({ gradient, output }) => tf.mul(output, tf.sub(gradient, tf.sum(tf.mul(gradient, output), -1, true))),
  },
  Identity: unary(({ gradient }) => gradient),
  Cast: unary(({ gradient }) => tf.cast(gradient, 'float32')),
  AddN: { names: [], isList: true, of: ({ gradient }) => gradient },
  Sum: unary((call) => tf.broadcastTo(kept(call, call.gradient), input(call, 0).shape)),
  Mean: unary((call) => tf.broadcastTo(tf.div(kept(call, call.gradient), reducedCount(call)), input(call, 0).shape)),
  // Where several are greatest, each gets the whole gradient, as in tfjs.
  Max: unary((call) => tf.mul(kept(call, call.gradient), mask(tf.equal(input(call, 0), kept(call, call.output)))), true),
  BatchMatMul: {
    names: ['a', 'b'],
    of: (call, index) => {
      const { transposeA, transposeB } = call.attributes as { transposeA: boolean; transposeB: boolean };
      const [a, b] = [input(call, 0), input(call, 1)];
      const { gradient } = call;
      if (index === 0) return transposeA ? tf.matMul(b, gradient, transposeB, true) : tf.matMul(gradient, b, false, !transposeB);
      return transposeB ? tf.matMul(gradient, a, true, transposeA) : tf.matMul(a, gradient, !transposeA, false);
    },
  },
};
