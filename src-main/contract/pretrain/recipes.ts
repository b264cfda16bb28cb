/** @file The recipes: which parts each is made of, what it sets otherwise than the parts' first values, and the presets a person chooses from. */
import { augmentationSettings } from '../../audio/augment/settings.ts';
import { usualOf } from '../../base/settings.ts';
import { encoderChoices, projectorSettings, scheduleSettings } from '../../learn/about.ts';
import { objectiveDefaults, optimizerDefaults } from './kinds.ts';
import { runSettings } from './run-settings.ts';
import type { AugmentationSettings, PretrainSettings, RecipeName } from './settings.ts';

/** Parameters of CLMR's released code; the delay's sum is halved there. */
const releasedAugmentation: AugmentationSettings = usualOf(augmentationSettings);

/** Parameters of the thesis (probabilities of its best models). */
const thesisAugmentation: AugmentationSettings = {
  ...releasedAugmentation,
  noise: { ...releasedAugmentation.noise, kind: 'snr' },
  gain: { probability: 0.3, db: { least: -6, most: 0 } },
  delay: { ...releasedAugmentation.delay, probability: 0.4, halve: false },
  pitch: { ...releasedAugmentation.pitch, probability: 0.4 },
  reverb: { ...releasedAugmentation.reverb, probability: 0.4 },
};

/** Both published sets of parameters of the augmentation chain. */
export const augmentationSets: Readonly<Record<'thesis' | 'released', AugmentationSettings>> = {
  thesis: thesisAugmentation,
  released: releasedAugmentation,
};

const shared = {
  encoder: { architecture: 'sample-cnn', ...usualOf(encoderChoices['sample-cnn']) },
  optimizer: optimizerDefaults.adam,
  schedule: usualOf(scheduleSettings),
  augmentation: releasedAugmentation,
  ...usualOf(runSettings),
} as const;

const clmr: PretrainSettings = {
  ...shared,
  recipe: 'clmr',
  projector: { ...usualOf(projectorSettings), dimensions: 64 },
  objective: objectiveDefaults['nt-xent'],
};

const vicreg: PretrainSettings = {
  ...shared,
  recipe: 'vicreg',
  projector: { kind: 'mlp', hidden: [1024, 1024], dimensions: 1024, batchNorm: true },
  objective: objectiveDefaults.vicreg,
};

/** A recipe's settings before a person changes any. */
export const recipeDefaults: Readonly<Record<RecipeName, PretrainSettings>> = { clmr, vicreg };

export const presetNames = ['try', 'overnight', 'paper'] as const;
export type PresetName = (typeof presetNames)[number];

/** A preset: what it changes of a recipe's defaults. */
export type Preset = {
  name: PresetName;
  title: string;
  /** One sentence for a person who chooses, by recipe. */
  about: Readonly<Record<RecipeName, string>>;
  changes: (defaults: PretrainSettings) => PretrainSettings;
};

/** What each paper trained with. */
const asPublished: Readonly<Record<RecipeName, Partial<PretrainSettings>>> = {
  /** Spijkervet 2021, and its first code where it is silent. */
  clmr: {
    projector: usualOf(projectorSettings),
    augmentation: thesisAugmentation,
    batch: 96,
    optimizer: optimizerDefaults.lars,
    schedule: { kind: 'cosine', warmupEpochs: 30, finalShare: 0 },
    length: { unit: 'epochs', amount: 10_000 },
  },
  /** Bardes, Ponce and LeCun 2022, section 4.2, with CLMR's encoder and transforms (Hesse and Löf 2023). */
  vicreg: {
    projector: { kind: 'mlp', hidden: [8192, 8192], dimensions: 8192, batchNorm: true },
    batch: 2048,
    optimizer: { ...optimizerDefaults.lars, learningRate: 0.2, rateRule: 'linear', excludeVectors: true },
    schedule: { kind: 'cosine', warmupEpochs: 10, finalShare: 0.01 },
    length: { unit: 'epochs', amount: 1000 },
  },
};

const tryAbout = 'Ten minutes at 8 kHz: enough to see that it learns, not enough to know your music.';
const overnightAbout = 'Eight hours at the full sample rate, on your whole library.';

/** From the quickest to the longest. */
export const presets: readonly Preset[] = [
  {
    name: 'try',
    title: 'Try it: minutes',
    about: { clmr: tryAbout, vicreg: tryAbout },
    changes: (defaults) => ({
      ...defaults,
      encoder: { architecture: 'sample-cnn', sampleRate: 8000 },
      batch: 32,
      length: { unit: 'minutes', amount: 10 },
      checkpoints: { ...defaults.checkpoints, everyMinutes: 2 },
    }),
  },
  {
    name: 'overnight',
    title: 'Overnight',
    about: { clmr: overnightAbout, vicreg: overnightAbout },
    changes: (defaults) => ({ ...defaults, length: { unit: 'minutes', amount: 480 } }),
  },
  {
    name: 'paper',
    title: 'As in the paper',
    about: {
      clmr: 'CLMR’s best: batches of 96 with LARS, 10 000 epochs, the thesis’s transforms. On a CPU this takes weeks; meant for a GPU.',
      vicreg:
        'VICReg’s own: batches of 2 048 with LARS, 1 000 epochs, three layers of 8 192. On a CPU this takes months; meant for several GPUs.',
    },
    changes: (defaults) => ({ ...defaults, ...asPublished[defaults.recipe] }),
  },
];
