/** @file The encoders that Earmark knows: one line each. */
import { AppError } from '../../base/index.ts';
import { createCpc, publishedCpc, readCpcSettings } from './cpc/cpc.ts';
import type { Encoder, EncoderSettings } from './encoder.ts';
import { publishedRates } from './settings.ts';
import { createSampleCnn, publishedSampleCnn } from './sample-cnn.ts';
import { readSampleCnnSettings } from './sample-cnn-layers.ts';

/** Every published encoder, the default first. */
export const encoders: readonly Encoder[] = [
  publishedSampleCnn(22050),
  publishedSampleCnn(16000),
  publishedSampleCnn(8000),
  ...publishedRates.map((sampleRate) => createCpc({ ...publishedCpc, sampleRate })),
];

/** How an encoder of each family is made from its settings, which are not trusted. */
const families: Readonly<Record<string, (settings: Record<string, unknown>) => Encoder>> = {
  'sample-cnn': (settings) => createSampleCnn(readSampleCnnSettings(settings)),
  cpc: (settings) => createCpc(readCpcSettings(settings)),
};

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
  const family = Object.hasOwn(families, String(architecture)) ? families[String(architecture)] : undefined;
  if (family !== undefined) return family(settings as Record<string, unknown>);
  throw new AppError(
    'NOT_FOUND',
    `There is no kind of encoder called ${String(architecture)}; there are ${Object.keys(families).join(', ')}.`,
  );
}
