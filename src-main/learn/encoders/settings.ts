/** @file Settings of the encoders that a run may train: one entry a family. Pure. */
import { choice } from '../../base/settings.ts';
import type { KindValue } from '../../base/settings.ts';

/** Rates that SampleCNN has strides for (CLMR thesis), in hertz. */
export const sampleCnnRates = [22050, 16000, 8000] as const;

const sampleCnn = {
  sampleRate: choice(22050, sampleCnnRates, {
    title: 'Sample rate',
    unit: 'Hz',
    about: 'Rate at which tracks are heard. A lower rate trains faster and hears less treble.',
    source: 'Spijkervet 2021',
    words: { 22050: '22\u202f050 Hz', 16000: '16\u202f000 Hz', 8000: '8\u202f000 Hz' },
  }),
};

export const encoderChoices = { 'sample-cnn': sampleCnn };

/** Which encoder a run trains. */
export type EncoderChoice = KindValue<'architecture', typeof encoderChoices>;
