/** @file How far from chance an area under the curve is: by the exact distribution of Mann and Whitney's statistic (1947) where that is soon told. */
import { beyond } from './tails.ts';

/** Beyond this much work the normal distribution is told from the exact one by nothing that matters. */
const mostWork = 500_000;

/** Deviations from chance of an area over so many examples with a label and without it, as if none were equal. */
export function deviations(auroc: number, yes: number, no: number): number {
  return (auroc - 0.5) / Math.sqrt((yes + no + 1) / (12 * yes * no));
}

/**
 * How far from chance areas are: as many deviations as a normal variable would need to be as rare, the same either way. Without it four examples of sixty in
 * perfect order would count for less than a middling order of thirty.
 * @returns a function of an area from 0.5 on
 */
export function rarity(yes: number, no: number): (auroc: number) => number {
  const fewer = Math.min(yes, no);
  if (fewer * yes * no > mostWork) return (auroc) => deviations(auroc, yes, no);
  const tails = upperTails(yes, no);
  const scores = new Float64Array(tails.length).fill(-1);
  return (auroc) => {
    // Half wins of equal values are left out, which says no more than is known.
    const wins = Math.floor(auroc * yes * no + 1e-6);
    const known = scores[wins] as number;
    if (known >= 0) return known;
    const score = beyond(Math.min(0.5, tails[wins] as number));
    scores[wins] = score;
    return score;
  };
}

/** The probability of so many wins or more, of as many pairs, in any order of examples: by the generating function of partitions. */
export function upperTails(yes: number, no: number): Float64Array {
  const [fewer, more, most] = [Math.min(yes, no), Math.max(yes, no), yes * no];
  let chances = new Float64Array(most + 1);
  chances[0] = 1;
  // One example after the other takes its place among the others, of which it may beat any number: (1 − q^(more + i)) / (1 − q^i), i of more + i times.
  for (let i = 1; i <= fewer; i++) {
    const next = new Float64Array(most + 1);
    for (let wins = 0; wins <= most; wins++) {
      const without = wins >= more + i ? (chances[wins - more - i] as number) : 0;
      next[wins] = (chances[wins] as number) - without;
    }
    for (let wins = i; wins <= most; wins++) next[wins] = (next[wins] as number) + (next[wins - i] as number);
    for (let wins = 0; wins <= most; wins++) next[wins] = Math.max(0, ((next[wins] as number) * i) / (more + i));
    chances = next;
  }
  // The distribution is the same from both ends; its small end is summed first.
  const tails = new Float64Array(most + 1);
  let sum = 0;
  for (let wins = most; wins >= 0; wins--) {
    sum += chances[most - wins] as number;
    tails[wins] = Math.min(1, sum);
  }
  return tails;
}
