/** @file Settings of the objectives: one entry each. Pure. */
import { choice, number, whole } from '../../base/settings.ts';
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

/** By kind: NT-Xent as in CLMR, VICReg as in its paper, InfoNCE as in CLMR's CPC, regression with a teacher as in data2vec. */
export const objectiveSettings = { 'nt-xent': ntXent, vicreg, 'info-nce': infoNce, data2vec };

/** Objectives that compare two views of each track, through a projector. */
export const viewObjectives = ['nt-xent', 'vicreg'] as const;

/** Whether an objective compares two views, so that projector and transforms count. */
export function comparesViews({ kind }: Pick<ObjectiveSettings, 'kind'>): boolean {
  return (viewObjectives as readonly string[]).includes(kind);
}

export type InfoNceSettings = ValueOf<typeof infoNce>;
export type Data2vecSettings = ValueOf<typeof data2vec>;
/** An objective over two views, and its settings. */
export type ViewObjectiveSettings = Extract<ObjectiveSettings, { kind: (typeof viewObjectives)[number] }>;

export type VicregSettings = ValueOf<typeof vicreg>;

/** Which objective, and its settings. */
export type ObjectiveSettings = KindValue<'kind', typeof objectiveSettings>;
