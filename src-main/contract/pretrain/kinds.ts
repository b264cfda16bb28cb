/** @file What a setting with several kinds holds at first when a person changes its kind. */
import type { ObjectiveSettings, OptimizerSettings } from './settings.ts';

/** By kind: NT-Xent as in CLMR, VICReg as in its paper. */
export const objectiveDefaults: { readonly [Kind in ObjectiveSettings['kind']]: Extract<ObjectiveSettings, { kind: Kind }> } = {
  'nt-xent': { kind: 'nt-xent', temperature: 0.5 },
  vicreg: { kind: 'vicreg', invariance: 25, variance: 25, covariance: 1, gamma: 1, normalisation: 'code' },
};

/** By kind: Adam and LARS as in CLMR's thesis, LARS' own numbers from You et al. 2017, SGD for comparison. */
export const optimizerDefaults: { readonly [Kind in OptimizerSettings['kind']]: Extract<OptimizerSettings, { kind: Kind }> } = {
  adam: { kind: 'adam', learningRate: 3e-4, rateRule: 'fixed', weightDecay: 1e-6, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  lars: {
    kind: 'lars',
    learningRate: 0.075,
    rateRule: 'square-root',
    weightDecay: 1e-6,
    momentum: 0.9,
    trust: 0.001,
    excludeVectors: true,
  },
  sgd: { kind: 'sgd', learningRate: 0.03, rateRule: 'fixed', weightDecay: 1e-6, momentum: 0.9, nesterov: false },
};
