/** @file SampleCNN in training mode: its layers in turn, forwards and backwards, on chunks of the batch. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import type { BatchStatistics, NormWeights } from '../layers/batch-norm.ts';
import { convolutionBlock } from '../layers/convolution-block.ts';
import type { ConvolutionBlock, InputGradient, Source } from '../layers/convolution-block.ts';
import { firstConvolution } from '../layers/first-convolution.ts';
import { joinClips, partClips, partition, unions } from '../layers/partition.ts';
import { phasesOf } from '../layers/short-convolution.ts';
import { closedForm } from '../gradients/closed-form.ts';
import type { ClosedForm } from '../gradients/closed-form.ts';
import type { TrainedForward, TrainOptions } from './encoder.ts';
import type { WeightTensors } from '../parameters.ts';
import { firstStride } from './sample-cnn-layers.ts';
import type { SampleCnnLayer } from './sample-cnn-layers.ts';

/** A layer's block with the chunks it worked on. */
type Stage = { layer: SampleCnnLayer; sizes: number[]; block: ConvolutionBlock };

/**
 * The training-mode forward pass: batch norms use the batch's own statistics.
 * @param wave `[batch, cropSamples]`
 */
export function trainSampleCnn(
  layers: readonly SampleCnnLayer[],
  weights: WeightTensors,
  wave: Tensor2D,
  options: TrainOptions,
): TrainedForward {
  const names = layers.flatMap(({ name }) => ['0.weight', '0.bias', '1.weight', '1.bias'].map((part) => `${name}.${part}`));
  const trained = names.map((name) => defined(weights[name], name));
  const { value, beside } = closedForm<Tensor2D>(trained, () => {
    const pass = forthAndBack(layers, weights, wave, options);
    return {
      ...pass,
      backward: (gradient) => {
        const gradients = pass.backward(gradient as Tensor2D);
        return names.map((name) => defined(gradients[name], `the gradient of ${name}`));
      },
    };
  });
  return { embedding: value, statistics: beside };
}

/** Forwards, keeping what the way back needs: the convolutions' outputs. */
function forthAndBack(
  layers: readonly SampleCnnLayer[],
  weights: WeightTensors,
  wave: Tensor2D,
  { chunkElements }: TrainOptions,
): Omit<ClosedForm, 'backward'> & { backward: (gradient: Tensor2D) => Record<string, Tensor> } {
  const [batch, samples] = wave.shape;
  const [opening, ...rest] = layers;
  const begin = defined(opening, 'the first layer');
  const firstTime = samples / firstStride;
  const firstSizes = partition(batch, begin.outChannels * firstTime, chunkElements);
  const first = firstConvolution(kernelOf(weights, begin), normOf(weights, begin), wave, firstSizes);
  let below: Below = { sizes: firstSizes, time: firstTime, channels: begin.outChannels, output: first.output };
  const stages = rest.map((layer): Stage => {
    const { stage, above } = stageOn(below, layer, { weights, batch, chunkElements });
    below = above;
    return stage;
  });
  const last = below;
  const features = joinClips(last.sizes.map((_, chunk) => last.output.whole(chunk)));
  return {
    value: tf.transpose(tf.reshape(features, [last.channels, batch])),
    beside: Object.assign(
      statisticsOf(begin, weights, first.statistics),
      ...stages.map(({ layer, block }) => statisticsOf(layer, weights, block.statistics)),
    ) as Record<string, Tensor>,
    backward: (gradient) => {
      const gradients: Record<string, Tensor> = {};
      const arrived = tf.reshape<tf.Rank.R4>(tf.transpose(gradient), [1, last.channels, batch, 1]);
      let above = partClips(arrived, last.sizes).map(gradientOf);
      for (const [index, { layer, block }] of [...stages.entries()].toReversed()) {
        const given = above;
        const own = block.backward((chunk) => defined(given[chunk], 'a gradient').whole());
        Object.assign(gradients, gradientsOf(layer, own));
        above = finerGradients(own.input, stages[index]?.sizes ?? [], stages[index - 1]?.sizes ?? firstSizes);
      }
      const given = above;
      const own = first.backward((chunk) => defined(given[chunk], 'a gradient'));
      Object.assign(gradients, gradientsOf(begin, own));
      return gradients;
    },
  };
}

type StageOptions = TrainOptions & { weights: WeightTensors; batch: number };

/** Computes a layer on the one below. */
function stageOn(below: Below, layer: SampleCnnLayer, { weights, batch, chunkElements }: StageOptions): { stage: Stage; above: Below } {
  const { sizes: finer, output, time, channels } = below;
  const grown = time + 2 * layer.padding - layer.kernel + 1;
  const elements = Math.max(channels * time, layer.outChannels * grown);
  const sizes = partition(batch, elements, chunkElements);
  const members = unions(finer, sizes);
  const block = convolutionBlock(
    { kernel: kernelOf(weights, layer), norm: normOf(weights, layer), shape: layer },
    joined(output, members),
    sizes,
  );
  const above = { sizes, time: Math.floor(grown / layer.pool), channels: layer.outChannels, output: sourceOf(block.output) };
  return { stage: { layer, sizes, block }, above };
}

/** A layer's gradients by the names of its weights. A bias in front of a batch norm has none. */
function gradientsOf(
  { name, outChannels }: SampleCnnLayer,
  { kernel, gain, shift }: { kernel: Tensor3D; gain: Tensor1D; shift: Tensor1D },
): Record<string, Tensor> {
  return {
    [`${name}.0.weight`]: kernel,
    [`${name}.0.bias`]: tf.zeros([outChannels]),
    [`${name}.1.weight`]: gain,
    [`${name}.1.bias`]: shift,
  };
}

/** What a layer stands on: the layer below, in that one's chunks. */
type Below = { sizes: number[]; time: number; channels: number; output: Source };

/** `[1, channels, clips, time]` as rows of channels. */
function rowsOf(x: Tensor4D): Tensor2D {
  const [, channels, clips, time] = x.shape;
  return tf.reshape(x, [channels, clips * time]);
}

function sourceOf(whole: (chunk: number) => Tensor4D): Source {
  return { whole, phases: (chunk) => phasesOf(rowsOf(whole(chunk))) };
}

function gradientOf(whole: Tensor4D): InputGradient {
  return { whole: () => whole, phases: () => phasesOf(rowsOf(whole)) };
}

/** Chunks that are unions of the source's. */
function joined(source: Source, members: readonly number[][]): Source {
  const own = sourceOf((chunk) => joinClips(defined(members[chunk], 'a chunk').map((member) => source.whole(member))));
  return {
    whole: own.whole,
    phases: (chunk) => {
      const [only, ...others] = defined(members[chunk], 'a chunk');
      return only !== undefined && others.length === 0 ? source.phases(only) : own.phases(chunk);
    },
  };
}

/** Gradients by the chunks of the layer below. */
function finerGradients(input: (chunk: number) => InputGradient, coarser: readonly number[], finer: readonly number[]): InputGradient[] {
  return unions(finer, coarser).flatMap((members, chunk) => {
    const own = input(chunk);
    if (members.length === 1) return [own];
    const sizes = members.map((member) => finer[member] ?? 0);
    return partClips(own.whole(), sizes).map(gradientOf);
  });
}

function kernelOf(weights: WeightTensors, { name }: SampleCnnLayer): Tensor3D {
  return defined(weights[`${name}.0.weight`], `${name}.0.weight`) as Tensor3D;
}

function normOf(weights: WeightTensors, { name }: SampleCnnLayer): NormWeights {
  return {
    gain: defined(weights[`${name}.1.weight`], `${name}.1.weight`) as Tensor1D,
    shift: defined(weights[`${name}.1.bias`], `${name}.1.bias`) as Tensor1D,
  };
}

/** As the running statistics want them: the mean with the convolution's bias, the variance unbiased. */
function statisticsOf(
  { name }: SampleCnnLayer,
  weights: WeightTensors,
  { mean, variance, count }: BatchStatistics,
): Record<string, Tensor> {
  const bias = defined(weights[`${name}.0.bias`], `${name}.0.bias`);
  return { [`${name}.1.running_mean`]: tf.add(mean, bias), [`${name}.1.running_var`]: tf.mul(variance, count / Math.max(1, count - 1)) };
}
