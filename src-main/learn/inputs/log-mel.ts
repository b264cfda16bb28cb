/**
 * @file Mel spectrograms as a function of tensors, recorded with the encoder that looks at them: the wave is all that any device is given. As torchaudio's
 * `MelSpectrogram` has it: frames are centred, and the wave is mirrored at its ends.
 *
 * The transform is a product with its matrix. Cosines are symmetric about a frame's middle and sines are odd, so a frame is folded first, and the product is
 * half as large; what is folded has the same symmetry again at every second frequency, so those are found in a half of the length (`fourier.ts`).
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { AppError } from '../../base/index.ts';
import { transformed } from './fourier.ts';
import { melBands } from './mel-bands.ts';
import type { MelSettings } from './settings.ts';

/** Keeps a logarithm from zero. */
const leastPower = 1e-10;
/** What `decibel` keeps below an example's greatest. */
const decibelRange = 80;
/** Added before the logarithm (VICMus, released code). */
const epsilon = 1e-5;

/** How many frames a wave has. */
export function framesOf({ hop }: Pick<MelSettings, 'hop'>, samples: number): number {
  return Math.floor(samples / hop) + 1;
}

/** @throws AppError `BAD_INPUT` for settings of which no spectrogram can be made */
export function checkMel({ window, hop, bands, lowestHz, highestHz, sampleRate }: MelSettings): void {
  const isFitting = window >= 4 && window % 2 === 0 && hop >= 1 && hop <= window && bands >= 1 && bands <= window / 2;
  if (isFitting && lowestHz >= 0 && lowestHz < Math.min(highestHz, sampleRate / 2)) return;
  throw new AppError(
    'BAD_INPUT',
    `A mel spectrogram has an even window, a hop of at most that, no more bands than half of it, and a range below half the rate; not a window of ${window}, a hop of ${hop}, ${bands} bands and ${lowestHz} to ${highestHz} Hz at ${sampleRate} Hz.`,
  );
}

/** @param wave `[batch, samples]`, longer than half a window @returns `[batch, frames, bands]` */
export function logMel(settings: MelSettings, wave: Tensor2D): Tensor3D {
  return normalised(compressed(melPower(settings, wave), settings), settings);
}

/** Magnitudes, or powers, by band: `[batch, frames, bands]`. */
export function melPower(settings: MelSettings, wave: Tensor2D): Tensor3D {
  const { window, bands, power } = settings;
  const [batch, samples] = wave.shape;
  const frames = framesOf(settings, samples);
  const half = window / 2;
  const framed = framesFrom(wave, settings);
  const rows = tf.reshape<tf.Rank.R2>(framed, [batch * frames, window]);
  const { cosines, sines, frequencies } = transformed(folded(rows, half), half);
  const spectrum = tf.add(tf.square(cosines), tf.square(sines));
  const values = power === 2 ? spectrum : tf.sqrt(spectrum);
  const weights = inOrder(melBands(settings), frequencies, bands);
  return tf.reshape(tf.matMul(values as Tensor2D, tf.tensor2d(weights, [half + 1, bands])), [batch, frames, bands]);
}

/** `[batch, frames, window]`: frames that begin a hop apart, cut from blocks that divide both lengths. */
function framesFrom(wave: Tensor2D, { window, hop }: MelSettings): Tensor3D {
  const [batch, samples] = wave.shape;
  const half = window / 2;
  const frames = framesOf({ hop }, samples);
  const block = commonDivisor(window, hop);
  const [perFrame, perHop] = [window / block, hop / block];
  const needed = (frames * perHop + perFrame - perHop) * block;
  const mirrored = tf.mirrorPad(
    wave,
    [
      [0, 0],
      [half, half],
    ],
    'reflect',
  );
  // The last hops are cut from whole ones, so that there may be more samples than frames take.
  const longest = (frames * perHop + perFrame - 1) * block;
  const given = Math.min(mirrored.shape[1] ?? 0, longest);
  const padded = tf.pad(tf.slice(mirrored, [0, 0], [batch, given]), [
    [0, 0],
    [0, longest - given],
  ]);
  const blocks = tf.reshape<tf.Rank.R3>(padded, [batch, longest / block, block]);
  if (perHop === perFrame) return tf.reshape(tf.slice(padded, [0, 0], [batch, needed]), [batch, frames, window]);
  const parts = Array.from({ length: perFrame }, (_, part) => {
    const hops = tf.reshape<tf.Rank.R3>(tf.slice(blocks, [0, part, 0], [batch, frames * perHop, block]), [batch, frames, hop]);
    return perHop === 1 ? hops : tf.slice(hops, [0, 0, 0], [batch, frames, block]);
  });
  return tf.concat(parts, 2);
}

/** The parts of windowed frames that are even and odd about their middle: `[rows, half + 1]` and `[rows, half − 1]`. */
function folded(rows: Tensor2D, half: number): { even: Tensor2D; odd: Tensor2D } {
  const [count] = rows.shape;
  const left = tf.slice(rows, [0, 1], [count, half - 1]);
  const right = tf.reverse(tf.slice(rows, [0, half + 1], [count, half - 1]), 1);
  const ends = [0, half].map((at) => tf.slice(rows, [0, at], [count, 1])) as [Tensor2D, Tensor2D];
  const window = tf.tensor1d(hann(half));
  return {
    even: tf.mul(tf.concat([ends[0], tf.add(left, right), ends[1]], 1), window),
    odd: tf.mul(tf.sub(left, right), tf.slice(window, [1], [half - 1])),
  };
}

/** The first half of Hann's window (periodic), with its middle. */
function hann(half: number): Float32Array {
  return Float32Array.from({ length: half + 1 }, (_, at) => 0.5 - 0.5 * Math.cos((Math.PI * at) / half));
}

/** Rows of weights, one a frequency, in the order of some frequencies. */
function inOrder(weights: Float32Array, frequencies: readonly number[], width: number): Float32Array {
  const ordered = new Float32Array(weights.length);
  for (const [at, frequency] of frequencies.entries())
    ordered.set(weights.subarray(frequency * width, (frequency + 1) * width), at * width);
  return ordered;
}

function compressed(values: Tensor3D, { compression, power }: MelSettings): Tensor3D {
  if (compression === 'none') return values;
  if (compression === 'log1p') return tf.log(tf.add(values, 1 + epsilon));
  const decibels = tf.mul<Tensor3D>(tf.log(tf.maximum(values, leastPower)), (power === 2 ? 10 : 20) / Math.LN10);
  return tf.maximum(decibels, tf.sub(tf.max(decibels, [1, 2], true), decibelRange));
}

function normalised(values: Tensor3D, { normalisation }: MelSettings): Tensor3D {
  if (normalisation === 'none') return values;
  const [least, most] = [tf.min(values, [1, 2], true), tf.max(values, [1, 2], true)];
  // Silence is the same everywhere: it becomes −1.
  const range = tf.maximum(tf.sub(most, least), leastPower);
  return tf.sub(tf.mul(tf.div(tf.sub(values, least), range), 2), 1);
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
