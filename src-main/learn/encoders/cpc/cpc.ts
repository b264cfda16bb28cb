/**
 * @file The encoder of contrastive predictive coding (van den Oord et al. 2018) as CLMR's thesis compares itself with (Spijkervet 2021, chapter 5): strided
 * convolutions with ReLU and without batch norm make a sequence of latents, a GRU sums up what came before each. An embedding is the mean of the context
 * over time; the thesis says 256 values there, then 512: these are the 256.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { AppError, defined } from '../../../base/index.ts';
import { gru, gruParameters, heardGru } from '../../layers/gru.ts';
import { layersInParts } from '../../layers/layers-in-parts.ts';
import { stridedConvolution, stridedKernel, stridedLength } from '../../layers/strided-convolution.ts';
import type { Striding } from '../../layers/strided-convolution.ts';
import { defaultBias, drawWeights, kaimingKernel } from '../../parameters.ts';
import type { Parameter, WeightTensors } from '../../parameters.ts';
import type { Encoder, Sequences } from '../encoder.ts';
import type { TrainedFamily } from '../family.ts';
import { embeddingOf, numberedOutputs } from '../outputs.ts';
import type { LayerValues } from '../outputs.ts';
import { embeddingOutput } from '../poolings.ts';
import { encoderTitles, publishedRates } from '../settings.ts';
import type { ChoiceOf } from '../settings.ts';

/** Its settings: the length of the input in samples, the convolutions' channels, the context's values. */
export type CpcSettings = { sampleRate: number; cropSamples: number; channels: number; context: number };

/** Kernels, strides and padding of CLMR's first code; the product of the strides is 480 (the thesis prints 490). */
export const cpcLayers: readonly Striding[] = [
  { kernel: 10, stride: 5, padding: 2 },
  { kernel: 6, stride: 3, padding: 2 },
  { kernel: 4, stride: 2, padding: 2 },
  { kernel: 4, stride: 2, padding: 2 },
  { kernel: 4, stride: 2, padding: 1 },
  { kernel: 2, stride: 2, padding: 1 },
  { kernel: 2, stride: 2, padding: 1 },
];

/** As published: 59 049 samples at 22 050 Hz, 512 channels, 256 values of context. */
export const publishedCpc: CpcSettings = { sampleRate: 22050, cropSamples: 59_049, channels: 512, context: 256 };

const [lowestRate, highestRate, shortestCrop, longestCrop, mostWidth] = [100, 768_000, 4_800, 2 ** 26, 65_536];

/** Settings of any origin. @throws AppError `BAD_INPUT` when they are not those of this encoder */
export function readCpcSettings({ sampleRate, cropSamples, channels, context }: Record<string, unknown>): CpcSettings {
  const isWhole = (value: unknown, least: number, most: number): value is number =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
  if (
    isWhole(sampleRate, lowestRate, highestRate) &&
    isWhole(cropSamples, shortestCrop, longestCrop) &&
    isWhole(channels, 1, mostWidth) &&
    isWhole(context, 1, mostWidth)
  )
    return { sampleRate, cropSamples, channels, context };
  throw new AppError(
    'BAD_INPUT',
    'These are not the settings of a CPC encoder: it has a sample rate in hertz, a length in samples, channels, and values of context.',
  );
}

/** The encoder. */
export function createCpc(settings: CpcSettings): Encoder {
  const { sampleRate, cropSamples, channels, context } = settings;
  const lengths = lengthsOf(cropSamples);
  const parameters = (): Parameter[] => parametersOf(settings);
  const checked = (wave: Tensor2D): Tensor2D => {
    if (wave.shape[1] === cropSamples) return wave;
    throw new AppError('BAD_INPUT', `This CPC encoder takes crops of ${cropSamples} samples, not ${wave.shape[1]}.`);
  };
  const convolved = (weights: WeightTensors, wave: Tensor2D): Tensor3D[] => convolutionsOf(weights, checked(wave));
  const sequences: Sequences['of'] = (weights, wave, { chunkElements }) => {
    const elements = lengths.map((length) => length * channels);
    const latents = layersInParts(tf.expandDims(checked(wave), 2), { elements, chunkElements, through: convolutionsBy(weights) });
    return { latents, contexts: gru('context', weights, latents) };
  };
  const layers = (weights: WeightTensors, wave: Tensor2D): Record<string, LayerValues> => {
    const convolutions = convolved(weights, wave);
    const contexts = heardGru('context', weights, defined(convolutions.at(-1), 'a layer'));
    const seen = convolutions.map((values, index): [string, LayerValues] => [`convolution-${index + 1}`, { values, positions: [1] }]);
    const embedding = { values: tf.mean(contexts, 1), positions: [] };
    return { ...Object.fromEntries(seen), context: { values: contexts, positions: [1] }, [embeddingOutput]: embedding };
  };
  const embed = (weights: WeightTensors, wave: Tensor2D): Tensor2D =>
    tf.mean(heardGru('context', weights, defined(convolved(weights, wave).at(-1), 'a layer')), 1);
  return {
    settings: { architecture: 'cpc', sampleRate, cropSamples, channels, context },
    architecture: 'cpc',
    title: encoderTitles.cpc,
    sampleRate,
    cropSamples,
    dimensions: context,
    outputs: [
      ...numberedOutputs(
        'convolution',
        lengths.map(() => channels),
      ),
      { name: 'context', title: 'Context', dimensions: context },
      embeddingOf(context),
    ],
    keptElements: keptOf(lengths, { channels, context }),
    parameters,
    forward: (weights, wave) => tf.tidy(() => embed(weights, wave)),
    layers,
    train: (weights, wave, options) => ({ embedding: tf.mean(sequences(weights, wave, options).contexts, 1), statistics: {} }),
    sequences: { of: sequences, positions: defined(lengths.at(-1), 'a layer'), latents: channels, contexts: context },
    initialise: (seed) => drawWeights(parameters(), seed),
    fold: (weights) => new Map(weights),
  };
}

/** Numbers that a clip's step holds: what leaves each convolution, since what it is taken over is laid out a few clips at a time, and the gates of the GRU. */
function keptOf(lengths: readonly number[], { channels, context }: Pick<CpcSettings, 'channels' | 'context'>): number {
  return lengths.reduce((sum, length) => sum + length * channels, 0) + (lengths.at(-1) ?? 0) * 10 * context;
}

function lengthsOf(samples: number): number[] {
  let length = samples;
  return cpcLayers.map((layer) => (length = stridedLength(length, layer)));
}

function parametersOf({ channels, context }: CpcSettings): Parameter[] {
  return [
    ...cpcLayers.flatMap(({ kernel }, index) => {
      const shape = [channels, index === 0 ? 1 : channels, kernel];
      return [kaimingKernel(`layers.${index}.weight`, shape), defaultBias(`layers.${index}.bias`, shape)];
    }),
    ...gruParameters('context', channels, context),
  ];
}

/** What leaves each convolution, `[batch, positions, channels]`; the last are the latents. */
function convolutionsOf(weights: WeightTensors, wave: Tensor2D): Tensor3D[] {
  const through = convolutionsBy(weights);
  let x = tf.expandDims<Tensor3D>(wave, 2);
  return cpcLayers.map((_, layer) => (x = through(x, layer)));
}

/** Each layer as a function, whose kernel is laid out once. */
function convolutionsBy(weights: WeightTensors): (x: Tensor3D, layer: number) => Tensor3D {
  const layers = cpcLayers.map((striding, layer) => {
    const [kernel, bias] = ['weight', 'bias'].map((part) => defined(weights[`layers.${layer}.${part}`], `layers.${layer}.${part}`));
    return { kernel: stridedKernel(kernel as Tensor3D, striding), bias: bias as Tensor1D };
  });
  return (x, layer) => stridedConvolution(x, defined(layers[layer], 'a layer'));
}

/** CPC's encoder. */
export const cpcFamily: TrainedFamily<ChoiceOf<'cpc'>> = {
  create: (settings) => createCpc(readCpcSettings(settings)),
  choose: ({ sampleRate }) => createCpc({ ...publishedCpc, sampleRate }),
  published: publishedRates.map((sampleRate) => createCpc({ ...publishedCpc, sampleRate })),
};
