/**
 * @file An encoder that another program wrote as an ONNX file. What it computes is in that file alone: ONNX Runtime runs it, and it is neither trained nor
 * taken apart. Its one parameter is the file itself, so that it is stored, checked and moved like the weights of every other encoder.
 */
import { AppError } from '../../../base/index.ts';
import { checkMel } from '../../inputs/log-mel.ts';
import type { MelSettings } from '../../inputs/settings.ts';
import type { Encoder } from '../encoder.ts';
import type { Family } from '../family.ts';
import { embeddingOf } from '../outputs.ts';
import type { OutputChoice } from '../outputs.ts';
import { embeddingOutput, poolings } from '../poolings.ts';
import type { Pooling } from '../poolings.ts';
import { encoderTitles } from '../settings.ts';

/** What an axis of the input is; a number is an axis of that size, along which the input is repeated. */
export type OnnxAxis = 'batch' | 'samples' | 'frames' | 'bands' | number;

/** A value inside the model that can be looked at like a layer. `axis`: that of its neurons; all others but the batch are pooled over. */
export type OnnxInner = { name: string; axis: number; dimensions: number };

/** What is taken of a value of the model, and how. */
export type OnnxPlace = OnnxInner & { pooling: Pooling };

/** How a foreign model is fed, and what of it is the embedding. */
export type OnnxSettings = {
  sampleRate: number;
  cropSamples: number;
  input: { name: string; axes: readonly OnnxAxis[] };
  /** The spectrogram that it takes; null where it takes the wave. */
  mel: MelSettings | null;
  /** `axis`: that of the neurons; all others but the batch are pooled over. */
  output: { name: string; axis: number; pooling: Pooling };
  dimensions: number;
  /** Values besides the embedding, in the order of the graph; none for files that were imported by versions that did not look for them. */
  inner: readonly OnnxInner[];
  /** Whether several crops may be given at once. */
  isBatched: boolean;
  /** Length of the file. */
  bytes: number;
};

/** The name of the array that holds the file. */
export const onnxParameter = 'onnx.model';

const [lowestRate, highestRate, longestCrop, mostDimensions, mostBytes, longestName, mostAxes] = [
  ...[100, 768_000, 2 ** 26, 65_536],
  ...[2 ** 31, 1000, 8],
] as const;

/** How many values inside a model are offered at most, and how long the name of one may be. */
export const onnxInnerBounds = { most: 4096, longestName, mostDimensions } as const;

/** A foreign encoder. */
export function createOnnx(settings: OnnxSettings): Encoder {
  const { sampleRate, cropSamples, dimensions, inner, bytes } = settings;
  const foreign = (): never => {
    throw new AppError(
      'BAD_INPUT',
      'An encoder that came as an ONNX file is run by ONNX Runtime alone: it is not trained, and its values are not computed otherwise.',
    );
  };
  return {
    settings: { architecture: 'onnx', ...settings },
    architecture: 'onnx',
    title: encoderTitles.onnx,
    ...{ sampleRate, cropSamples, dimensions },
    outputs: [...inner.map(({ name, dimensions: size }) => ({ name, title: name, dimensions: size })), embeddingOf(dimensions)],
    keptElements: 0,
    parameters: () => [{ name: onnxParameter, shape: [wordsOf(bytes)], initial: { kind: 'constant', value: 0 }, isTrained: false }],
    ...{ forward: foreign, layers: foreign, train: foreign, initialise: foreign },
    fold: (weights) => new Map(weights),
  };
}

/** Where an output of {@link createOnnx} lies in the model. @throws AppError `BAD_INPUT` for one that it does not have */
export function onnxPlace({ output, dimensions, inner }: OnnxSettings, choice: OutputChoice): OnnxPlace {
  if (choice.output === embeddingOutput) return { ...output, dimensions };
  const found = inner.find(({ name }) => name === choice.output);
  if (found !== undefined) return { ...found, pooling: choice.pooling };
  throw new AppError('BAD_INPUT', `The ONNX model has no value called ${choice.output}.`, { details: { output: choice.output } });
}

/** Numbers of 32 bits that a file of so many bytes fills. */
export function wordsOf(bytes: number): number {
  return Math.ceil(bytes / 4);
}

/** Settings of any origin. @throws AppError `BAD_INPUT` when they are not those of a foreign encoder */
export function readOnnxSettings(given: Record<string, unknown>): OnnxSettings {
  const { sampleRate, cropSamples, input, mel, output, dimensions, inner = [], isBatched, bytes } = given as Partial<OnnxSettings>;
  const axes: unknown = input?.axes;
  if (
    isWhole(sampleRate, lowestRate, highestRate) &&
    isWhole(cropSamples, 1, longestCrop) &&
    isWhole(dimensions, 1, mostDimensions) &&
    isWhole(bytes, 1, mostBytes) &&
    typeof isBatched === 'boolean' &&
    isName(input?.name) &&
    isName(output?.name) &&
    isWhole(output?.axis, 0, mostAxes - 1) &&
    poolings.includes(output.pooling) &&
    areInner(inner) &&
    Array.isArray(axes) &&
    axes.length <= mostAxes &&
    axes.every((axis) => ['batch', 'samples', 'frames', 'bands'].includes(axis as string) || isWhole(axis, 1, 16))
  ) {
    const settings = { sampleRate, cropSamples, input, mel: mel ?? null, output, dimensions, inner, isBatched, bytes } as OnnxSettings;
    if (settings.mel !== null) checkMel(settings.mel);
    return settings;
  }
  throw new AppError(
    'BAD_INPUT',
    'These are not the settings of an ONNX model: a sample rate, a length in samples, an input and an output.',
  );
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value.length <= longestName;
}

/** Values with names of their own, none of which stands for the embedding. */
function areInner(values: unknown): boolean {
  if (!Array.isArray(values) || values.length > onnxInnerBounds.most) return false;
  const names = new Set<unknown>([embeddingOutput]);
  return values.every((value: unknown) => {
    const { name, axis, dimensions } = (typeof value === 'object' && value !== null ? value : {}) as Partial<OnnxInner>;
    const isNew = !names.has(name);
    names.add(name);
    return isNew && isName(name) && isWhole(axis, 0, mostAxes - 1) && isWhole(dimensions, 1, mostDimensions);
  });
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

/** Models of other programs. */
export const onnxFamily: Family = { create: (settings) => createOnnx(readOnnxSettings(settings)), published: [] };
