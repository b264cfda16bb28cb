/** @file Intervals of areas under the curve where examples come in groups (tracks of one artist) that are alike within. */
import type { Labelled } from './auroc.ts';

/** An area with its interval. */
export type AurocInterval = { auroc: number; low: number; high: number };

/**
 * The interval at a level of `z` normal deviations: all areas from which the one that was found is no further away than `z` of their own deviations (Newcombe
 * 2006, Statistics in Medicine 25, p. 559, method 5, with Hanley and McNeil's variance). Where groups are alike within, that variance grows by as much as the
 * area's variance over groups (Obuchowski 1997, Biometrics 53, equations 1 to 4; with groups of one, DeLong's) exceeds it.
 * @param auroc the area over all
 * @param placed of each place, its structural component
 * @param groups of each place, the number of its group
 */
export function clusteredInterval({ auroc, placed, members, groups, z }: IntervalParts): AurocInterval {
  const [yes, no] = [members.length, placed.length - members.length];
  const within = (auroc * yes * no + 0.5) / (yes * no + 1);
  const growth = Math.max(1, groupedVariance({ auroc, placed, members, groups }) / expectedVariance(within, yes, no));
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
type IntervalParts = GroupParts & { z: number };

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

/**
 * The normal variable that is not exceeded with that probability, found by bisection of its distribution.
 * @param probability between 0 and 1
 */
export function normalQuantile(probability: number): number {
  if (probability < 0.5) return -normalQuantile(1 - probability);
  const tail = 1 - probability;
  let [low, high] = [0, 40];
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2;
    if (upperTail(middle) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Probability that a normal variable is greater than `x` ≥ 0: a power series near 0, a continued fraction beyond (Abramowitz and Stegun 26.2.10, 26.2.14). */
function upperTail(x: number): number {
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (x < 3) {
    let [term, sum] = [x, x];
    for (let k = 1; k < 100; k++) {
      term *= (-x * x) / (2 * k);
      sum += term / (2 * k + 1);
    }
    return 0.5 - sum / Math.sqrt(2 * Math.PI);
  }
  let fraction = x;
  for (let k = 60; k >= 1; k--) fraction = x + k / fraction;
  return density / fraction;
}
