/** @file The methods that Earmark knows, and which objective belongs to which. */
import { createObjective } from '../objectives/index.ts';
import type { ObjectiveSettings } from '../objectives/settings.ts';
import { createProjector } from '../projectors/projector.ts';
import type { ProjectorSettings } from '../projectors/settings.ts';
import type { Encoder } from '../encoders/encoder.ts';
import type { Method } from './method.ts';
import { masked } from './masked.ts';
import { predictive } from './predictive.ts';
import { supervised } from './supervised.ts';
import { comparedDimensions, twoViews } from './two-views.ts';

export { isHeard } from './method.ts';
export type { Averages, BatchPart, Method, MethodValue, PartContent, Pieces } from './method.ts';
export { masked, predictive, supervised, twoViews };

/** What a method is made of. `outputs`: how many labels there are to learn; 0 for objectives that need none. */
export type MethodSettings = { encoder: Encoder; projector: ProjectorSettings; objective: ObjectiveSettings; outputs: number };

/** The method that an objective asks for. @throws AppError `BAD_INPUT` for an encoder that it cannot train */
export function createMethod({ encoder, projector, objective, outputs }: MethodSettings): Method {
  if (objective.kind === 'info-nce') return predictive({ encoder, objective });
  if (objective.kind === 'data2vec') return masked({ encoder, objective });
  if (objective.kind === 'bce' || objective.kind === 'cross-entropy') return supervised({ encoder, objective, outputs });
  return twoViews({ encoder, projector: createProjector(projector, comparedDimensions(encoder)), objective: createObjective(objective) });
}
