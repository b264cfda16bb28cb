/** @file From settings to the model that is trained. */
import { defined } from '../base/index.ts';
import type { EncoderChoice } from './encoders/settings.ts';
import { chosenEncoder } from './encoders/index.ts';
import { isFedEmbeddings } from './fed.ts';
import { createMethod } from './methods/index.ts';
import type { ObjectiveSettings } from './objectives/settings.ts';
import { createOptimizer } from './optimizers/index.ts';
import type { OptimizerSettings } from './optimizers/settings.ts';
import type { ProjectorSettings } from './projectors/settings.ts';
import type { TrainingModel } from './training/index.ts';

/** What a model is made of. */
export type ModelSettings = {
  encoder: EncoderChoice;
  projector: ProjectorSettings;
  objective: ObjectiveSettings;
  optimizer: OptimizerSettings;
  /** What is learnt under which names; null for objectives that need none. */
  labels?: { names: readonly string[] } | null;
};

/** The model that settings describe. @throws AppError `NOT_FOUND` for an encoder that does not exist, `BAD_INPUT` for parts that do not go together */
export function createModel({ encoder: choice, projector, objective, optimizer, labels }: ModelSettings): TrainingModel {
  const chosen = chosenEncoder(choice);
  const encoder = isFedEmbeddings({ encoder: choice, objective }) ? defined(chosen.upon, 'what is learnt') : chosen;
  return {
    method: createMethod({ encoder, projector, objective, outputs: labels?.names.length ?? 0 }),
    optimizer: createOptimizer(optimizer),
  };
}
