/**
 * @file Convolutions in groups and those of the encoders, forth and back, on the processor and on WebGPU. Prints the largest difference of each as JSON. A
 * process of its own, since a driver may end it.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defined, seededRandom } from '../../../src-main/base/index.ts';
import { openSession, record } from '../../../src-main/compute/index.ts';
import { registerGradients } from '../../../src-main/learn/gradients/register.ts';
import { sizeOf } from '../../../src-main/learn/index.ts';
import { groupedConvolution } from '../../../src-main/learn/layers/grouped-convolution.ts';
import { gelu, layerNorm } from '../../../src-main/learn/layers/transformer.ts';
import { imageConvolution, imageGradients } from '../../../src-main/learn/layers/image-patches.ts';
import type { Patching } from '../../../src-main/learn/layers/image-patches.ts';

type Case = { shapes: number[][]; run: (...given: tf.Tensor[]) => tf.Tensor[] };
const random = seededRandom(7);

const depthwise = (each: number): Case => ({
  shapes: [
    [1, 6, 5, 4],
    [3, 3, 4, each],
  ],
  run: (x, kernel) => [tf.depthwiseConv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, 1, 'same')],
});

const transposed = (each: number): Case => ({
  shapes: [
    [1, 6, 5, 4 * each],
    [3, 3, 4, each],
  ],
  run: (dy, filter) => {
    const attributes = { strides: [1, 1], dilations: [1, 1], pad: 'same', inputShape: [1, 6, 5, 4] };
    return [
      tf
        .engine()
        .runKernel(tf.DepthwiseConv2dNativeBackpropInput, { dy: defined(dy, 'dy'), filter: defined(filter, 'filter') }, attributes),
    ];
  },
});

const image = (patching: Patching): Case => ({
  shapes: [
    [4, 2, 8, 6],
    [8, 4, patching.kernel, patching.kernel],
  ],
  run: (x, kernel) => {
    const [own, with_] = [x as tf.Tensor4D, kernel as tf.Tensor4D];
    const y = imageConvolution(own, with_, patching);
    const { ofImage, ofKernel } = imageGradients({ x: own, kernel: with_, patching, gradient: tf.mul(y, y) });
    return [y, ofImage, ofKernel];
  },
});

const cases: Record<string, Case> = {
  ...Object.fromEntries([1, 2, 3, 4, 5, 6, 9].map((each) => [`${each} kernels a channel`, depthwise(each)])),
  ...Object.fromEntries([1, 2, 3, 4, 5, 6, 9].map((each) => [`${each} kernels a channel, transposed`, transposed(each)])),
  'a stride of 2 by one pixel': image({ kernel: 1, stride: 2, padding: 0 }),
  'a stride of 2 by nine': image({ kernel: 3, stride: 2, padding: 1 }),
  'nine pixels': image({ kernel: 3, stride: 1, padding: 1 }),
  'twenty parts': { shapes: [[3, 20]], run: (x) => tf.split(defined(x, 'x'), 20, 1).map((part, at) => tf.mul(part, at)) },
  'layer norm and GELU': {
    shapes: [[2, 5, 12], [12], [12]],
    run: (x, gain, shift) => {
      const grad = tf.grads((...[own, weight, bias]) =>
        gelu(layerNorm('norm', { 'norm.weight': defined(weight, 'gain'), 'norm.bias': defined(bias, 'shift') }, own as tf.Tensor3D, 1e-5)),
      );
      return grad([x, gain, shift].map((one) => defined(one, 'an input')));
    },
  },
  'positions of a Transformer': {
    shapes: [[2, 21, 32], [32, 8, 19], [32]],
    run: (x, kernel, bias) => {
      const grad = tf.grads((...own) =>
        groupedConvolution(own[0] as tf.Tensor3D, { kernel: own[1] as tf.Tensor3D, bias: own[2] as tf.Tensor1D }, 4),
      );
      return grad([x, kernel, bias].map((one) => defined(one, 'an input')));
    },
  },
};

registerGradients();
const differences: Record<string, number> = {};
for (const [name, { shapes, run }] of Object.entries(cases)) {
  const graph = record({
    name,
    inputs: shapes.map((shape, index) => ({ name: `x${index}`, type: 'float32', shape })),
    run: (given) =>
      Object.fromEntries(run(...shapes.map((_, index) => defined(given[`x${index}`], 'x'))).map((tensor, index) => [`y${index}`, tensor])),
  });
  const feeds = Object.fromEntries(
    shapes.map((shape, index) => [`x${index}`, { shape, data: Float32Array.from({ length: sizeOf(shape) }, () => random.normal()) }]),
  );
  const [processor, graphics] = [await runOn('cpu'), await runOn('webgpu')];
  differences[name] = Math.max(
    ...Object.entries(processor).map(([output, { data }]) => {
      const other = defined(graphics[output], output).data;
      const scale = Math.max(1, ...[...data].map(Math.abs));
      return [...data].reduce((most, value, at) => Math.max(most, Math.abs(value - (other[at] ?? Number.NaN))), 0) / scale;
    }),
  );
  async function runOn(device: 'cpu' | 'webgpu'): Promise<Awaited<ReturnType<Awaited<ReturnType<typeof openSession>>['run']>>> {
    const session = await openSession({ graph, device });
    const results = await session.run(feeds);
    await session.close();
    return results;
  }
}
process.stdout.write(`${JSON.stringify(differences)}\n`);
