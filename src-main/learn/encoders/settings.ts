/** @file Settings of the encoders that a run may train: one entry a family. Pure. */
import { choice, number, whole } from '../../base/settings.ts';
import type { KindValue } from '../../base/settings.ts';
import { pitchClasses } from './chroma/chroma-bank.ts';
import { rate } from './rates.ts';
import { firstOfTimbre, timbreMel, timbreNames } from './timbre/timbre-names.ts';
import { vitAbout } from './vit/vit-settings.ts';

export { publishedRates } from './rates.ts';

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

const layer = { unit: 'units', least: 1, most: 8192, source: 'Earmark, measured' };

/** A small network upon timbre statistics, which are made at one rate. */
const timbreNet = {
  sampleRate: choice(timbreMel.sampleRate, [timbreMel.sampleRate], {
    title: 'Sample rate',
    unit: 'Hz',
    about: 'Timbre statistics, upon which it stands, are made at this rate.',
    source: 'Earmark',
    words: { 16000: '16\u202f000 Hz' },
  }),
  hidden: whole(512, { ...layer, title: 'First layer', about: 'How wide the layer is between the 316 statistics and the neurons.' }),
  neurons: whole(256, { ...layer, title: 'Neurons', unit: 'neurons', about: 'Length of the embedding.' }),
};

/** Families that a run may train: what each is called, and its settings. CPC and ResNet take as many samples at every rate, data2vec as many seconds. */
const families = {
  'sample-cnn': { title: 'SampleCNN', choices: rated },
  cpc: { title: 'CPC', choices: rated },
  resnet: { title: 'ResNet', choices: resnet },
  data2vec: { title: 'data2vec', choices: data2vec },
  vit: vitAbout,
  'timbre-net': { title: 'Timbre net', choices: timbreNet },
};

type Families = typeof families;

/** The settings by family. */
export const encoderChoices = Object.fromEntries(Object.entries(families).map(([name, { choices }]) => [name, choices])) as {
  readonly [Name in keyof Families]: Families[Name]['choices'];
};

/** What the families are called. */
export const encoderTitles = {
  ...(Object.fromEntries(Object.entries(families).map(([name, { title }]) => [name, title])) as Record<keyof Families, string>),
  onnx: 'ONNX',
  concepts: 'Concepts',
  'timbre-statistics': 'Timbre statistics',
  chroma: 'Chroma',
};

/** The family that every library has an encoder of: it needs no weights. */
export const timbreStatistics = 'timbre-statistics';

const chromaNames = ['how much', 'how it varies'].flatMap((what) => pitchClasses.map((name) => `${name}: ${what}`));

/** What the features of an encoder are called, and those to look at first, by families whose features are made rather than learnt. */
const namedFeatures: Readonly<Record<string, { names: readonly string[]; first: readonly number[] }>> = {
  [timbreStatistics]: { names: timbreNames, first: firstOfTimbre },
  chroma: { names: chromaNames, first: [] },
};

/** What a feature of an encoder of that family is called; empty where nobody knows before somebody has listened. */
export function featureName(architecture: string, feature: number): string {
  return ownFeatures(architecture)?.names[feature] ?? '';
}

/** Features of an encoder of that family that differ and are soon understood; none where nobody knows. */
export function firstFeatures(architecture: string): readonly number[] {
  return ownFeatures(architecture)?.first ?? [];
}

function ownFeatures(architecture: string): (typeof namedFeatures)[string] | undefined {
  return Object.hasOwn(namedFeatures, architecture) ? namedFeatures[architecture] : undefined;
}

/**
 * The family of the encoder that an encoder of that family stands upon, whose embeddings an index may hold already; null for one that hears for itself.
 */
export function standsUpon(architecture: string): string | null {
  return architecture === 'timbre-net' ? timbreStatistics : null;
}

/** Which encoder a run trains. */
export type EncoderChoice = KindValue<'architecture', typeof encoderChoices>;
/** What a person chose of one of a family. */
export type ChoiceOf<Architecture extends keyof Families> = Extract<EncoderChoice, { architecture: Architecture }>;
