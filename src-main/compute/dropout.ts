/** @file Dropout (Srivastava et al. 2014). */
import type { Random } from '../base/index.ts';

/** What is left of units of which a share is left out: 0, or a scale that keeps sums what they are. */
export function keptUnits(count: number, share: number, random: Random): Float32Array {
  const scale = 1 / (1 - share);
  const kept = new Float32Array(count);
  for (let at = 0; at < count; at++) kept[at] = random.uniform() < share ? 0 : scale;
  return kept;
}
