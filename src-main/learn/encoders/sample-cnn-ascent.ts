/**
 * @file What a wave has to change by so that a filter of SampleCNN gives more (Spijkervet 2021, MSc thesis, section 7.1; CLMR's branch v1,
 * `notebooks/filters.ipynb`): the gradient of the mean over time of what its convolution gives, before its batch norm, all norms in evaluation mode.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { AppError, defined } from '../../base/index.ts';
import type { WeightArrays, WeightTensors } from '../parameters.ts';
import { createSampleCnn } from './sample-cnn.ts';
import { firstStride, readSampleCnnSettings, sampleCnnLayers } from './sample-cnn-layers.ts';
import type { SampleCnnLayer } from './sample-cnn-layers.ts';

/** Filters of a layer, and what makes waves excite them more. */
export type FilterAscent = {
  filters: number;
  /** Weights that `gradient` takes, batch norms below the layer folded. */
  weights: WeightArrays;
  /**
   * @param wave `[batch, samples]`
   * @param chosen `[batch, filters]`: 1 for the filter that each wave is for, else 0
   * @returns the gradient `[batch, samples]`
   */
  gradient(weights: WeightTensors, wave: Tensor2D, chosen: Tensor2D): Tensor2D;
};

/** Positions that each layer's convolution has on a wave. */
function positionsOf(layers: readonly SampleCnnLayer[], samples: number): number[] {
  let time = samples;
  return layers.map(({ kernel, stride, padding, pool }) => {
    const convolved = time < 1 ? 0 : Math.floor((time + 2 * padding - kernel) / stride) + 1;
    time = Math.floor(convolved / pool);
    return convolved;
  });
}

/** Layers whose filters a wave of so many samples reaches, from 1. */
export function reachedLayers(settings: Record<string, unknown>, samples: number): number {
  const positions = positionsOf(sampleCnnLayers(readSampleCnnSettings(settings)), samples);
  const none = positions.findIndex((count) => count < 1);
  return none < 0 ? positions.length : none;
}

/** The filters of a layer. @param layer from 1 @throws AppError BAD_INPUT for one that a wave of so many samples does not reach */
export function filterAscent(
  settings: Record<string, unknown>,
  given: WeightArrays,
  { layer, samples }: { layer: number; samples: number },
): FilterAscent {
  const own = readSampleCnnSettings(settings);
  const reached = reachedLayers(settings, samples);
  if (layer < 1 || layer > reached)
    throw new AppError(
      'BAD_INPUT',
      `Spectra are made of layers 1 to ${reached}: filters of later ones hear more than ${samples} samples.`,
      { details: { layer, reached } },
    );
  const layers = sampleCnnLayers(own).slice(0, layer);
  const top = defined(layers.at(-1), 'the layer');
  const below = createSampleCnn(own).fold(given);
  const take = (from: WeightArrays, name: string): [string, { shape: readonly number[]; data: Float32Array }] => [
    name,
    defined(from.get(name), name),
  ];
  const weights = new Map(
    layers.flatMap((one) => ['0.weight', '0.bias'].map((part) => take(one === top ? given : below, `${one.name}.${part}`))),
  );
  return {
    filters: top.outChannels,
    weights,
    gradient: (tensors, wave, chosen) => tf.tidy(() => gradientOf(layers, tensors, wave, chosen)),
  };
}

type Seen = { layer: SampleCnnLayer; input: Tensor4D; convolved: Tensor4D };

function gradientOf(layers: readonly SampleCnnLayer[], weights: WeightTensors, wave: Tensor2D, chosen: Tensor2D): Tensor2D {
  const [batch, samples] = wave.shape;
  let x = tf.reshape<tf.Rank.R4>(wave, [batch, 1, 1, samples]);
  const seen = layers.map((layer): Seen => {
    const input = x;
    const convolved = convolve(layer, weights, input);
    x = pooled(tf.relu(convolved), layer.pool);
    return { layer, input, convolved };
  });
  const top = defined(seen.at(-1), 'the layer');
  const positions = top.convolved.shape[3];
  let gradient = tf.mul<Tensor4D>(tf.reshape(chosen, [batch, chosen.shape[1], 1, 1]), tf.fill([1, 1, 1, positions], 1 / positions));
  for (const { layer, input, convolved } of seen.toReversed()) {
    if (layer !== top.layer) gradient = throughPool(gradient, convolved, layer.pool);
    gradient = throughConvolution(gradient, layer, { weights, time: input.shape[3] });
  }
  return tf.reshape(gradient, [batch, samples]);
}

function kernelOf({ name }: SampleCnnLayer, weights: WeightTensors): tf.Tensor3D {
  return defined(weights[`${name}.0.weight`], `${name}.0.weight`) as tf.Tensor3D;
}

function convolve(layer: SampleCnnLayer, weights: WeightTensors, x: Tensor4D): Tensor4D {
  const kernel = tf.expandDims<Tensor4D>(tf.transpose(kernelOf(layer, weights), [2, 1, 0]), 0);
  const bias = defined(weights[`${layer.name}.0.bias`], `${layer.name}.0.bias`);
  return tf.add<Tensor4D>(
    tf.conv2d(x, kernel, [1, layer.stride], sides(layer.padding, layer.padding), 'NCHW', [1, 1], 'floor'),
    tf.reshape(bias, [1, layer.outChannels, 1, 1]),
  );
}

function sides(before: number, after: number): [[number, number], [number, number], [number, number], [number, number]] {
  return [
    [0, 0],
    [0, 0],
    [0, 0],
    [before, after],
  ];
}

function pooled(x: Tensor4D, size: number): Tensor4D {
  if (size === 1) return x;
  const [batch, channels, , time] = x.shape;
  const positions = Math.floor(time / size);
  if (positions === 0) return x;
  const whole = tf.slice(x, [0, 0, 0, 0], [batch, channels, 1, positions * size]);
  return tf.max<Tensor4D>(tf.reshape(whole, [batch, channels, 1, positions, size]), 4);
}

/** Back through pooling and ReLU: to the positions that were greatest, where they were above 0. */
function throughPool(gradient: Tensor4D, convolved: Tensor4D, size: number): Tensor4D {
  const active = tf.cast(tf.greater(convolved, 0), 'float32');
  if (size === 1) return tf.mul(gradient, active);
  const [batch, channels, , time] = convolved.shape;
  const positions = Math.floor(time / size);
  const whole = tf.reshape(tf.slice(convolved, [0, 0, 0, 0], [batch, channels, 1, positions * size]), [
    batch,
    channels,
    1,
    positions,
    size,
  ]);
  const greatest = tf.cast(tf.equal(whole, tf.max(whole, 4, true)), 'float32');
  const spread = tf.reshape(tf.mul(greatest, tf.expandDims(gradient, 4)), [batch, channels, 1, positions * size]);
  const rest = time - positions * size;
  const padded = rest === 0 ? spread : tf.concat([spread, tf.zeros([batch, channels, 1, rest])], 3);
  return tf.mul(padded, active);
}

/** Back through a convolution: one with the kernel reversed; the first layer's kernel is as long as its stride, so that each sample is in one product. */
function throughConvolution(
  gradient: Tensor4D,
  layer: SampleCnnLayer,
  { weights, time }: { weights: WeightTensors; time: number },
): Tensor4D {
  const kernel = kernelOf(layer, weights);
  const [batch, channels, , positions] = gradient.shape;
  if (layer.stride === firstStride) {
    const byPosition = tf.reshape(tf.transpose(gradient, [0, 3, 1, 2]), [batch * positions, channels]);
    const samples = tf.matMul(byPosition, tf.reshape<tf.Rank.R2>(kernel, [channels, layer.kernel]));
    const joined = tf.reshape(samples, [batch, 1, 1, positions * layer.kernel]);
    const rest = time - positions * layer.kernel;
    return (rest === 0 ? joined : tf.concat([joined, tf.zeros([batch, 1, 1, rest])], 3)) as Tensor4D;
  }
  const turned = tf.expandDims<Tensor4D>(tf.transpose(tf.reverse(kernel, 2), [2, 0, 1]), 0);
  const reach = layer.kernel - 1 - layer.padding;
  return tf.conv2d(gradient, turned, [1, 1], sides(reach, reach), 'NCHW', [1, 1], 'floor');
}
