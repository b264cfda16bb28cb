import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src-main/base/index.ts';
import { registerGradients } from '../../../src-main/learn/gradients/register.ts';
import { gradientCases } from '../../support/gradient-cases.ts';
import { openSession, record } from '../../../src-main/compute/index.ts';
import type { SessionArray } from '../../../src-main/compute/index.ts';

type Input = { shape: number[]; type?: 'float32' | 'int32'; low?: number; high?: number };
type Case = { name: string; inputs: Input[]; run: (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[] };

const random = seededRandom(23);
const small = (least = 1): number => least + random.below(4);
let tensorsBefore = 0;

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
  tensorsBefore = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.getBackend()).toBe('cpu');
  expect(tf.memory().numTensors).toBe(tensorsBefore);
});

function draw({ shape, type = 'float32', low = -2, high = 2 }: Input): SessionArray {
  const length = shape.reduce((product, size) => product * size, 1);
  if (type === 'int32') return { shape, data: Int32Array.from({ length }, () => low + random.below(high - low)) };
  return { shape, data: Float32Array.from({ length }, () => low + random.uniform() * (high - low)) };
}

const listOf = (result: tf.Tensor | tf.Tensor[]): tf.Tensor[] => (Array.isArray(result) ? result : [result]);

/** Runs the function eagerly on tfjs's `cpu` backend and recorded on ONNX Runtime, and compares every output. */
async function compare({ inputs, run }: Case): Promise<void> {
  const arrays = inputs.map(draw);
  const expected = tf.tidy(() =>
    listOf(run(...arrays.map(({ shape, data }) => tf.tensor(data, [...shape], data instanceof Int32Array ? 'int32' : 'float32')))).map(
      (tensor) => ({
        shape: tensor.shape,
        values: Array.from(tensor.dataSync()),
      }),
    ),
  );
  const graph = record({
    name: 'case',
    inputs: arrays.map(({ shape, data }, index) => ({ name: `x${index}`, type: data instanceof Int32Array ? 'int32' : 'float32', shape })),
    run: (given) =>
      Object.fromEntries(
        listOf(run(...arrays.map((_, index) => given[`x${index}`] as tf.Tensor))).map((tensor, index) => [`y${index}`, tensor]),
      ),
  });
  const session = await openSession({ graph, device: 'cpu', threads: 1 });
  const results = await session.run(Object.fromEntries(arrays.map((array, index) => [`x${index}`, array])));
  await session.close();
  expected.forEach(({ shape, values }, index) => {
    const result = results[`y${index}`];
    expect(result?.shape).toEqual(shape);
    values.forEach((value, at) =>
      expect(Math.abs((result?.data[at] ?? NaN) - value)).toBeLessThanOrEqual(2e-5 * Math.max(1, Math.abs(value))),
    );
  });
}

const matrix = (): Input => ({ shape: [small(2), small(2), small()] });
const positive = (): Input => ({ ...matrix(), low: 0.1, high: 3 });

const unary: [string, (x: tf.Tensor) => tf.Tensor, Input?][] = [
  ['abs', tf.abs],
  ['ceil', tf.ceil],
  ['cos', tf.cos],
  ['elu', tf.elu],
  ['erf', tf.erf],
  ['exp', tf.exp],
  ['expm1', tf.expm1],
  ['floor', tf.floor],
  ['log', tf.log, positive()],
  ['log1p', tf.log1p, positive()],
  ['neg', tf.neg],
  ['reciprocal', tf.reciprocal, positive()],
  ['relu', tf.relu],
  ['relu6', tf.relu6, { ...matrix(), low: -3, high: 12 }],
  ['leakyRelu', (x) => tf.leakyRelu(x, 0.3)],
  ['rsqrt', tf.rsqrt, positive()],
  ['sigmoid', tf.sigmoid],
  ['sign', tf.sign],
  ['sin', tf.sin],
  ['softplus', tf.softplus],
  ['sqrt', tf.sqrt, positive()],
  ['square', tf.square],
  ['step', (x) => tf.step(x, 0.25)],
  ['tanh', tf.tanh],
  ['clipByValue', (x) => tf.clipByValue(x, -0.5, 1)],
  ['isNaN', (x) => tf.cast(tf.isNaN(x), 'float32')],
  ['cast to int32 and back', (x) => tf.cast(tf.cast(tf.mul(x, 10), 'int32'), 'float32')],
  ['clone', tf.clone],
];

const binary: [string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor][] = [
  ['add', tf.add],
  ['sub', tf.sub],
  ['mul', tf.mul],
  ['div', tf.div],
  ['maximum', tf.maximum],
  ['minimum', tf.minimum],
  ['squaredDifference', tf.squaredDifference],
  ['pow', (a, b) => tf.pow(tf.add(tf.abs(a), 0.5), b)],
  ['equal', (a, b) => tf.equal(tf.round(a), tf.round(b))],
  ['notEqual', (a, b) => tf.notEqual(tf.floor(a), tf.floor(b))],
  ['greater', tf.greater],
  ['greaterEqual', tf.greaterEqual],
  ['less', tf.less],
  ['lessEqual', tf.lessEqual],
  ['logicalAnd', (a, b) => tf.logicalAnd(tf.greater(a, 0), tf.greater(b, 0))],
  ['logicalOr', (a, b) => tf.logicalOr(tf.greater(a, 0), tf.logicalNot(tf.greater(b, 0)))],
  ['where', (a, b) => tf.where(tf.greater(a, tf.mul(b, 0)), a, tf.mul(b, tf.onesLike(a)))],
];

describe('a recorded kernel computes what the cpu backend computes', () => {
  it.each(unary)('%s', (name, run, input = matrix()) => compare({ name, inputs: [input], run: (x) => run(x) }));

  it.each(binary.filter(([name]) => name !== 'equal'))('%s, with broadcasting', (name, run) => {
    const shape = [small(2), small(2), small(2)];
    return compare({ name, inputs: [{ shape }, { shape: [shape[1] ?? 1, 1] }], run: (a, b) => run(a, b) });
  });

  const shapes: Case[] = [
    {
      name: 'equal of integers',
      inputs: [
        { shape: [4, 5], type: 'int32' },
        { shape: [5], type: 'int32' },
      ],
      run: (a, b) => tf.equal(a, b),
    },
    { name: 'addN', inputs: [{ shape: [3, 2] }, { shape: [3, 2] }, { shape: [3, 2] }], run: (...all) => tf.addN(all) },
    { name: 'reshape', inputs: [{ shape: [4, 6] }], run: (x) => tf.reshape(x, [2, -1, 3]) },
    { name: 'expandDims and squeeze', inputs: [{ shape: [4, 1, 3] }], run: (x) => tf.expandDims(tf.squeeze(x, [1]), -1) },
    { name: 'transpose', inputs: [{ shape: [2, 3, 4] }], run: (x) => tf.transpose(x, [2, 0, 1]) },
    { name: 'slice', inputs: [{ shape: [5, 6, 3] }], run: (x) => tf.slice(x, [1, 0, 1], [3, -1, 2]) },
    { name: 'concat', inputs: [{ shape: [2, 3] }, { shape: [2, 1] }, { shape: [2, 4] }], run: (...all) => tf.concat(all, -1) },
    { name: 'stack', inputs: [{ shape: [2, 3] }, { shape: [2, 3] }], run: (...all) => tf.stack(all, 1) },
    { name: 'unstack', inputs: [{ shape: [2, 3] }], run: (x) => tf.unstack(x, 1) },
    { name: 'split into sizes', inputs: [{ shape: [2, 7] }], run: (x) => tf.split(x, [2, 4, 1], 1) },
    { name: 'split into equal parts', inputs: [{ shape: [6, 2] }], run: (x) => tf.split(x, 3) },
    { name: 'split into many parts', inputs: [{ shape: [2, 12] }], run: (x) => tf.split(x, [1, 2, 1, 1, 1, 1, 1, 3, 1], 1) },
    {
      name: 'product with many small matrices turned round',
      inputs: [{ shape: [40, 3, 4] }, { shape: [40, 3, 2] }],
      run: (a, b) => tf.matMul(a, b, true),
    },
    { name: 'tile', inputs: [{ shape: [2, 3] }], run: (x) => tf.tile(x, [2, 3]) },
    {
      name: 'pad',
      inputs: [{ shape: [2, 3] }],
      run: (x) =>
        tf.pad(
          x,
          [
            [1, 0],
            [2, 1],
          ],
          0.5,
        ),
    },
    {
      name: 'mirror padding',
      inputs: [{ shape: [4, 5] }],
      run: (x) =>
        tf.mirrorPad(
          x,
          [
            [1, 0],
            [2, 3],
          ],
          'reflect',
        ),
    },
    {
      name: 'gather',
      inputs: [{ shape: [5, 3] }, { shape: [4], type: 'int32', low: 0, high: 5 }],
      run: (x, i) => tf.gather(x, i),
    },
    { name: 'reverse', inputs: [{ shape: [3, 4, 2] }], run: (x) => tf.reverse(x, [1, 2]) },
    { name: 'broadcastTo', inputs: [{ shape: [3, 1] }], run: (x) => tf.broadcastTo(x, [2, 3, 4]) },
    {
      name: 'filled tensors',
      inputs: [{ shape: [3, 4] }],
      run: (x) => tf.add(tf.mul(x, tf.fill([3, 4], 2)), tf.sub(tf.onesLike(x), tf.zerosLike(x))),
    },
    { name: 'sum', inputs: [{ shape: [3, 4, 2] }], run: (x) => [tf.sum(x, [0, 2]), tf.sum(x), tf.sum(x, -1, true)] },
    { name: 'sum of booleans', inputs: [{ shape: [3, 4] }], run: (x) => tf.sum(tf.greater(x, 0), 1) },
    { name: 'mean', inputs: [{ shape: [3, 4, 2] }], run: (x) => [tf.mean(x, 1), tf.mean(x)] },
    { name: 'product', inputs: [{ shape: [3, 4] }], run: (x) => tf.prod(x, 1) },
    { name: 'max and min', inputs: [{ shape: [3, 4, 2] }], run: (x) => [tf.max(x, [1]), tf.min(x, [0, 1], true), tf.max(x)] },
    { name: 'argMax', inputs: [{ shape: [3, 7] }], run: (x) => tf.argMax(x, 1) },
    {
      name: 'topk',
      inputs: [{ shape: [3, 7] }],
      run: (x) => {
        const { values, indices } = tf.topk(x, 4);
        return [values, indices];
      },
    },
    { name: 'cumsum', inputs: [{ shape: [3, 5] }], run: (x) => [tf.cumsum(x, 1), tf.cumsum(x, 1, true, true)] },
    { name: 'softmax', inputs: [{ shape: [2, 3, 5] }], run: (x) => tf.softmax(x) },
    { name: 'logSoftmax', inputs: [{ shape: [2, 3, 5] }], run: (x) => tf.logSoftmax(x) },
    { name: 'variance', inputs: [{ shape: [3, 5] }], run: (x) => tf.moments(x, 0).variance },
    { name: 'matMul', inputs: [{ shape: [3, 4] }, { shape: [4, 2] }], run: (a, b) => tf.matMul(a, b) },
    { name: 'matMul, both transposed', inputs: [{ shape: [2, 4, 3] }, { shape: [2, 5, 4] }], run: (a, b) => tf.matMul(a, b, true, true) },
    {
      name: 'matMul with a constant',
      inputs: [{ shape: [3, 2] }],
      run: (a) =>
        tf.matMul(
          a,
          tf.tensor2d([
            [1, 2],
            [3, 4],
          ]),
        ),
    },
  ];
  it.each(shapes.map((one) => [one.name, one] as const))('%s', (_, one) => compare(one));

  const time = 12;
  const windows: Case[] = [
    {
      name: 'conv2d, channels first, stride and padding',
      inputs: [{ shape: [2, 3, 1, time] }, { shape: [1, 3, 3, 5] }],
      run: (x, w) =>
        tf.conv2d(
          x as tf.Tensor4D,
          w as tf.Tensor4D,
          [1, 2],
          [
            [0, 0],
            [0, 0],
            [0, 0],
            [1, 2],
          ],
          'NCHW',
          [1, 1],
          'floor',
        ),
    },
    {
      name: 'conv2d, channels last, same',
      inputs: [{ shape: [2, 6, 7, 3] }, { shape: [3, 2, 3, 4] }],
      run: (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, [2, 1], 'same'),
    },
    {
      name: 'conv2d, dilated',
      inputs: [{ shape: [1, 9, 9, 2] }, { shape: [3, 3, 2, 2] }],
      run: (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'valid', 'NHWC', 2),
    },
    {
      name: 'conv1d',
      inputs: [{ shape: [2, time, 3] }, { shape: [3, 3, 4] }],
      run: (x, w) => tf.conv1d(x as tf.Tensor3D, w as tf.Tensor3D, 1, 'same'),
    },
    {
      name: 'conv2d with a constant kernel',
      inputs: [{ shape: [1, 2, 1, time] }],
      run: (x) => tf.conv2d(x as tf.Tensor4D, tf.reshape<tf.Rank.R4>(tf.range(0, 36), [1, 3, 2, 6]), 1, 'valid', 'NCHW'),
    },
    {
      name: 'depthwise conv2d',
      inputs: [{ shape: [2, 6, 5, 3] }, { shape: [3, 2, 3, 2] }],
      run: (x, w) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same'),
    },
    {
      name: 'depthwise conv2d, kernels that fill no fours',
      inputs: [{ shape: [2, 6, 5, 2] }, { shape: [3, 2, 2, 6] }],
      run: (x, w) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same'),
    },
    {
      name: 'conv2d transposed, the last stride longer below than across',
      inputs: [{ shape: [2, 3, 4, 3] }, { shape: [3, 3, 2, 3] }],
      run: (x, w) => {
        const pads: tf.backend_util.ExplicitPadding = [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 0],
        ];
        return tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, [2, 6, 8, 2], 2, pads, 'floor');
      },
    },
    ...[1, 2, 3].map((each): Case => ({
      name: `depthwise conv2d transposed, ${each} a channel`,
      inputs: [{ shape: [2, 3, 4, 3 * each] }, { shape: [3, 3, 3, each] }],
      run: (dy, filter) =>
        tf.engine().runKernel(
          tf.DepthwiseConv2dNativeBackpropInput,
          { dy, filter },
          {
            ...{ strides: [2, 2], dilations: [1, 1], dimRoundingMode: 'floor' },
            ...{
              pad: [
                [0, 0],
                [1, 0],
                [1, 1],
                [0, 0],
              ],
              inputShape: [2, 6, 8, 3],
            },
          },
        ),
    })),
    { name: 'maxPool', inputs: [{ shape: [2, 7, 6, 3] }], run: (x) => tf.maxPool(x as tf.Tensor4D, [3, 2], [2, 2], 'same') },
    { name: 'avgPool', inputs: [{ shape: [2, 6, 6, 3] }], run: (x) => tf.avgPool(x as tf.Tensor4D, 2, 2, 'valid') },
    {
      name: 'batchNorm',
      inputs: [{ shape: [2, 3, 3, 4] }, { shape: [4] }, { shape: [4], low: 0.1, high: 2 }, { shape: [4] }, { shape: [4] }],
      run: (x, mean, variance, offset, scale) =>
        tf.batchNorm(x as tf.Tensor4D, mean as tf.Tensor1D, variance as tf.Tensor1D, offset as tf.Tensor1D, scale as tf.Tensor1D, 1e-3),
    },
    {
      name: 'pooling by blocks with a rest left out',
      inputs: [{ shape: [2, 3, 1, 11] }],
      run: (x) => tf.max(tf.reshape(tf.slice(x, [0, 0, 0, 0], [2, 3, 1, 9]), [2, 3, 1, 3, 3]), 4),
    },
    {
      name: 'a maximum of blocks that begin later',
      inputs: [{ shape: [2, 3, 1, 11] }],
      run: (x) => tf.max(tf.reshape(tf.slice(x, [0, 0, 0, 2], [2, 3, 1, 9]), [2, 3, 1, 3, 3]), 4),
    },
    {
      name: 'a maximum of blocks of other dimensions',
      inputs: [{ shape: [2, 6, 2, 4] }],
      run: (x) => tf.max(tf.reshape(x, [2, 2, 3, 2, 4]), 4),
    },
  ];
  it.each(windows.map((one) => [one.name, one] as const))('%s', (_, one) => compare(one));
});

describe('recorded convolutions and products of training', () => {
  const cases: Case[] = [
    {
      name: 'conv2d with a bias and ReLU, channels first',
      inputs: [{ shape: [1, 3, 2, 12] }, { shape: [1, 3, 3, 5] }, { shape: [5] }],
      run: (x, filter, bias) =>
        tf.fused.conv2d({
          x: x as tf.Tensor4D,
          filter: filter as tf.Tensor4D,
          strides: [1, 3],
          pad: 'valid',
          dataFormat: 'NCHW',
          bias,
          activation: 'relu',
        }),
    },
    {
      name: 'one kernel for several convolutions',
      inputs: [{ shape: [1, 3, 2, 12] }, { shape: [1, 3, 3, 5] }],
      run: (x, filter) => [x, tf.neg(x)].map((own) => tf.conv2d(own as tf.Tensor4D, filter as tf.Tensor4D, 1, 'valid', 'NCHW')),
    },
    ...[
      [false, true],
      [true, false],
      [true, true],
    ].map(([a, b]): Case => {
      const shapes = [a === true ? [4, 3] : [3, 4], b === true ? [5, 4] : [4, 5]];
      return {
        name: `matMul, transposed ${a} and ${b}`,
        inputs: shapes.map((shape) => ({ shape })),
        run: (x, y) => tf.matMul(x, y, a, b),
      };
    }),
    {
      name: 'transpositions that cancel each other',
      inputs: [{ shape: [2, 3, 4] }],
      run: (x) => tf.transpose(tf.transpose(x, [2, 0, 1]), [1, 2, 0]),
    },
  ];
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => compare(one));
});

describe('recorded gradients', () => {
  beforeAll(() => registerGradients());
  const cases = gradientCases.map(({ name, shapes, run, low = -2 }): Case => ({
    name,
    inputs: shapes.map((shape) => ({ shape, low, high: 2 })),
    run: (...x) => tf.grads((...own) => tf.sum(tf.square(run(...own))))(x),
  }));
  it.each(cases.map((one) => [one.name, one] as const))('of %s', (_, one) => compare(one));
});
