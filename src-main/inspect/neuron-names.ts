/**
 * @file Names of neurons that nobody gave: labels whose tracks a neuron tells from all others better than chance. Chance is corrected twice. Within a neuron for
 * all labels that were tried on it: its best label, by how rare it is for as many tracks, counts by how often the best label of shuffled tracks is as rare
 * (Westfall and Young 1993), or by Bonferroni where shuffling would take too long. Over neurons by the false discovery rate (Benjamini and Hochberg 1995): of the neurons that are named, a chosen share has
 * a name of chance on average. Labels that are told, and their intervals, are held to the level that this leaves to a named neuron (Benjamini and Bogomolov 2014,
 * section 4; Benjamini and Yekutieli 2005), each end of an interval by itself: a name is a claim that a neuron is greater on its tracks, never less.
 */
import { aurocOf, columnRanks, placements } from './auroc.ts';
import type { Labelled } from './auroc.ts';
import { areaInterval, varianceGrowth } from './clustered-interval.ts';
import type { AurocInterval } from './clustered-interval.ts';
import { deviations, rarity } from './rank-sum.ts';
import { beyond, normalTail } from './tails.ts';

/** Fewer tracks with a label, or without it, tell nothing. */
export const leastExamples = 3;

/** Of so many labels of a neuron, those furthest from chance if every track stood alone, it is looked how much groups take away. */
const mostCandidates = 8;

/** What tracks are called: the tracks (by place) of each label, and each track's group (its artist), from 0. */
export type Labels = { members: readonly Labelled[]; groups: Int32Array };

/**
 * A label that a neuron may tell, by its place among the labels. `growth`: of the area's variance, by groups. `score`: deviations from chance, as many as a
 * normal variable would need to be as rare; `ratio`: how many deviations of the area itself stand for one of these, 1 in large libraries.
 */
export type Candidate = { label: number; auroc: number; growth: number; score: number; ratio: number };

/** A label that a neuron tells, by its place among the labels. */
export type FoundName = AurocInterval & { label: number };

/**
 * Labels on whose tracks a neuron is greater than on others, the furthest from chance first.
 * @param values of each track, finite
 * @returns null where all values are equal: nothing can be told by such a neuron
 */
export function nameCandidates(values: Float32Array, { members, groups }: Labels): Candidate[] | null {
  const [first] = values;
  if (values.every((value) => value === first)) return null;
  const ranks = columnRanks(values);
  const rarities = raritiesOf(values.length);
  const areas = members.flatMap((own, label) => {
    const auroc = isTried(own, values.length) ? aurocOf(ranks, own) : null;
    return auroc === null || auroc <= 0.5 ? [] : [{ label, auroc, own, alone: rarities.of(own.length)(auroc) }];
  });
  return areas
    .sort((a, b) => b.alone - a.alone || a.label - b.label)
    .slice(0, mostCandidates)
    .map(({ label, auroc, own, alone }) => {
      const growth = varianceGrowth({ auroc, ranks, placed: placements(values, ranks, own), members: own, groups });
      // Examples that are alike count as fewer ones.
      const score = growth === 1 ? alone : rarities.of(own.length, Math.max(1, Math.round(own.length / growth)))(auroc);
      const plain = deviations(auroc, own.length, values.length - own.length) / Math.sqrt(growth);
      return { label, auroc, growth, score, ratio: score === 0 ? 1 : plain / score };
    })
    .sort((a, b) => b.score - a.score || a.label - b.label);
}

/** Whether a label has tracks enough, and others enough. */
function isTried(members: Labelled, count: number): boolean {
  return members.length >= leastExamples && count - members.length >= leastExamples;
}

/** How far from chance areas of labels of so many tracks are; kept, since it is asked of every neuron. */
class Rarities {
  readonly #count: number;
  readonly #known = new Map<string, (auroc: number) => number>();

  constructor(count: number) {
    this.#count = count;
  }

  /** @param alike as how many tracks those of the label count, and all others in proportion; all of them where it is left out */
  of(yes: number, alike = yes): (auroc: number) => number {
    const key = `${yes} ${alike}`;
    const no = Math.max(1, Math.round(((this.#count - yes) * alike) / yes));
    const known = this.#known.get(key) ?? rarity(alike, no);
    this.#known.set(key, known);
    return known;
  }
}

let lastRarities: { count: number; rarities: Rarities } | undefined;

/** Those of a library of that size. */
function raritiesOf(count: number): Rarities {
  if (lastRarities?.count !== count) lastRarities = { count, rarities: new Rarities(count) };
  return lastRarities.rarities;
}

/** What the labels of a library give by chance. */
export type Chance =
  /** How far above chance the furthest label of shuffled tracks is, once a shuffle; the furthest first. */
  | { kind: 'shuffled'; furthest: Float64Array }
  /** So many labels are tried, each by the normal distribution. */
  | { kind: 'counted'; labels: number };

type Score = (auroc: number) => number;

/** More shuffles make no difference; with fewer no single neuron could be told among many; and more work than that takes longer than a second. */
const [mostShuffles, leastShuffles, mostWork] = [50_000, 20_000, 600_000_000] as const;

/** Shuffles tracks, as often as time allows. Ranks are the same for all neurons, so that it is done once for a library's labels. */
export function chanceOf(members: readonly Labelled[], count: number, uniform: () => number): Chance {
  const tried = members.filter((own) => isTried(own, count));
  const work = count + tried.reduce((sum, own) => sum + own.length, 0);
  const shuffles = Math.min(mostShuffles, Math.floor(mostWork / Math.max(1, work)));
  if (tried.length === 0 || shuffles < leastShuffles) return { kind: 'counted', labels: tried.length };
  const ranks = Float64Array.from({ length: count }, (_, place) => place + 1);
  const scores = tried.map((own) => raritiesOf(count).of(own.length));
  const furthest = Float64Array.from({ length: shuffles }, () => {
    for (let place = count - 1; place > 0; place--) {
      const other = Math.floor(uniform() * (place + 1));
      const rank = ranks[place] as number;
      ranks[place] = ranks[other] as number;
      ranks[other] = rank;
    }
    return tried.reduce((most, own, at) => Math.max(most, (scores[at] as Score)(Math.max(0.5, aurocOf(ranks, own) ?? 0.5))), 0);
  });
  return { kind: 'shuffled', furthest: furthest.sort().reverse() };
}

/** How often chance is as far out, of all labels together. */
function chanceBeyond(chance: Chance, score: number): number {
  if (chance.kind === 'counted') return Math.min(1, chance.labels * normalTail(Math.max(0, score)));
  const { furthest } = chance;
  let [from, end] = [0, furthest.length];
  while (from < end) {
    const middle = (from + end) >> 1;
    if ((furthest[middle] as number) >= score) from = middle + 1;
    else end = middle;
  }
  return (from + 1) / (furthest.length + 1);
}

/** The score from which chance is no more frequent than that. */
function scoreFor(chance: Chance, probability: number): number {
  if (chance.kind === 'counted') return beyond(Math.min(0.5, probability / Math.max(1, chance.labels)));
  return chance.furthest[Math.max(0, Math.floor(probability * (chance.furthest.length + 1)) - 1)] ?? Infinity;
}

/** So many of the smallest probabilities are told from chance, at that rate of false ones among them (Benjamini and Hochberg 1995, p. 293). */
export function discoveries(probabilities: readonly number[], rate: number): number {
  const sorted = Float64Array.from(probabilities).sort();
  for (let told = sorted.length; told > 0; told--) if ((sorted[told - 1] as number) <= (rate * told) / sorted.length) return told;
  return 0;
}

/** What names are chosen by. `rate`: of named neurons that share may have a name of chance, on average. */
export type NameRules = { members: readonly Labelled[]; count: number; chance: Chance; rate: number };

/**
 * The names of all neurons, each with its interval, the one with the highest lower end first.
 * @param candidates of each neuron; null for one that does not count
 */
export function chooseNames(
  candidates: readonly (readonly Candidate[] | null)[],
  { members, count, chance, rate }: NameRules,
): FoundName[][] {
  const counted = candidates.filter((own) => own !== null);
  const named = discoveries(
    counted.map(([best]) => (best === undefined ? 1 : chanceBeyond(chance, best.score))),
    rate,
  );
  if (named === 0) return candidates.map(() => []);
  const level = scoreFor(chance, (rate * named) / counted.length);
  return candidates.map((own) =>
    (own ?? [])
      .filter(({ score }) => score > level)
      .map(({ label, auroc, growth, ratio }) => {
        const yes = members[label]?.length ?? 0;
        return { label, ...areaInterval({ auroc, growth, yes, no: count - yes, z: level * ratio }) };
      })
      .sort((a, b) => b.low - a.low || a.label - b.label),
  );
}
