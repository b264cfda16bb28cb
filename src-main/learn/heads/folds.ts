/**
 * @file Cutting examples into folds so that a group (an artist, an album) is never on both sides, and every label is spread as evenly as groups allow:
 * iterative stratification (Sechidis, Tsoumakas and Vlahavas 2011), with groups in the place of examples.
 */
import { defined, seededRandom } from '../../base/index.ts';
import type { HeadExamples } from './examples.ts';

/** What cutting asks of examples. */
export type FoldExamples = Pick<HeadExamples, 'labels' | 'answers' | 'weights' | 'groups'>;

/** Examples of one artist or album. */
export type FoldGroup = {
  id: number;
  /** Drawn; decides between groups of one size. */ lot: number;
  rows: number;
  /** Examples for each label, by label. */ yes: Map<number, number>;
};

/**
 * The fold of each example, from 0; as many folds as wanted, or as there are groups.
 * @returns the folds, `[examples]`, and how many there are
 */
export function groupedFolds(
  examples: FoldExamples,
  { wanted, seed }: { wanted: number; seed: number },
): { foldOf: Int32Array; folds: number } {
  const groups = collect(examples, seed);
  const folds = Math.max(1, Math.min(wanted, groups.length));
  const fold = assign(groups, new Array<number>(folds).fill(1 / folds));
  return { foldOf: examples.groups.map((group) => defined(fold.get(group), 'the fold of a group')), folds };
}

/** Groups with what they have of each label, in the order in which they are met. */
export function collect({ labels, answers, weights, groups }: FoldExamples, seed: number): FoldGroup[] {
  const random = seededRandom(seed);
  const known = new Map<number, FoldGroup>();
  for (const [row, id] of groups.entries()) {
    const group = known.get(id) ?? { id, lot: random.uniform(), rows: 0, yes: new Map<number, number>() };
    known.set(id, group);
    group.rows++;
    for (let label = 0; label < labels; label++) {
      const place = row * labels + label;
      if (answers[place] === 1 && (weights[place] as number) > 0) group.yes.set(label, (group.yes.get(label) ?? 0) + 1);
    }
  }
  return [...known.values()];
}

/**
 * The label with the fewest examples left gives its largest group to the fold that still wants most of it, until none is left.
 * @param shares of the examples that each fold gets; together 1
 */
export function assign(groups: readonly FoldGroup[], shares: readonly number[]): Map<number, number> {
  const folds = shares.length;
  const totals = new Map<number, number>();
  for (const { yes } of groups) for (const [label, count] of yes) totals.set(label, (totals.get(label) ?? 0) + count);
  const wanted = shares.map((share) => new Map([...totals].map(([label, count]) => [label, count * share])));
  const sizes = new Array<number>(folds).fill(0);
  const fold = new Map<number, number>();
  const give = (group: FoldGroup, label: number | null): void => {
    const want = (at: number): number => (label === null ? 0 : (wanted[at]?.get(label) ?? 0));
    // Folds of one size are compared by their counts.
    const size = (at: number): number => (sizes[at] ?? 0) / ((shares[at] ?? 1) * folds);
    let best = 0;
    for (let at = 1; at < folds; at++)
      if (want(at) > want(best) + 1e-9 || (Math.abs(want(at) - want(best)) <= 1e-9 && size(at) < size(best))) best = at;
    fold.set(group.id, best);
    sizes[best] = (sizes[best] ?? 0) + group.rows;
    for (const [own, count] of group.yes) {
      wanted[best]?.set(own, (wanted[best]?.get(own) ?? 0) - count);
      totals.set(own, (totals.get(own) ?? 0) - count);
    }
  };
  const queues = new Map([...totals.keys()].map((label) => [label, groups.filter(({ yes }) => yes.has(label)).toSorted(byCount(label))]));
  for (let label = rarest(totals); label !== null; label = rarest(totals)) {
    const queue = queues.get(label) ?? [];
    const next = queue.find(({ id }) => !fold.has(id));
    if (next === undefined) totals.delete(label);
    else give(next, label);
  }
  for (const group of groups.toSorted((a, b) => b.rows - a.rows || a.lot - b.lot)) if (!fold.has(group.id)) give(group, null);
  return fold;
}

function byCount(label: number): (a: FoldGroup, b: FoldGroup) => number {
  return (a, b) => (b.yes.get(label) ?? 0) - (a.yes.get(label) ?? 0) || a.rows - b.rows || a.lot - b.lot;
}

function rarest(totals: ReadonlyMap<number, number>): number | null {
  let found: number | null = null;
  for (const [label, count] of totals) if (count > 0 && (found === null || count < (totals.get(found) ?? 0))) found = label;
  return found;
}
