/** @file Kernels that reduce along axes. */
import type { ArgMaxAttrs, CumsumAttrs, MaxAttrs, SoftmaxAttrs, SumAttrs, TopKAttrs } from '@tensorflow/tfjs-core';
import { defined } from '../../../base/index.ts';
import { dimension, normalAxes, sizeOf } from '../operand.ts';
import type { Operand } from '../operand.ts';
import { input, reshaped } from './kernel.ts';
import type { KernelCall, KernelGroup, RecordedKernel } from './kernel.ts';

function reduceOver(call: KernelCall, op: string, axis: number | readonly number[] | null | undefined, keepDims: boolean): Operand {
  const x = input(call, 'x');
  const axes = normalAxes(axis, x.shape.length);
  const shape = x.shape.flatMap((size, index) => (axes.includes(index) ? (keepDims ? [1] : []) : [size]));
  return call.graph.node(op, [x, call.graph.integers(axes)], { shape }, { keepdims: keepDims ? 1 : 0 });
}

const reduction =
  (op: string): RecordedKernel =>
  (call) => {
    const { axis, keepDims } = call.attributes as SumAttrs;
    const x = input(call, 'x');
    if (x.type !== 'bool') return reduceOver(call, op, axis, keepDims);
    const whole = call.graph.node('Cast', [x], { shape: x.shape, type: 'int32' }, { to: 6 });
    return reduceOver({ ...call, inputs: { x: whole } }, op, axis, keepDims);
  };

/**
 * The maximum over the last axis of `[batch, channels, 1, positions, size]` that was made by cutting time into blocks is a pooling node on what was
 * cut: ONNX Runtime pools in its blocked layout eight times faster than it reduces, and no reshape stands between two convolutions.
 */
function pooled(call: KernelCall): Operand | undefined {
  const { reductionIndices, keepDims } = call.attributes as MaxAttrs;
  const x = input(call, 'x');
  const rank = x.shape.length;
  const axes = normalAxes(reductionIndices, rank);
  if (rank !== 5 || keepDims || axes.length !== 1 || axes[0] !== 4 || x.producer?.op !== 'Reshape') return undefined;
  const cut = defined(x.producer.operands[0], 'what was reshaped');
  const [positions, size] = [dimension(x, 3), dimension(x, 4)];
  const isBlocks =
    cut.shape.length === 4 && dimension(cut, 3) === positions * size && [0, 1, 2].every((axis) => cut.shape[axis] === x.shape[axis]);
  if (!isBlocks) return undefined;
  const source = wholeTime(cut, size);
  return call.graph.node('MaxPool', [source], { shape: x.shape.slice(0, 4) }, { kernel_shape: [1, size], strides: [1, size] });
}

/** What `cut` was taken from, if that only left out an end of time that is too short for another block; pooling leaves it out by itself. */
function wholeTime(cut: Operand, size: number): Operand {
  if (cut.producer?.op !== 'Slice') return cut;
  const [source, starts, , axes] = cut.producer.operands;
  const isEnd = axes?.constant?.length === 1 && Number(axes.constant[0]) === 3 && Number(starts?.constant?.[0]) === 0;
  return source !== undefined && isEnd && dimension(source, 3) - dimension(cut, 3) < size ? source : cut;
}

function argMax(call: KernelCall): Operand {
  const x = input(call, 'x');
  const axis = defined(normalAxes((call.attributes as ArgMaxAttrs).axis, x.shape.length)[0], 'the axis');
  const shape = x.shape.toSpliced(axis, 1);
  const wide = call.graph.node('ArgMax', [x], { shape, type: 'int64' }, { axis, keepdims: 0 });
  return call.graph.node('Cast', [wide], { shape, type: 'int32' }, { to: 6 });
}

function cumulativeSum(call: KernelCall): Operand {
  const x = input(call, 'x');
  const { axis, exclusive, reverse } = call.attributes as CumsumAttrs;
  const at = call.graph.scalar(axis, 'int64');
  return call.graph.node('CumSum', [x, at], { shape: x.shape }, { exclusive: exclusive ? 1 : 0, reverse: reverse ? 1 : 0 });
}

/** tfjs computes `Softmax` of two dimensions, whatever the rank was. */
function softmax(call: KernelCall): Operand {
  const logits = input(call, 'logits');
  const { dim } = call.attributes as SoftmaxAttrs;
  return call.graph.node('Softmax', [logits], { shape: logits.shape }, { axis: dim < 0 ? dim + logits.shape.length : dim });
}

/** The largest along the last axis, the first of them the largest, and where they are. */
function topK(call: KernelCall): Operand[] {
  const x = input(call, 'x');
  const { k } = call.attributes as TopKAttrs;
  const shape = [...x.shape.slice(0, -1), k];
  const outputs = [{ shape }, { shape, type: 'int64' as const }];
  const [values, places] = call.graph.nodeWithOutputs('TopK', [x, call.graph.integers([k])], outputs, { axis: -1, largest: 1, sorted: 1 });
  return [defined(values, 'values'), call.graph.node('Cast', [defined(places, 'places')], { shape, type: 'int32' }, { to: 6 })];
}

/** Reductions by their tfjs names. */
export const reduceKernels: KernelGroup = {
  Sum: reduction('ReduceSum'),
  Mean: reduction('ReduceMean'),
  Prod: reduction('ReduceProd'),
  Min: reduction('ReduceMin'),
  Max: (call) => {
    const { reductionIndices, keepDims } = call.attributes as MaxAttrs;
    return pooled(call) ?? reduceOver(call, 'ReduceMax', reductionIndices, keepDims);
  },
  ArgMax: argMax,
  TopK: topK,
  Cumsum: cumulativeSum,
  Softmax: softmax,
  LogSoftmax: (call) => {
    const logits = input(call, 'logits');
    const size = dimension(logits, logits.shape.length - 1);
    const flat = reshaped(call.graph, logits, [sizeOf(logits.shape) / size, size]);
    return reshaped(call.graph, call.graph.node('LogSoftmax', [flat], { shape: flat.shape }, { axis: 1 }), logits.shape);
  },
};
