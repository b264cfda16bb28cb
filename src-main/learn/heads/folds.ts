/**
 * @file Cutting examples into folds so that a group (an artist, an album) is never on both sides, and every label is spread as evenly as groups allow:
 * iterative stratification (Sechidis, Tsoumakas and Vlahavas 2011), with groups in the place of examples.
 */
import { defined, seededRandom } from '../../base/index.ts';
import type { HeadExamples } from './examples.ts';

type Group = {
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
  examples: HeadExamples,
  { wanted, seed }: { wanted: number; seed: number },
): { foldOf: Int32Array; folds: number } {
  const groups = collect(examples, seed);
  const folds = Math.max(1, Math.min(wanted, groups.length));
  const fold = assign(groups, folds);
  return { foldOf: examples.groups.map((group) => defined(fold.get(group), 'the fold of a group')), folds };
}

function collect({ labels, answers, weights, groups }: HeadExamples, seed: number): Group[] {
  const random = seededRandom(seed);
  const known = new Map<number, Group>();
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

/** The label with the fewest examples left gives its largest group to the fold that still wants most of it, until none is left. */
function assign(groups: readonly Group[], folds: number): Map<number, number> {
  const totals = new Map<number, number>();
  for (const { yes } of groups) for (const [label, count] of yes) totals.set(label, (totals.get(label) ?? 0) + count);
  const wanted = Array.from({ length: folds }, () => new Map([...totals].map(([label, count]) => [label, count / folds])));
  const sizes = new Array<number>(folds).fill(0);
  const fold = new Map<number, number>();
  const give = (group: Group, label: number | null): void => {
    const want = (at: number): number => (label === null ? 0 : (wanted[at]?.get(label) ?? 0));
    const size = (at: number): number => sizes[at] ?? 0;
    let best = 0;
    for (let at = 1; at < folds; at++)
      if (want(at) > want(best) + 1e-9 || (Math.abs(want(at) - want(best)) <= 1e-9 && size(at) < size(best))) best = at;
    fold.set(group.id, best);
    sizes[best] = size(best) + group.rows;
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

function byCount(label: number): (a: Group, b: Group) => number {
  return (a, b) => (b.yes.get(label) ?? 0) - (a.yes.get(label) ?? 0) || a.rows - b.rows || a.lot - b.lot;
}

function rarest(totals: ReadonlyMap<number, number>): number | null {
  let found: number | null = null;
  for (const [label, count] of totals) if (count > 0 && (found === null || count < (totals.get(found) ?? 0))) found = label;
  return found;
}
