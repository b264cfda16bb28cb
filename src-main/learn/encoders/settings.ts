/** @file Settings of the encoders that a run may train: one entry a family. Pure. */
import { choice, number } from '../../base/settings.ts';
import type { KindValue, Setting } from '../../base/settings.ts';

/** Rates of CLMR's thesis, which SampleCNN has strides for, in hertz. */
export const publishedRates = [22050, 16000, 8000] as const;

type Rate = (typeof publishedRates)[number];

function rate(usual: Rate): Setting<Rate> {
  return choice(usual, publishedRates, {
    title: 'Sample rate',
    unit: 'Hz',
    about: 'Rate at which tracks are heard. A lower rate trains faster and hears less treble.',
    source: 'Spijkervet 2021; Li et al. 2022: 16\u202f000',
    words: { 22050: '22\u202f050 Hz', 16000: '16\u202f000 Hz', 8000: '8\u202f000 Hz' },
  });
}

const rated = { sampleRate: rate(22050) };

const resnet = {
  ...rated,
  depth: choice(50, [18, 34, 50], {
    title: 'Layers',
    about: 'Fewer learn faster; the papers have 50.',
    source: 'Löf et al. 2024: 50',
  }),
};

const data2vec = {
  sampleRate: rate(16000),
  size: choice('small', ['small', 'base'], {
    title: 'Size',
    about: 'Small has 6 million parameters and learns on a processor; base has 93 million and wants a GPU.',
    source: 'Baevski et al. 2022, Li et al. 2022: base',
    words: { small: 'Small', base: 'Base' },
  }),
  cropSeconds: number(5, {
    title: 'Crop',
    unit: 'seconds',
    about: 'How much of a track is heard at a time. Longer crops take more time and memory.',
    source: 'Li et al. 2022: 5 (best), 10, 15, 30',
    least: 1,
    most: 30,
  }),
};

/** By family; CPC and ResNet take as many samples at every rate, data2vec as many seconds. */
export const encoderChoices = { 'sample-cnn': rated, cpc: rated, resnet, data2vec };

/** What the families are called. */
export const encoderTitles = {
  'sample-cnn': 'SampleCNN',
  cpc: 'CPC',
  resnet: 'ResNet',
  data2vec: 'data2vec',
  onnx: 'ONNX',
};

/** Which encoder a run trains. */
export type EncoderChoice = KindValue<'architecture', typeof encoderChoices>;
