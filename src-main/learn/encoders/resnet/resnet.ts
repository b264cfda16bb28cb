/**
 * @file A ResNet in torchvision's layout (He et al. 2016) on a mel spectrogram, without its classifier: VICMus's encoder (Löf et al. 2024), and that of
 * SimCLR on spectrograms. The wave is its input; the picture is made with it.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { AppError, defined } from '../../../base/index.ts';
import { checkMel, logMel } from '../../inputs/log-mel.ts';
import { vicmusMel } from '../../inputs/settings.ts';
import { batchNormEpsilon } from '../../layers/batch-norm.ts';
import { drawWeights } from '../../parameters.ts';
import type { WeightTensors } from '../../parameters.ts';
import type { Encoder } from '../encoder.ts';
import type { TrainedFamily } from '../family.ts';
import { foldBatchNorm } from '../fold-batch-norm.ts';
import { embeddingOf, numberedOutputs } from '../outputs.ts';
import type { LayerValues } from '../outputs.ts';
import { embeddingOutput } from '../poolings.ts';
import { encoderTitles } from '../settings.ts';
import type { ChoiceOf } from '../settings.ts';
import {
  readResnetSettings,
  resnetBlocks,
  resnetConvolutions,
  resnetDimensions,
  resnetKept,
  resnetParameters,
  resnetWidths,
  stem,
  stemPooling,
} from './resnet-layers.ts';
import type { ResnetBlock, ResnetConvolution, ResnetSettings } from './resnet-layers.ts';
import { trainResnet } from './resnet-training.ts';

/** VICMus's picture of 65 024 samples: 128 bands, 128 frames. */
export function publishedResnet(depth: ResnetSettings['depth'], sampleRate: number): ResnetSettings {
  return { depth, width: 64, cropSamples: 65_024, mel: { ...vicmusMel, sampleRate } };
}

/** A ResNet with any settings. @throws AppError `BAD_INPUT` when no spectrogram can be made by them */
export function createResnet(settings: ResnetSettings): Encoder {
  const { depth, width, cropSamples, mel } = settings;
  checkMel(mel);
  const blocks = resnetBlocks(settings);
  const widths = resnetWidths(settings);
  const picture = (wave: Tensor2D): tf.Tensor3D => {
    if (wave.shape[1] === cropSamples) return tf.transpose(logMel(mel, wave), [0, 2, 1]);
    throw new AppError('BAD_INPUT', `This ResNet takes crops of ${cropSamples} samples, not ${wave.shape[1]}.`);
  };
  return {
    settings: { architecture: 'resnet', sampleRate: mel.sampleRate, depth, width, cropSamples, mel },
    architecture: 'resnet',
    title: `${encoderTitles.resnet}-${depth}`,
    sampleRate: mel.sampleRate,
    cropSamples,
    dimensions: resnetDimensions(settings),
    outputs: [
      { name: 'stem', title: 'Stem', dimensions: widths.stem },
      ...numberedOutputs('stage', widths.stages),
      embeddingOf(resnetDimensions(settings)),
    ],
    keptElements: resnetKept(settings),
    parameters: () => resnetParameters(settings),
    forward: (weights, wave) => tf.tidy(() => resnetForward(blocks, weights, picture(wave))),
    layers: (weights, wave) => resnetLayers(blocks, weights, picture(wave)),
    train: (weights, wave) => trainResnet(blocks, weights, picture(wave)),
    initialise: (seed) => drawWeights(resnetParameters(settings), seed),
    fold: (weights) =>
      foldBatchNorm(
        weights,
        resnetConvolutions(settings).map(({ kernelName, normName }) => ({ convolution: kernelName, batchNorm: normName })),
      ),
  };
}

/**
 * The evaluation-mode forward pass over pictures.
 * @param image `[clips, bands, frames]`, which stands for all three colours, or `[clips, 3, bands, frames]`
 * @returns `[clips, dimensions]`
 */
export function resnetForward(blocks: readonly ResnetBlock[], weights: WeightTensors, image: tf.Tensor3D | Tensor4D): Tensor2D {
  return defined(resnetLayers(blocks, weights, image)[embeddingOutput], 'the embedding').values as Tensor2D;
}

/** What leaves the stem and each stage, `[clips, channels, bands, frames]`; the embedding is the mean of the last. */
function resnetLayers(blocks: readonly ResnetBlock[], weights: WeightTensors, image: tf.Tensor3D | Tensor4D): Record<string, LayerValues> {
  const coloured = image.rank === 4 ? (image as Tensor4D) : tf.expandDims<Tensor4D>(image, 1);
  let x = tf.relu(convolved(weights, stem, coloured));
  const last = tf.maxPool(tf.transpose(x, [0, 2, 3, 1]), stemPooling.kernel, stemPooling.stride, stemPooling.padding, 'floor');
  x = tf.transpose(last, [0, 3, 1, 2]);
  const seen: Record<string, LayerValues> = { stem: { values: x, positions: [2, 3] } };
  for (const { stage, convolutions, beside } of blocks) {
    const skip = beside === null ? x : convolved(weights, beside, x);
    const last = convolutions.length - 1;
    const inner = convolutions.reduce(
      (y, one, index) => (index === last ? convolved(weights, one, y) : tf.relu(convolved(weights, one, y))),
      x,
    );
    x = tf.relu(tf.add(inner, skip));
    seen[`stage-${stage}`] = { values: x, positions: [2, 3] };
  }
  return { ...seen, [embeddingOutput]: { values: tf.mean(x, [2, 3]), positions: [] } };
}

function convolved(weights: WeightTensors, { kernelName, normName, stride, padding }: ResnetConvolution, x: Tensor4D): Tensor4D {
  const given = defined(weights[`${kernelName}.weight`], `${kernelName}.weight`) as Tensor4D;
  const kernel = given.shape[1] === x.shape[1] ? given : tf.sum<Tensor4D>(given, 1, true);
  const pads = [
    [0, 0],
    [0, 0],
    [padding, padding],
    [padding, padding],
  ] as [[number, number], [number, number], [number, number], [number, number]];
  const y = tf.conv2d(x, tf.transpose(kernel, [2, 3, 1, 0]), stride, pads, 'NCHW', [1, 1], 'floor');
  const channelwise = (vector: tf.Tensor): Tensor4D => tf.reshape(vector, [1, kernel.shape[0], 1, 1]);
  const bias = weights[`${kernelName}.bias`];
  if (bias !== undefined) return tf.add(y, channelwise(bias));
  const [gain, shift, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map(
    (part) => defined(weights[`${normName}.${part}`], `${normName}.${part}`) as Tensor1D,
  ) as [Tensor1D, Tensor1D, Tensor1D, Tensor1D];
  const scale = tf.mul(gain, tf.rsqrt(tf.add(variance, batchNormEpsilon)));
  return tf.add(tf.mul(tf.sub(y, channelwise(mean)), channelwise(scale)), channelwise(shift));
}

/** ResNets. */
export const resnetFamily: TrainedFamily<ChoiceOf<'resnet'>> = {
  create: (settings) => createResnet(readResnetSettings(settings)),
  choose: ({ sampleRate, depth }) => createResnet(publishedResnet(depth, sampleRate)),
  published: ([50, 34, 18] as const).map((depth) => createResnet(publishedResnet(depth, 22050))),
};
