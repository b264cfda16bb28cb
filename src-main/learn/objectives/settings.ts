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

/** By kind: NT-Xent as in CLMR, VICReg as in its paper, InfoNCE as in CLMR's CPC. */
export const objectiveSettings = { 'nt-xent': ntXent, vicreg, 'info-nce': infoNce };

/** Objectives that compare two views of each track, through a projector. */
export const viewObjectives = ['nt-xent', 'vicreg'] as const;

/** Whether an objective compares two views, so that projector and transforms count. */
export function comparesViews({ kind }: Pick<ObjectiveSettings, 'kind'>): boolean {
  return (viewObjectives as readonly string[]).includes(kind);
}

export type InfoNceSettings = ValueOf<typeof infoNce>;
/** An objective over two views, and its settings. */
export type ViewObjectiveSettings = Extract<ObjectiveSettings, { kind: (typeof viewObjectives)[number] }>;

export type VicregSettings = ValueOf<typeof vicreg>;

/** Which objective, and its settings. */
export type ObjectiveSettings = KindValue<'kind', typeof objectiveSettings>;
