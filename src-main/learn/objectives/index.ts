/** @file The objectives over two views that Earmark knows: one line each. */
import { ntXent } from './nt-xent.ts';
import type { Objective } from './objective.ts';
import type { ViewObjectiveSettings } from './settings.ts';
import { sogclr } from './sogclr.ts';
import { vicreg } from './vicreg.ts';

/** The objective that settings describe. */
export function createObjective(settings: ViewObjectiveSettings): Objective {
  if (settings.kind === 'sogclr') return sogclr(settings);
  return settings.kind === 'nt-xent' ? ntXent(settings.temperature) : vicreg(settings);
}
