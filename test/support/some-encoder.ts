/** @file An encoder that came from a file, as windows are told of it. */
import type { Encoder, EncoderId } from '../../src-main/contract/index.ts';

/** A SampleCNN that has heard nothing yet. */
export const importedEncoder: Encoder = {
  ...{ id: 1 as EncoderId, name: 'Ears', architecture: 'sample-cnn', sampleRate: 22_050, cropSamples: 59_049, dimensions: 512 },
  ...{ source: 'imported', origin: 'ears.ckpt', createdAt: 0, index: null, run: null, tagSet: null, spaces: [] },
};
