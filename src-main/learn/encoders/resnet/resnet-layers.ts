/** @file A ResNet's settings, and what follows from them: its convolutions, their names and shapes as torchvision has them (He et al. 2016). */
import { AppError } from '../../../base/index.ts';
import { framesOf } from '../../inputs/log-mel.ts';
import { isMelSettings } from '../../inputs/settings.ts';
import type { MelSettings } from '../../inputs/settings.ts';
import { patchedLength } from '../../layers/image-patches.ts';
import type { Patching } from '../../layers/image-patches.ts';
import { batchNormParameters } from '../../parameters.ts';
import type { Parameter } from '../../parameters.ts';

/** Layers, how wide the inner convolutions of a block are (64: as published), the wave's length, and the picture of it. */
export type ResnetSettings = { depth: 18 | 34 | 50; width: number; cropSamples: number; mel: MelSettings };

/** A convolution with its batch norm. `name` of the first is `conv1`, of its norm `bn1`, below `prefix`. */
export type ResnetConvolution = { kernelName: string; normName: string; inChannels: number; outChannels: number } & Patching;

/** Convolutions one after the other, and one beside them where the input is not added as it is. `stage`: 1 to 4. */
export type ResnetBlock = { stage: number; convolutions: ResnetConvolution[]; beside: ResnetConvolution | null };

const blocksOf: Readonly<Record<ResnetSettings['depth'], readonly number[]>> = { 18: [2, 2, 2, 2], 34: [3, 4, 6, 3], 50: [3, 4, 6, 3] };
/** The first convolution and the pooling after it. */
export const stem: ResnetConvolution = {
  ...{ kernelName: 'conv1', normName: 'bn1', inChannels: 3, outChannels: 64 },
  ...{ kernel: 7, stride: 2, padding: 3 },
};
export const stemPooling: Patching = { kernel: 3, stride: 2, padding: 1 };

/** What a block gives, in planes: 4 where it has three convolutions. */
const expansionOf = (depth: ResnetSettings['depth']): number => (depth === 50 ? 4 : 1);

/** Values of the embedding. */
export function resnetDimensions({ depth }: Pick<ResnetSettings, 'depth'>): number {
  return 512 * expansionOf(depth);
}

/** Channels behind the stem, and behind each stage. */
export function resnetWidths({ depth }: Pick<ResnetSettings, 'depth'>): { stem: number; stages: number[] } {
  return { stem: stem.outChannels, stages: [64, 128, 256, 512].map((planes) => planes * expansionOf(depth)) };
}

/** The blocks in order. */
export function resnetBlocks({ depth, width }: Pick<ResnetSettings, 'depth' | 'width'>): ResnetBlock[] {
  const expansion = expansionOf(depth);
  let inChannels = stem.outChannels;
  return blocksOf[depth].flatMap((count, stage) =>
    Array.from({ length: count }, (_, index): ResnetBlock => {
      const planes = 64 * 2 ** stage;
      const stride = stage > 0 && index === 0 ? 2 : 1;
      const at = { stage: stage + 1, prefix: `layer${stage + 1}.${index}`, inChannels, outChannels: planes * expansion, stride } as const;
      inChannels = at.outChannels;
      return depth === 50 ? bottleneck(at, Math.floor((planes * width) / 64)) : basic(at);
    }),
  );
}

type Place = { stage: number; prefix: string; inChannels: number; outChannels: number; stride: 1 | 2 };

function bottleneck(place: Place, inner: number): ResnetBlock {
  const { stage, prefix, inChannels, outChannels, stride } = place;
  return {
    stage,
    convolutions: [
      named(prefix, 1, { inChannels, outChannels: inner, kernel: 1, stride: 1, padding: 0 }),
      named(prefix, 2, { inChannels: inner, outChannels: inner, kernel: 3, stride, padding: 1 }),
      named(prefix, 3, { inChannels: inner, outChannels, kernel: 1, stride: 1, padding: 0 }),
    ],
    beside: besideOf(place),
  };
}

function basic(place: Place): ResnetBlock {
  const { stage, prefix, inChannels, outChannels, stride } = place;
  return {
    stage,
    convolutions: [
      named(prefix, 1, { inChannels, outChannels, kernel: 3, stride, padding: 1 }),
      named(prefix, 2, { inChannels: outChannels, outChannels, kernel: 3, stride: 1, padding: 1 }),
    ],
    beside: besideOf(place),
  };
}

function named(prefix: string, number: number, rest: Omit<ResnetConvolution, 'kernelName' | 'normName'>): ResnetConvolution {
  return { kernelName: `${prefix}.conv${number}`, normName: `${prefix}.bn${number}`, ...rest };
}

function besideOf({ prefix, inChannels, outChannels, stride }: Place): ResnetConvolution | null {
  if (stride === 1 && inChannels === outChannels) return null;
  const name = `${prefix}.downsample`;
  return { kernelName: `${name}.0`, normName: `${name}.1`, inChannels, outChannels, kernel: 1, stride, padding: 0 };
}

/** All convolutions, the stem first. */
export function resnetConvolutions(settings: Pick<ResnetSettings, 'depth' | 'width'>): ResnetConvolution[] {
  return [stem, ...resnetBlocks(settings).flatMap(({ convolutions, beside }) => [...convolutions, ...(beside === null ? [] : [beside])])];
}

/** Weights under torchvision's names; kernels drawn as it draws them: normal, of the deviation √(2 / fan-out) (He et al. 2015). */
export function resnetParameters(settings: Pick<ResnetSettings, 'depth' | 'width'>): Parameter[] {
  return resnetConvolutions(settings).flatMap(({ kernelName, normName, inChannels, outChannels, kernel }): Parameter[] => {
    const deviation = Math.sqrt(2 / (outChannels * kernel * kernel));
    const shape = [outChannels, inChannels, kernel, kernel];
    return [
      { name: `${kernelName}.weight`, shape, initial: { kind: 'normal', deviation }, isTrained: true },
      ...batchNormParameters(normName, outChannels),
    ];
  });
}

/**
 * Depth and width as the shapes of a ResNet's parameters tell them: torchvision's file holds no settings.
 * @returns null for what is no ResNet of blocks with three convolutions; of those with two, all have one width
 */
export function resnetShape(shapes: ReadonlyMap<string, readonly number[]>): Pick<ResnetSettings, 'depth' | 'width'> | null {
  const [name] = [...shapes.keys()].filter((one) => /(^|\.)layer1\.0\.conv3\.weight$/.test(one));
  const [, width] = (name === undefined ? undefined : shapes.get(name)) ?? [];
  return width === undefined || width < 1 || width > mostWidth ? null : { depth: 50, width };
}

/** Values of a clip that training keeps: of every convolution its output and the result. */
export function resnetKept(settings: ResnetSettings): number {
  let [tall, wide] = [settings.mel.bands, framesOf(settings.mel, settings.cropSamples)].map((size) => patchedLength(size, stem));
  let kept = 2 * stem.outChannels * (tall ?? 0) * (wide ?? 0);
  [tall, wide] = [tall, wide].map((size) => patchedLength(size ?? 0, stemPooling));
  for (const { convolutions, beside } of resnetBlocks(settings))
    for (const convolution of [...convolutions, ...(beside === null ? [] : [beside])]) {
      if (convolution !== beside) [tall, wide] = [tall, wide].map((size) => patchedLength(size ?? 0, convolution));
      kept += 2 * convolution.outChannels * (tall ?? 0) * (wide ?? 0);
    }
  return kept;
}

const [mostWidth, longestCrop] = [1024, 2 ** 24];

/** Settings of any origin. @throws AppError `BAD_INPUT` when they are not those of a ResNet */
export function readResnetSettings({ depth, width, cropSamples, mel }: Record<string, unknown>): ResnetSettings {
  const isWhole = (value: unknown, least: number, most: number): boolean =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
  if (
    (depth === 18 || depth === 34 || depth === 50) &&
    isWhole(width, 1, mostWidth) &&
    isMelSettings(mel) &&
    isWhole(cropSamples, mel.window, longestCrop)
  )
    return { depth, width: width as number, cropSamples: cropSamples as number, mel };
  throw new AppError(
    'BAD_INPUT',
    'These are not the settings of a ResNet: it has 18, 34 or 50 layers, a width, a length in samples, and a mel spectrogram.',
  );
}
