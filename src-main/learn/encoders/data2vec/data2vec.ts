/**
 * @file The encoder of data2vec on audio (Baevski et al. 2022), which MAP-Music2Vec trains on music (Li et al. 2022), under the names of Hugging Face's
 * `Data2VecAudioModel`: strided convolutions of the wave, positions by convolution, a Transformer whose norms come after. An embedding is the mean of the
 * last layer over time.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { AppError, defined } from '../../../base/index.ts';
import { groupedConvolution } from '../../layers/grouped-convolution.ts';
import { stridedConvolution, stridedLength } from '../../layers/strided-convolution.ts';
import { attention, gelu, layerNorm, linear } from '../../layers/transformer.ts';
import { drawWeights } from '../../parameters.ts';
import type { WeightTensors } from '../../parameters.ts';
import type { Encoder } from '../encoder.ts';
import { embeddingOf, numberedOutputs } from '../outputs.ts';
import type { EncoderOutput, LayerValues } from '../outputs.ts';
import { embeddingOutput } from '../poolings.ts';
import { encoderTitles } from '../settings.ts';
import { data2vecParameters } from './data2vec-layers.ts';
import type { Data2vecSettings } from './data2vec-layers.ts';

/** Added to a wave's variance (Hugging Face's feature extractor), and to those of layer norms. */
const [waveEpsilon, positionEpsilon] = [1e-7, 1e-5];

/** The encoder. @throws AppError `BAD_INPUT` when a crop gives no position */
export function createData2vec(settings: Data2vecSettings): Encoder {
  const { sampleRate, cropSamples, values } = settings;
  const positions = settings.convolutions.reduce(
    (length, { kernel, stride }) => stridedLength(length, { kernel, stride, padding: 0 }),
    cropSamples,
  );
  if (positions < 1) throw new AppError('BAD_INPUT', `A crop of ${cropSamples} samples is too short for this encoder’s convolutions.`);
  const layers = (weights: WeightTensors, wave: Tensor2D): Record<string, LayerValues> => {
    if (wave.shape[1] === cropSamples) return layersOf(settings, weights, wave);
    throw new AppError('BAD_INPUT', `This data2vec encoder takes crops of ${cropSamples} samples, not ${wave.shape[1]}.`);
  };
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
    initialise: (seed) => drawWeights(data2vecParameters(settings), seed),
    fold: (weights) => new Map(weights),
  };
}

/** What the convolutions make of a wave, normalised as it is projected: `[batch, positions, channels]`. */
export function data2vecFeatures(
  { convolutions, isNormalised, epsilon }: Data2vecSettings,
  weights: WeightTensors,
  wave: Tensor2D,
): Tensor3D {
  const given = isNormalised ? normalised(wave) : wave;
  const features = convolutions.reduce(
    (x: Tensor3D, { kernel, stride }, index) => {
      const name = `feature_extractor.conv_layers.${index}`;
      const convolved = stridedConvolution(
        x,
        { kernel: weight(weights, `${name}.conv.weight`) as Tensor3D },
        { kernel, stride, padding: 0 },
      );
      return gelu(layerNorm(`${name}.layer_norm`, weights, convolved, epsilon));
    },
    tf.expandDims<Tensor3D>(given, 2),
  );
  return layerNorm('feature_projection.layer_norm', weights, features, epsilon);
}

/** What enters the first layer, and what leaves each: `[batch, positions, values]`. */
export function hiddenStates(settings: Data2vecSettings, weights: WeightTensors, wave: Tensor2D): Tensor3D[] {
  return statesOf(settings, weights, data2vecFeatures(settings, weights, wave));
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
  const states = statesOf(settings, weights, features);
  const seen = states.map((values, layer): [string, LayerValues] => [`layer-${layer}`, { values, positions: [1] }]);
  const embedding = { values: tf.mean(defined(states.at(-1), 'a layer'), 1), positions: [] };
  return { extractor: { values: features, positions: [1] }, ...Object.fromEntries(seen), [embeddingOutput]: embedding };
}

function statesOf(settings: Data2vecSettings, weights: WeightTensors, features: Tensor3D): Tensor3D[] {
  const { layers, heads, epsilon } = settings;
  const projected = linear('feature_projection.projection', weights, features);
  const placed = layerNorm('encoder.layer_norm', weights, tf.add(projected, positionsOf(settings, weights, projected)), epsilon);
  const states = [placed];
  for (let layer = 0; layer < layers; layer++) {
    const name = `encoder.layers.${layer}`;
    const x = defined(states.at(-1), 'a state');
    const seen = layerNorm(`${name}.layer_norm`, weights, tf.add(x, attention(`${name}.attention`, weights, x, heads)), epsilon);
    const inner = gelu(linear(`${name}.feed_forward.intermediate_dense`, weights, seen));
    const outer = linear(`${name}.feed_forward.output_dense`, weights, inner);
    states.push(layerNorm(`${name}.final_layer_norm`, weights, tf.add(seen, outer), epsilon));
  }
  return states;
}

function positionsOf({ positionLayers, positionGroups }: Data2vecSettings, weights: WeightTensors, x: Tensor3D): Tensor3D {
  return Array.from({ length: positionLayers }, (_, layer) => `encoder.pos_conv_embed.layers.${layer}.conv`).reduce((y: Tensor3D, name) => {
    const [kernel, bias] = ['weight', 'bias'].map((part) => weight(weights, `${name}.${part}`)) as [Tensor3D, Tensor1D];
    return gelu(layerNorm(null, weights, groupedConvolution(y, { kernel, bias }, positionGroups), positionEpsilon));
  }, x);
}

/** Each wave with mean 0 and variance 1. */
function normalised(wave: Tensor2D): Tensor2D {
  const centred = tf.sub(wave, tf.mean(wave, 1, true));
  return tf.mul(centred, tf.rsqrt(tf.add(tf.mean(tf.square(centred), 1, true), waveEpsilon)));
}

function weight(weights: WeightTensors, name: string): Tensor {
  return defined(weights[name], name);
}

/** Values of a clip that training keeps, about: four of each convolution's output, twelve of each layer's, and the attention's scores. */
function keptOf({ convolutions, cropSamples, layers, heads, values, inner }: Data2vecSettings): number {
  let length = cropSamples;
  let kept = 0;
  for (const { kernel, stride, channels } of convolutions) {
    length = stridedLength(length, { kernel, stride, padding: 0 });
    kept += 4 * length * channels;
  }
  return kept + layers * (length * (12 * values + 2 * inner) + 2 * heads * length * length);
}
