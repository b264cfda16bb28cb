/** @file The recipes: what each is, which parts it is made of, what it sets otherwise than the parts' first values, and what its paper trained with. */
import { augmentationSettings } from '../../audio/augment/settings.ts';
import { usualOf } from '../../base/settings.ts';
import { encoderChoices, projectorSettings, scheduleSettings } from '../../learn/about.ts';
import { objectiveDefaults, optimizerDefaults } from './kinds.ts';
import { runSettings } from './run-settings.ts';
import type { AugmentationSettings, PretrainSettings, RecipeName } from './settings.ts';

/** A recipe. */
export type Recipe = {
  title: string;
  /** What it does, in a sentence, and where it comes from. */
  about: string;
  source: string;
  /** Its settings before a person changes any. */
  defaults: PretrainSettings;
  /** What its paper set otherwise, and a sentence about that. */
  published: Partial<PretrainSettings>;
  publishedAbout: string;
  /** The one preset that it has, where its length is part of it: what it is called, and a sentence about it. */
  only?: { title: string; about: string };
  /** What makes it quick to try on any machine, besides the sample rate. */
  tried?: Partial<PretrainSettings>;
};

/** Parameters of CLMR's released code; the delay's sum is halved there. */
const releasedAugmentation: AugmentationSettings = usualOf(augmentationSettings);

/** Parameters that the thesis was run with: those of CLMR's first code, which filters gently, adds no noise and has a softer echo. */
const firstAugmentation: AugmentationSettings = {
  ...releasedAugmentation,
  noise: { ...releasedAugmentation.noise, probability: 0, kind: 'snr' },
  filter: { ...releasedAugmentation.filter, slope: 'gentle' },
  delay: { ...releasedAugmentation.delay, feedback: 0.2 },
};

/** Parameters that the thesis names (probabilities of its best models), and those of its first code where it names none. */
const thesisAugmentation: AugmentationSettings = {
  ...firstAugmentation,
  gain: { probability: 0.3, db: { least: -6, most: 0 } },
  delay: { ...releasedAugmentation.delay, probability: 0.4, halve: false },
  pitch: { ...releasedAugmentation.pitch, probability: 0.4 },
  reverb: { ...releasedAugmentation.reverb, probability: 0.4 },
};

/** The published sets of parameters of the augmentation chain. */
export const augmentationSets: Readonly<Record<'thesis' | 'first' | 'released', AugmentationSettings>> = {
  thesis: thesisAugmentation,
  first: firstAugmentation,
  released: releasedAugmentation,
};

const shared = {
  optimizer: optimizerDefaults.adam,
  schedule: usualOf(scheduleSettings),
  augmentation: releasedAugmentation,
  labels: null,
  ...usualOf(runSettings),
} as const;
const sampleCnn = { architecture: 'sample-cnn', ...usualOf(encoderChoices['sample-cnn']) } as const;

const clmr: Recipe = {
  title: 'CLMR',
  about: 'Draws two views of a clip together and pushes all other clips away.',
  source: 'Spijkervet and Burgoyne 2021, after SimCLR (Chen et al. 2020)',
  defaults: {
    ...shared,
    recipe: 'clmr',
    encoder: sampleCnn,
    projector: { ...usualOf(projectorSettings), dimensions: 64 },
    objective: objectiveDefaults['nt-xent'],
  },
  /** Spijkervet 2021, and its first code where it is silent. */
  published: {
    projector: usualOf(projectorSettings),
    augmentation: thesisAugmentation,
    batch: 96,
    optimizer: optimizerDefaults.lars,
    schedule: { ...usualOf(scheduleSettings), kind: 'cosine', warmupEpochs: 30, finalShare: 0 },
    length: { unit: 'epochs', amount: 10_000 },
  },
  publishedAbout:
    'CLMR’s best: batches of 96 with LARS, 10\u202f000 epochs, the thesis’s transforms. On a CPU this takes weeks; meant for a GPU.',
};

const vicreg: Recipe = {
  title: 'VICReg',
  about: 'Draws two views of a clip together and keeps every dimension alive; needs no other clips to push away.',
  source: 'Bardes, Ponce and LeCun 2022',
  defaults: {
    ...shared,
    recipe: 'vicreg',
    encoder: sampleCnn,
    projector: { kind: 'mlp', hidden: [1024, 1024], dimensions: 1024, batchNorm: true },
    objective: objectiveDefaults.vicreg,
  },
  /** Bardes, Ponce and LeCun 2022, section 4.2, with CLMR's encoder and transforms (Hesse and Löf 2023). */
  published: {
    projector: { kind: 'mlp', hidden: [8192, 8192], dimensions: 8192, batchNorm: true },
    batch: 2048,
    optimizer: { ...optimizerDefaults.lars, learningRate: 0.2, rateRule: 'linear', excludeVectors: true },
    schedule: { ...usualOf(scheduleSettings), kind: 'cosine', warmupEpochs: 10, finalShare: 0.01 },
    length: { unit: 'epochs', amount: 1000 },
  },
  publishedAbout:
    'VICReg’s own: batches of 2\u202f048 with LARS, 1\u202f000 epochs, three layers of 8\u202f192. On a CPU this takes months; meant for several GPUs.',
};

const resnet = { architecture: 'resnet', ...usualOf(encoderChoices.resnet) } as const;
const largeBatch = { ...optimizerDefaults.lars, rateRule: 'linear', excludeVectors: true } as const;

const vicmus: Recipe = {
  title: 'VICMus',
  about: 'VICReg on mel spectrograms, with a ResNet that looks at them as pictures.',
  source: 'Löf, Hesse, Thomé, Azizpour and Friman 2024',
  defaults: {
    ...shared,
    recipe: 'vicmus',
    encoder: resnet,
    projector: { kind: 'mlp', hidden: [1024, 1024], dimensions: 1024, batchNorm: true },
    objective: objectiveDefaults.vicreg,
    batch: 32,
  },
  published: {
    projector: { kind: 'mlp', hidden: [8196, 8196], dimensions: 8196, batchNorm: true },
    batch: 2048,
    optimizer: { ...largeBatch, learningRate: 0.4 },
    schedule: { ...usualOf(scheduleSettings), kind: 'cosine', warmupEpochs: 10, finalShare: 0.001 },
    length: { unit: 'epochs', amount: 4000 },
  },
  publishedAbout:
    'VICMus’s own: batches of 2\u202f048 with LARS, 4\u202f000 epochs, three layers of 8\u202f196. On a CPU this takes years; the paper had eight TPU cores for five days.',
  tried: { encoder: { ...resnet, depth: 18 }, batch: 16 },
};

const simclrMel: Recipe = {
  title: 'SimCLR on mel',
  about: 'CLMR’s objective on mel spectrograms, with a ResNet that looks at them as pictures.',
  source: 'Chen et al. 2020, as Löf et al. 2024 compare with it',
  defaults: { ...vicmus.defaults, recipe: 'simclr-mel', projector: usualOf(projectorSettings), objective: objectiveDefaults['nt-xent'] },
  published: {
    objective: { ...objectiveDefaults['nt-xent'], temperature: 0.1 },
    batch: 4096,
    optimizer: { ...largeBatch, learningRate: 0.3 },
    schedule: { ...usualOf(scheduleSettings), kind: 'cosine', warmupEpochs: 10, finalShare: 0 },
    length: { unit: 'epochs', amount: 1000 },
  },
  publishedAbout:
    'As SimCLR trains on images: batches of 4\u202f096 with LARS, 1\u202f000 epochs. On a CPU this takes years; meant for several GPUs.',
  tried: { encoder: { ...resnet, depth: 18 }, batch: 16 },
};

const cpc: Recipe = {
  title: 'CPC',
  about: 'Predicts what comes next in a clip, and tells it from other moments of the batch; changes nothing about the sound.',
  source: 'van den Oord et al. 2018, as Spijkervet 2021 compares with it',
  defaults: {
    ...shared,
    recipe: 'cpc',
    encoder: { architecture: 'cpc', ...usualOf(encoderChoices.cpc) },
    projector: { ...usualOf(projectorSettings), kind: 'identity' },
    objective: objectiveDefaults['info-nce'],
    batch: 16,
  },
  published: { batch: 64, length: { unit: 'epochs', amount: 1000 } },
  publishedAbout:
    'As CLMR’s thesis compares with it: batches of 64 with Adam. It names no length; 1\u202f000 epochs are ours. Meant for a GPU.',
};

const music2vecEncoder = { architecture: 'data2vec', ...usualOf(encoderChoices.data2vec) } as const;

const music2vecOptimizer = { ...optimizerDefaults.adamw, beta2: 0.98, epsilon: 1e-6 };
const threeStages = { ...usualOf(scheduleSettings), kind: 'tri-stage', finalShare: 0.01 } as const;

const music2vec: Recipe = {
  title: 'Music2Vec',
  about: 'Masks parts of a clip and predicts there what a slower copy of itself makes of the whole; changes nothing about the sound.',
  source: 'Li et al. 2022 (MAP-Music2Vec), after data2vec (Baevski et al. 2022)',
  defaults: {
    ...shared,
    recipe: 'music2vec',
    encoder: music2vecEncoder,
    projector: { ...usualOf(projectorSettings), kind: 'identity' },
    /** Ours for six layers and small batches: a teacher that follows sooner than in runs of 400 000 steps, and a lower rate. */
    objective: { ...objectiveDefaults.data2vec, topLayers: 4, decay: 0.996, endDecay: 0.9998, decaySteps: 5_000 },
    optimizer: { ...music2vecOptimizer, learningRate: 2e-4 },
    schedule: threeStages,
    batch: 16,
  },
  published: {
    encoder: { ...music2vecEncoder, size: 'base' },
    objective: objectiveDefaults.data2vec,
    optimizer: music2vecOptimizer,
    batch: 760,
    length: { unit: 'steps', amount: 400_000 },
  },
  publishedAbout:
    'Music2Vec’s best: base, crops of 5 seconds, 400\u202f000 steps; batches of 63 minutes as in data2vec, without its dropout. On a CPU this takes years; the paper had eight GPUs for six days.',
  /** A teacher that still follows within a few hundred steps, and a rise of as many as a Transformer wants. */
  tried: {
    objective: { ...objectiveDefaults.data2vec, topLayers: 4, decay: 0.99, endDecay: 0.999, decaySteps: 1_000 },
    schedule: { ...threeStages, riseShare: 0.2 },
    batch: 8,
  },
};

const vit = { architecture: 'vit', ...usualOf(encoderChoices.vit) } as const;

/** No transform is applied: other patches of each view are left out instead. */
const withoutTransforms: AugmentationSettings = {
  ...releasedAugmentation,
  ...{ polarity: { probability: 0 }, noise: { ...releasedAugmentation.noise, probability: 0 } },
  ...{ gain: { ...releasedAugmentation.gain, probability: 0 }, filter: { ...releasedAugmentation.filter, probability: 0 } },
  ...{ delay: { ...releasedAugmentation.delay, probability: 0 }, pitch: { ...releasedAugmentation.pitch, probability: 0 } },
  reverb: { ...releasedAugmentation.reverb, probability: 0 },
};

const myna: Recipe = {
  title: 'Myna',
  about:
    'Draws two views of a track together of which it sees a tenth each, and pushes other tracks away; changes nothing about the sound.',
  source: 'Yonay, Hammond and Yang 2025, with SogCLR (Yuan et al. 2022)',
  defaults: {
    ...shared,
    recipe: 'myna',
    /** Ours, where tracks and steps are few: of 70 tracks views were as alike as different ones after 120 steps with squares and power (0.94, 0.89), not so here (0.70, 0.45). */
    encoder: { ...vit, patches: 'tall', loudness: 'log' },
    projector: { ...usualOf(projectorSettings), kind: 'linear' },
    objective: objectiveDefaults.sogclr,
    augmentation: withoutTransforms,
    batch: 64,
  },
  /** Yonay, Hammond and Yang 2025: encoder and batch; optimiser, rate and decay are its released code's first values. */
  published: {
    encoder: { ...vit, transformer: 'small', patches: 'both' },
    optimizer: { ...optimizerDefaults.adam, weightDecay: 1e-5 },
    batch: 4096,
    length: { unit: 'epochs', amount: 100 },
  },
  publishedAbout:
    'Myna’s best of 22 million parameters: both kinds of patches, batches of 4\u202f096, Adam as in its released code. 100 epochs are that code’s first value, the projector is ours. On a CPU this takes months; the paper had one GPU.',
  tried: { batch: 32 },
};

const supervised: Recipe = {
  title: 'Supervised',
  about: 'Learns your own tags, or a table’s, from the sound, and measures itself on artists that it never heard.',
  source: 'Lee et al. 2017 (SampleCNN), as Spijkervet 2021 compares with it',
  defaults: {
    ...shared,
    recipe: 'supervised',
    encoder: sampleCnn,
    projector: { ...usualOf(projectorSettings), kind: 'identity' },
    objective: objectiveDefaults.bce,
    batch: 16,
    checkpoints: { ...usualOf(runSettings).checkpoints, best: 'held-out' },
  },
  /** Its first code where the thesis is silent; its released code trains with SGD, Nesterov momentum and a plateau instead. */
  published: { batch: 48, length: { unit: 'epochs', amount: 200 } },
  publishedAbout:
    'As CLMR’s thesis compares with it: batches of 48 with Adam, until three epochs were no better, 200 at most. Meant for a GPU.',
};

const threePercentRise = { ...usualOf(scheduleSettings), kind: 'rise-cosine', finalShare: 0, riseShare: 0.03 } as const;

/** A small network that learns which moments are of one track; from what an index holds already, so that nothing is decoded. */
const library: Recipe = {
  title: 'Learn my library',
  about: 'Learns in a minute, from the timbre statistics of your tracks, what parts them from each other.',
  source: 'Earmark: the statistics through a small network, with SimCLR’s objective (Chen et al. 2020)',
  defaults: {
    ...shared,
    recipe: 'library',
    encoder: { architecture: 'timbre-net', ...usualOf(encoderChoices['timbre-net']) },
    projector: { kind: 'mlp', hidden: [256], dimensions: 128, batchNorm: true },
    objective: { ...objectiveDefaults['nt-xent'], temperature: 1 },
    optimizer: { ...optimizerDefaults.adamw, learningRate: 2e-3, weightDecay: 1e-4 },
    schedule: threePercentRise,
    augmentation: { ...releasedAugmentation, equaliser: { deviationDb: 3 } },
    batch: 128,
    length: { unit: 'steps', amount: 400 },
  },
  published: {},
  publishedAbout: '',
  only: { title: 'About a minute', about: '400 steps of at most 128 tracks; longer was not better where it was measured.' },
};

/** By name, the quickest first. */
export const recipes: Readonly<Record<RecipeName, Recipe>> = {
  ...{ library, clmr, vicreg, vicmus, 'simclr-mel': simclrMel, cpc, music2vec, myna, supervised },
};

/** A recipe's settings before a person changes any. */
export const recipeDefaults = Object.fromEntries(Object.entries(recipes).map(([name, { defaults }]) => [name, defaults])) as Readonly<
  Record<RecipeName, PretrainSettings>
>;
