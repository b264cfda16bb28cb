/**
 * @file Which of Myna's Vision Transformers a file's tensors may be, by their shapes (released code: `SimpleViT` over 128 bands, heads of 64 values, as many
 * whole patches of time as a crop has). A weight says how many numbers a patch has and not how they lie: of 256 there are square patches (16 × 16) and tall ones
 * (128 × 2). Positions, where a file keeps them, tell by how many there are.
 */
import { framesOf } from '../../inputs/log-mel.ts';
import { mynaMel } from '../../inputs/settings.ts';
import type { PatchSize, VitSettings } from './vit-layers.ts';

type Shapes = ReadonlyMap<string, readonly number[]>;

const [sampleRate, cropSamples, headValues, mostLayers] = [16_000, 50_000, 64, 256];
const { bands } = mynaMel;
const anchor = 'to_patch_embedding.2.weight';

/** Settings that these shapes leave open, square patches first; none where they are no Vision Transformer's. */
export function vitsOfShapes(shapes: Shapes): VitSettings[] {
  const name = [...shapes.keys()].filter((one) => one === anchor || one.endsWith(`.${anchor}`)).toSorted((a, b) => a.length - b.length)[0];
  if (name === undefined) return [];
  const prefix = name.slice(0, -anchor.length);
  const shapeOf = (own: string): readonly number[] => shapes.get(`${prefix}${own}`) ?? [];
  const [[values = 0, pixels = 0], [, others]] = [shapeOf(anchor), shapeOf('to_patch_embedding_b.2.weight')];
  const [inner = 0] = shapeOf('transformer.layers.0.1.net.1.weight');
  const heads = (shapeOf('transformer.layers.0.0.to_qkv.weight')[0] ?? 0) / 3 / headValues;
  const layers = layersOf((layer) => shapeOf(`transformer.layers.${layer}.0.norm.weight`).length > 0);
  if (values < 8 || values % 4 !== 0 || inner < 1 || layers < 1 || !Number.isInteger(heads) || heads < 1) return [];
  const all = others === undefined ? [squareOf(pixels), tallOf(pixels)].map((one) => [one]) : [[squareOf(pixels), tallOf(others)]];
  const cut = all
    .map((patches) => patches.flatMap((one) => one ?? []))
    .filter((patches) => patches.length === (others === undefined ? 1 : 2));
  const open = cut.flatMap((patches) => {
    const frames = framesIn(patches);
    return patches.some((one) => frames % one.frames !== 0) ? [] : [{ patches, frames }];
  });
  const told = open.filter(({ patches, frames }) => placesIn(patches[0], frames) === (shapeOf('pos_embedding').at(-2) ?? -1));
  const mel = { ...mynaMel, sampleRate, highestHz: sampleRate / 2 };
  return (told.length > 0 ? told : open).map(({ patches, frames }) => ({
    ...{ cropSamples, mel, frames, patches, values, layers, heads, headValues, inner },
  }));
}

function layersOf(isThere: (layer: number) => boolean): number {
  let layers = 0;
  while (layers < mostLayers && isThere(layers)) layers++;
  return layers;
}

function squareOf(pixels: number): PatchSize | null {
  const side = Math.sqrt(pixels);
  return Number.isInteger(side) && side > 1 && bands % side === 0 ? { bands: side, frames: side } : null;
}

function tallOf(pixels: number): PatchSize | null {
  const frames = pixels / bands;
  return Number.isInteger(frames) && frames >= 1 && frames < bands ? { bands, frames } : null;
}

/** Frames of a crop that whole patches of the first kind fill. */
function framesIn([first]: readonly PatchSize[]): number {
  const side = first?.frames ?? 1;
  return Math.floor(framesOf(mynaMel, cropSamples) / side) * side;
}

function placesIn(patch: PatchSize | undefined, frames: number): number {
  return patch === undefined ? 0 : (bands / patch.bands) * (frames / patch.frames);
}
