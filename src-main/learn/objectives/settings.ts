/** @file Settings of the objectives: one entry each. Pure. */
import { choice, number, optionalWhole, whole } from '../../base/settings.ts';
import type { KindValue, Setting, ValueOf } from '../../base/settings.ts';

const bardes = 'Bardes et al. 2022';

const ntXent = {
  temperature: number(0.5, {
    title: 'Temperature',
    about: 'Lower values push the most similar negatives away harder.',
    source: 'Spijkervet 2021',
    least: 0.01,
    most: 10,
  }),
};

function weight(usual: number, title: string, about: string): Setting<number> {
  return number(usual, { title, about, source: bardes, least: 0, most: 1_000 });
}

const vicreg = {
  invariance: weight(25, 'Invariance weight', 'How much the two views of a clip are drawn together (λ).'),
  variance: weight(25, 'Variance weight', 'How much each dimension is kept from going flat (μ).'),
  covariance: weight(1, 'Covariance weight', 'How much dimensions are kept from repeating each other (ν).'),
  gamma: number(1, {
    title: 'Target deviation',
    about: 'The standard deviation that each dimension is held above (γ).',
    source: bardes,
    least: 0.01,
    most: 100,
  }),
  normalisation: choice('code', ['code', 'paper'], {
    title: 'Normalisation',
    about:
      'Code: mean squared error over all entries, half the hinge per branch. Paper: squared distance summed over dimensions, the whole hinge. They differ by constant factors between the parts.',
    source: 'VICReg and VICMus, released code',
    words: { code: 'As in the code', paper: 'As in the paper' },
  }),
};

const sogclr = {
  temperature: number(0.1, {
    title: 'Temperature',
    about: 'Lower values push the most similar negatives away harder.',
    source: 'Yuan et al. 2022; Myna, released code: 0.1',
    least: 0.02,
    most: 10,
  }),
  gamma: number(0.9, {
    title: 'Share of the new',
    about: 'How much of a track’s average is what this batch finds; the rest is what it was the last time that the track came (γ).',
    source: 'Yuan et al. 2022; Myna, released code: 0.9',
    least: 0.01,
    most: 1,
  }),
};

const infoNce = {
  steps: whole(20, {
    title: 'Steps ahead',
    about: 'How many of the coming latents are predicted; one is 480 samples of sound, 22 ms at 22 050 Hz.',
    source: 'CLMR, first code (CPC)',
    least: 1,
    most: 100,
  }),
  negatives: whole(15, {
    title: 'Negatives',
    about: 'How many other latents of the batch the right one is told from.',
    source: 'CLMR, first code (CPC)',
    least: 1,
    most: 1_000,
  }),
  window: whole(81, {
    title: 'Window',
    unit: 'positions',
    about: 'The loss is taken over so many places in a row, at random.',
    source: 'CLMR, first code (CPC)',
    least: 1,
    most: 10_000,
  }),
};

const baevski = 'data2vec, released code (audio); Music2Vec';

const data2vec = {
  maskProbability: number(0.65, {
    title: 'Masked share',
    about: 'How much of a crop is masked; less where spans overlap (about half at 0.65 and spans of 10).',
    source: `${baevski}: 0.65`,
    least: 0.01,
    most: 1,
  }),
  maskSpan: whole(10, {
    title: 'Masked span',
    unit: 'positions',
    about: 'So many positions in a row are masked; one is 320 samples of sound, 20 ms at 16 kHz.',
    source: `${baevski}: 10`,
    least: 1,
    most: 1_000,
  }),
  leastSpans: whole(1, {
    title: 'Least spans',
    about: 'At least so many spans are masked in each crop.',
    source: 'data2vec, released code',
    least: 1,
    most: 1_000,
  }),
  topLayers: whole(8, {
    title: 'Layers to predict',
    about: 'The mean of the teacher’s last so many layers is what has to be predicted.',
    source: `${baevski}: 8 of 12`,
    least: 1,
    most: 64,
  }),
  beta: number(0, {
    title: 'Smooth L1 below',
    about: 'Differences below this count by their square, larger ones by their size (β). 0: all by their square.',
    source: 'data2vec, released code (audio)',
    least: 0,
    most: 10,
  }),
  scale: number(0, {
    title: 'Scale of the loss',
    about: '0: one divided by the root of the values of a position.',
    source: 'data2vec, released code',
    least: 0,
    most: 1_000,
  }),
  decay: decayOf(0.999, 'Teacher’s decay', 'How much of the teacher stays at a step, at first.', `${baevski}: 0.999`),
  endDecay: decayOf(0.9999, 'Teacher’s last decay', 'How much of the teacher stays at a step, in the end.', `${baevski}: 0.9999`),
  decaySteps: whole(30_000, {
    title: 'Decay rises over',
    unit: 'steps',
    about: 'From its first to its last value, in a straight line.',
    source: `${baevski}: 30\u202f000`,
    least: 1,
    most: 100_000_000,
  }),
  layerDrop: number(0.05, {
    title: 'Layers left out',
    unit: 'probability',
    about: 'Each layer is left out of a step with this probability (LayerDrop).',
    source: `${baevski}: 0.05`,
    least: 0,
    most: 0.9,
  }),
};

function decayOf(usual: number, title: string, about: string, source: string): Setting<number> {
  return number(usual, { title, about, source, least: 0, most: 1 });
}

const clmr = 'Spijkervet 2021';
const own = 'Earmark';

/** What learning from labels has in common, whatever the loss: the head, what is held out, and what is made of it. */
const labelled = {
  head: choice('linear', ['linear', 'mlp'], {
    title: 'Head',
    about: 'What makes labels of an embedding: one linear layer, or two with a ReLU between.',
    source: `${clmr}: linear`,
    words: { linear: 'Linear', mlp: 'One hidden layer' },
  }),
  hidden: whole(512, {
    title: 'Hidden layer',
    unit: 'units',
    about: 'Width of the layer before the last.',
    source: `${clmr}: 512`,
    least: 1,
    most: 16_384,
    countsWhen: { beside: 'head', is: ['mlp'] },
  }),
  dropout: number(0.5, {
    title: 'Dropout',
    unit: 'probability',
    about: 'Each value of an embedding is left out of a step with this probability, before the head.',
    source: 'SampleCNN in CLMR’s released code: 0.5',
    least: 0,
    most: 0.9,
  }),
  labelPercent: choice(100, [1, 2, 5, 10, 20, 50, 100], {
    title: 'Labels used',
    unit: '%',
    about: 'Learns from so much of the labelled music, of each set of labels at least one track. Smaller shares lie within larger ones.',
    source: `${clmr}, figures 6.5 and 6.6 (label efficiency)`,
  }),
  heldOutPercent: whole(20, {
    title: 'Held out',
    unit: '%',
    about: 'So much of the labelled music is only measured on; an artist or album is never on both sides.',
    source: own,
    least: 5,
    most: 50,
  }),
  groupBy: choice('artist', ['artist', 'album'], {
    title: 'Kept together',
    about: 'What is never on both sides: everything of an artist, or of an album.',
    source: own,
    words: { artist: 'Artists', album: 'Albums' },
  }),
  measuredTracks: whole(200, {
    title: 'Tracks measured',
    unit: 'tracks',
    about: 'Of the held-out tracks so many at most, drawn once; as many others teach the untrained encoder’s head.',
    source: own,
    least: 2,
    most: 100_000,
  }),
  measuredCrops: whole(10, {
    title: 'Crops measured',
    unit: 'crops',
    about: 'Of each held-out track so many crops, one after the other, around its middle; the head’s outputs are averaged over them.',
    source: `${clmr}, first code: all of a clip of 29 s, which are 10`,
    least: 1,
    most: 10_000,
  }),
  measuredEvery: optionalWhole(null, {
    title: 'Measured every',
    unit: 'steps',
    about: 'How often held-out tracks are measured. None: after every epoch, and not before 25 steps.',
    source: `${clmr}: after every epoch`,
    least: 1,
    most: 1_000_000,
  }),
  judgedBy: choice('score', ['score', 'loss'], {
    title: 'Better by',
    about: 'Which measurement is the better one: that of higher average precision (accuracy for classes), or that of lower loss.',
    source: `${clmr}: the validation score`,
    words: { score: 'Score', loss: 'Loss' },
  }),
  patience: optionalWhole(3, {
    title: 'Stop after',
    unit: 'measurements',
    about: 'The run ends when so many measurements in a row were no better. None: it goes on to its length.',
    source: `${clmr}: 3; 10 in its released code`,
    least: 1,
    most: 1_000_000,
  }),
};

/**
 * By kind: NT-Xent as in CLMR, VICReg as in its paper, SogCLR as in Myna, InfoNCE as in CLMR's CPC, regression with a teacher as in data2vec; of labels, each
 * by itself (binary cross-entropy), or one out of several.
 */
export const objectiveSettings = {
  'nt-xent': ntXent,
  vicreg,
  sogclr,
  'info-nce': infoNce,
  data2vec,
  bce: labelled,
  'cross-entropy': labelled,
};

/** Objectives over labels. */
export const labelObjectives = ['bce', 'cross-entropy'] as const;

/** Whether an objective learns from labels, so that there must be some. */
export function learnsLabels(objective: ObjectiveSettings): objective is LabelObjectiveSettings {
  return (labelObjectives as readonly string[]).includes(objective.kind);
}

/** Objectives that compare two views of each track, through a projector. */
export const viewObjectives = ['nt-xent', 'vicreg', 'sogclr'] as const;

/** Whether an objective compares two views, so that projector and transforms count. */
export function comparesViews({ kind }: Pick<ObjectiveSettings, 'kind'>): boolean {
  return (viewObjectives as readonly string[]).includes(kind);
}

export type InfoNceSettings = ValueOf<typeof infoNce>;
export type Data2vecSettings = ValueOf<typeof data2vec>;
/** An objective over two views, and its settings. */
export type ViewObjectiveSettings = Extract<ObjectiveSettings, { kind: (typeof viewObjectives)[number] }>;

/** An objective over labels, and its settings. */
export type LabelObjectiveSettings = Extract<ObjectiveSettings, { kind: (typeof labelObjectives)[number] }>;

export type VicregSettings = ValueOf<typeof vicreg>;
export type SogclrSettings = ValueOf<typeof sogclr>;

/** Which objective, and its settings. */
export type ObjectiveSettings = KindValue<'kind', typeof objectiveSettings>;
