/** @file What a setting with several kinds holds at first when a person changes its kind. */
import { usualOf } from '../../base/settings.ts';
import { encoderChoices, objectiveSettings, optimizerSettings } from '../../learn/about.ts';
import type { EncoderChoice } from '../../learn/about.ts';
import type { ObjectiveSettings, OptimizerSettings } from './settings.ts';

export const encoderDefaults: { readonly [Family in EncoderChoice['architecture']]: Extract<EncoderChoice, { architecture: Family }> } = {
  'sample-cnn': { architecture: 'sample-cnn', ...usualOf(encoderChoices['sample-cnn']) },
  cpc: { architecture: 'cpc', ...usualOf(encoderChoices.cpc) },
  resnet: { architecture: 'resnet', ...usualOf(encoderChoices.resnet) },
  data2vec: { architecture: 'data2vec', ...usualOf(encoderChoices.data2vec) },
};

export const objectiveDefaults: { readonly [Kind in ObjectiveSettings['kind']]: Extract<ObjectiveSettings, { kind: Kind }> } = {
  'nt-xent': { kind: 'nt-xent', ...usualOf(objectiveSettings['nt-xent']) },
  vicreg: { kind: 'vicreg', ...usualOf(objectiveSettings.vicreg) },
  'info-nce': { kind: 'info-nce', ...usualOf(objectiveSettings['info-nce']) },
  data2vec: { kind: 'data2vec', ...usualOf(objectiveSettings.data2vec) },
  bce: { kind: 'bce', ...usualOf(objectiveSettings.bce) },
  'cross-entropy': { kind: 'cross-entropy', ...usualOf(objectiveSettings['cross-entropy']) },
};

export const optimizerDefaults: { readonly [Kind in OptimizerSettings['kind']]: Extract<OptimizerSettings, { kind: Kind }> } = {
  adam: { kind: 'adam', ...usualOf(optimizerSettings.adam) },
  adamw: { kind: 'adamw', ...usualOf(optimizerSettings.adamw) },
  lars: { kind: 'lars', ...usualOf(optimizerSettings.lars) },
  sgd: { kind: 'sgd', ...usualOf(optimizerSettings.sgd) },
};
