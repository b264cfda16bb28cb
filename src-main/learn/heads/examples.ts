/** @file What a head learns from, and whether it is enough. */
import { countOf } from '../../base/index.ts';
import { fewestExamples, fewestGroups } from './settings.ts';

/** Labelled embeddings. Matrices are row after row. */
export type HeadExamples = {
  /** Length of an embedding. */
  dimensions: number;
  labels: number;
  /** `[examples, dimensions]` */
  embeddings: Float32Array;
  /** `[examples, labels]`: 1 where the label fits, 0 where it does not or nothing is known. */
  answers: Uint8Array;
  /** `[examples, labels]`: how much an answer counts; 0 where nothing is known. */
  weights: Float32Array;
  /** `[examples]`: the artist or album of each, as a number. What is of one group is never on both sides of a fold. */
  groups: Int32Array;
};

/** What there is of one label: examples and groups on either side. */
export type LabelCounts = { yes: number; no: number; yesGroups: number; noGroups: number };

/** Counts the examples of every label. */
export function countExamples({ labels, answers, weights, groups }: HeadExamples): LabelCounts[] {
  const found = Array.from({ length: labels }, () => ({ yes: 0, no: 0, yesGroups: new Set<number>(), noGroups: new Set<number>() }));
  for (const [row, group] of groups.entries())
    for (const [label, counts] of found.entries()) {
      if ((weights[row * labels + label] as number) <= 0) continue;
      const isYes = answers[row * labels + label] === 1;
      counts[isYes ? 'yes' : 'no']++;
      counts[isYes ? 'yesGroups' : 'noGroups'].add(group);
    }
  return found.map(({ yes, no, yesGroups, noGroups }) => ({ yes, no, yesGroups: yesGroups.size, noGroups: noGroups.size }));
}

/**
 * What a label lacks to be learnt, as a sentence; null when it has enough.
 * @param grouping what a group is
 */
export function whatIsMissing({ yes, no, yesGroups, noGroups }: LabelCounts, grouping: 'artist' | 'album'): string | null {
  const missing: string[] = [];
  if (yes < fewestExamples)
    missing.push(`${countOf(fewestExamples - yes, 'more track', 'more tracks')} that it fits (there ${areNow(yes)})`);
  if (no < fewestExamples) missing.push(`${fewestExamples - no} more that it does not fit (there ${areNow(no)})`);
  const others = grouping === 'artist' ? 'other artists' : 'other albums';
  if (yes >= fewestExamples && yesGroups < fewestGroups)
    missing.push(`tracks of ${others} that it fits (all ${yes} are of one ${grouping})`);
  if (no >= fewestExamples && noGroups < fewestGroups)
    missing.push(`tracks of ${others} that it does not fit (all ${no} are of one ${grouping})`);
  return missing.length === 0 ? null : `Not enough examples. It needs ${missing.join(', and ')}.`;
}

function areNow(count: number): string {
  return count === 1 ? 'is 1' : count === 0 ? 'are none' : `are ${count}`;
}
