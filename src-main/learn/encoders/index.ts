/** @file The encoders that Earmark knows: one entry a family. */
import { AppError } from '../../base/index.ts';
import { chromaFamily } from './chroma/chroma.ts';
import { conceptsFamily } from './concepts/concepts.ts';
import { cpcFamily } from './cpc/cpc.ts';
import { data2vecFamily } from './data2vec/data2vec.ts';
import type { Encoder, EncoderSettings } from './encoder.ts';
import type { Family, TrainedFamily } from './family.ts';
import { onnxFamily } from './onnx/onnx.ts';
import { createResnet, publishedResnet, resnetFamily } from './resnet/resnet.ts';
import { resnetShape } from './resnet/resnet-layers.ts';
import { sampleCnnFamily } from './sample-cnn.ts';
import type { ChoiceOf, EncoderChoice } from './settings.ts';
import { timbreNetFamily } from './timbre/timbre-net.ts';
import { timbreFamily } from './timbre/timbre.ts';
import { createVit, vitFamily } from './vit/vit.ts';
import { vitsOfShapes } from './vit/vit-shapes.ts';

/** Families that a run may train, the default first. */
const trained: { readonly [Name in EncoderChoice['architecture']]: TrainedFamily<ChoiceOf<Name>> } = {
  'sample-cnn': sampleCnnFamily,
  cpc: cpcFamily,
  resnet: resnetFamily,
  data2vec: data2vecFamily,
  vit: vitFamily,
  'timbre-net': timbreNetFamily,
};
const families: Readonly<Record<string, Family>> = {
  ...trained,
  onnx: onnxFamily,
  'timbre-statistics': timbreFamily,
  chroma: chromaFamily,
  concepts: conceptsFamily((settings) => createEncoder(settings)),
};

/** Every published encoder, the default first. */
export const encoders: readonly Encoder[] = Object.values(families).flatMap(({ published }) => published);

/** The ResNet whose parameters have these shapes, where its inner width is another than the published one's; else none. */
export function resnetOfShapes(shapes: ReadonlyMap<string, readonly number[]>): Encoder[] {
  const found = resnetShape(shapes);
  if (found === null) return [];
  return [createResnet({ ...publishedResnet(found.depth, 22050), width: found.width })];
}

/** The Vision Transformers whose parameters may have these shapes: two where square and tall patches have as many numbers. */
export function vitOfShapes(shapes: ReadonlyMap<string, readonly number[]>): Encoder[] {
  return vitsOfShapes(shapes).map((settings) => createVit(settings));
}

/** The encoder that a person chose. */
export function chosenEncoder(choice: EncoderChoice): Encoder {
  const family = trained[choice.architecture] as TrainedFamily<EncoderChoice>;
  return family.choose(choice);
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
  if (family !== undefined) return family.create(settings as Record<string, unknown>);
  throw new AppError('NOT_FOUND', `There is no kind of encoder called ${name}; there are ${Object.keys(families).join(', ')}.`);
}
