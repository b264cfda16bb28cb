/**
 * @file The way through a data2vec encoder (Baevski et al. 2022), under the names of Hugging Face's `Data2VecAudioModel`: strided convolutions of the wave,
 * positions by convolution, a Transformer whose norms come after.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { defined } from '../../../base/index.ts';
import { groupedConvolution } from '../../layers/grouped-convolution.ts';
import { layersInParts } from '../../layers/layers-in-parts.ts';
import { stridedConvolution, stridedKernel, stridedLength } from '../../layers/strided-convolution.ts';
import { attention, gelu, layerNorm, linear } from '../../layers/transformer.ts';
import type { WeightTensors } from '../../parameters.ts';
import type { LayerStates } from '../encoder.ts';
import type { Data2vecSettings } from './data2vec-layers.ts';

/** Added to a wave's variance (Hugging Face's feature extractor), and to those of layer norms between positions. */
const [waveEpsilon, positionEpsilon] = [1e-7, 1e-5];

/** What the convolutions make of a wave, normalised as it is projected: `[batch, positions, channels]`. @param chunkElements worked on at a time */
export function data2vecFeatures(settings: Data2vecSettings, weights: WeightTensors, wave: Tensor2D, chunkElements = Infinity): Tensor3D {
  const { convolutions, isNormalised, epsilon } = settings;
  const nameOf = (index: number): string => `feature_extractor.conv_layers.${index}`;
  const kernels = convolutions.map(({ kernel, stride }, index) =>
    stridedKernel(weight(weights, `${nameOf(index)}.conv.weight`) as Tensor3D, { kernel, stride, padding: 0 }),
  );
  const through = (x: Tensor3D, index: number): Tensor3D => {
    const convolved = stridedConvolution(x, { kernel: defined(kernels[index], 'a kernel') });
    return gelu(layerNorm(`${nameOf(index)}.layer_norm`, weights, convolved, epsilon));
  };
  const given = tf.expandDims<Tensor3D>(isNormalised ? normalised(wave) : wave, 2);
  const features = layersInParts(given, { elements: elementsOf(settings), chunkElements, through });
  return layerNorm('feature_projection.layer_norm', weights, features, epsilon);
}

/** Numbers that leave each convolution of a clip. */
function elementsOf({ convolutions, cropSamples }: Data2vecSettings): number[] {
  let length = cropSamples;
  return convolutions.map(({ kernel, stride, channels }) => {
    length = stridedLength(length, { kernel, stride, padding: 0 });
    return length * channels;
  });
}

/** What each position hears by itself: `[batch, positions, values]`. */
export function heard(settings: Data2vecSettings, weights: WeightTensors, wave: Tensor2D, chunkElements?: number): Tensor3D {
  return projected(weights, data2vecFeatures(settings, weights, wave, chunkElements));
}

/** Features with as many values as the Transformer's. */
export function projected(weights: WeightTensors, features: Tensor3D): Tensor3D {
  return linear('feature_projection.projection', weights, features);
}

/** What enters the first layer, and what leaves each: `[batch, positions, values]`. */
export function hiddenStates(settings: Data2vecSettings, weights: WeightTensors, wave: Tensor2D): Tensor3D[] {
  return understood(settings, weights, heard(settings, weights, wave)).states;
}

/**
 * The Transformer, with the convolutions before it that tell positions.
 * @param kept `[layers]`: 1 for a layer that works, 0 for one that is left out (LayerDrop, Fan et al. 2020); all work when absent
 */
export function understood(
  settings: Data2vecSettings,
  weights: WeightTensors,
  x: Tensor3D,
  kept?: Tensor1D,
): LayerStates & { states: Tensor3D[] } {
  const states = [layerNorm('encoder.layer_norm', weights, tf.add(x, positionsOf(settings, weights, x)), settings.epsilon)];
  const added: Tensor3D[] = [];
  for (let layer = 0; layer < settings.layers; layer++) {
    const before = defined(states.at(-1), 'a state');
    const made = layerOf(settings, weights, { layer, x: before });
    added.push(made.added);
    states.push(kept === undefined ? made.after : chosen(tf.slice(kept, [layer], [1]), made.after, before));
  }
  return { states, added, last: defined(states.at(-1), 'a state') };
}

function layerOf(
  { heads, epsilon }: Data2vecSettings,
  weights: WeightTensors,
  { layer, x }: { layer: number; x: Tensor3D },
): { added: Tensor3D; after: Tensor3D } {
  const name = `encoder.layers.${layer}`;
  const seen = layerNorm(`${name}.layer_norm`, weights, tf.add(x, attention(`${name}.attention`, weights, x, heads)), epsilon);
  const inner = gelu(linear(`${name}.feed_forward.intermediate_dense`, weights, seen));
  const added = linear(`${name}.feed_forward.output_dense`, weights, inner);
  return { added, after: layerNorm(`${name}.final_layer_norm`, weights, tf.add(seen, added), epsilon) };
}

/** The first where `isFirst` is 1, the second where it is 0. */
function chosen(isFirst: Tensor1D, first: Tensor3D, second: Tensor3D): Tensor3D {
  return tf.add(tf.mul(first, isFirst), tf.mul(second, tf.sub(1, isFirst)));
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
