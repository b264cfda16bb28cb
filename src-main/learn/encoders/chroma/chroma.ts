/**
 * @file Chroma: how much of each of the twelve pitch classes is heard in a few seconds, its mean and its deviation over time. It has learnt nothing; it is what an
 * encoder has to beat where musical keys are asked for.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { AppError } from '../../../base/index.ts';
import { bandPower } from '../../inputs/log-mel.ts';
import type { Encoder } from '../encoder.ts';
import type { Family } from '../family.ts';
import { embeddingOf } from '../outputs.ts';
import { embeddingOutput } from '../poolings.ts';
import { encoderTitles } from '../settings.ts';
import { chromaBank, pitchClasses } from './chroma-bank.ts';

const sampleRate = 22_050;
/** A window of 186 ms tells semitones apart from 130 Hz on. */
const spectrum = { sampleRate, window: 4096, hop: 2048, power: 2 } as const;
const cropSamples = 32 * spectrum.hop;
/** A frame whose strongest class is below this is silent, and stays 0. */
const leastPower = 1e-10;

/** What the encoder is stored as. */
export const chromaSettings = { architecture: 'chroma', sampleRate } as const;

/**
 * Pitch classes of every frame, the strongest at 1, then their means and deviations over time.
 * @param wave `[batch, 65 536]`
 * @returns `[batch, 24]`
 */
export function chromaStatistics(wave: Tensor2D): Tensor2D {
  if (wave.shape[1] !== cropSamples) throw new AppError('BAD_INPUT', `Chroma takes crops of ${cropSamples} samples, not ${wave.shape[1]}.`);
  return tf.tidy(() => {
    const power = bandPower(spectrum, wave, { weights: chromaBank(spectrum), bands: pitchClasses.length });
    const frames = tf.div(power, tf.maximum(tf.max(power, 2, true), leastPower));
    const mean = tf.mean(frames, 1, true);
    const variance = tf.mean<Tensor2D>(tf.square(tf.sub(frames, mean)), 1);
    return tf.concat([tf.reshape(mean, [wave.shape[0], pitchClasses.length]), tf.sqrt(variance)], 1);
  });
}

/** The encoder. It has no weights, so that every seed gives the same. */
export function createChroma(): Encoder {
  const dimensions = 2 * pitchClasses.length;
  return {
    settings: chromaSettings,
    ...{ architecture: chromaSettings.architecture, title: encoderTitles.chroma, sampleRate, cropSamples, dimensions },
    outputs: [embeddingOf(dimensions)],
    keptElements: 0,
    parameters: () => [],
    forward: (_, wave) => chromaStatistics(wave),
    layers: (_, wave) => ({ [embeddingOutput]: { values: chromaStatistics(wave), positions: [] } }),
    train: (_, wave) => ({ embedding: chromaStatistics(wave), statistics: {} }),
    initialise: () => new Map(),
    fold: (weights) => new Map(weights),
  };
}

/** There is one of them, at one rate. */
export const chromaFamily: Family = {
  create: ({ sampleRate: wanted }) => {
    if (wanted === sampleRate) return createChroma();
    throw new AppError('BAD_INPUT', `Chroma is made at ${sampleRate} Hz, not at ${String(wanted)} Hz.`);
  },
  published: [],
};
