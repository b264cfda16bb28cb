/** @file Settings of the augmentation chain: CLMR's transforms (Spijkervet 2021), first values those of its released code. Pure; one of the room's doors. */
import { choice, number, probability, range, toggle } from '../../base/settings.ts';
import type { DrawnRange, ValueOf } from '../../base/settings.ts';

const clmr = 'Spijkervet 2021';
const released = 'CLMR, released code';
const drawn = 'Drawn between these.';
const hertz = [20, 24_000] as const;
const percent = { unit: '%', about: drawn, source: clmr, within: [0, 100] } as const;

/** In the order in which transforms are applied after the crop. */
export const augmentationSettings = {
  views: choice('symmetric', ['symmetric', 'asymmetric'], {
    title: 'Views',
    about: 'Symmetric: both views go through the chain. Asymmetric: one is the crop alone.',
    source: `${clmr}, Fig. 6.3`,
    words: { symmetric: 'Both views', asymmetric: 'One view' },
  }),
  polarity: { probability: probability(0.8, { title: 'Polarity inversion', about: 'Turns the wave upside down.', source: clmr }) },
  noise: {
    probability: probability(0.01, { title: 'Noise', about: 'Adds white noise.', source: clmr }),
    kind: choice('relative', ['snr', 'relative'], {
      title: 'Noise level',
      about: 'By signal-to-noise ratio, or as a share of the signal’s deviation.',
      source: `by ratio in ${clmr}; a share in its released code`,
      words: { snr: 'Signal-to-noise ratio', relative: 'Share of the signal' },
    }),
    snrDb: range(40, 40, {
      title: 'Signal-to-noise ratio',
      unit: 'dB',
      about: drawn,
      source: `“high” in ${clmr}; 40 in its first code`,
      within: [0, 160],
      countsWhen: { beside: 'kind', is: ['snr'] },
    }),
    deviation: range(0.0001, 0.01, {
      title: 'Noise deviation',
      unit: 'of the signal’s',
      about: drawn,
      source: released,
      within: [0, 1],
      countsWhen: { beside: 'kind', is: ['relative'] },
    }),
  },
  gain: {
    probability: probability(0.3, { title: 'Gain', about: 'Makes it quieter.', source: clmr }),
    db: range(-20, -1, {
      title: 'Gain range',
      unit: 'dB',
      about: drawn,
      source: `−6 to 0 in ${clmr}; −20 to −1 in its released code`,
      within: [-60, 60],
    }),
  },
  filter: {
    probability: probability(0.8, { title: 'Filter', about: 'Low-pass or high-pass, by the toss of a coin.', source: clmr }),
    lowPassHz: range(2200, 4000, { title: 'Low-pass cut-off', unit: 'Hz', about: drawn, source: clmr, within: hertz }),
    highPassHz: range(200, 1200, { title: 'High-pass cut-off', unit: 'Hz', about: drawn, source: clmr, within: hertz }),
    slope: choice('steep', ['gentle', 'steep'], {
      title: 'Filter slope',
      about: 'Gentle takes 6 dB an octave away (first order); steep stops what is beyond the cut-off (windowed sinc).',
      source: `gentle in ${clmr} and its first code; steep in its released code`,
      words: { gentle: 'Gentle', steep: 'Steep' },
      before: 'steep',
    }),
  },
  delay: {
    probability: probability(0.3, { title: 'Delay', about: 'Adds an echo.', source: `${clmr}, Fig. 6.4` }),
    ms: range(200, 500, { title: 'Delay time', unit: 'ms', about: drawn, source: clmr, within: [1, 2_000] }),
    stepMs: number(50, {
      title: 'Delay step',
      unit: 'ms',
      about: 'Times are whole multiples of this.',
      source: clmr,
      least: 1,
      most: 1_000,
    }),
    feedback: number(0.5, { title: 'Echo level', unit: 'of the signal', about: 'How loud the echo is.', source: clmr, least: 0, most: 1 }),
    halve: toggle(true, { title: 'Halve the sum', about: 'Halves signal and echo together.', source: released }),
  },
  pitch: {
    probability: probability(0.6, {
      title: 'Pitch shift',
      about: 'Higher or lower, as long as before. Set to 0 if the encoder should know pitch.',
      source: `${clmr}, Fig. 6.4; Löf et al. 2024`,
    }),
    semitones: range(-7, 7, { title: 'Pitch range', unit: 'semitones', about: drawn, source: clmr, within: [-24, 24] }),
  },
  /** Percent, as Freeverb and sox name and map them. */
  reverb: {
    probability: probability(0.6, { title: 'Reverb', about: 'Puts it into a room.', source: `${clmr}, Fig. 6.4` }),
    roomSize: range(0, 100, { title: 'Room size', ...percent }),
    reverberance: range(0, 100, { title: 'Reverberance', ...percent }),
    damping: range(0, 100, { title: 'Damping', ...percent }),
    stereoDepth: number(100, {
      title: 'Stereo depth',
      unit: '%',
      about: 'How unlike the two sides of the room are before they are mixed; at 0 the reverb is 2 to 3 dB louder.',
      source: `sox’s default, which ${clmr} and its released code take`,
      least: 0,
      most: 100,
      before: 0,
    }),
  },
  /** For encoders upon timbre statistics, which are not given waves. */
  equaliser: {
    deviationDb: number(0, {
      title: 'Equaliser',
      unit: 'dB',
      about:
        'Makes some frequencies louder and others quieter, by so much in the mean square, so that the sound of a recording counts less.',
      source: 'Earmark, measured: 3',
      least: 0,
      most: 40,
      before: 0,
    }),
  },
};

/** What the chain does to a view. */
export type AugmentationSettings = ValueOf<typeof augmentationSettings>;

/** Bounds that a value is drawn between, uniformly. */
export type Range = DrawnRange;
