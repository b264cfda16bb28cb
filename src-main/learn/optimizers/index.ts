/** @file The optimisers that Earmark knows: one line each. */
import { adam, adamw } from './adam.ts';
import { lars } from './lars.ts';
import type { Optimizer } from './optimizer.ts';
import type { OptimizerSettings } from './settings.ts';
import { sgd } from './sgd.ts';

/** The optimiser that settings describe. */
export function createOptimizer(settings: OptimizerSettings): Optimizer {
  if (settings.kind === 'adam') return adam(settings);
  if (settings.kind === 'adamw') return adamw(settings);
  return settings.kind === 'lars' ? lars(settings) : sgd(settings);
}
