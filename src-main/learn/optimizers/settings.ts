/** @file Settings of the optimisers: one entry each. Pure. */
import { choice, number, toggle } from '../../base/settings.ts';
import type { KindValue, Setting, SettingText, ValueOf } from '../../base/settings.ts';

const clmr = 'Spijkervet 2021';
const kingma = 'Kingma and Ba 2015, algorithm 1';
type Rule = 'fixed' | 'linear' | 'square-root';

/** The peak rate, before the rule is applied, and the rule. */
function rate(usual: number, rule: Rule): { learningRate: Setting<number>; rateRule: Setting<Rule> } {
  return {
    learningRate: number(usual, {
      title: 'Learning rate',
      about: 'The peak rate, before the rule below is applied.',
      source: `${clmr}: 0.0003 with Adam, 0.075 with LARS`,
      least: 1e-8,
      most: 100,
    }),
    rateRule: choice(rule, ['fixed', 'linear', 'square-root'], {
      title: 'Rate by batch',
      about: 'Fixed: as it is. Linear: times batch / 256. Square root: times √batch.',
      source: `${clmr} (square root); CLMR, released code (linear)`,
      words: { fixed: 'Fixed', linear: '× batch / 256', 'square-root': '× √batch' },
    }),
  };
}

function weightDecay(usual: number): Setting<number> {
  const source = '1e-6 with LARS in Spijkervet 2021, none with Adam in both of its codes';
  return number(usual, { title: 'Weight decay', about: 'Pulls weights towards zero at every step.', source, least: 0, most: 1 });
}

function fraction(usual: number, text: SettingText): Setting<number> {
  return number(usual, { ...text, least: 0, most: 1, isMostLeftOut: true });
}

const momentum = fraction(0.9, { title: 'Momentum', about: 'How much of the last step goes into the next.', source: 'You et al. 2017' });

const adam = {
  weightDecay: weightDecay(0),
  beta1: fraction(0.9, { title: 'β₁', about: 'How slowly the mean of the gradients changes.', source: kingma }),
  beta2: fraction(0.999, { title: 'β₂', about: 'How slowly the mean of their squares changes.', source: kingma }),
  epsilon: number(1e-8, { title: 'ε', about: 'Keeps the division from zero.', source: kingma, least: 1e-12, most: 1e-2 }),
};

const adamw = {
  ...adam,
  weightDecay: number(0.01, {
    title: 'Weight decay',
    about: 'Pulls weights towards zero at every step.',
    source: 'Loshchilov and Hutter 2019; 0.01 in data2vec’s released code',
    least: 0,
    most: 1,
  }),
};

const lars = {
  weightDecay: weightDecay(1e-6),
  momentum,
  trust: number(0.001, {
    title: 'Trust coefficient',
    about: 'Size of a layer’s step as a share of its weights (η).',
    source: 'You et al. 2017; 0.001 in the released code',
    least: 1e-6,
    most: 1,
  }),
  excludeVectors: toggle(false, {
    title: 'Leave out biases and norms',
    about: 'Biases and batch norms get no weight decay and no layer-wise rate.',
    source: 'on in VICReg’s released code, off in both of CLMR’s',
  }),
};

const sgd = {
  weightDecay: weightDecay(1e-6),
  momentum,
  nesterov: toggle(false, { title: 'Nesterov', about: 'Looks one step of momentum ahead.', source: 'Sutskever et al. 2013' }),
};

/** By kind, with the rate: Adam and LARS as in CLMR's thesis, AdamW for Transformers, SGD for comparison. */
export const optimizerSettings = {
  adam: { ...rate(3e-4, 'fixed'), ...adam },
  adamw: { ...rate(5e-4, 'fixed'), ...adamw },
  lars: { ...rate(0.075, 'square-root'), ...lars },
  sgd: { ...rate(0.03, 'fixed'), ...sgd },
};

/** What a person reads about the choice between them. */
export const optimizerText: SettingText = {
  title: 'Optimiser',
  about: 'Adam for batches below 96, LARS from there on. AdamW’s weight decay does not go through the gradient.',
  source: clmr,
  words: { adam: 'Adam', adamw: 'AdamW', lars: 'LARS', sgd: 'SGD with momentum' },
};

export type AdamSettings = ValueOf<typeof adam>;
export type AdamwSettings = ValueOf<typeof adamw>;
export type LarsSettings = ValueOf<typeof lars>;
export type SgdSettings = ValueOf<typeof sgd>;

/** Which optimiser, and its settings, without the rate. */
export type OptimizerSettings =
  | ({ kind: 'adam' } & AdamSettings)
  | ({ kind: 'adamw' } & AdamwSettings)
  | ({ kind: 'lars' } & LarsSettings)
  | ({ kind: 'sgd' } & SgdSettings);

/** Which optimiser, with the rate. */
export type RatedOptimizerSettings = KindValue<'kind', typeof optimizerSettings>;
