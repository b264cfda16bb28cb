/** @file What a setting with several kinds holds at first when a person changes its kind. */
import { usualOf } from '../../base/settings.ts';
import { objectiveSettings, optimizerSettings } from '../../learn/about.ts';
import type { ObjectiveSettings, OptimizerSettings } from './settings.ts';

export const objectiveDefaults: { readonly [Kind in ObjectiveSettings['kind']]: Extract<ObjectiveSettings, { kind: Kind }> } = {
  'nt-xent': { kind: 'nt-xent', ...usualOf(objectiveSettings['nt-xent']) },
  vicreg: { kind: 'vicreg', ...usualOf(objectiveSettings.vicreg) },
  'info-nce': { kind: 'info-nce', ...usualOf(objectiveSettings['info-nce']) },
};

export const optimizerDefaults: { readonly [Kind in OptimizerSettings['kind']]: Extract<OptimizerSettings, { kind: Kind }> } = {
  adam: { kind: 'adam', ...usualOf(optimizerSettings.adam) },
  lars: { kind: 'lars', ...usualOf(optimizerSettings.lars) },
  sgd: { kind: 'sgd', ...usualOf(optimizerSettings.sgd) },
};
