/** @file The recipes: defaults of every setting, and the presets a person chooses from. Sources stand beside the fields in `fields.ts`. */
import { optimizerDefaults } from './kinds.ts';
import type { AugmentationSettings, PretrainSettings, RecipeName } from './settings.ts';

/** Parameters of CLMR's released code; the delay's sum is halved there. */
const releasedAugmentation: AugmentationSettings = {
  views: 'symmetric',
  polarity: { probability: 0.8 },
  noise: { probability: 0.01, kind: 'relative', snrDb: { least: 80, most: 100 }, deviation: { least: 0.0001, most: 0.01 } },
  gain: { probability: 0.3, db: { least: -20, most: -1 } },
  filter: { probability: 0.8, lowPassHz: { least: 2200, most: 4000 }, highPassHz: { least: 200, most: 1200 } },
  delay: { probability: 0.3, ms: { least: 200, most: 500 }, stepMs: 50, feedback: 0.5, halve: true },
  pitch: { probability: 0.6, semitones: { least: -7, most: 7 } },
  reverb: {
    probability: 0.6,
    roomSize: { least: 0, most: 100 },
    reverberance: { least: 0, most: 100 },
    damping: { least: 0, most: 100 },
  },
};

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
  encoder: { architecture: 'sample-cnn', sampleRate: 22050 },
  batch: 48,
  chunk: null,
  memoryMegabytes: null,
  seed: 1,
  checkpoints: { everyMinutes: 10, keep: 3, best: 'loss' },
  cacheMegabytes: 4096,
} as const;

const clmr: PretrainSettings = {
  ...shared,
  recipe: 'clmr',
  projector: { kind: 'mlp', hidden: [512], dimensions: 64, batchNorm: false },
  objective: { kind: 'nt-xent', temperature: 0.5 },
  optimizer: { kind: 'adam', learningRate: 3e-4, rateRule: 'fixed', weightDecay: 1e-6, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  schedule: { kind: 'constant', warmupEpochs: 0, finalShare: 1 },
  augmentation: releasedAugmentation,
  length: { unit: 'epochs', amount: 1000 },
};

const vicreg: PretrainSettings = {
  ...shared,
  recipe: 'vicreg',
  projector: { kind: 'mlp', hidden: [1024, 1024], dimensions: 1024, batchNorm: true },
  objective: { kind: 'vicreg', invariance: 25, variance: 25, covariance: 1, gamma: 1, normalisation: 'code' },
  optimizer: { kind: 'adam', learningRate: 3e-4, rateRule: 'fixed', weightDecay: 1e-6, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  schedule: { kind: 'constant', warmupEpochs: 0, finalShare: 1 },
  augmentation: releasedAugmentation,
  length: { unit: 'epochs', amount: 1000 },
};

/** A recipe's settings before a person changes any. */
export const recipeDefaults: Readonly<Record<RecipeName, PretrainSettings>> = { clmr, vicreg };

export const presetNames = ['try', 'overnight', 'paper'] as const;
export type PresetName = (typeof presetNames)[number];

/** A preset: what it changes of a recipe's defaults. */
export type Preset = {
  name: PresetName;
  title: string;
  /** One sentence for a person who chooses. */
  about: string;
  changes: (defaults: PretrainSettings) => PretrainSettings;
};

/** From the quickest to the longest. */
export const presets: readonly Preset[] = [
  {
    name: 'try',
    title: 'Try it: minutes',
    about: 'Ten minutes at 8 kHz: enough to see that it learns, not enough to know your music.',
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
    about: 'Eight hours at the full sample rate, on your whole library.',
    changes: (defaults) => ({ ...defaults, length: { unit: 'minutes', amount: 480 } }),
  },
  {
    name: 'paper',
    title: 'As in the paper',
    about: 'CLMR’s best: batches of 96 with LARS, 10 000 epochs, the thesis’s transforms. On a CPU this takes weeks; meant for a GPU.',
    changes: (defaults) => ({
      ...defaults,
      augmentation: thesisAugmentation,
      projector: defaults.recipe === 'clmr' ? { ...defaults.projector, dimensions: 128 } : defaults.projector,
      batch: 96,
      optimizer: optimizerDefaults.lars,
      schedule: { kind: 'cosine', warmupEpochs: 10, finalShare: 0 },
      length: { unit: 'epochs', amount: 10_000 },
    }),
  },
];
