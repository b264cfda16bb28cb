/** @file Comparing neurons with labels of tracks, and with what such labels give by chance. */
import { seededRandom } from '../../base/index.ts';
import { chanceOf, meansOf, nameCandidates } from '../../inspect/index.ts';
import type { Candidate, Chance } from '../../inspect/index.ts';
import type { ChanceOrder, NamesOrder } from '../../service/index.ts';
import type { Told } from './told.ts';

/** The order of shuffled tracks, so that the same library gets the same names. */
const shuffleSeed = 1;

/** Labels that each neuron may tell. */
export function compare({ features, parts, labels }: NamesOrder, told: Told): (Candidate[] | null)[] {
  return Array.from(features, (feature, seen) => {
    const candidates = nameCandidates(meansOf(parts, feature), labels);
    told(seen + 1);
    return candidates;
  });
}

/** What labels give where tracks are shuffled. */
export function chance({ members, tracks }: ChanceOrder): Chance {
  const random = seededRandom(shuffleSeed);
  return chanceOf(members, tracks, () => random.uniform());
}
