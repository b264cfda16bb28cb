/**
 * @file Concepts as an encoder: an output of another encoder, of which a sparse autoencoder tells what it is made of. By itself it hears waves, since it holds
 * the other's weights too; where an index of that output is there, its rows take the place of waves.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { AppError, defined } from '../../../base/index.ts';
import { autoencoderParameters } from '../../concepts/autoencoder.ts';
import { conceptsOf } from '../../concepts/step.ts';
import type { Parameter, WeightArray, WeightTensors } from '../../parameters.ts';
import type { Encoder, EncoderSettings } from '../encoder.ts';
import type { Family } from '../family.ts';
import { embeddingOf } from '../outputs.ts';
import { findOutput, pooledOutputs } from '../pooled-outputs.ts';
import { embeddingOutput, poolings } from '../poolings.ts';
import type { Pooling } from '../poolings.ts';
import { encoderTitles } from '../settings.ts';

/** Before the names of the weights of the encoder that concepts stand upon. */
export const basePrefix = 'base.';

/** What concepts were learnt from, and what was found: shares between 0 and 1, `active` concepts a segment on average. */
export type ConceptsSettings = {
  architecture: 'concepts';
  sampleRate: number;
  /** The encoder below, the hash of its weights, and which of its outputs. */
  base: EncoderSettings;
  baseWeights: string;
  output: string;
  pooling: Pooling;
  latents: number;
  found: ConceptsFound;
};

/** What learning told. `asked`: concepts that were to be active at a time. */
export type ConceptsFound = {
  explained: number;
  active: number;
  dead: number;
  segments: number;
  asked: number;
  steps: number;
  learningRate: number;
  seed: number;
};

type Make = (settings: unknown) => Encoder;
const figures = ['explained', 'active', 'dead', 'segments', 'asked', 'steps', 'learningRate', 'seed'] as const;

/** Concepts of any encoder that `make` makes. */
export function conceptsFamily(make: Make): Family {
  return { create: (settings) => createConcepts(checked(settings, make), make), published: [] };
}

function createConcepts(settings: ConceptsSettings, make: Make): Encoder {
  const base = make(settings.base);
  const { dimensions } = findOutput(base, settings.output);
  const learnt = learntPart(settings, dimensions);
  const fromWave = (weights: WeightTensors, wave: Tensor2D): Tensor2D => {
    const own = Object.entries(weights).filter(([name]) => name.startsWith(basePrefix));
    const below = Object.fromEntries(own.map(([name, tensor]) => [name.slice(basePrefix.length), tensor]));
    return pooledOutputs(base, [{ output: settings.output, pooling: settings.pooling }], { weights: below, wave });
  };
  return {
    ...learnt,
    cropSamples: base.cropSamples,
    parameters: () => [
      ...base.parameters().map((one) => ({ ...one, name: `${basePrefix}${one.name}`, isTrained: false })),
      ...learnt.parameters(),
    ],
    forward: (weights, wave) => learnt.forward(weights, fromWave(weights, wave)),
    layers: (weights, wave) => learnt.layers(weights, fromWave(weights, wave)),
    train: (weights, wave, options) => learnt.train(weights, fromWave(weights, wave), options),
    initialise: (seed) =>
      new Map([...[...base.initialise(seed)].map(([name, array]) => [`${basePrefix}${name}`, array] as const), ...learnt.initialise(seed)]),
    fold: (weights) => {
      const own = [...weights].filter(([name]) => name.startsWith(basePrefix));
      const folded = base.fold(new Map(own.map(([name, array]) => [name.slice(basePrefix.length), array])));
      return new Map([...[...folded].map(([name, array]) => [`${basePrefix}${name}`, array] as const), ...learnt.fold(weights)]);
    },
    upon: learnt,
  };
}

/** The autoencoder's first half upon rows `[batch, dimensions]`, as an encoder whose input they are. */
function learntPart(settings: ConceptsSettings, dimensions: number): Encoder {
  const { latents, sampleRate } = settings;
  const constant = (name: string, shape: readonly number[], value: number): Parameter => ({
    ...{ name, shape, initial: { kind: 'constant', value }, isTrained: false },
  });
  const parameters = (): Parameter[] => [
    ...autoencoderParameters(dimensions, latents).map(({ name, shape }) => constant(name, shape, 0)),
    constant('mean', [dimensions], 0),
    constant('deviation', [dimensions], 1),
    constant('threshold', [1], 0),
  ];
  const forward = (weights: WeightTensors, rows: Tensor2D): Tensor2D => {
    const weight = (name: string): tf.Tensor => defined(weights[name], name);
    const centred = tf.div<Tensor2D>(tf.sub(rows, weight('mean')), weight('deviation'));
    return conceptsOf(weights, centred, weight('threshold'));
  };
  return {
    settings,
    architecture: 'concepts',
    title: encoderTitles.concepts,
    sampleRate,
    cropSamples: dimensions,
    dimensions: latents,
    outputs: [embeddingOf(latents)],
    keptElements: dimensions + latents,
    parameters,
    forward,
    layers: (weights, rows) => ({ [embeddingOutput]: { values: forward(weights, rows), positions: [] } }),
    train: (weights, rows) => ({ embedding: forward(weights, rows), statistics: {} }),
    initialise: () => new Map(parameters().map(({ name, shape, initial }) => [name, filled(shape, initial)])),
    fold: (weights) => new Map(parameters().map(({ name }) => [name, defined(weights.get(name), name)])),
  };
}

function filled(shape: readonly number[], initial: Parameter['initial']): WeightArray {
  const value = initial.kind === 'constant' ? initial.value : 0;
  return { shape, data: new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(value) };
}

/** @throws AppError BAD_INPUT for settings that are none of concepts */
function checked(settings: Record<string, unknown>, make: Make): ConceptsSettings {
  const { base, baseWeights, output, pooling, latents, found } = settings;
  const told = (typeof found === 'object' && found !== null ? found : {}) as Record<string, unknown>;
  const isWhole =
    typeof baseWeights === 'string' &&
    typeof output === 'string' &&
    poolings.includes(pooling as Pooling) &&
    Number.isInteger(latents) &&
    Number(latents) > 0 &&
    figures.every((name) => Number.isFinite(told[name]));
  if (!isWhole) throw new AppError('BAD_INPUT', 'These settings of concepts are not whole: learn the concepts again.');
  const below = make(base);
  if (below.architecture === 'onnx' || below.architecture === 'concepts')
    throw new AppError('BAD_INPUT', `Concepts cannot be learnt of ${below.title}: choose another encoder.`);
  return {
    ...{ architecture: 'concepts', sampleRate: below.sampleRate, base: below.settings, baseWeights, output },
    ...{ pooling: pooling as Pooling, latents: Number(latents) },
    found: Object.fromEntries(figures.map((name) => [name, Number(told[name])])) as ConceptsFound,
  };
}
