/** @file What a run is fed with. Pure. */
import { standsUpon } from './encoders/settings.ts';
import { comparesViews } from './objectives/settings.ts';
import type { ObjectiveSettings } from './objectives/settings.ts';

/**
 * Whether a run is fed with embeddings that an index holds, of the encoder that its own stands upon, in place of waves. What learns labels hears waves, since its
 * held-out tracks are compared with what else waves give.
 */
export function isFedEmbeddings({ encoder, objective }: { encoder: { architecture: string }; objective: ObjectiveSettings }): boolean {
  return standsUpon(encoder.architecture) !== null && comparesViews(objective);
}
