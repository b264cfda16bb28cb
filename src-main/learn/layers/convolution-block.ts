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
import { column, isGreatest, isPositive, rowSums, total, zerosAfter } from './sum.ts';

/** Sizes of a block: stride 1, `padding` at both ends. */
export type BlockShape = { kernel: number; padding: number; pool: number };

/** What the forward pass leaves. */
export type ConvolutionBlock = {
  /** Computes the output of a chunk: `[1, channels, clips, time / pool]`. */
  output(chunk: number): Tensor4D;
  statistics: BatchStatistics;
  /** @param gradient of each chunk's output */
  backward(gradient: (chunk: number) => Tensor4D): BlockGradients;
};

/** `input(chunk)`: the gradient of a chunk of the input. */
export type BlockGradients = { kernel: Tensor3D; gain: Tensor1D; shift: Tensor1D; input(chunk: number): Tensor4D };

/** A chunk of the convolution's output: `[channels, clips · time / pool]` by phase, and what pooling leaves out at the end of time. */
type Kept = { phases: Tensor2D[]; rest: Tensor2D | null };

/** Sizes that follow from the weights and the first chunk. */
type Sizes = BlockShape & { channels: number; inChannels: number; inTime: number; time: number; pooled: number; clips: readonly number[] };

/**
 * @param kernel `[channels, input channels, size]`
 * @param input computes a chunk of the input, `[1, input channels, clips, time]`; it is asked again in the backward pass
 * @param clips of each chunk
 */
export function convolutionBlock(
  { kernel, norm, shape }: { kernel: Tensor3D; norm: NormWeights; shape: BlockShape },
  input: (chunk: number) => Tensor4D,
  clips: readonly number[],
): ConvolutionBlock {
  const [channels, inChannels] = kernel.shape;
  const first = input(0);
  const inTime = first.shape[3];
  const time = inTime + 2 * shape.padding - shape.kernel + 1;
  const sizes: Sizes = { ...shape, channels, inChannels, inTime, time, pooled: Math.floor(time / shape.pool), clips };
  const sign = tf.sub(1, tf.mul(2, tf.cast(tf.less(norm.gain, 0), 'float32'))) as Tensor1D;
  const signed = tf.mul(kernel, tf.reshape(sign, [channels, 1, 1])) as Tensor3D;
  const filter = tf.expandDims(tf.transpose(signed, [2, 1, 0]), 0) as Tensor4D;
  const centre = firstMean(signed, first, sizes);
  const bias = tf.neg(centre);
  const kept = clips.map((_, chunk) => {
    const x = chunk === 0 ? first : input(chunk);
    return keep(tf.fused.conv2d({ x, filter, strides: 1, pad: padOf(shape.padding), dataFormat: 'NCHW', bias }), sizes);
  });
  const count = clips.reduce((sum, size) => sum + size, 0) * time;
  const all = kept.flatMap(({ phases, rest }) => (rest === null ? phases : [...phases, rest]));
  const mean = tf.div(total(all.map(rowSums)), count) as Tensor1D;
  const squares = tf.div(total(all.map((part) => rowSums(tf.square(part)))), count);
  const variance = tf.maximum(tf.sub(squares, tf.square(mean)), 0) as Tensor1D;
  const scale = tf.rsqrt(tf.add(variance, batchNormEpsilon)) as Tensor1D;
  const slope = tf.mul(tf.abs(norm.gain), scale) as Tensor1D;
  const level = tf.sub(norm.shift, tf.mul(slope, mean)) as Tensor1D;
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
  input: (chunk: number) => Tensor4D;
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
    const before = from === 0 ? whole : (tf.sub(whole, sumOf(0, from)) as Tensor1D);
    return to === inTime ? before : (tf.sub(before, sumOf(to, inTime)) as Tensor1D);
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
  const phases = tf.split(byPhase, pool, 0).map((phase) => tf.reshape(phase, [channels, clips * pooled]) as Tensor2D);
  return { phases, rest };
}

/** The greatest of each pool. */
function peakOf({ phases }: Kept): Tensor2D {
  return phases.reduce((greatest, phase) => tf.maximum(greatest, phase));
}

function outputOf({ kept, slope, level }: Context, chunk: number): Tensor2D {
  const peak = peakOf(defined(kept[chunk], 'a chunk'));
  return tf.relu(tf.add(tf.mul(peak, column(slope)), column(level)));
}

function backward(context: Context, gradient: (chunk: number) => Tensor4D): BlockGradients {
  const { sizes, kept, sign, mean, scale, slope, count } = context;
  const { channels, pooled, clips } = sizes;
  const passed = kept.map((own, chunk) => {
    const given = tf.reshape(gradient(chunk), [channels, (clips[chunk] ?? 0) * pooled]);
    const value = tf.mul(given, isPositive(outputOf(context, chunk))) as Tensor2D;
    return { value, sum: rowSums(value), product: rowSums(tf.mul(value, peakOf(own)) as Tensor2D) };
  });
  const sum = total(passed.map((part) => part.sum));
  // Σ gradient · normalised value.
  const along = tf.mul(scale, tf.sub(total(passed.map((part) => part.product)), tf.mul(mean, sum))) as Tensor1D;
  const share = tf.div(slope, -count);
  const tilt = tf.mul(share, tf.mul(scale, along)) as Tensor1D;
  const base = tf.sub(tf.mul(share, sum), tf.mul(tilt, mean)) as Tensor1D;
  const turned = tf.expandDims(tf.transpose(tf.reverse(context.signed, 2), [2, 0, 1]), 0) as Tensor4D;
  const parts = kept.map((own, chunk) => {
    const dense = (part: Tensor2D): Tensor2D => tf.add(tf.mul(part, column(tilt)), column(base));
    const risen = tf.mul(defined(passed[chunk], 'a chunk').value, column(slope)) as Tensor2D;
    const output = join({ sizes, clips: clips[chunk] ?? 0, phases: spread(own, risen, dense), rest: own.rest && dense(own.rest) });
    const kernel = kernelGradient(output, context.input(chunk), sizes);
    return { kernel, input: inputGradient(output, turned, zerosAfter(sizes.inChannels, defined(kernel[0], 'a tap')), sizes) };
  });
  const taps = Array.from({ length: sizes.kernel }, (_, tap) => total(parts.map((part) => part.kernel[tap] as Tensor2D)));
  return {
    kernel: tf.mul(tf.stack(taps, 2), tf.reshape(sign, [channels, 1, 1])) as Tensor3D,
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

/** Brings phases back into the order of time: `[1, channels, clips, time]`. */
function join({ sizes, clips, phases, rest }: { sizes: Sizes; clips: number; phases: Tensor2D[]; rest: Tensor2D | null }): Tensor4D {
  const { channels, pooled, pool, time } = sizes;
  const count = channels * clips * pooled;
  const rows = phases.map((phase) => tf.reshape(phase, [1, count]) as Tensor2D);
  const inOrder = pool === 1 ? defined(phases[0], 'the only phase') : tf.transpose(tf.concat(rows, 0));
  const main = tf.reshape(inOrder, [1, channels, clips, pooled * pool]) as Tensor4D;
  if (rest === null) return main;
  return tf.concat([main, tf.reshape(rest, [1, channels, clips, time - pooled * pool]) as Tensor4D], 3);
}

/** By tap, `[channels, input channels]`. */
function kernelGradient(output: Tensor4D, x: Tensor4D, sizes: Sizes): Tensor2D[] {
  const { channels, inChannels, inTime, time, padding, kernel } = sizes;
  const clips = x.shape[2];
  const rows = tf.reshape(output, [channels, clips * time]) as Tensor2D;
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

/**
 * The convolution's transpose: a convolution with the kernel turned round.
 * @param nothing zeros that come after the kernel's gradient: a recorded graph runs in an order that its runtime chooses, and would else hold the output's
 * gradients of all chunks until it comes to the kernels
 */
function inputGradient(output: Tensor4D, turned: Tensor4D, nothing: Tensor1D, { kernel, padding }: Sizes): Tensor4D {
  return tf.fused.conv2d({ x: output, filter: turned, strides: 1, pad: padOf(kernel - 1 - padding), dataFormat: 'NCHW', bias: nothing });
}
