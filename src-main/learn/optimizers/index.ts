/** @file The optimisers that Earmark knows: one line each. */
import { adam } from './adam.ts';
import type { AdamSettings } from './adam.ts';
import { lars } from './lars.ts';
import type { LarsSettings } from './lars.ts';
import type { Optimizer } from './optimizer.ts';
import { sgd } from './sgd.ts';
import type { SgdSettings } from './sgd.ts';

/** Which optimiser, and its settings. */
export type OptimizerSettings = ({ kind: 'adam' } & AdamSettings) | ({ kind: 'lars' } & LarsSettings) | ({ kind: 'sgd' } & SgdSettings);

/** The optimiser that settings describe. */
export function createOptimizer(settings: OptimizerSettings): Optimizer {
  if (settings.kind === 'adam') return adam(settings);
  return settings.kind === 'lars' ? lars(settings) : sgd(settings);
}
