/** @file What a run begins with. */
import { AppError, defined } from '../../base/index.ts';
import type { Method, WeightArray, WeightArrays } from '../../learn/index.ts';

/** Tensors of another run's checkpoint, and where they lie. */
export type KnownWeights = { path: string; tensors: WeightArrays };

/**
 * Weights drawn from the seed, or taken from another run's checkpoint as far as shapes agree: a new projector may stand on a known encoder. A teacher that
 * the checkpoint does not have begins as what it follows.
 * @throws AppError `WEIGHTS_MISMATCH` for a checkpoint of another encoder
 */
export function firstWeights(method: Method, seed: number, known: KnownWeights | null): Map<string, WeightArray> {
  const weights = method.initialise(seed);
  if (known === null) return weights;
  const taken = new Set<string>();
  for (const [name, { shape }] of weights) {
    const own = known.tensors.get(name);
    if (own !== undefined && own.shape.join() === shape.join()) {
      weights.set(name, own);
      taken.add(name);
    } else if (name.startsWith('encoder.'))
      throw new AppError(
        'WEIGHTS_MISMATCH',
        `${known.path} is of another encoder: its ${name} does not fit. Choose the sample rate that it was trained with.`,
      );
  }
  for (const [name, { of }] of method.averages?.followers ?? []) if (!taken.has(name)) weights.set(name, defined(weights.get(of), of));
  return weights;
}
