/** @file Every operation whose gradient Earmark gives, on small tensors. `low`: where values begin; they end at 2. */
import * as tf from '@tensorflow/tfjs-core';
import { groupedConvolution } from '../../src-main/learn/layers/grouped-convolution.ts';
import { gelu, layerNorm } from '../../src-main/learn/layers/transformer.ts';

export type GradientCase = { name: string; shapes: number[][]; run: (...x: tf.Tensor[]) => tf.Tensor; low?: number };

export const gradientCases: readonly GradientCase[] = [
  { name: 'Add with broadcasting', shapes: [[2, 3], [3]], run: (a, b) => tf.add(a, b) },
  { name: 'Sub with broadcasting', shapes: [[3], [2, 3]], run: (a, b) => tf.sub(a, b) },
  {
    name: 'Multiply',
    shapes: [
      [2, 3],
      [2, 1],
    ],
    run: (a, b) => tf.mul(a, b),
  },
  {
    name: 'RealDiv',
    shapes: [
      [2, 3],
      [1, 3],
    ],
    low: 0.5,
    run: (a, b) => tf.div(a, b),
  },
  { name: 'Maximum', shapes: [[7], [7]], run: (a, b) => tf.maximum(a, b) },
  { name: 'Minimum', shapes: [[7], [7]], run: (a, b) => tf.minimum(a, b) },
  { name: 'Neg', shapes: [[4]], run: (x) => tf.neg(x) },
  { name: 'Square', shapes: [[4]], run: (x) => tf.square(x) },
  { name: 'Sqrt', shapes: [[4]], low: 0.5, run: (x) => tf.sqrt(x) },
  { name: 'Rsqrt', shapes: [[4]], low: 0.5, run: (x) => tf.rsqrt(x) },
  { name: 'Exp', shapes: [[4]], run: (x) => tf.exp(x) },
  { name: 'Log', shapes: [[4]], low: 0.5, run: (x) => tf.log(x) },
  { name: 'Relu', shapes: [[9]], run: (x) => tf.relu(x) },
  { name: 'Sigmoid', shapes: [[5]], run: (x) => tf.sigmoid(x) },
  { name: 'Softplus', shapes: [[5]], run: (x) => tf.softplus(x) },
  { name: 'Tanh', shapes: [[5]], run: (x) => tf.tanh(x) },
  { name: 'Sum over an axis', shapes: [[2, 3, 2]], run: (x) => tf.sum(x, 1) },
  { name: 'Sum over all', shapes: [[2, 3]], run: (x) => tf.sum(x) },
  { name: 'Mean over axes', shapes: [[2, 3, 2]], run: (x) => tf.mean(x, [0, 2], true) },
  { name: 'Max over an axis', shapes: [[3, 4]], run: (x) => tf.max(x, 1) },
  { name: 'logSumExp', shapes: [[3, 4]], run: (x) => tf.logSumExp(x, 1) },
  {
    name: 'matrix product',
    shapes: [
      [2, 3],
      [3, 4],
    ],
    run: (a, b) => tf.matMul(a, b),
  },
  {
    name: 'matrix product, first transposed',
    shapes: [
      [3, 2],
      [3, 4],
    ],
    run: (a, b) => tf.matMul(a, b, true),
  },
  {
    name: 'matrix product, second transposed',
    shapes: [
      [2, 3],
      [4, 3],
    ],
    run: (a, b) => tf.matMul(a, b, false, true),
  },
  {
    name: 'matrix product, both transposed',
    shapes: [
      [3, 2],
      [4, 3],
    ],
    run: (a, b) => tf.matMul(a, b, true, true),
  },
  { name: 'Reshape', shapes: [[2, 3]], run: (x) => tf.reshape(x, [3, 2]) },
  { name: 'ExpandDims', shapes: [[2, 3]], run: (x) => tf.expandDims(x, 1) },
  { name: 'Transpose', shapes: [[2, 3, 4]], run: (x) => tf.transpose(x, [2, 0, 1]) },
  {
    name: 'Concat',
    shapes: [
      [2, 3],
      [2, 1],
    ],
    run: (a, b) => tf.concat([a as tf.Tensor2D, b as tf.Tensor2D], 1),
  },
  {
    name: 'Concat of three, counted from the last axis',
    shapes: [
      [2, 1],
      [2, 3],
      [2, 2],
    ],
    run: (...x) => tf.concat(x as tf.Tensor2D[], -1),
  },
  { name: 'Slice', shapes: [[4, 3]], run: (x) => tf.slice(x as tf.Tensor2D, [1, 0], [2, -1]) },
  {
    name: 'SplitV',
    shapes: [[2, 5]],
    run: (x: tf.Tensor): tf.Tensor => tf.concat(tf.split(x as tf.Tensor2D, [2, 3], 1).toReversed(), 1),
  },
  {
    name: 'PadV2',
    shapes: [[2, 3]],
    run: (x) =>
      tf.pad(x as tf.Tensor2D, [
        [1, 0],
        [0, 2],
      ]),
  },
  {
    name: 'Pack',
    shapes: [
      [2, 3],
      [2, 3],
    ],
    run: (...x) => tf.stack(x, 1),
  },
  { name: 'Pack of three, along the last axis', shapes: [[2], [2], [2]], run: (...x) => tf.stack(x, 1) },
  { name: 'Unpack', shapes: [[3, 2]], run: (x) => tf.stack(tf.unstack(x, 0).toReversed(), 1) },
  {
    name: 'GatherV2',
    shapes: [[3, 2]],
    run: (x) =>
      tf.gather(
        x,
        tf.tensor(
          [
            [0, 2],
            [2, 2],
          ],
          [2, 2],
          'int32',
        ),
      ),
  },
  { name: 'Softmax', shapes: [[2, 3]], run: (x) => tf.softmax(x) },
  { name: 'gelu', shapes: [[7]], low: -2, run: (x) => gelu(x) },
  {
    name: 'layer norm with gain and shift',
    shapes: [[2, 3, 4], [4], [4]],
    low: -2,
    run: (x, gain, shift) => layerNorm('norm', { 'norm.weight': gain, 'norm.bias': shift }, x as tf.Tensor3D, 1e-2),
  },
  { name: 'layer norm without', shapes: [[2, 3, 4]], low: -2, run: (x) => layerNorm(null, {}, x as tf.Tensor3D, 1e-2) },
  {
    name: 'convolution in groups',
    shapes: [[2, 5, 6], [6, 2, 3], [6]],
    low: -2,
    run: (x, kernel, bias) => groupedConvolution(x as tf.Tensor3D, { kernel: kernel as tf.Tensor3D, bias: bias as tf.Tensor1D }, 3),
  },
  { name: 'AddN', shapes: [[3], [3], [3]], run: (...x) => tf.addN(x) },
];
