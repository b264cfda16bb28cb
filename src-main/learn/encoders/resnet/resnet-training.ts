/** @file A ResNet in training mode: every convolution with its batch norm in closed form, images as `[channels, clips, bands, frames]`. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { defined } from '../../../base/index.ts';
import { convolutionNorm } from '../../layers/convolution-norm.ts';
import { gathered, patchesOf } from '../../layers/image-patches.ts';
import { closedForm } from '../../gradients/closed-form.ts';
import type { WeightTensors } from '../../parameters.ts';
import type { TrainedForward } from '../encoder.ts';
import { stem, stemPooling } from './resnet-layers.ts';
import type { ResnetBlock, ResnetConvolution } from './resnet-layers.ts';

type Pass = { weights: WeightTensors; statistics: Record<string, Tensor> };

/** @param image `[clips, bands, frames]`, which stands for all three colours */
export function trainResnet(blocks: readonly ResnetBlock[], weights: WeightTensors, image: Tensor): TrainedForward {
  const [clips = 0, tall = 0, wide = 0] = image.shape;
  const pass: Pass = { weights, statistics: {} };
  const grey = tf.reshape<tf.Rank.R4>(image, [1, clips, tall, wide]);
  let x = pooled(convolved(pass, { ...stem, inChannels: 1 }, grey, { hasRelu: true }));
  for (const { convolutions, beside } of blocks) {
    const skip = beside === null ? x : convolved(pass, beside, x, { hasRelu: false });
    const last = convolutions.length - 1;
    x = convolutions.reduce((y, one, index) => convolved(pass, one, y, index === last ? { hasRelu: true, skip } : { hasRelu: true }), x);
  }
  const embedding = tf.transpose<Tensor2D>(tf.mean(tf.reshape(x, [x.shape[0], clips, x.shape[2] * x.shape[3]]), 2));
  return { embedding, statistics: pass.statistics };
}

function convolved(
  { weights, statistics }: Pass,
  { kernelName, normName, inChannels, ...patching }: ResnetConvolution,
  x: Tensor4D,
  options: { hasRelu: boolean; skip?: Tensor4D },
): Tensor4D {
  const named = (name: string): Tensor => defined(weights[name], name);
  const given = named(`${kernelName}.weight`) as Tensor4D;
  // Three equal colours are one, whose kernel is the sum of theirs.
  const kernel = given.shape[1] === inChannels ? given : tf.sum<Tensor4D>(given, 1, true);
  const norm = { gain: named(`${normName}.weight`) as Tensor1D, shift: named(`${normName}.bias`) as Tensor1D };
  const { y, mean, variance } = convolutionNorm({ x, kernel, norm, patching, ...options });
  statistics[`${normName}.running_mean`] = mean;
  statistics[`${normName}.running_var`] = variance;
  return y;
}

/** The greatest of nine; what stands beyond the edges is never it, for all is at least zero. */
function pooled(x: Tensor4D): Tensor4D {
  const { kernel, stride, padding } = stemPooling;
  const { value } = closedForm<Tensor4D>([x], ([held]) => {
    const own = held as Tensor4D;
    const most = tf.transpose<Tensor4D>(
      tf.maxPool(tf.transpose<Tensor4D>(own, [0, 2, 3, 1]), kernel, stride, padding, 'floor'),
      [0, 3, 1, 2],
    );
    return {
      value: most,
      beside: {},
      // Where several are greatest each has the gradient; those are zeros behind a ReLU, which lets none of it through.
      backward: (gradient) => {
        const [channels, clips, down, across] = most.shape;
        const [places, positions] = [kernel * kernel, clips * down * across];
        const patches = tf.reshape(patchesOf(own, stemPooling), [channels, places, positions]);
        const isGreatest = tf.cast(tf.equal(patches, tf.reshape(most, [channels, 1, positions])), 'float32');
        const shares = tf.mul(isGreatest, tf.reshape(gradient, [channels, 1, positions]));
        return [gathered(tf.reshape<tf.Rank.R4>(shares, [channels * places, clips, down, across]), own.shape, stemPooling)];
      },
    };
  });
  return value;
}
