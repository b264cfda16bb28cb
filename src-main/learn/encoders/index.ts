/** @file The encoders that Earmark knows: one entry a family. */
import { AppError } from '../../base/index.ts';
import { createCpc, publishedCpc, readCpcSettings } from './cpc/cpc.ts';
import { createData2vec, sizedData2vec } from './data2vec/data2vec.ts';
import { readData2vecSettings } from './data2vec/data2vec-layers.ts';
import type { Encoder, EncoderSettings } from './encoder.ts';
import { createOnnx, readOnnxSettings } from './onnx/onnx.ts';
import { createResnet, publishedResnet } from './resnet/resnet.ts';
import { readResnetSettings, resnetShape } from './resnet/resnet-layers.ts';
import { createSampleCnn, publishedSampleCnn } from './sample-cnn.ts';
import { readSampleCnnSettings } from './sample-cnn-layers.ts';
import { publishedRates } from './settings.ts';
import type { EncoderChoice } from './settings.ts';
import { createVit, sizedVit } from './vit/vit.ts';
import { readVitSettings } from './vit/vit-layers.ts';

/** How an encoder of each family is made from its settings, which are not trusted. */
const families: Readonly<Record<string, (settings: Record<string, unknown>) => Encoder>> = {
  'sample-cnn': (settings) => createSampleCnn(readSampleCnnSettings(settings)),
  cpc: (settings) => createCpc(readCpcSettings(settings)),
  resnet: (settings) => createResnet(readResnetSettings(settings)),
  data2vec: (settings) => createData2vec(readData2vecSettings(settings)),
  vit: (settings) => createVit(readVitSettings(settings)),
  onnx: (settings) => createOnnx(readOnnxSettings(settings)),
};

type Choose<Architecture> = (choice: Extract<EncoderChoice, { architecture: Architecture }>) => Encoder;

/** How one that a run may train is made from what a person chose of it. */
const choices: { readonly [Architecture in EncoderChoice['architecture']]: Choose<Architecture> } = {
  'sample-cnn': ({ sampleRate }) => publishedSampleCnn(sampleRate),
  cpc: ({ sampleRate }) => createCpc({ ...publishedCpc, sampleRate }),
  resnet: ({ sampleRate, depth }) => createResnet(publishedResnet(depth, sampleRate)),
  data2vec: ({ size, ...own }) => createData2vec(sizedData2vec(size, own)),
  vit: ({ keptShare, ...own }) => createVit(sizedVit(own), keptShare),
};

/** Every published encoder, the default first: what weights are compared with that come without settings. */
export const encoders: readonly Encoder[] = [
  ...publishedRates.map(publishedSampleCnn),
  ...publishedRates.map((sampleRate) => createCpc({ ...publishedCpc, sampleRate })),
  ...([50, 34, 18] as const).map((depth) => createResnet(publishedResnet(depth, 22050))),
  // Of Myna's files those of both kinds of patches alone: weights of square and of tall ones have the same names and shapes.
  ...(['small', 'base'] as const).map((transformer) =>
    createVit(sizedVit({ transformer, patches: 'both', loudness: 'power', sampleRate: 16000 })),
  ),
];

/** The ResNet whose parameters have these shapes, where its inner width is another than the published one's; else none. */
export function resnetOfShapes(shapes: ReadonlyMap<string, readonly number[]>): Encoder[] {
  const found = resnetShape(shapes);
  if (found === null) return [];
  return [createResnet({ ...publishedResnet(found.depth, 22050), width: found.width })];
}

/** The encoder that a person chose. */
export function chosenEncoder(choice: EncoderChoice): Encoder {
  const choose = choices[choice.architecture] as (choice: EncoderChoice) => Encoder;
  return choose(choice);
}

/** The published encoder of that family and sample rate. @throws AppError `NOT_FOUND`, naming those that exist */
export function findEncoder(architecture: string, sampleRate: number): Encoder {
  const found = encoders.find((encoder) => encoder.architecture === architecture && encoder.sampleRate === sampleRate);
  if (found !== undefined) return found;
  const known = encoders.map((encoder) => `${encoder.architecture} at ${encoder.sampleRate} Hz`).join(', ');
  throw new AppError('NOT_FOUND', `There is no encoder ${architecture} at ${sampleRate} Hz; there are ${known}.`);
}

/**
 * The encoder that settings describe, as they are stored with its weights.
 * @param settings of any origin
 * @throws AppError `NOT_FOUND` for a family that is not known, `BAD_INPUT` for settings that are none of its
 */
export function createEncoder(settings: unknown): Encoder {
  const { architecture } = (typeof settings === 'object' && settings !== null ? settings : {}) as Partial<EncoderSettings>;
  const name = String(architecture);
  const family = Object.hasOwn(families, name) ? families[name] : undefined;
  if (family !== undefined) return family(settings as Record<string, unknown>);
  throw new AppError('NOT_FOUND', `There is no kind of encoder called ${name}; there are ${Object.keys(families).join(', ')}.`);
}
