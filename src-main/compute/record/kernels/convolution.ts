/** @file Convolutions and pooling. ONNX wants channels first; other layouts are transposed around the node. */
import { backend_util } from '@tensorflow/tfjs-core';
import type {
  Conv2DAttrs,
  Conv2DBackpropInputAttrs,
  DepthwiseConv2dNativeAttrs,
  DepthwiseConv2dNativeBackpropInputAttrs,
  FusedBatchNormAttrs,
  FusedConv2DAttrs,
  MaxPoolAttrs,
} from '@tensorflow/tfjs-core';
import { assert } from '../../../base/index.ts';
import { dimension, sizeOf } from '../operand.ts';
import type { Operand } from '../operand.ts';
import { groupedConvolution, groupedTransposed } from './groups.ts';
import { input, reshaped, transposed } from './kernel.ts';
import type { KernelCall, KernelGroup } from './kernel.ts';

type Four = [number, number, number, number];
type Window = { strides: number[]; pads: number[]; dilations: number[] };

const channelsFirst = [0, 3, 1, 2];
const channelsLast = [0, 2, 3, 1];

/** Runs `make` on a channels-first view of `x` and gives the result in `x`'s own layout. */
function inChannelsFirst(call: KernelCall, x: Operand, format: 'NHWC' | 'NCHW', make: (x: Operand) => Operand): Operand {
  if (format === 'NCHW') return make(x);
  return transposed(call.graph, make(transposed(call.graph, x, channelsFirst)), channelsLast);
}

function windowOf(info: backend_util.Conv2DInfo): Window {
  const { top, left, bottom, right } = info.padInfo;
  return {
    strides: [info.strideHeight, info.strideWidth],
    pads: [top, left, bottom, right],
    dilations: [info.dilationHeight, info.dilationWidth],
  };
}

const transpositions = new WeakMap<Operand, Operand>();

/** A kernel that many chunks of a batch are convolved with is transposed once. */
function transposedOnce(call: KernelCall, filter: Operand, order: readonly number[]): Operand {
  const known = transpositions.get(filter) ?? transposed(call.graph, filter, order);
  transpositions.set(filter, known);
  return known;
}

/** A constant kernel is transposed while recording; one that the graph computes gets a node. `[h, w, in, out]` to `[out, in, h, w]`. */
function convolutionKernel(call: KernelCall, filter: Operand, order: readonly number[]): Operand {
  const data = filter.constant;
  if (!(data instanceof Float32Array)) return transposedOnce(call, filter, order);
  const shape = order.map((axis) => dimension(filter, axis));
  const strideOf = filter.shape.map((_, axis) => filter.shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const steps = order.map((axis) => strideOf[axis] ?? 0);
  const [a = 1, b = 1, c = 1, d = 1] = shape;
  const [sa = 0, sb = 0, sc = 0, sd = 0] = steps;
  const moved = new Float32Array(data.length);
  let to = 0;
  for (let i = 0; i < a; i++)
    for (let j = 0; j < b; j++)
      for (let k = 0; k < c; k++) for (let l = 0; l < d; l++) moved[to++] = data[i * sa + j * sb + k * sc + l * sd] ?? 0;
  return { shape, type: 'float32', constant: moved };
}

function conv2d(call: KernelCall, extra: readonly Operand[] = []): Operand {
  const [x, filter] = [input(call, 'x'), input(call, 'filter')];
  const { strides, pad, dataFormat, dilations, dimRoundingMode } = call.attributes as Conv2DAttrs;
  const format = backend_util.convertConv2DDataFormat(dataFormat);
  const info = backend_util.computeConv2DInfo(
    [...x.shape] as Four,
    [...filter.shape] as Four,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    false,
    format,
  );
  const shape = [info.batchSize, info.outChannels, info.outHeight, info.outWidth];
  const attributes = { ...windowOf(info), kernel_shape: [info.filterHeight, info.filterWidth] };
  const kernel = convolutionKernel(call, filter, [3, 2, 0, 1]);
  return inChannelsFirst(call, x, dataFormat, (source) => call.graph.node('Conv', [source, kernel, ...extra], { shape }, attributes));
}

/** A convolution with its bias, which ONNX's has too, and ReLU. */
function fusedConv2d(call: KernelCall): Operand {
  const { bias } = call.inputs;
  const { activation } = call.attributes as FusedConv2DAttrs;
  assert(activation === 'linear' || activation === 'relu', 'a recorded convolution is followed by ReLU or by nothing');
  const result = conv2d(call, bias === undefined ? [] : [reshaped(call.graph, bias, [sizeOf(bias.shape)])]);
  return activation === 'relu' ? call.graph.node('Relu', [result], { shape: result.shape }) : result;
}

/** How far the last stride of a transposed convolution is continued, for it to give as many pixels as were convolved. */
function outputPadding(info: backend_util.Conv2DInfo): number[] {
  const { top, bottom, left, right } = info.padInfo;
  return [
    info.inHeight - ((info.outHeight - 1) * info.strideHeight + info.filterHeight - top - bottom),
    info.inWidth - ((info.outWidth - 1) * info.strideWidth + info.filterWidth - left - right),
  ];
}

function depthwiseConv2d(call: KernelCall): Operand {
  const [x, filter] = [input(call, 'x'), input(call, 'filter')];
  const { strides, pad, dilations, dimRoundingMode } = call.attributes as DepthwiseConv2dNativeAttrs;
  const info = backend_util.computeConv2DInfo(
    [...x.shape] as Four,
    [...filter.shape] as Four,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    true,
  );
  const shape = [info.batchSize, info.outChannels, info.outHeight, info.outWidth];
  const moved = convolutionKernel(call, filter, [2, 3, 0, 1]);
  const kernel = reshaped(call.graph, moved, [info.outChannels, 1, info.filterHeight, info.filterWidth]);
  const own = {
    kernel,
    groups: info.inChannels,
    shape,
    attributes: { ...windowOf(info), kernel_shape: [info.filterHeight, info.filterWidth] },
  };
  return inChannelsFirst(call, x, 'NHWC', (source) => groupedConvolution(call.graph, { ...own, source }));
}

/** What a convolution's gradient with respect to its input is: the convolution transposed. */
function conv2dBackpropInput(call: KernelCall): Operand {
  const [dy, filter] = [input(call, 'dy'), input(call, 'filter')];
  const { strides, pad, dataFormat, dimRoundingMode, inputShape } = call.attributes as Conv2DBackpropInputAttrs;
  const format = backend_util.convertConv2DDataFormat(dataFormat);
  const info = backend_util.computeConv2DInfo(inputShape, [...filter.shape] as Four, strides, 1, pad, dimRoundingMode, false, format);
  return convolvedBack(call, dy, { info, kernel: convolutionKernel(call, filter, [3, 2, 0, 1]), groups: 1, format: dataFormat });
}

function depthwiseConv2dBackpropInput(call: KernelCall): Operand {
  const [dy, filter] = [input(call, 'dy'), input(call, 'filter')];
  const { strides, dilations, pad, dimRoundingMode, inputShape } = call.attributes as DepthwiseConv2dNativeBackpropInputAttrs;
  const info = backend_util.computeConv2DInfo(inputShape, [...filter.shape] as Four, strides, dilations, pad, dimRoundingMode, true);
  const moved = convolutionKernel(call, filter, [2, 3, 0, 1]);
  const kernel = reshaped(call.graph, moved, [info.outChannels, 1, info.filterHeight, info.filterWidth]);
  return convolvedBack(call, dy, { info, kernel, groups: info.inChannels, format: 'NHWC' });
}

type Back = { info: backend_util.Conv2DInfo; kernel: Operand; groups: number; format: 'NHWC' | 'NCHW' };

function convolvedBack(call: KernelCall, dy: Operand, { info, kernel, groups, format }: Back): Operand {
  const attributes = { ...windowOf(info), kernel_shape: [info.filterHeight, info.filterWidth], output_padding: outputPadding(info) };
  const shape = [info.batchSize, info.inChannels, info.inHeight, info.inWidth];
  return inChannelsFirst(call, dy, format, (source) => groupedTransposed(call.graph, { source, kernel, groups, shape, attributes }));
}

function pool(call: KernelCall, op: 'MaxPool' | 'AveragePool'): Operand {
  const x = input(call, 'x');
  const { filterSize, strides, pad, dimRoundingMode } = call.attributes as MaxPoolAttrs;
  const info = backend_util.computePool2DInfo([...x.shape] as Four, filterSize, strides, 1, pad, dimRoundingMode);
  const shape = [info.batchSize, info.outChannels, info.outHeight, info.outWidth];
  const { strides: steps, pads } = windowOf(info);
  const attributes = { kernel_shape: [info.filterHeight, info.filterWidth], strides: steps, pads };
  return inChannelsFirst(call, x, 'NHWC', (source) => call.graph.node(op, [source], { shape }, attributes));
}

/** Batch norm over the last axis with given statistics: a scale and a shift. */
function fusedBatchNorm(call: KernelCall): Operand {
  const { graph } = call;
  const [x, mean, variance] = [input(call, 'x'), input(call, 'mean'), input(call, 'variance')];
  const { offset, scale } = call.inputs;
  const { varianceEpsilon } = call.attributes as FusedBatchNormAttrs;
  const { shape } = variance;
  const deviation = graph.node('Sqrt', [graph.node('Add', [variance, graph.scalar(varianceEpsilon)], { shape })], { shape });
  const gain = scale === undefined ? graph.node('Reciprocal', [deviation], { shape }) : graph.node('Div', [scale, deviation], { shape });
  const scaled = graph.node('Mul', [graph.node('Sub', [x, mean], { shape: x.shape }), gain], { shape: x.shape });
  return offset === undefined ? scaled : graph.node('Add', [scaled, offset], { shape: x.shape });
}

/** Convolutions, pooling and batch norm by their tfjs names. */
export const convolutionKernels: KernelGroup = {
  Conv2D: (call) => conv2d(call),
  FusedConv2D: fusedConv2d,
  DepthwiseConv2dNative: depthwiseConv2d,
  Conv2DBackpropInput: conv2dBackpropInput,
  DepthwiseConv2dNativeBackpropInput: depthwiseConv2dBackpropInput,
  MaxPool: (call) => pool(call, 'MaxPool'),
  AvgPool: (call) => pool(call, 'AveragePool'),
  FusedBatchNorm: fusedBatchNorm,
};
