/** @file Kernels that move elements, or make them. */
import type {
  BroadCastToAttrs,
  ConcatAttrs,
  ExpandDimsAttrs,
  FillAttrs,
  GatherV2Attrs,
  MirrorPadAttrs,
  PackAttrs,
  PadV2Attrs,
  RangeAttrs,
  ReshapeAttrs,
  ReverseAttrs,
  SliceAttrs,
  SplitVAttrs,
  TileAttrs,
  TransposeAttrs,
  UnpackAttrs,
  UnsortedSegmentSumAttrs,
} from '@tensorflow/tfjs-core';
import { assert, defined } from '../../../base/index.ts';
import type { OnnxType } from '../../onnx/graph.ts';
import { dimension, onnxType, sizeOf } from '../operand.ts';
import type { Operand } from '../operand.ts';
import { input, inputList, reshaped, transposed } from './kernel.ts';
import type { KernelCall, KernelGroup } from './kernel.ts';

/** Reads as "up to the end" in ONNX, whatever the size is when the graph runs. */
const toTheEnd = 2 ** 31 - 1;

/** A tensor of one value: a scalar that is spread when the graph runs, so that no large constant is stored. */
function filled(call: KernelCall, shape: readonly number[], value: number, type: OnnxType): Operand {
  const scalar = call.graph.scalar(value, type);
  if (shape.length === 0) return scalar;
  return call.graph.node('Expand', [scalar, call.graph.integers(shape)], { shape, type });
}

function reshape(call: KernelCall): Operand {
  const x = input(call, 'x');
  const wanted = [...(call.attributes as ReshapeAttrs).shape];
  const open = wanted.indexOf(-1);
  if (open >= 0) wanted[open] = sizeOf(x.shape) / sizeOf(wanted.filter((size) => size !== -1));
  return reshaped(call.graph, x, wanted);
}

function slice(call: KernelCall): Operand {
  const x = input(call, 'x');
  const { begin, size } = call.attributes as SliceAttrs;
  const starts = x.shape.map((_, axis) => (Array.isArray(begin) ? (begin[axis] ?? 0) : axis === 0 ? begin : 0));
  const sizes = x.shape.map((whole, axis) => {
    const given = Array.isArray(size) ? size[axis] : axis === 0 ? size : -1;
    return given === undefined || given < 0 ? whole - (starts[axis] ?? 0) : given;
  });
  const axes = x.shape.map((_, axis) => axis).filter((axis) => sizes[axis] !== x.shape[axis]);
  if (axes.length === 0) return x;
  const from = axes.map((axis) => starts[axis] ?? 0);
  const to = axes.map((axis, index) => {
    const end = (from[index] ?? 0) + (sizes[axis] ?? 0);
    return end === x.shape[axis] ? toTheEnd : end;
  });
  const { graph } = call;
  return graph.node('Slice', [x, graph.integers(from), graph.integers(to), graph.integers(axes)], { shape: sizes });
}

function concat(call: KernelCall): Operand {
  const parts = inputList(call).filter(({ shape }) => sizeOf(shape) > 0);
  const first = defined(parts[0], 'a part to join');
  const { axis: given } = call.attributes as ConcatAttrs;
  const axis = given < 0 ? given + first.shape.length : given;
  const total = parts.reduce((sum, part) => sum + dimension(part, axis), 0);
  return call.graph.node('Concat', parts, { shape: first.shape.with(axis, total) }, { axis });
}

function pack(call: KernelCall): Operand {
  const { axis: given } = call.attributes as PackAttrs;
  const parts = inputList(call).map((part) => {
    const axis = given < 0 ? given + part.shape.length + 1 : given;
    return reshaped(call.graph, part, part.shape.toSpliced(axis, 0, 1));
  });
  const first = defined(parts[0], 'a part to stack');
  const axis = given < 0 ? given + first.shape.length : given;
  return call.graph.node('Concat', parts, { shape: first.shape.with(axis, parts.length) }, { axis });
}

/** A node of more outputs than this is several: WebGPU lets a shader have so many buffers, the input's among them. */
const mostOutputs = 7;

function split(call: KernelCall, given: number, sizes: readonly number[]): Operand[] {
  const x = input(call, 'x' in call.inputs ? 'x' : 'value');
  const axis = given < 0 ? given + x.shape.length : given;
  const known = sizes.reduce((sum, size) => sum + Math.max(size, 0), 0);
  const whole = sizes.map((size) => (size < 0 ? dimension(x, axis) - known : size));
  const outputs = whole.map((size) => ({ shape: x.shape.with(axis, size) }));
  if (whole.length > mostOutputs) {
    const starts = whole.map((_, at) => whole.slice(0, at).reduce((sum, size) => sum + size, 0));
    return outputs.map((output, at) => {
      const range = [starts[at] ?? 0, (starts[at] ?? 0) + (whole[at] ?? 0), axis].map((value) => call.graph.integers([value]));
      return call.graph.node('Slice', [x, ...range], output);
    });
  }
  return call.graph.nodeWithOutputs('Split', [x, call.graph.integers(whole)], outputs, { axis });
}

function splitV(call: KernelCall): Operand[] {
  const { axis, numOrSizeSplits } = call.attributes as SplitVAttrs;
  if (typeof numOrSizeSplits !== 'number') return split(call, axis, numOrSizeSplits);
  const x = input(call, 'x');
  const size = dimension(x, axis < 0 ? axis + x.shape.length : axis) / numOrSizeSplits;
  return split(call, axis, new Array<number>(numOrSizeSplits).fill(size));
}

function unpack(call: KernelCall): Operand[] {
  const value = input(call, 'value');
  const { axis: given } = call.attributes as UnpackAttrs;
  const axis = given < 0 ? given + value.shape.length : given;
  const parts = split(call, axis, new Array<number>(dimension(value, axis)).fill(1));
  return parts.map((part) => reshaped(call.graph, part, part.shape.toSpliced(axis, 1)));
}

function pad(call: KernelCall, paddings: readonly (readonly [number, number])[], mode: string, value?: number): Operand {
  const x = input(call, 'x');
  const { graph } = call;
  if (paddings.every(([before, after]) => before === 0 && after === 0)) return x;
  const shape = x.shape.map((size, axis) => size + (paddings[axis]?.[0] ?? 0) + (paddings[axis]?.[1] ?? 0));
  const pads = graph.integers([...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)]);
  const filler = value === undefined ? [] : [graph.scalar(value, x.type)];
  return graph.node('Pad', [x, pads, ...filler], { shape }, { mode });
}

function gather(call: KernelCall): Operand {
  const [x, indices] = [input(call, 'x'), input(call, 'indices')];
  const { axis: given, batchDims } = call.attributes as GatherV2Attrs;
  assert(batchDims === 0, 'a recorded gather has no batch dimensions');
  const axis = given < 0 ? given + x.shape.length : given;
  return call.graph.node('Gather', [x, indices], { shape: x.shape.toSpliced(axis, 1, ...indices.shape) }, { axis });
}

/** Sums rows by the places that they belong to: a product with what belongs where, since runtimes add up in an order that changes from run to run. */
function segmentSum(call: KernelCall): Operand {
  const [x, places] = [input(call, 'x'), input(call, 'segmentIds')];
  const { numSegments } = call.attributes as UnsortedSegmentSumAttrs;
  const shape = [numSegments, ...x.shape.slice(1)];
  const { graph } = call;
  const count = sizeOf(places.shape);
  const segments: Operand = { shape: [numSegments, 1], type: 'int32', constant: Int32Array.from({ length: numSegments }, (_, at) => at) };
  const equal = graph.node('Equal', [segments, reshaped(graph, places, [1, count])], { shape: [numSegments, count], type: 'bool' });
  const belongs = graph.node('Cast', [equal], { shape: [numSegments, count], type: 'float32' }, { to: 1 });
  const rows = reshaped(graph, x, [count, sizeOf(x.shape) / count]);
  return reshaped(graph, graph.node('MatMul', [belongs, rows], { shape: [numSegments, sizeOf(x.shape) / count] }), shape);
}

function reverse(call: KernelCall): Operand {
  const x = input(call, 'x');
  const { dims } = call.attributes as ReverseAttrs;
  const axes = (typeof dims === 'number' ? [dims] : dims).map((axis) => (axis < 0 ? axis + x.shape.length : axis));
  const list = (value: number): Operand => call.graph.integers(axes.map(() => value));
  return call.graph.node('Slice', [x, list(-1), list(-toTheEnd), call.graph.integers(axes), list(-1)], { shape: x.shape });
}

function expandDims(call: KernelCall): Operand {
  const x = input(call, 'input');
  const { dim } = call.attributes as ExpandDimsAttrs;
  return reshaped(call.graph, x, x.shape.toSpliced(dim < 0 ? dim + x.shape.length + 1 : dim, 0, 1));
}

/** Kernels about shape by their tfjs names. */
export const shapeKernels: KernelGroup = {
  Reshape: reshape,
  ExpandDims: expandDims,
  Transpose: (call) => transposed(call.graph, input(call, 'x'), (call.attributes as TransposeAttrs).perm),
  Slice: slice,
  Concat: concat,
  Pack: pack,
  Unpack: unpack,
  SplitV: splitV,
  PadV2: (call) => {
    const { paddings, constantValue } = call.attributes as PadV2Attrs;
    return pad(call, paddings, 'constant', constantValue);
  },
  MirrorPad: (call) => {
    const { paddings, mode } = call.attributes as MirrorPadAttrs;
    assert(mode === 'reflect', 'a recorded mirror padding reflects without repeating the edge');
    return pad(call, paddings, 'reflect');
  },
  GatherV2: gather,
  UnsortedSegmentSum: segmentSum,
  Reverse: reverse,
  Tile: (call) => {
    const x = input(call, 'x');
    const { reps } = call.attributes as TileAttrs;
    return call.graph.node('Tile', [x, call.graph.integers(reps)], { shape: x.shape.map((size, axis) => size * (reps[axis] ?? 1)) });
  },
  BroadcastTo: (call) => {
    const { shape } = call.attributes as BroadCastToAttrs;
    return call.graph.node('Expand', [input(call, 'x'), call.graph.integers(shape)], { shape });
  },
  Fill: (call) => {
    const { shape, value, dtype } = call.attributes as FillAttrs;
    return filled(call, shape, Number(value), onnxType(dtype));
  },
  Range: (call) => {
    const { start, stop, step, dtype } = call.attributes as RangeAttrs;
    const values = Array.from({ length: Math.max(0, Math.ceil((stop - start) / step)) }, (_, index) => start + index * step);
    const constant = dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values);
    return { shape: [values.length], type: onnxType(dtype), constant };
  },
  ZerosLike: (call) => filled(call, input(call, 'x').shape, 0, input(call, 'x').type),
  OnesLike: (call) => filled(call, input(call, 'x').shape, 1, input(call, 'x').type),
};
