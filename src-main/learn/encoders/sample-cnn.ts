/**
 * @file SampleCNN: eleven convolutions on the raw wave (Lee et al. 2017; as in CLMR, Spijkervet and Burgoyne 2021, whose names and shapes it keeps).
 *
 * Activations are `[batch, channels, 1, time]`: channels first, because PyTorch's weights and ONNX's convolutions are, and with a height of one,
 * because ONNX Runtime's CPU provider has its fast blocked kernels for two-dimensional convolutions only (11.3 ms a crop against 17.9 with `[batch,
 * channels, time]`, two cores). Pooling blocks do not overlap, so pooling is a reshape and a maximum; the recorder turns that back into a pooling node.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import type { Encoder } from './encoder.ts';
import type { TrainedFamily } from './family.ts';
import { embeddingOf, numberedOutputs } from './outputs.ts';
import type { EncoderOutput, LayerValues } from './outputs.ts';
import { embeddingOutput } from './poolings.ts';
import { drawWeights } from '../parameters.ts';
import type { WeightTensors } from '../parameters.ts';
import { batchNormEpsilon } from '../layers/batch-norm.ts';
import { foldBatchNorm } from './fold-batch-norm.ts';
import {
  checkSampleCnnCrop,
  checkSampleCnnSettings,
  publishedChannels,
  publishedStrides,
  readSampleCnnSettings,
  sampleCnnCrop,
  sampleCnnKept,
  sampleCnnLayers,
  sampleCnnParameters,
} from './sample-cnn-layers.ts';
import type { SampleCnnLayer, SampleCnnSettings } from './sample-cnn-layers.ts';
import { encoderTitles, publishedRates } from './settings.ts';
import type { ChoiceOf } from './settings.ts';
import { trainSampleCnn } from './sample-cnn-training.ts';

/** A SampleCNN with any settings. @throws AppError `BAD_INPUT` when the settings do not fit together */
export function createSampleCnn(settings: SampleCnnSettings): Encoder {
  const layers = sampleCnnLayers(settings);
  checkSampleCnnSettings(settings);
  return {
    settings: { architecture: 'sample-cnn', sampleRate: settings.sampleRate, strides: settings.strides, channels: settings.channels },
    architecture: 'sample-cnn',
    title: encoderTitles['sample-cnn'],
    sampleRate: settings.sampleRate,
    cropSamples: sampleCnnCrop(settings),
    dimensions: defined(settings.channels.at(-1), 'the last width'),
    outputs: outputsOf(settings),
    keptElements: sampleCnnKept(settings),
    parameters: () => sampleCnnParameters(settings),
    forward: (weights, wave) => {
      checkSampleCnnCrop(settings, wave.shape[1]);
      return tf.tidy(() => defined(layersOf(layers, weights, wave)[embeddingOutput], 'the embedding').values as Tensor2D);
    },
    layers: (weights, wave) => {
      checkSampleCnnCrop(settings, wave.shape[1]);
      return layersOf(layers, weights, wave);
    },
    train: (weights, wave, options) => {
      checkSampleCnnCrop(settings, wave.shape[1]);
      return trainSampleCnn(layers, weights, wave, options);
    },
    initialise: (seed) => drawWeights(sampleCnnParameters(settings), seed),
    fold: (weights) =>
      foldBatchNorm(
        weights,
        layers.map(({ name }) => ({ convolution: `${name}.0`, batchNorm: `${name}.1` })),
      ),
  };
}

/** CLMR's SampleCNN at one of its three sample rates. */
export function publishedSampleCnn(sampleRate: keyof typeof publishedStrides): Encoder {
  return createSampleCnn({ sampleRate, strides: publishedStrides[sampleRate], channels: publishedChannels });
}

/**
 * The logits of the supervised variant's last layer, whose weights some checkpoints carry as `fc.weight` and `fc.bias`; behind `hidden.weight` and
 * `hidden.bias` with a ReLU where CLMR's evaluation trained two layers.
 * @param embedding `[batch, dimensions]`
 * @returns `[batch, tags]`
 */
export function headLogits(weights: WeightTensors, embedding: Tensor2D): Tensor2D {
  return tf.tidy(() => {
    const input = weights['hidden.weight'] === undefined ? embedding : tf.relu(linear(weights, 'hidden', embedding));
    return linear(weights, 'fc', input);
  });
}

function linear(weights: WeightTensors, name: string, input: Tensor2D): Tensor2D {
  const weight = defined(weights[`${name}.weight`], `${name}.weight`) as Tensor2D;
  return tf.add(tf.matMul(input, weight, false, true), defined(weights[`${name}.bias`], `${name}.bias`));
}

/** The last layer's one position is the embedding. */
function outputsOf({ channels }: SampleCnnSettings): EncoderOutput[] {
  return [
    { name: 'first', title: 'First convolution', dimensions: channels[0] ?? 0 },
    ...numberedOutputs('block', channels.slice(1, -1)),
    embeddingOf(channels.at(-1) ?? 0),
  ];
}

function layersOf(layers: readonly SampleCnnLayer[], weights: WeightTensors, wave: Tensor2D): Record<string, LayerValues> {
  const [batch, samples] = wave.shape;
  const seen: Record<string, LayerValues> = {};
  let x: Tensor4D = tf.reshape(wave, [batch, 1, 1, samples]);
  for (const [index, layer] of layers.entries()) {
    x = applyLayer(layer, weights, x);
    if (index < layers.length - 1) seen[index === 0 ? 'first' : `block-${index}`] = { values: x, positions: [2, 3] };
  }
  return { ...seen, [embeddingOutput]: { values: tf.reshape(x, [batch, x.shape[1]]), positions: [] } };
}

function applyLayer(layer: SampleCnnLayer, weights: WeightTensors, x: Tensor4D): Tensor4D {
  const named = (part: string): Tensor => defined(weights[`${layer.name}.${part}`], `${layer.name}.${part}`);
  const channelwise = (vector: Tensor): Tensor4D => tf.reshape(vector, [1, layer.outChannels, 1, 1]);
  const kernel = tf.expandDims<Tensor4D>(tf.transpose(named('0.weight'), [2, 1, 0]), 0);
  const convolved = tf.conv2d(x, kernel, [1, layer.stride], paddingOf(layer), 'NCHW', [1, 1], 'floor');
  let y = tf.add<Tensor4D>(convolved, channelwise(named('0.bias')));
  if (weights[`${layer.name}.1.weight`] !== undefined) {
    const scale = tf.mul(named('1.weight'), tf.rsqrt(tf.add(named('1.running_var'), batchNormEpsilon)));
    y = tf.add(tf.mul(tf.sub(y, channelwise(named('1.running_mean'))), channelwise(scale)), channelwise(named('1.bias')));
  }
  return maxPoolTime(tf.relu(y), layer.pool);
}

type Padding = [[number, number], [number, number], [number, number], [number, number]];

function paddingOf({ padding }: SampleCnnLayer): Padding {
  return [
    [0, 0],
    [0, 0],
    [0, 0],
    [padding, padding],
  ];
}

/** The maximum of each `size` consecutive positions; a remainder shorter than that is left out, as PyTorch does. */
function maxPoolTime(x: Tensor4D, size: number): Tensor4D {
  if (size === 1) return x;
  const [batch, channels, height, time] = x.shape;
  const positions = Math.floor(time / size);
  const whole = positions * size === time ? x : tf.slice(x, [0, 0, 0, 0], [batch, channels, height, positions * size]);
  return tf.max<Tensor4D>(tf.reshape(whole, [batch, channels, height, positions, size]), 4);
}

/** SampleCNN. */
export const sampleCnnFamily: TrainedFamily<ChoiceOf<'sample-cnn'>> = {
  create: (settings) => createSampleCnn(readSampleCnnSettings(settings)),
  choose: ({ sampleRate }) => publishedSampleCnn(sampleRate),
  published: publishedRates.map(publishedSampleCnn),
};
