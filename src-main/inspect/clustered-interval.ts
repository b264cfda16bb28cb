/** @file Intervals of areas under the curve where examples come in groups (tracks of one artist) that are alike within. */
import type { Labelled } from './auroc.ts';

/** An area with its interval. */
export type AurocInterval = { auroc: number; low: number; high: number };

/**
 * How much more an area varies because examples come in groups that are alike within: the greater of two estimates, and 1 at least. The first is its variance
 * over groups (Obuchowski 1997, Biometrics 53, equations 1 to 4; with groups of one, DeLong's) beside that of as many examples alone (Hanley and McNeil 1982).
 * It knows little where a label is found in a few groups alone, so that the second takes how alike examples of a group are from all groups, and tells from that
 * how much the difference of both sides' mean ranks varies (the design effect of Donner and Klar 2000, section 5.2). A label of one group is a claim about that
 * group, whose examples stand alone.
 * @param auroc the area over all
 * @param ranks of each place
 * @param placed of each place, its structural component
 * @param groups of each place, the number of its group
 */
export function varianceGrowth({ ranks, ...parts }: GroupParts & { ranks: Float64Array }): number {
  const { auroc, placed, members, groups } = parts;
  const [yes, no] = [members.length, placed.length - members.length];
  const within = (auroc * yes * no + 0.5) / (yes * no + 1);
  if (members.every((place) => groups[place] === groups[members[0] as number])) return 1;
  return Math.max(1, designEffect({ ranks, members, groups }), groupedVariance(parts) / expectedVariance(within, yes, no));
}

type Ranked = { ranks: Float64Array; members: Labelled; groups: Int32Array };

/** Examples of each group with the label, and without it. */
function groupSides(members: Labelled, groups: Int32Array): { yes: Float64Array; no: Float64Array } {
  const size = groups.reduce((most, group) => Math.max(most, group + 1), 0);
  const [yes, no] = [new Float64Array(size), new Float64Array(size)];
  for (const group of groups) no[group] = (no[group] as number) + 1;
  for (const place of members) {
    const group = groups[place] as number;
    yes[group] = (yes[group] as number) + 1;
    no[group] = (no[group] as number) - 1;
  }
  return { yes, no };
}

/** The variance of the difference of two sides' means where examples of a group are as correlated as they are, beside that of as many alone. */
export function designEffect({ ranks, members, groups }: Ranked): number {
  const { yes, no } = groupSides(members, groups);
  const [ofYes, ofNo] = [members.length, ranks.length - members.length];
  const together = yes.reduce((sum, own, group) => sum + (own / ofYes - (no[group] as number) / ofNo) ** 2, 0);
  return 1 + groupCorrelation({ ranks, members, groups }) * (together / (1 / ofYes + 1 / ofNo) - 1);
}

/**
 * How alike the ranks of a group's examples are beside those of others, 0 to 1, apart from what the label makes of them: the intraclass correlation by analysis
 * of variance (Donner 1986, International Statistical Review 54, section 2) of what is above the mean of a place's own side.
 */
export function groupCorrelation({ ranks, members, groups }: Ranked): number {
  const left = aboveSides(ranks, members);
  const size = groups.reduce((most, group) => Math.max(most, group + 1), 0);
  const [sums, counts] = [new Float64Array(size), new Float64Array(size)];
  let squares = 0;
  for (const [place, value] of left.entries()) {
    const group = groups[place] as number;
    sums[group] = (sums[group] as number) + value;
    counts[group] = (counts[group] as number) + 1;
    squares += value * value;
  }
  const [all, known] = [left.length, counts.filter((count) => count > 0).length];
  if (known < 2 || all === known) return 0;
  const between = sums.reduce((sum, own, group) => sum + (counts[group] === 0 ? 0 : own ** 2 / (counts[group] as number)), 0);
  const [ofGroups, inside] = [between / (known - 1), (squares - between) / (all - known)];
  const typical = (all - counts.reduce((sum, count) => sum + count ** 2, 0) / all) / (known - 1);
  const total = ofGroups + (typical - 1) * inside;
  return total > 0 ? Math.min(1, Math.max(0, (ofGroups - inside) / total)) : 0;
}

/** Ranks less the mean of those with the label, or of those without it. */
function aboveSides(ranks: Float64Array, members: Labelled): Float64Array {
  const [all, own] = [ranks.reduce((sum, rank) => sum + rank, 0), members.reduce((sum, place) => sum + (ranks[place] as number), 0)];
  const without = (all - own) / (ranks.length - members.length);
  const left = ranks.map((rank) => rank - without);
  for (const place of members) left[place] = (ranks[place] as number) - own / members.length;
  return left;
}

/**
 * The interval at a level of `z` deviations: all areas from which the one that was found is no further away than `z` of their own deviations (Newcombe 2006,
 * Statistics in Medicine 25, p. 559, method 5, with Hanley and McNeil's variance, times `growth`).
 * @param yes, no how many examples bear the label, and how many do not
 */
export function areaInterval({ auroc, growth, yes, no, z }: IntervalParts): AurocInterval {
  const isWithin = (area: number): boolean => Math.abs(area - auroc) <= z * Math.sqrt(growth * expectedVariance(area, yes, no));
  return { auroc, low: outermost(auroc, 0, isWithin), high: outermost(auroc, 1, isWithin) };
}

/** The last number on the way from one to another that passes. */
function outermost(from: number, to: number, passes: (number: number) => boolean): number {
  let [near, far] = [from, to];
  for (let step = 0; step < 50; step++) {
    const middle = (near + far) / 2;
    if (passes(middle)) near = middle;
    else far = middle;
  }
  return near;
}

type GroupParts = { auroc: number; placed: Float64Array; members: Labelled; groups: Int32Array };
type IntervalParts = { auroc: number; growth: number; yes: number; no: number; z: number };

/** The variance of an area over groups; 0 where the label, or its absence, is in one group alone. */
export function groupedVariance({ auroc, placed, members, groups }: GroupParts): number {
  const size = groups.reduce((most, group) => Math.max(most, group + 1), 0);
  const [withLabel, without] = [new Float64Array(size), new Float64Array(size)];
  const [countWith, countWithout] = [new Int32Array(size), new Int32Array(size)];
  for (let place = 0, next = 0; place < placed.length; place++) {
    const group = groups[place] as number;
    const hasLabel = members[next] === place;
    if (hasLabel) next++;
    const [sums, counts] = hasLabel ? [withLabel, countWith] : [without, countWithout];
    sums[group] = (sums[group] as number) + (placed[place] as number) - auroc;
    counts[group] = (counts[group] as number) + 1;
  }
  let [groupsWith, groupsWithout, all, ofWith, ofWithout, ofBoth] = [0, 0, 0, 0, 0, 0];
  for (let group = 0; group < size; group++) {
    if (countWith[group] !== 0) groupsWith++;
    if (countWithout[group] !== 0) groupsWithout++;
    if (countWith[group] !== 0 || countWithout[group] !== 0) all++;
    ofWith += (withLabel[group] as number) ** 2;
    ofWithout += (without[group] as number) ** 2;
    ofBoth += (withLabel[group] as number) * (without[group] as number);
  }
  const [yes, no] = [members.length, placed.length - members.length];
  if (groupsWith < 2 || groupsWithout < 2) return 0;
  const first = (groupsWith / ((groupsWith - 1) * yes)) * ofWith;
  const second = (groupsWithout / ((groupsWithout - 1) * no)) * ofWithout;
  const both = (all / (all - 1)) * ofBoth;
  return first / yes + second / no + (2 * both) / (yes * no);
}

/** The variance of an area of so many examples (Hanley and McNeil 1982, Radiology 143, p. 29). */
function expectedVariance(area: number, yes: number, no: number): number {
  const [pairs, twice] = [area / (2 - area), (2 * area * area) / (1 + area)];
  return (area * (1 - area) + (yes - 1) * (pairs - area * area) + (no - 1) * (twice - area * area)) / (yes * no);
}
