/** @file An encoder in one line. */
import { countOf } from '../../../base/index.ts';
import type { Encoder } from '../../../contract/index.ts';

/** `Encoder 3: CLMR (imported), sample-cnn at 22050 Hz, segments of 2.68 s, 512 features.` */
export function encoderText(encoder: Encoder): string {
  const { id, name, architecture: family, sampleRate: rate, cropSamples, dimensions, source } = encoder;
  return `Encoder ${id}: ${name} (${source}), ${family} at ${rate} Hz, segments of ${(cropSamples / rate).toFixed(2)} s, ${countOf(dimensions, 'neuron')}.`;
}
