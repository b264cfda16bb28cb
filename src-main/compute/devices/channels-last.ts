/**
 * @file Convolutions with channels first on a backend that wants them last. TensorFlow's package for Node (4.22) drops the strides of a convolution with
 * channels first and refuses a fused one, and TensorFlow itself has no such kernels for processors; so what goes in and comes out is transposed.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { KernelFunc, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import { assert, defined } from '../../base/index.ts';

type Call = Parameters<KernelFunc>[0];
type Padding = string | number | readonly (readonly [number, number])[];

const wrapped = new Set<string>();

/** From now on convolutions with channels first run with channels last on a backend; what has them last already is left alone. */
export function putChannelsLast(backendName: string): void {
  if (wrapped.has(backendName)) return;
  wrapped.add(backendName);
  for (const kernelName of [tf.Conv2D, tf.FusedConv2D]) {
    const own = defined(tf.getKernel(kernelName, backendName), `${kernelName} of ${backendName}`);
    tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({ ...own, kernelFunc: (call) => convolve(own.kernelFunc, call) });
  }
}

function convolve(own: KernelFunc, call: Call): TensorInfo | TensorInfo[] {
  const { dataFormat, pad } = call.attrs as unknown as { dataFormat: string; pad: Padding };
  if (dataFormat !== 'NCHW') return own(call);
  assert(call.inputs['preluActivationWeights'] === undefined, 'no activation with weights of its own');
  // A kernel is given tensors, of which its type tells less.
  const x = tf.transpose(call.inputs['x'] as Tensor4D, [0, 2, 3, 1]);
  const turned = Array.isArray(pad) ? [pad[0], pad[2], pad[3], pad[1]] : pad;
  const attrs = { ...call.attrs, dataFormat: 'NHWC', pad: turned as number };
  const y = asTensor(own({ ...call, inputs: { ...call.inputs, x }, attrs }));
  const result = tf.transpose(y, [0, 3, 1, 2]);
  tf.dispose([x, y]);
  return result;
}

/** A kernel gives a tensor, or what one is made of. */
function asTensor(info: TensorInfo | TensorInfo[]): Tensor4D {
  assert(!Array.isArray(info), 'a convolution has one output');
  return (info instanceof tf.Tensor ? info : tf.engine().makeTensorFromTensorInfo(info)) as Tensor4D;
}
