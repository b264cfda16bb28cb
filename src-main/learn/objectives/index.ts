/** @file The objectives that Earmark knows: one line each. */
import { ntXent } from './nt-xent.ts';
import type { Objective } from './objective.ts';
import type { ObjectiveSettings } from './settings.ts';
import { vicreg } from './vicreg.ts';

/** The objective that settings describe. */
export function createObjective(settings: ObjectiveSettings): Objective {
  return settings.kind === 'nt-xent' ? ntXent(settings.temperature) : vicreg(settings);
}
