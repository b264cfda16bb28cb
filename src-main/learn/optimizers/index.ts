/** @file The optimisers that Earmark knows: one line each. */
import { adam } from './adam.ts';
import { lars } from './lars.ts';
import type { Optimizer } from './optimizer.ts';
import type { OptimizerSettings } from './settings.ts';
import { sgd } from './sgd.ts';

/** The optimiser that settings describe. */
export function createOptimizer(settings: OptimizerSettings): Optimizer {
  if (settings.kind === 'adam') return adam(settings);
  return settings.kind === 'lars' ? lars(settings) : sgd(settings);
}
