/**
 * @file The encoder of data2vec on audio (Baevski et al. 2022), which MAP-Music2Vec trains on music (Li et al. 2022). An embedding is the mean of the last
 * layer over time.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { AppError, defined } from '../../../base/index.ts';
import { stridedLength } from '../../layers/strided-convolution.ts';
import { drawWeights } from '../../parameters.ts';
import type { WeightTensors } from '../../parameters.ts';
import type { Encoder, Halves } from '../encoder.ts';
import type { TrainedFamily } from '../family.ts';
import { embeddingOf, numberedOutputs } from '../outputs.ts';
import type { EncoderOutput, LayerValues } from '../outputs.ts';
import { embeddingOutput } from '../poolings.ts';
import { encoderTitles } from '../settings.ts';
import type { ChoiceOf } from '../settings.ts';
import { data2vecParameters, readData2vecSettings } from './data2vec-layers.ts';
import type { Data2vecSettings } from './data2vec-layers.ts';
import { data2vecFeatures, heard, projected, understood } from './data2vec-pass.ts';

type Size = ChoiceOf<'data2vec'>['size'];

/** Kernels and strides of the convolutions: 320 samples a position, 20 ms at 16 kHz. */
const convolutions = [
  { kernel: 10, stride: 5 },
  ...Array.from({ length: 4 }, () => ({ kernel: 3, stride: 2 })),
  ...Array.from({ length: 2 }, () => ({ kernel: 2, stride: 2 })),
];

/** `base`: data2vec's and Music2Vec's own, 93 M parameters; `small`: 6 M, which a processor trains. */
const sizes: Readonly<Record<Size, { channels: number; values: number; layers: number; heads: number; inner: number }>> = {
  base: { channels: 512, values: 768, layers: 12, heads: 12, inner: 3072 },
  small: { channels: 128, values: 256, layers: 6, heads: 4, inner: 1024 },
};

/** An encoder of one of data2vec's sizes. @param cropSeconds length of the input */
export function sizedData2vec(size: Size, { sampleRate, cropSeconds }: { sampleRate: number; cropSeconds: number }): Data2vecSettings {
  const { channels, ...transformer } = sizes[size];
  return {
    ...{ sampleRate, cropSamples: Math.round(sampleRate * cropSeconds) },
    convolutions: convolutions.map((own) => ({ ...own, channels })),
    ...transformer,
    ...{ positionLayers: 5, positionKernel: 19, positionGroups: 16, epsilon: 1e-5, isNormalised: true },
  };
}

/** The encoder. @throws AppError `BAD_INPUT` when a crop gives no position */
export function createData2vec(settings: Data2vecSettings): Encoder {
  const { sampleRate, cropSamples, values } = settings;
  const positions = settings.convolutions.reduce(
    (length, { kernel, stride }) => stridedLength(length, { kernel, stride, padding: 0 }),
    cropSamples,
  );
  if (positions < 1) throw new AppError('BAD_INPUT', `A crop of ${cropSamples} samples is too short for this encoder’s convolutions.`);
  const checked = (wave: Tensor2D): Tensor2D => {
    if (wave.shape[1] === cropSamples) return wave;
    throw new AppError('BAD_INPUT', `This data2vec encoder takes crops of ${cropSamples} samples, not ${wave.shape[1]}.`);
  };
  const layers = (weights: WeightTensors, wave: Tensor2D): Record<string, LayerValues> => layersOf(settings, weights, checked(wave));
  const embed = (weights: WeightTensors, wave: Tensor2D): Tensor2D =>
    defined(layers(weights, wave)[embeddingOutput], 'the embedding').values as Tensor2D;
  return {
    settings: { architecture: 'data2vec', ...settings },
    architecture: 'data2vec',
    title: encoderTitles.data2vec,
    sampleRate,
    cropSamples,
    dimensions: values,
    outputs: outputsOf(settings),
    keptElements: keptOf(settings),
    parameters: () => data2vecParameters(settings),
    forward: (weights, wave) => tf.tidy(() => embed(weights, wave)),
    layers,
    train: (weights, wave) => ({ embedding: embed(weights, wave), statistics: {} }),
    halves: {
      ...halvesOf(settings, positions),
      hear: (weights, wave, { chunkElements }) => heard(settings, weights, checked(wave), chunkElements),
    },
    initialise: (seed) => drawWeights(data2vecParameters(settings), seed),
    fold: (weights) => new Map(weights),
  };
}

/** Names as Hugging Face counts hidden states: `layer-0` is what enters the first layer. */
function outputsOf({ convolutions, layers, values }: Data2vecSettings): EncoderOutput[] {
  return [
    { name: 'extractor', title: 'Feature extractor', dimensions: convolutions.at(-1)?.channels ?? 0 },
    { name: 'layer-0', title: 'Input of layer 1', dimensions: values },
    ...numberedOutputs('layer', Array<number>(layers).fill(values)),
    embeddingOf(values),
  ];
}

function layersOf(settings: Data2vecSettings, weights: WeightTensors, wave: Tensor2D): Record<string, LayerValues> {
  const features = data2vecFeatures(settings, weights, wave);
  const { states, last } = understood(settings, weights, projected(weights, features));
  const seen = states.map((values, layer): [string, LayerValues] => [`layer-${layer}`, { values, positions: [1] }]);
  const embedding = { values: tf.mean(last, 1), positions: [] };
  return { extractor: { values: features, positions: [1] }, ...Object.fromEntries(seen), [embeddingOutput]: embedding };
}

/** Where positions are masked: after the projection, before what tells positions. */
function halvesOf(settings: Data2vecSettings, positions: number): Omit<Halves, 'hear'> {
  const { values, layers } = settings;
  return {
    positions,
    values,
    layers,
    context: data2vecParameters(settings)
      .filter(({ name }) => name.startsWith('encoder.'))
      .map((parameter) => ({ parameter, tellsPosition: parameter.name.startsWith('encoder.pos_conv_embed.') })),
    understand: (weights, x, kept) => understood(settings, weights, x, kept),
  };
}

/** Values of a clip that training keeps, about: four of each convolution's output, twelve of each layer's, and the attention's scores. */
function keptOf({ convolutions: own, cropSamples, layers, heads, values, inner }: Data2vecSettings): number {
  let length = cropSamples;
  let kept = 0;
  for (const { kernel, stride, channels } of own) {
    length = stridedLength(length, { kernel, stride, padding: 0 });
    kept += 4 * length * channels;
  }
  return kept + layers * (length * (12 * values + 2 * inner) + 2 * heads * length * length);
}

/** data2vec's encoders, which come in folders that describe them. */
export const data2vecFamily: TrainedFamily<ChoiceOf<'data2vec'>> = {
  create: (settings) => createData2vec(readData2vecSettings(settings)),
  choose: ({ size, ...own }) => createData2vec(sizedData2vec(size, own)),
  published: [],
};
