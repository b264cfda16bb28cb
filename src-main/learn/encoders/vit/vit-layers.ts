/**
 * @file A Vision Transformer's settings, and what follows from them: names and shapes as in Myna's released code (Yonay, Hammond and Yang 2025), which are
 * those of lucidrains' `SimpleViT`.
 */
import { AppError } from '../../../base/index.ts';
import { framesOf } from '../../inputs/log-mel.ts';
import { isMelSettings } from '../../inputs/settings.ts';
import type { MelSettings } from '../../inputs/settings.ts';
import { layerNormParameters, linearParameters } from '../../layers/transformer.ts';
import { defaultKernel } from '../../parameters.ts';
import type { Parameter } from '../../parameters.ts';

/** A picture of a crop, cut into patches of one or two kinds, and the Transformer that both kinds share. */
export type VitSettings = {
  cropSamples: number;
  mel: MelSettings;
  /** How many frames of the picture are looked at; those beyond are cut off. */
  frames: number;
  /** Sizes of the patches; of two kinds each gives half of the embedding. */
  patches: readonly PatchSize[];
  /** Values of a token, layers, heads, values of a head, and values within a layer. */
  values: number;
  layers: number;
  heads: number;
  headValues: number;
  inner: number;
};

/** Of a patch, in bands and frames. */
export type PatchSize = { bands: number; frames: number };

/** A kind of patch: its name, the name of its weights, how many rows and columns of it there are. */
export type PatchKind = PatchSize & { name: 'square' | 'tall'; weights: string; rows: number; columns: number };

/** The kinds of patches, in the order of the embedding's parts. */
export function patchKinds({ mel, frames, patches }: Pick<VitSettings, 'mel' | 'frames' | 'patches'>): PatchKind[] {
  return patches.map((size, index) => ({
    ...size,
    name: size.bands === size.frames ? 'square' : 'tall',
    weights: index === 0 ? 'to_patch_embedding' : 'to_patch_embedding_b',
    rows: mel.bands / size.bands,
    columns: frames / size.frames,
  }));
}

/** Weights in the order of the layers, drawn as PyTorch draws them by default. */
export function vitParameters(settings: VitSettings): Parameter[] {
  const { values, layers, heads, headValues, inner } = settings;
  const attended = heads * headValues;
  return [
    ...patchKinds(settings).flatMap(({ weights, bands, frames }) => [
      ...layerNormParameters(`${weights}.1`, bands * frames),
      ...linearParameters(`${weights}.2`, bands * frames, values),
      ...layerNormParameters(`${weights}.3`, values),
    ]),
    ...Array.from({ length: layers }, (_, layer) => {
      const [attention, forward] = [`transformer.layers.${layer}.0`, `transformer.layers.${layer}.1.net`];
      return [
        ...layerNormParameters(`${attention}.norm`, values),
        defaultKernel(`${attention}.to_qkv.weight`, [3 * attended, values]),
        defaultKernel(`${attention}.to_out.weight`, [values, attended]),
        ...layerNormParameters(`${forward}.0`, values),
        ...linearParameters(`${forward}.1`, values, inner),
        ...linearParameters(`${forward}.3`, inner, values),
      ];
    }).flat(),
    ...layerNormParameters('transformer.norm', values),
  ];
}

/** Values that a frame of the picture takes while it is made, for each sample of its window. */
const pictureShare = 1;

/**
 * Values of a clip that training keeps, about: those of each layer for the patches that are looked at, the attention's scores, and the picture while it is
 * made.
 * @param kept how many patches of each kind are looked at
 */
export function vitKept(
  { mel, cropSamples, values, layers, heads, headValues, inner, patches }: VitSettings,
  kept: readonly number[],
): number {
  const picture = pictureShare * framesOf(mel, cropSamples) * mel.window;
  const tokens = kept.map((count, kind) => {
    const { bands = 0, frames = 0 } = patches[kind] ?? {};
    const layer = count * (6 * values + 5 * heads * headValues + 2 * inner) + 2 * heads * count * count;
    return count * (2 * bands * frames + 3 * values) + layers * layer;
  });
  return picture + tokens.reduce((sum, one) => sum + one, 0);
}

const [mostValues, mostLayers, longestCrop] = [16_384, 256, 2 ** 24];

const isWhole = (value: unknown, least: number, most: number): value is number =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;

/** Settings of any origin. @throws AppError `BAD_INPUT` when they are not those of a Vision Transformer */
export function readVitSettings(given: Record<string, unknown>): VitSettings {
  const { cropSamples, mel, frames, patches, values, layers, heads, headValues, inner } = given as Partial<VitSettings>;
  if (
    isMelSettings(mel) &&
    isWhole(cropSamples, mel.window, longestCrop) &&
    isWhole(frames, 1, framesOf(mel, cropSamples)) &&
    isCut(patches, { bands: mel.bands, frames }) &&
    isWhole(values, 8, mostValues) &&
    values % 4 === 0 &&
    isWhole(layers, 1, mostLayers) &&
    isWhole(heads, 1, mostValues) &&
    isWhole(headValues, 1, mostValues) &&
    isWhole(inner, 1, 4 * mostValues)
  )
    return {
      ...{ cropSamples, mel, frames, values, layers, heads, headValues, inner },
      patches: patches.map(({ bands, frames: own }) => ({ bands, frames: own })),
    };
  throw new AppError(
    'BAD_INPUT',
    'These are not the settings of a Vision Transformer: it has a mel spectrogram, patches that divide its bands and frames, and values of a token that four divides.',
  );
}

/** One kind of patch, or a square and a tall one, all of them whole. */
function isCut(patches: unknown, picture: PatchSize): patches is PatchSize[] {
  if (!Array.isArray(patches) || patches.length < 1 || patches.length > 2) return false;
  const sizes = patches.map((one) => (one ?? {}) as Partial<PatchSize>);
  const areWhole = sizes.every(
    ({ bands, frames }) =>
      isWhole(bands, 1, picture.bands) &&
      picture.bands % bands === 0 &&
      isWhole(frames, 1, picture.frames) &&
      picture.frames % frames === 0,
  );
  return areWhole && new Set(sizes.map(({ bands, frames }) => bands === frames)).size === sizes.length;
}
