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

const myna = 'Yonay, Hammond and Yang 2025 (Myna)';

const vit = {
  sampleRate: rate(16000),
  transformer: choice('tiny', ['tiny', 'small', 'base'], {
    title: 'Transformer',
    about: 'Tiny has 3 million parameters and learns on a processor; small has 22 million, base 85 million, and want a GPU.',
    source: `${myna}: small, base; tiny is ours`,
    words: { tiny: 'Tiny', small: 'Small', base: 'Base' },
  }),
  patches: choice('square', ['square', 'tall', 'both'], {
    title: 'Patches',
    about:
      'What a picture of sound is cut into: 16 bands by 16 frames, or all 128 bands by 2 frames, which tells keys better. Both: each gives half of the embedding.',
    source: `${myna}: all three`,
    words: { square: 'Square (16 × 16)', tall: 'Tall (128 × 2)', both: 'Both' },
  }),
  keptShare: number(0.1, {
    title: 'Patches kept',
    unit: 'of all',
    about: 'Training looks at so many patches of each view, drawn at random; an index looks at all of them. 1 leaves none out.',
    source: `${myna}: 0.1`,
    least: 0.01,
    most: 1,
  }),
  loudness: choice('power', ['power', 'log'], {
    title: 'Loudness',
    about: 'The power of each band as it is, or its logarithm, in which quiet sounds count for more.',
    source: 'Myna, released code: power',
    words: { power: 'Power', log: 'Logarithm' },
  }),
};

/** By family; CPC, ResNet and the Vision Transformer take as many samples at every rate, data2vec as many seconds. */
export const encoderChoices = { 'sample-cnn': rated, cpc: rated, resnet, data2vec, vit };

/** What the families are called. */
export const encoderTitles = {
  'sample-cnn': 'SampleCNN',
  cpc: 'CPC',
  resnet: 'ResNet',
  data2vec: 'data2vec',
  vit: 'Vision Transformer',
  onnx: 'ONNX',
};

/** Which encoder a run trains. */
export type EncoderChoice = KindValue<'architecture', typeof encoderChoices>;
