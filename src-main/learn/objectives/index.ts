/** @file The objectives that Earmark knows: one line each. */
import { ntXent } from './nt-xent.ts';
import type { Objective } from './objective.ts';
import { vicreg } from './vicreg.ts';
import type { VicregSettings } from './vicreg.ts';

/** Which objective, and its settings. */
export type ObjectiveSettings = { kind: 'nt-xent'; temperature: number } | ({ kind: 'vicreg' } & VicregSettings);

/** The objective that settings describe. */
export function createObjective(settings: ObjectiveSettings): Objective {
  return settings.kind === 'nt-xent' ? ntXent(settings.temperature) : vicreg(settings);
}
