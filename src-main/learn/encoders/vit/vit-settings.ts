/** @file What a person chooses of a Vision Transformer. Pure. */
import { choice, number } from '../../../base/settings.ts';
import { rate } from '../rates.ts';

const myna = 'Yonay, Hammond and Yang 2025 (Myna)';

const choices = {
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

/** What the family is called, and its settings; it takes as many samples at every rate. */
export const vitAbout = { title: 'Vision Transformer', choices };
