/**
 * @file Mel spectrograms as a function of tensors, recorded with the encoder that looks at them: the wave is all that any device is given. As torchaudio's
 * `MelSpectrogram` has it: frames are centred, and the wave is mirrored at its ends.
 *
 * The transform is a product with its matrix. Cosines are symmetric about a frame's middle and sines are odd, so a frame is folded first, and the product is
 * half as large; what is folded has the same symmetry again at every second frequency, so those are found in a half of the length (`fourier.ts`). What is
 * folded onto a frame's beginning is its end turned round: the wave is turned round once, block by block, instead of every frame.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { AppError, defined } from '../../base/index.ts';
import { fromQuarters, isFoldedAgain, transformed } from './fourier.ts';
import type { Transformed } from './fourier.ts';
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

/** Values of frames that are worked on at a time: few enough for a processor's cache. */
const valuesAtOnce = 2 ** 21;

/** The same, made of a few clips at a time, so that what is held on the way is small whatever the batch. The batch is known while it is recorded. */
export function logMelInParts(settings: MelSettings, wave: Tensor2D): Tensor3D {
  const [batch, samples] = wave.shape;
  const clips = Math.max(1, Math.floor(valuesAtOnce / (framesOf(settings, samples) * settings.window)));
  if (clips >= batch) return logMel(settings, wave);
  const parts = Array.from({ length: Math.ceil(batch / clips) }, (_, part) => Math.min(clips, batch - part * clips));
  return tf.concat(
    tf.split<Tensor2D>(wave, parts, 0).map((own) => logMel(settings, own)),
    0,
  );
}

/** Magnitudes, or powers, by band: `[batch, frames, bands]`. */
export function melPower(settings: MelSettings, wave: Tensor2D): Tensor3D {
  return bandPower(settings, wave, { weights: melBands(settings), bands: settings.bands });
}

/** The same by any bands. @param weights of every frequency in every band, `[window / 2 + 1, bands]` */
export function bandPower(
  settings: Pick<MelSettings, 'window' | 'hop' | 'power'>,
  wave: Tensor2D,
  { weights, bands }: { weights: Float32Array; bands: number },
): Tensor3D {
  const { window, power } = settings;
  const [batch, samples] = wave.shape;
  const shares = spectrumOf(blocksOf(wave, settings), window / 2).map(({ cosines, sines, frequencies }) => {
    const powers = tf.add<Tensor2D>(tf.square(cosines), tf.square(sines));
    const own = tf.tensor2d(inOrder(weights, frequencies, bands), [frequencies.length, bands]);
    return tf.matMul(power === 2 ? powers : tf.sqrt(powers), own);
  });
  return tf.reshape(tf.addN(shares), [batch, framesOf(settings, samples), bands]);
}

/**
 * Blocks of a wave, of which `half` make half of a frame: by where they stand in each frame, `[batch · frames, block]`. `forward(p)` begins at the sample
 * p · block of a frame; `backward(p)` begins at the sample (p + 1) · block and goes back in time.
 */
type Blocks = { half: number; forward(part: number): Tensor2D; backward(part: number): Tensor2D };

/** A wave, mirrored at its ends, cut into blocks that divide a hop and half of a window. */
function blocksOf(wave: Tensor2D, { window, hop }: Pick<MelSettings, 'window' | 'hop'>): Blocks {
  const [batch, samples] = wave.shape;
  const half = window / 2;
  const frames = framesOf({ hop }, samples);
  const block = commonDivisor(half, hop);
  const perHop = hop / block;
  // The last hops are cut from whole ones, so that there may be more samples than frames take; what goes back in time begins a sample later.
  const count = frames * perHop + window / block - 1;
  const longest = count * block + 1;
  const mirrored = tf.mirrorPad(
    wave,
    [
      [0, 0],
      [half, half],
    ],
    'reflect',
  );
  const given = Math.min(mirrored.shape[1] ?? 0, longest);
  const padded = tf.pad(tf.slice(mirrored, [0, 0], [batch, given]), [
    [0, 0],
    [0, longest - given],
  ]);
  const cut = (from: number): Tensor3D => tf.reshape(tf.slice(padded, [0, from], [batch, longest - 1]), [batch, count, block]);
  const [ahead, back] = [cut(0), tf.reverse(cut(1), 2)];
  const each = (blocks: Tensor3D, part: number): Tensor2D => {
    const hops = tf.reshape<tf.Rank.R2>(tf.slice(blocks, [0, part, 0], [batch, frames * perHop, block]), [batch * frames, hop]);
    return perHop === 1 ? hops : tf.slice(hops, [0, 0], [batch * frames, block]);
  };
  return { half: half / block, forward: (part) => each(ahead, part), backward: (part) => each(back, part) };
}

/** The spectrum of windowed frames; blocks are put together folded, so that frames are never written out. */
function spectrumOf({ half: parts, forward, backward }: Blocks, half: number): Transformed[] {
  const window = tf.tensor1d(hann(half));
  const run = (count: number, of: (part: number) => Tensor2D): Tensor2D => joined(Array.from({ length: count }, (_, part) => of(part)));
  if (!isFoldedAgain(half) || parts % 2 !== 0) {
    const [left, right] = [run(parts, forward), run(parts, (part) => backward(2 * parts - 1 - part))];
    // At the frame's beginning the window is zero, and so are both parts.
    const weights = tf.slice(window, [0], [half]);
    const even = tf.concat([tf.mul<Tensor2D>(tf.add(left, right), weights), first(forward(parts))], 1);
    return transformed({ even, odd: tf.mul(tf.sub(left, right), weights), oddFrom: 0 }, half);
  }
  const [quarter, quarterParts] = [half / 2, parts / 2];
  const [left, right] = [run(quarterParts, forward), run(quarterParts, (part) => backward(2 * parts - 1 - part))];
  const [innerLeft, innerRight] = [
    run(quarterParts, (part) => backward(parts - 1 - part)),
    run(quarterParts, (part) => forward(parts + part)),
  ];
  const outer = tf.slice(window, [0], [quarter]);
  const inner = tf.reverse(tf.slice(window, [quarter + 1], [quarter]), 0);
  // The frame's middle stands in both of the inner halves.
  const once = tf.tensor1d(Float32Array.from({ length: quarter }, (_, at) => (at === 0 ? 0.5 : 1)));
  const [before, after] = [first(forward(quarterParts)), first(backward(2 * parts - 1 - quarterParts))];
  const middle = tf.slice(window, [quarter], [1]);
  return fromQuarters(
    {
      even: {
        left: tf.mul(tf.add(left, right), outer),
        right: tf.mul(tf.add(innerLeft, innerRight), tf.mul(inner, once)),
        middle: tf.mul(tf.add(before, after), middle),
      },
      odd: {
        left: tf.mul(tf.sub(left, right), outer),
        right: tf.mul(tf.sub(innerLeft, innerRight), inner),
        middle: tf.mul(tf.sub(before, after), middle),
      },
      oddFrom: 0,
    },
    half,
  );
}

/** The first column. */
function first(rows: Tensor2D): Tensor2D {
  return tf.slice(rows, [0, 0], [rows.shape[0], 1]);
}

/** Side by side. */
function joined(parts: Tensor2D[]): Tensor2D {
  return parts.length === 1 ? defined(parts[0], 'a part') : tf.concat(parts, 1);
}

/** The first half of Hann's window (periodic), with its middle. */
function hann(half: number): Float32Array {
  return Float32Array.from({ length: half + 1 }, (_, at) => 0.5 - 0.5 * Math.cos((Math.PI * at) / half));
}

/** Rows of weights, one a frequency, in the order of some frequencies. */
function inOrder(weights: Float32Array, frequencies: readonly number[], width: number): Float32Array {
  const ordered = new Float32Array(frequencies.length * width);
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
