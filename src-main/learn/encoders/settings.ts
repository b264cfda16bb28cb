/** @file Settings of the encoders that a run may train: one entry a family. Pure. */
import { choice } from '../../base/settings.ts';
import type { KindValue } from '../../base/settings.ts';

/** Rates of CLMR's thesis, which SampleCNN has strides for, in hertz. */
export const publishedRates = [22050, 16000, 8000] as const;

const rated = {
  sampleRate: choice(22050, publishedRates, {
    title: 'Sample rate',
    unit: 'Hz',
    about: 'Rate at which tracks are heard. A lower rate trains faster and hears less treble.',
    source: 'Spijkervet 2021',
    words: { 22050: '22\u202f050 Hz', 16000: '16\u202f000 Hz', 8000: '8\u202f000 Hz' },
  }),
};

const resnet = {
  ...rated,
  depth: choice(50, [18, 34, 50], {
    title: 'Layers',
    about: 'Fewer learn faster; the papers have 50.',
    source: 'Löf et al. 2024: 50',
  }),
};

/** By family; CPC and ResNet take as many samples at every rate. */
export const encoderChoices = { 'sample-cnn': rated, cpc: rated, resnet };

/** What the families are called, those that come from files alone with them. */
export const encoderTitles = {
  'sample-cnn': 'SampleCNN',
  cpc: 'CPC',
  resnet: 'ResNet',
  data2vec: 'data2vec',
};

/** Which encoder a run trains. */
export type EncoderChoice = KindValue<'architecture', typeof encoderChoices>;
