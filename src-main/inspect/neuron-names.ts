/** @file Names of neurons that nobody gave: the label whose tracks a neuron tells best from all others, with its area and interval. */
import { aurocOf, columnRanks, placements } from './auroc.ts';
import type { Labelled } from './auroc.ts';
import { clusteredInterval } from './clustered-interval.ts';
import type { AurocInterval } from './clustered-interval.ts';

/** Fewer tracks with a label, or without it, tell nothing. */
export const leastExamples = 3;

/** Of so many labels, those furthest from chance by Mann and Whitney's test, the interval is computed. */
const candidates = 8;

/** What tracks are called: the tracks (by place) of each label, and each track's group (its artist), from 0. */
export type Labels = { members: readonly Labelled[]; groups: Int32Array };

/** A label that a neuron tells, by its place among the labels. */
export type FoundName = AurocInterval & { label: number };

/**
 * The labels that a neuron tells better than chance, the one with the highest lower end first: those whose interval lies above 0.5 at the level `z`, which the
 * caller chooses by how many pairs of neuron and label are tried in all.
 * @param values of each track, finite
 */
export function nameNeuron(values: Float32Array, { members, groups }: Labels, z: number): FoundName[] {
  const ranks = columnRanks(values);
  const areas = members.flatMap((own, label) => {
    const auroc = own.length < leastExamples || values.length - own.length < leastExamples ? null : aurocOf(ranks, own);
    return auroc === null || auroc <= 0.5 ? [] : [{ label, auroc, own, score: scoreOf(auroc, own.length, values.length) }];
  });
  return areas
    .sort((a, b) => b.score - a.score || a.label - b.label)
    .slice(0, candidates)
    .map(({ label, auroc, own }) => ({
      label,
      ...clusteredInterval({ auroc, placed: placements(values, ranks, own), members: own, groups, z }),
    }))
    .filter(({ low }) => low > 0.5)
    .sort((a, b) => b.low - a.low || a.label - b.label);
}

/** Deviations from chance of an area over so many places, as if none were equal (Mann and Whitney 1947). */
function scoreOf(auroc: number, yes: number, count: number): number {
  return (auroc - 0.5) / Math.sqrt((count + 1) / (12 * yes * (count - yes)));
}
