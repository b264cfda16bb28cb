/**
 * @file A Vision Transformer on mel spectrograms, Myna's encoder (Yonay, Hammond and Yang 2025). An embedding is the mean of the tokens after the last norm;
 * of two kinds of patches each goes through the same Transformer by itself, and their means stand side by side, as the released code has it.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { AppError, defined } from '../../../base/index.ts';
import { checkMel, logMel, logMelInParts } from '../../inputs/log-mel.ts';
import { mynaMel } from '../../inputs/settings.ts';
import { drawWeights } from '../../parameters.ts';
import type { WeightTensors } from '../../parameters.ts';
import type { Encoder } from '../encoder.ts';
import type { TrainedFamily } from '../family.ts';
import { embeddingOf, numberedOutputs } from '../outputs.ts';
import type { EncoderOutput, LayerValues } from '../outputs.ts';
import { embeddingOutput } from '../poolings.ts';
import type { ChoiceOf } from '../settings.ts';
import { patchKinds, readVitSettings, vitKept, vitParameters } from './vit-layers.ts';
import type { PatchKind, PatchSize, VitSettings } from './vit-layers.ts';
import { vitStates } from './vit-pass.ts';
import type { VitStates } from './vit-pass.ts';
import { vitAbout } from './vit-settings.ts';

/** What a person chooses of it. */
type Choice = ChoiceOf<'vit'>;

const [square, tall]: [PatchSize, PatchSize] = [
  { bands: 16, frames: 16 },
  { bands: 128, frames: 2 },
];
const patchings: Readonly<Record<Choice['patches'], readonly PatchSize[]>> = { square: [square], tall: [tall], both: [square, tall] };

/** `small` is Myna's of 22 M parameters, `base` that of 85 M; `tiny`, 3 M, is ours. */
const sizes: Readonly<Record<Choice['transformer'], Pick<VitSettings, 'values' | 'layers' | 'heads' | 'inner'>>> = {
  tiny: { values: 192, layers: 6, heads: 3, inner: 768 },
  small: { values: 384, layers: 12, heads: 6, inner: 1536 },
  base: { values: 768, layers: 12, heads: 12, inner: 3072 },
};

/** Myna's crops, and the frames that whole square patches leave of theirs. */
const [publishedCrop, publishedFrames] = [50_000, 96];

/** An encoder of one of the sizes. */
export function sizedVit({
  transformer,
  patches,
  loudness,
  sampleRate,
}: Pick<Choice, 'transformer' | 'patches' | 'loudness' | 'sampleRate'>): VitSettings {
  return {
    ...{ cropSamples: publishedCrop, frames: publishedFrames, patches: patchings[patches] },
    mel: { ...mynaMel, sampleRate, highestHz: sampleRate / 2, compression: loudness === 'log' ? 'log1p' : 'none' },
    ...sizes[transformer],
    headValues: 64,
  };
}

/**
 * The encoder.
 * @param keptShare how much of the patches training looks at; 1: all
 * @throws AppError `BAD_INPUT` when no spectrogram can be made by its settings
 */
export function createVit(settings: VitSettings, keptShare = 1): Encoder {
  const { mel, cropSamples, frames, values } = settings;
  checkMel(mel);
  const kinds = patchKinds(settings);
  const kept = kinds.map(({ rows, columns }) => keptOf(rows * columns, keptShare));
  const picture = (wave: Tensor2D, make = logMel): Tensor3D => {
    if (wave.shape[1] === cropSamples) return tf.slice(make(mel, wave), [0, 0, 0], [wave.shape[0], frames, mel.bands]);
    throw new AppError('BAD_INPUT', `This Vision Transformer takes crops of ${cropSamples} samples, not ${wave.shape[1]}.`);
  };
  const through = (weights: WeightTensors, seen: Tensor3D, patches: readonly Tensor2D[] = []): VitStates[] =>
    kinds.map((kind, index) => vitStates(settings, weights, { kind, picture: seen, kept: patches[index] }));
  return {
    settings: { architecture: 'vit', sampleRate: mel.sampleRate, ...settings },
    architecture: 'vit',
    title: vitAbout.title,
    sampleRate: mel.sampleRate,
    cropSamples,
    dimensions: kinds.length * values,
    outputs: outputsOf(settings, kinds),
    keptElements: vitKept(settings, kept),
    parameters: () => vitParameters(settings),
    forward: (weights, wave) => tf.tidy(() => embedded(through(weights, picture(wave)))),
    layers: (weights, wave) => layersOf(kinds, through(weights, picture(wave))),
    train: (weights, wave, { patches }) => ({
      embedding: embedded(through(weights, picture(wave, logMelInParts), patches)),
      statistics: {},
    }),
    patches: kinds.map(({ name, rows, columns }, index) => ({ name, count: rows * columns, kept: defined(kept[index], name) })),
    initialise: (seed) => drawWeights(vitParameters(settings), seed),
    fold: (weights) => new Map(weights),
  };
}

/** As many as Myna's code leaves, which masks the whole number below the share; one at least. */
function keptOf(count: number, share: number): number {
  return Math.max(1, count - Math.floor((1 - share) * count + 1e-9));
}

/** `[batch, kinds · values]` */
function embedded(kinds: readonly VitStates[]): Tensor2D {
  const means = kinds.map(({ last }) => tf.mean<Tensor2D>(last, 1));
  return means.length === 1 ? defined(means[0], 'a kind of patches') : tf.concat(means, 1);
}

/** Layers have a kind's name before theirs where there are two. */
function prefixOf(kinds: readonly PatchKind[], { name }: PatchKind): string {
  return kinds.length === 1 ? '' : `${name}-`;
}

function outputsOf({ layers, values }: VitSettings, kinds: readonly PatchKind[]): EncoderOutput[] {
  const own = kinds.flatMap((kind) => {
    const prefix = prefixOf(kinds, kind);
    const title = prefix === '' ? 'Patches' : `${kind.name === 'square' ? 'Square' : 'Tall'} patches`;
    const named = numberedOutputs(`${prefix}layer`, Array<number>(layers).fill(values));
    return [
      { name: `${prefix}patches`, title, dimensions: values },
      ...named.map((one) => ({ ...one, title: one.title.replace('-', ' ') })),
    ];
  });
  return [...own, embeddingOf(kinds.length * values)];
}

function layersOf(kinds: readonly PatchKind[], made: readonly VitStates[]): Record<string, LayerValues> {
  const seen = kinds.flatMap((kind, index) =>
    defined(made[index], kind.name).states.map((values, layer): [string, LayerValues] => [
      `${prefixOf(kinds, kind)}${layer === 0 ? 'patches' : `layer-${layer}`}`,
      { values, positions: [1] },
    ]),
  );
  return { ...Object.fromEntries(seen), [embeddingOutput]: { values: embedded(made), positions: [] } };
}

/** Vision Transformers. Files of Myna's with one kind of patches are told by `vitsOfShapes`, as far as they tell it. */
export const vitFamily: TrainedFamily<Choice> = {
  create: (settings) => createVit(readVitSettings(settings)),
  choose: ({ keptShare, ...own }) => createVit(sizedVit(own), keptShare),
  published: (['small', 'base'] as const).map((transformer) =>
    createVit(sizedVit({ transformer, patches: 'both', loudness: 'power', sampleRate: 16_000 })),
  ),
};
