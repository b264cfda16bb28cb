/** @file Gradients of operations that move elements. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import type { GradientCall, GradientGroup } from './gradient.ts';

const shapeOf = ({ inputs }: GradientCall, index = 0): number[] => defined(inputs[index], 'a saved input').shape;

function slicedFrom(call: GradientCall): Tensor {
  const { begin, size } = call.attributes as unknown as { begin: number[]; size: number[] };
  const shape = shapeOf(call);
  const [starts, sizes] = tf.slice_util.parseSliceParams(defined(call.inputs[0], 'a saved input'), begin, size) as [number[], number[]];
  return tf.pad(
    call.gradient,
    shape.map((whole, axis) => [starts[axis] ?? 0, whole - (starts[axis] ?? 0) - (sizes[axis] ?? 0)] as [number, number]),
  );
}

/** Along the first axis. Of the indices there is none; they are given back, as tfjs wants something. */
function gatheredFrom(call: GradientCall, index: number): Tensor {
  const indices = defined(call.inputs[1], 'the indices');
  if (index === 1) return indices;
  const [rows = 0, ...row] = shapeOf(call);
  const flat = tf.reshape(call.gradient, [indices.size, ...row]);
  return tf.unsortedSegmentSum(flat, tf.reshape<tf.Rank.R1>(indices, [indices.size]), rows);
}

/** So much from a place along an axis on: each input takes its own part, for to take the whole apart for each would take the square of their count. */
function partOf(gradient: Tensor, axis: number, from: number, shape: readonly number[]): Tensor {
  return tf.slice(
    gradient,
    shape.map((_, each) => (each === axis ? from : 0)),
    [...shape],
  );
}

/** Gradients by tfjs name. */
export const shapeGradients: GradientGroup = {
  Reshape: { names: ['x'], of: (call) => tf.reshape(call.gradient, shapeOf(call)) },
  ExpandDims: { names: ['input'], of: (call) => tf.reshape(call.gradient, shapeOf(call)) },
  Transpose: {
    names: ['x'],
    of: ({ gradient, attributes }) => tf.transpose(gradient, tf.backend_util.getUndoAxesPermutation(attributes['perm'] as number[])),
  },
  Concat: {
    names: [],
    isList: true,
    of: (call, index) => {
      const given = call.attributes['axis'] as number;
      const axis = given < 0 ? given + shapeOf(call).length : given;
      const before = call.inputs.slice(0, index).reduce((sum, { shape }) => sum + defined(shape[axis], 'a size'), 0);
      return partOf(call.gradient, axis, before, shapeOf(call, index));
    },
  },
  Slice: { names: ['x'], of: slicedFrom },
  PadV2: {
    names: ['x'],
    of: (call) => {
      const before = (call.attributes['paddings'] as [number, number][]).map(([zeros]) => zeros);
      return tf.slice(call.gradient, before, shapeOf(call));
    },
  },
  Pack: {
    names: [],
    isList: true,
    of: (call, index) => {
      const [axis, shape] = [call.attributes['axis'] as number, shapeOf(call, index)];
      return tf.reshape(partOf(call.gradient, axis, index, shape.toSpliced(axis, 0, 1)), shape);
    },
  },
  Unpack: { names: ['value'], of: ({ gradients, attributes }) => tf.stack(gradients, attributes['axis'] as number) },
  GatherV2: { names: ['x', 'indices'], of: gatheredFrom },
  SplitV: { names: ['x'], of: ({ gradients, attributes }) => tf.concat(gradients, attributes['axis'] as number) },
};
