/** @file From a run's settings to the model that is trained. */
import type { pretraining } from '../../contract/index.ts';
import { createObjective, createOptimizer, createProjector, findEncoder, twoViews } from '../../learn/index.ts';
import type { training } from '../../learn/index.ts';

/** The model that settings describe. @throws AppError `NOT_FOUND` for an encoder that does not exist */
export function modelOf(settings: pretraining.PretrainSettings): training.TrainingModel {
  const { architecture, sampleRate } = settings.encoder;
  const encoder = findEncoder(architecture, sampleRate);
  const projector = createProjector(settings.projector, encoder.dimensions);
  return {
    method: twoViews({ encoder, projector, objective: createObjective(settings.objective) }),
    optimizer: createOptimizer(settings.optimizer),
  };
}
