/** @file The encoders that Earmark knows: one line each. */
import { AppError } from '../../base/index.ts';
import type { Encoder } from './encoder.ts';
import { publishedSampleCnn } from './sample-cnn.ts';

/** Every encoder, the default first. */
export const encoders: readonly Encoder[] = [publishedSampleCnn(22050), publishedSampleCnn(16000), publishedSampleCnn(8000)];

/** The encoder of that family and sample rate. @throws AppError `NOT_FOUND`, naming those that exist */
export function findEncoder(architecture: string, sampleRate: number): Encoder {
  const found = encoders.find((encoder) => encoder.architecture === architecture && encoder.sampleRate === sampleRate);
  if (found !== undefined) return found;
  const known = encoders.map((encoder) => `${encoder.architecture} at ${encoder.sampleRate} Hz`).join(', ');
  throw new AppError('NOT_FOUND', `There is no encoder ${architecture} at ${sampleRate} Hz; there are ${known}.`);
}
