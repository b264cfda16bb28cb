/**
 * @file Timbre statistics: what is known of a few seconds of sound without having learnt anything. A log-mel spectrogram, of which it is told how loud each
 * band is, how much it varies and how fast it changes; the same of cepstral coefficients (Davis and Mermelstein 1980); and how strongly groups of bands
 * pulse at rates between 0.25 and 10 Hz (as rhythm patterns of Pampalk, Rauber and Merkl 2002). The features are not scaled: whoever compares or learns
 * knows the library and standardises.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { AppError } from '../../../base/index.ts';
import { melPower } from '../../inputs/log-mel.ts';
import type { Encoder } from '../encoder.ts';
import type { Family } from '../family.ts';
import { embeddingOf } from '../outputs.ts';
import { embeddingOutput } from '../poolings.ts';
import { encoderTitles, timbreStatistics } from '../settings.ts';
import {
  cosineOf,
  modulationBins,
  timbreBands,
  timbreCoefficients,
  timbreFrames,
  timbreGroups,
  timbreMel,
  timbreNames,
} from './timbre-names.ts';

/** Added to a band's power before its logarithm, and to a modulation's. */
const [leastPower, leastModulation] = [1e-7, 1e-3];
/** Frames of the spectrogram that are averaged. */
const together = 2;
const cropSamples = timbreFrames * together * timbreMel.hop;

/** @param wave `[batch, 64 000]` @returns `[batch, 316]`, in the order of {@link timbreNames} */
export function statisticsOf(wave: Tensor2D): Tensor2D {
  if (wave.shape[1] !== cropSamples)
    throw new AppError('BAD_INPUT', `Timbre statistics take crops of ${cropSamples} samples, not ${wave.shape[1]}.`);
  return tf.tidy(() => {
    const bands = decibels(wave);
    const cepstrum = tf.matMul<Tensor3D>(bands, tf.tensor3d(cosineTransform(), [1, timbreBands, timbreCoefficients]));
    return tf.concat([...overTime(bands), ...overTime(cepstrum), modulation(bands)], 1);
  });
}

/** `[batch, frames, bands]`, 25 frames a second. */
function decibels(wave: Tensor2D): Tensor3D {
  const [batch] = wave.shape;
  const frames = timbreFrames * together;
  const power = tf.slice(melPower(timbreMel, wave), [0, 0, 0], [batch, frames, timbreBands]);
  const averaged = tf.mean(tf.reshape(power, [batch, timbreFrames, together, timbreBands]), 2);
  return tf.mul(tf.log(tf.add(averaged, leastPower)), 10 / Math.LN10);
}

/** Of values `[batch, frames, count]` over the frames: mean, deviation, and how far a frame is from the next on average; `[batch, count]` each. */
function overTime(values: Tensor3D): Tensor2D[] {
  const [batch, frames, count] = values.shape;
  const part = (from: number, length: number): Tensor3D => tf.slice(values, [0, from, 0], [batch, length, count]);
  // Counted from the first frame, so that what stays the same does not vary by what 32 bits leave.
  const first = part(0, 1);
  const moved = tf.sub(values, first);
  const mean = tf.mean<Tensor3D>(moved, 1, true);
  const deviation = tf.sqrt<Tensor2D>(tf.mean(tf.square(tf.sub(moved, mean)), 1));
  const change = tf.mean<Tensor2D>(tf.abs(tf.sub(part(1, frames - 1), part(0, frames - 1))), 1);
  return [tf.reshape(tf.add(first, mean), [batch, count]), deviation, change];
}

/** Logarithms of the power at which groups of adjacent bands go up and down, `[batch, groups · ranges]`. */
function modulation(bands: Tensor3D): Tensor2D {
  const [batch, frames] = bands.shape;
  const ranges = modulationBins.length - 1;
  const groups = tf.mean<Tensor3D>(tf.reshape(bands, [batch, frames, timbreGroups, timbreBands / timbreGroups]), 3);
  const moved = tf.transpose(tf.sub<Tensor3D>(groups, tf.mean(groups, 1, true)), [0, 2, 1]);
  const rows = tf.reshape<tf.Rank.R2>(moved, [batch * timbreGroups, frames]);
  const bins = Array.from({ length: modulationBins[ranges] as number }, (_, bin) => bin);
  const [cosines, sines] = [Math.cos, Math.sin].map((of) => tf.matMul(rows, waves(bins, of))) as [Tensor2D, Tensor2D];
  const power = tf.div<Tensor2D>(tf.add(tf.square(cosines), tf.square(sines)), timbreFrames);
  const averaged = tf.matMul(power, rangeMeans(bins.length));
  return tf.reshape(tf.log(tf.add(averaged, leastModulation)), [batch, timbreGroups * ranges]);
}

/** Waves of so many turns in a crop, `[frames, bins]`. */
function waves(bins: readonly number[], of: (angle: number) => number): Tensor2D {
  const values = Array.from({ length: timbreFrames }, (_, frame) =>
    bins.map((bin) => of((2 * Math.PI * ((frame * bin) % timbreFrames)) / timbreFrames)),
  );
  return tf.tensor2d(Float32Array.from(values.flat()), [timbreFrames, bins.length]);
}

/** What gives the means of ranges of bins, `[bins, ranges]`. */
function rangeMeans(bins: number): Tensor2D {
  const ranges = modulationBins.length - 1;
  const weights = new Float32Array(bins * ranges);
  for (let range = 0; range < ranges; range++) {
    const [from = 0, to = 0] = modulationBins.slice(range, range + 2);
    for (let bin = from; bin < to; bin++) weights[bin * ranges + range] = 1 / (to - from);
  }
  return tf.tensor2d(weights, [bins, ranges]);
}

/** The first coefficients of an orthonormal cosine transform of the second kind, `[bands, coefficients]`. */
function cosineTransform(): Float32Array {
  const weights = new Float32Array(timbreBands * timbreCoefficients);
  for (let band = 0; band < timbreBands; band++)
    for (let number = 0; number < timbreCoefficients; number++) weights[band * timbreCoefficients + number] = cosineOf(band, number);
  return weights;
}

/** The encoder. It has no weights, so that every seed gives the same. */
export function createTimbre(): Encoder {
  const dimensions = timbreNames.length;
  const { sampleRate } = timbreMel;
  return {
    settings: { architecture: timbreStatistics, sampleRate },
    architecture: timbreStatistics,
    title: encoderTitles[timbreStatistics],
    ...{ sampleRate, cropSamples, dimensions },
    outputs: [embeddingOf(dimensions)],
    keptElements: 0,
    parameters: () => [],
    forward: (_, wave) => statisticsOf(wave),
    layers: (_, wave) => ({ [embeddingOutput]: { values: statisticsOf(wave), positions: [] } }),
    train: (_, wave) => ({ embedding: statisticsOf(wave), statistics: {} }),
    initialise: () => new Map(),
    fold: (weights) => new Map(weights),
  };
}

/** There is one of them, at one rate. */
export const timbreFamily: Family = {
  create: ({ sampleRate }) => {
    if (sampleRate === timbreMel.sampleRate) return createTimbre();
    throw new AppError('BAD_INPUT', `Timbre statistics are made at ${timbreMel.sampleRate} Hz, not at ${String(sampleRate)} Hz.`);
  },
  published: [],
};
