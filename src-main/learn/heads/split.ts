/** @file Which examples are held out, and which share of the others is learnt from. */
import { defined, seededRandom } from '../../base/index.ts';
import type { Random } from '../../base/index.ts';
import { assign, collect } from './folds.ts';
import type { FoldExamples, FoldGroup } from './folds.ts';

/** What a side must have of a label: an example that it fits, and one that it does not. */
type Need = { label: number; answer: 0 | 1 };

/**
 * Parts examples so that a group (an artist, an album) is never on both sides, every label is spread in proportion, and, as far as groups allow, both sides
 * have examples that a label fits and that it does not.
 * @param share of the examples that are held out, from 0 to 1
 * @returns `[examples]`: 1 for those that are held out
 */
export function groupedSplit(examples: FoldExamples, { share, seed }: { share: number; seed: number }): Uint8Array {
  const groups = collect(examples, seed);
  const side = assign(groups, [1 - share, share]);
  const held = heldAnswers(examples);
  for (const need of needs(examples.labels)) for (const wanting of [1, 0]) balance({ groups, side, held, need, wanting });
  return Uint8Array.from(examples.groups, (group) => defined(side.get(group), 'the side of a group'));
}

/** Labels of which a side has no example that they fit, or none that they do not; `isHeldOut` says which side. */
export function lacking(examples: FoldExamples, sides: Uint8Array): { label: number; answer: 0 | 1; isHeldOut: boolean }[] {
  const found = needs(examples.labels).map(() => [0, 0]);
  for (const [row, side] of sides.entries())
    for (let label = 0; label < examples.labels; label++) {
      const place = row * examples.labels + label;
      if ((examples.weights[place] ?? 0) <= 0) continue;
      const counts = found[2 * label + (examples.answers[place] === 1 ? 0 : 1)];
      if (counts !== undefined) counts[side] = (counts[side] ?? 0) + 1;
    }
  return needs(examples.labels).flatMap((need, at) =>
    [0, 1].flatMap((side) => (found[at]?.[side] === 0 ? [{ ...need, isHeldOut: side === 1 }] : [])),
  );
}

function needs(labels: number): Need[] {
  return Array.from({ length: labels }, (_, label): Need[] => [
    { label, answer: 1 },
    { label, answer: 0 },
  ]).flat();
}

/** What each group has: answers as `2 · label`, and one more for an answer that the label does not fit. */
function heldAnswers({ labels, answers, weights, groups }: FoldExamples): Map<number, Set<number>> {
  const held = new Map<number, Set<number>>();
  for (const [row, group] of groups.entries()) {
    const own = held.get(group) ?? new Set<number>();
    held.set(group, own);
    for (let label = 0; label < labels; label++)
      if ((weights[row * labels + label] ?? 0) > 0) own.add(2 * label + (answers[row * labels + label] === 1 ? 0 : 1));
  }
  return held;
}

type Balance = { groups: readonly FoldGroup[]; side: Map<number, number>; held: Map<number, Set<number>>; need: Need; wanting: number };

/** A side that has no such example gets the smallest group that the other can do without. */
function balance({ groups, side, held, need, wanting }: Balance): void {
  const key = 2 * need.label + (need.answer === 1 ? 0 : 1);
  const having = groups.filter(({ id }) => held.get(id)?.has(key) === true);
  if (having.some(({ id }) => side.get(id) === wanting)) return;
  const others = groups.filter(({ id }) => side.get(id) !== wanting);
  const isSpare = ({ id }: FoldGroup): boolean =>
    [...(held.get(id) ?? [])].every((own) => others.some((other) => other.id !== id && held.get(other.id)?.has(own) === true));
  const [smallest] = having.filter(isSpare).toSorted((a, b) => a.rows - b.rows || a.lot - b.lot);
  if (smallest !== undefined) side.set(smallest.id, wanting);
}

/**
 * A share of examples, drawn from each set of labels by itself, of each at least one (Spijkervet 2021, Fig. 6.5: label efficiency). A smaller share lies within a
 * larger one of the same seed.
 * @param sets of each example what its labels are, as a text
 * @returns places of those that are taken, ascending
 */
export function stratifiedShare(sets: readonly string[], { percent, seed }: { percent: number; seed: number }): number[] {
  const places = new Map<string, number[]>();
  for (const [place, set] of sets.entries()) {
    const own = places.get(set);
    if (own === undefined) places.set(set, [place]);
    else own.push(place);
  }
  const random = seededRandom(seed);
  return [...places]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, own]) => shuffled(own, random).slice(0, Math.max(1, Math.round((own.length * percent) / 100))))
    .toSorted((a, b) => a - b);
}

/** Fisher and Yates. */
function shuffled(places: readonly number[], random: Random): number[] {
  const order = [...places];
  for (let last = order.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}
