/**
 * @file A convolution with batch norm, ReLU and max-pooling in training, with its gradient in closed form.
 *
 * Of a batch only the convolution's output is kept; the block's own output is computed again where it is needed. Batch norm and ReLU rise with their
 * input once the kernel carries γ's sign, so pooling comes first, and all that follows works on a pool's share of the values. Time is kept by phase
 * within a pool (a tensor for each), so that pooling is a maximum of tensors. The convolution's bias has no gradient: the norm takes it away.
 *
 * Where several values of a pool are greatest, they share the gradient; PyTorch gives all of it to the first. They differ in silence alone.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import { batchNormEpsilon } from './batch-norm.ts';
import type { BatchStatistics, NormWeights } from './batch-norm.ts';
import { convolve, inOrder, kernelCombinations, kernelGradientOf, phasesOf } from './short-convolution.ts';
import type { Phases } from './short-convolution.ts';
import { column, isGreatest, isPositive, rowSums, total, zerosAfter } from './sum.ts';

/** Sizes of a block: stride 1, `padding` at both ends. */
export type BlockShape = { kernel: number; padding: number; pool: number };

/** Where a layer's input comes from: computed when it is asked for, as a whole or by phase within three. */
export type Source = {
  /** `[1, channels, clips, time]` */
  whole(chunk: number): Tensor4D;
  /** Each `[channels, clips · time / 3]`; not there where time is no multiple of three. */
  phases(chunk: number): Phases;
};

/** The gradient of a chunk of an input, in the same two forms. */
export type InputGradient = { whole(): Tensor4D; phases(): Phases };

/** What the forward pass leaves. */
export type ConvolutionBlock = {
  /** Computes the output of a chunk: `[1, channels, clips, time / pool]`. */
  output(chunk: number): Tensor4D;
  statistics: BatchStatistics;
  /** @param gradient of each chunk's output */
  backward(gradient: (chunk: number) => Tensor4D): BlockGradients;
};

/** `input(chunk)`: the gradient of a chunk of the input. */
export type BlockGradients = { kernel: Tensor3D; gain: Tensor1D; shift: Tensor1D; input(chunk: number): InputGradient };

/** A chunk of the convolution's output: `[channels, clips · time / pool]` by phase, and what pooling leaves out at the end of time. */
type Kept = { phases: Tensor2D[]; rest: Tensor2D | null };

/** Sizes that follow from the weights and the first chunk. */
type Sizes = BlockShape & { channels: number; inChannels: number; inTime: number; time: number; pooled: number; clips: readonly number[] };

/**
 * @param kernel `[channels, input channels, size]`
 * @param input is asked again in the backward pass
 * @param clips of each chunk
 */
export function convolutionBlock(
  { kernel, norm, shape }: { kernel: Tensor3D; norm: NormWeights; shape: BlockShape },
  input: Source,
  clips: readonly number[],
): ConvolutionBlock {
  const [channels, inChannels] = kernel.shape;
  const first = input.whole(0);
  const inTime = first.shape[3];
  const time = inTime + 2 * shape.padding - shape.kernel + 1;
  const sizes: Sizes = { ...shape, channels, inChannels, inTime, time, pooled: Math.floor(time / shape.pool), clips };
  const sign = tf.sub<Tensor1D>(1, tf.mul(2, tf.cast(tf.less(norm.gain, 0), 'float32')));
  const signed = tf.mul<Tensor3D>(kernel, tf.reshape(sign, [channels, 1, 1]));
  const filter = tf.expandDims<Tensor4D>(tf.transpose(signed, [2, 1, 0]), 0);
  const centre = firstMean(signed, first, sizes);
  const bias = tf.neg(centre);
  const kept = clips.map((_, chunk) => {
    const x = chunk === 0 ? first : input.whole(chunk);
    return keep(tf.fused.conv2d({ x, filter, strides: 1, pad: padOf(shape.padding), dataFormat: 'NCHW', bias }), sizes);
  });
  const count = clips.reduce((sum, size) => sum + size, 0) * time;
  const all = kept.flatMap(({ phases, rest }) => (rest === null ? phases : [...phases, rest]));
  const mean = tf.div<Tensor1D>(total(all.map(rowSums)), count);
  const squares = tf.div(total(all.map((part) => rowSums(tf.square(part)))), count);
  const variance = tf.maximum<Tensor1D>(tf.sub(squares, tf.square(mean)), 0);
  const scale = tf.rsqrt<Tensor1D>(tf.add(variance, batchNormEpsilon));
  const slope = tf.mul<Tensor1D>(tf.abs(norm.gain), scale);
  const level = tf.sub<Tensor1D>(norm.shift, tf.mul(slope, mean));
  const context: Context = { sizes, kept, signed, sign, mean, scale, slope, level, count, input };
  return {
    output: (chunk) => tf.reshape(outputOf(context, chunk), [1, channels, clips[chunk] ?? 0, sizes.pooled]),
    statistics: { mean: tf.mul(sign, tf.add(mean, centre)), variance, count },
    backward: (gradient) => backward(context, gradient),
  };
}

type Context = {
  sizes: Sizes;
  kept: Kept[];
  signed: Tensor3D;
  sign: Tensor1D;
  mean: Tensor1D;
  scale: Tensor1D;
  slope: Tensor1D;
  level: Tensor1D;
  count: number;
  input: Source;
};

function padOf(padding: number): [[number, number], [number, number], [number, number], [number, number]] {
  return [
    [0, 0],
    [0, 0],
    [0, 0],
    [padding, padding],
  ];
}

/**
 * The mean of the convolution over the first chunk, `[channels]`: its outputs are kept without it, so that their variance is not lost to rounding.
 * A tap's mean is the sum of its inputs without those that it never reaches.
 */
function firstMean(kernel: Tensor3D, x: Tensor4D, { inChannels, inTime, time, padding, channels, kernel: taps }: Sizes): Tensor1D {
  const [, , clips] = x.shape;
  const sumOf = (from: number, to: number): Tensor1D =>
    rowSums(tf.reshape(tf.slice(x, [0, 0, 0, from], [1, inChannels, clips, to - from]), [inChannels, clips * (to - from)]));
  const whole = rowSums(tf.reshape(x, [inChannels, clips * inTime]));
  const sums = Array.from({ length: taps }, (_, tap) => {
    const [from, to] = [Math.max(0, tap - padding), Math.min(inTime, time + tap - padding)];
    const before = from === 0 ? whole : tf.sub<Tensor1D>(whole, sumOf(0, from));
    return to === inTime ? before : tf.sub<Tensor1D>(before, sumOf(to, inTime));
  });
  const means = tf.div(tf.stack(sums, 1), clips * time);
  return tf.reshape(tf.matMul(tf.reshape(kernel, [channels, inChannels * taps]), tf.reshape(means, [inChannels * taps, 1])), [channels]);
}

function keep(y: Tensor4D, { channels, time, pooled, pool }: Sizes): Kept {
  const [, , clips] = y.shape;
  const main = pooled * pool;
  const flat = (part: Tensor4D, length: number): Tensor2D => tf.reshape(part, [channels, clips * length]);
  const rest = main === time ? null : flat(tf.slice(y, [0, 0, 0, main], [1, channels, clips, time - main]), time - main);
  if (pool === 1) return { phases: [flat(y, time)], rest };
  const whole = main === time ? y : tf.slice(y, [0, 0, 0, 0], [1, channels, clips, main]);
  const byPhase = tf.transpose(tf.reshape(whole, [channels * clips * pooled, pool]));
  const phases = tf.split(byPhase, pool, 0).map((phase) => tf.reshape<tf.Rank.R2>(phase, [channels, clips * pooled]));
  return { phases, rest };
}

/** The greatest of each pool. */
function peakOf({ phases }: Kept): Tensor2D {
  return phases.reduce((greatest, phase) => tf.maximum(greatest, phase));
}

/** The norm of a chunk's greatest values: the block's output before ReLU. */
function normed({ slope, level }: Context, peak: Tensor2D): Tensor2D {
  return tf.add(tf.mul(peak, column(slope)), column(level));
}

function outputOf(context: Context, chunk: number): Tensor2D {
  return tf.relu(normed(context, peakOf(defined(context.kept[chunk], 'a chunk'))));
}

function backward(context: Context, gradient: (chunk: number) => Tensor4D): BlockGradients {
  const { sizes, kept, sign, mean, scale, slope, count } = context;
  const { channels, pooled, clips } = sizes;
  const passed = kept.map((own, chunk) => {
    const given = tf.reshape(gradient(chunk), [channels, (clips[chunk] ?? 0) * pooled]);
    const peak = peakOf(own);
    const value = tf.mul<Tensor2D>(given, isPositive(normed(context, peak)));
    return { value, sum: rowSums(value), product: rowSums(tf.mul<Tensor2D>(value, peak)) };
  });
  const sum = total(passed.map((part) => part.sum));
  // Σ gradient · normalised value.
  const along = tf.mul<Tensor1D>(scale, tf.sub(total(passed.map((part) => part.product)), tf.mul(mean, sum)));
  const share = tf.div(slope, -count);
  const tilt = tf.mul<Tensor1D>(share, tf.mul(scale, along));
  const base = tf.sub<Tensor1D>(tf.mul(share, sum), tf.mul(tilt, mean));
  const goBack = isShort(sizes) ? backwardShort(context) : backwardPlain(context);
  const parts = kept.map((own, chunk) => {
    const dense = (part: Tensor2D): Tensor2D => tf.add(tf.mul(part, column(tilt)), column(base));
    const risen = tf.mul<Tensor2D>(defined(passed[chunk], 'a chunk').value, column(slope));
    return goBack({ phases: spread(own, risen, dense), rest: own.rest && dense(own.rest) }, chunk);
  });
  const taps = Array.from({ length: sizes.kernel }, (_, tap) => total(parts.map((part) => part.kernel[tap] as Tensor2D)));
  return {
    kernel: tf.mul<Tensor3D>(tf.stack(taps, 2), tf.reshape(sign, [channels, 1, 1])),
    gain: tf.mul(sign, along),
    shift: sum,
    input: (chunk) => defined(parts[chunk], 'a chunk').input,
  };
}

/** The gradient of each phase: the pooled value's goes to the greatest, the norm's to all. */
function spread(own: Kept, risen: Tensor2D, dense: (part: Tensor2D) => Tensor2D): Tensor2D[] {
  const { phases } = own;
  if (phases.length === 1) return phases.map((phase) => tf.add(risen, dense(phase)));
  const peak = peakOf(own);
  const isPeak = phases.map((phase) => isGreatest(phase, peak));
  const shared = tf.div(risen, total(isPeak));
  return phases.map((phase, index) => tf.add(dense(phase), tf.mul(defined(isPeak[index], 'a phase'), shared)));
}

/** The gradients of one chunk: of the kernel by tap, `[channels, input channels]`, and of the input. */
type ChunkGradients = { kernel: Tensor2D[]; input: InputGradient };

/** True where three phases of both input and output are there, and kernels of three: five products do for nine. */
function isShort({ kernel, padding, pool, time, inTime }: Sizes): boolean {
  return kernel === 3 && padding === 1 && pool === 3 && time === inTime && time % 3 === 0;
}

/** Through the convolution by phase. */
function backwardShort({ sizes, signed, input }: Context): (output: Kept, chunk: number) => ChunkGradients {
  const { inChannels, channels, inTime } = sizes;
  const taps = [2, 1, 0].map((tap) =>
    tf.transpose(tf.reshape(tf.slice(signed, [0, 0, tap], [channels, inChannels, 1]), [channels, inChannels])),
  );
  const turned = kernelCombinations(taps as Tensor2D[]);
  return ({ phases }, chunk) => {
    const clips = sizes.clips[chunk] ?? 0;
    const own = phases as unknown as Phases;
    const kernel = kernelGradientOf(own, input.phases(chunk), clips);
    const [first, ...others] = turned;
    // Zeros that come after the kernel's gradient: see `zerosAfter`.
    const later = tf.add(defined(first, 'a matrix'), zerosAfter(1, defined(kernel[0], 'a tap')));
    const back = convolve([later as Tensor2D, ...others], own, clips);
    return { kernel, input: { phases: () => back, whole: () => tf.reshape(inOrder(back), [1, inChannels, clips, inTime]) } };
  };
}

/** Through the convolution as it stands. */
function backwardPlain({ sizes, signed, input }: Context): (output: Kept, chunk: number) => ChunkGradients {
  const { inChannels, kernel: length, padding, inTime } = sizes;
  const turned = tf.expandDims<Tensor4D>(tf.transpose(tf.reverse(signed, 2), [2, 0, 1]), 0);
  return ({ phases, rest }, chunk) => {
    const output = join({ sizes, clips: sizes.clips[chunk] ?? 0, phases, rest });
    const kernel = kernelGradient(output, input.whole(chunk), sizes);
    const bias = zerosAfter(inChannels, defined(kernel[0], 'a tap'));
    const pad = padOf(length - 1 - padding);
    const whole = tf.fused.conv2d({ x: output, filter: turned, strides: 1, pad, dataFormat: 'NCHW', bias });
    return { kernel, input: { whole: () => whole, phases: () => phasesOf(tf.reshape(whole, [inChannels, whole.shape[2] * inTime])) } };
  };
}

/** Brings phases back into the order of time: `[1, channels, clips, time]`. */
function join({ sizes, clips, phases, rest }: { sizes: Sizes; clips: number; phases: Tensor2D[]; rest: Tensor2D | null }): Tensor4D {
  const { channels, pooled, pool, time } = sizes;
  const main = tf.reshape<tf.Rank.R4>(inOrder(phases), [1, channels, clips, pooled * pool]);
  if (rest === null) return main;
  return tf.concat([main, tf.reshape<tf.Rank.R4>(rest, [1, channels, clips, time - pooled * pool])], 3);
}

/** By tap, `[channels, input channels]`. */
function kernelGradient(output: Tensor4D, x: Tensor4D, sizes: Sizes): Tensor2D[] {
  const { channels, inChannels, inTime, time, padding, kernel } = sizes;
  const clips = x.shape[2];
  const rows = tf.reshape<tf.Rank.R2>(output, [channels, clips * time]);
  return Array.from({ length: kernel }, (_, tap) => {
    const [from, to] = [Math.max(0, tap - padding), Math.min(inTime, time + tap - padding)];
    const reached = to - from === inTime ? x : tf.slice(x, [0, 0, 0, from], [1, inChannels, clips, to - from]);
    const before = from - (tap - padding);
    const shifted =
      to - from === time
        ? reached
        : tf.pad(reached, [
            [0, 0],
            [0, 0],
            [0, 0],
            [before, time - before - (to - from)],
          ]);
    return tf.matMul(rows, tf.reshape(shifted, [inChannels, clips * time]), false, true);
  });
}
