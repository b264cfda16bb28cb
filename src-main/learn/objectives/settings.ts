/** @file Settings of the objectives: one entry each. Pure. */
import { choice, number } from '../../base/settings.ts';
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

/** By kind: NT-Xent as in CLMR, VICReg as in its paper. */
export const objectiveSettings = { 'nt-xent': ntXent, vicreg };

export type VicregSettings = ValueOf<typeof vicreg>;

/** Which objective, and its settings. */
export type ObjectiveSettings = KindValue<'kind', typeof objectiveSettings>;
