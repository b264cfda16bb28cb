/** @file The encoders that Earmark knows: one entry a family. */
import { AppError } from '../../base/index.ts';
import { createCpc, publishedCpc, readCpcSettings } from './cpc/cpc.ts';
import type { Encoder, EncoderSettings } from './encoder.ts';
import { createResnet, publishedResnet } from './resnet/resnet.ts';
import { readResnetSettings } from './resnet/resnet-layers.ts';
import { createSampleCnn, publishedSampleCnn } from './sample-cnn.ts';
import { readSampleCnnSettings } from './sample-cnn-layers.ts';
import { publishedRates } from './settings.ts';
import type { EncoderChoice } from './settings.ts';

/** How an encoder of a family is made: from its settings, which are not trusted, or from what a person chose of it. */
type Family<Architecture extends EncoderChoice['architecture']> = {
  read: (settings: Record<string, unknown>) => Encoder;
  choose: (choice: Extract<EncoderChoice, { architecture: Architecture }>) => Encoder;
};

const families: { readonly [Architecture in EncoderChoice['architecture']]: Family<Architecture> } = {
  'sample-cnn': {
    read: (settings) => createSampleCnn(readSampleCnnSettings(settings)),
    choose: ({ sampleRate }) => publishedSampleCnn(sampleRate),
  },
  cpc: {
    read: (settings) => createCpc(readCpcSettings(settings)),
    choose: ({ sampleRate }) => createCpc({ ...publishedCpc, sampleRate }),
  },
  resnet: {
    read: (settings) => createResnet(readResnetSettings(settings)),
    choose: ({ sampleRate, depth }) => createResnet(publishedResnet(depth, sampleRate)),
  },
};

/** Every published encoder, the default first: what weights are compared with that come without settings. */
export const encoders: readonly Encoder[] = [
  ...publishedRates.map(publishedSampleCnn),
  ...publishedRates.map((sampleRate) => createCpc({ ...publishedCpc, sampleRate })),
  ...([50, 34, 18] as const).map((depth) => createResnet(publishedResnet(depth, 22050))),
];

/** The encoder that a person chose. */
export function chosenEncoder(choice: EncoderChoice): Encoder {
  const choose = families[choice.architecture].choose as (choice: EncoderChoice) => Encoder;
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
  if (Object.hasOwn(families, name)) return families[name as EncoderChoice['architecture']].read(settings as Record<string, unknown>);
  throw new AppError('NOT_FOUND', `There is no kind of encoder called ${name}; there are ${Object.keys(families).join(', ')}.`);
}
