/**
 * @file An endless list: each next track is near the seeds and unlike what was just played, by maximal marginal relevance (Carbonell and Goldstein, The
 * use of MMR, SIGIR 1998): (1 - λ) · likeness to the seeds - λ · greatest likeness to a recent track. Likeness is the scaled distance below zero, which
 * goes on where scores are all nothing, with the seeds' scale at one end throughout; λ is at most {@link mostVariety}, below a half, so
 * that being far from everything never pays.
 */
import type { Random } from '../../base/index.ts';
import { noGroup } from '../../store/index.ts';
import { scaledDistance } from './hubs.ts';
import { smallest } from './rank.ts';
import { product } from './vectors.ts';

/** Tracks that count as recent: nothing near them comes next, and artists are counted over so many. */
export const recentTracks = 20;
/** Candidates beyond those that are wanted, and how many times as many at the greatest variety. */
const spareCandidates = 30;
const widening = 9;
/** λ at the greatest variety. */
const mostVariety = 0.45;
/** At the greatest variety one of so many best is drawn. */
const mostDrawn = 8;

/** What the next tracks are chosen from. Positions are those of the space. */
export type RadioQuestion = {
  vector(position: number): Float32Array;
  /** `[tracks]`: distance to the seeds, hubs damped by local scaling; infinite where a track may not come. */
  distances: Float32Array;
  /** `[tracks]`, and that of the seeds together. */
  scales: Float32Array;
  seedsScale: number;
  /** Artist `[tracks]`, noGroup for a blank one. */
  artistOf(position: number): number;
  /** Tracks that were played last, in order. */
  recent: readonly number[];
  count: number;
  /** 0 to 1 */
  diversity: number;
  perArtist: number | null;
  random: Random;
  /** Other copies of this recording; they do not come after it. */
  copiesOf(position: number): readonly number[];
};

/** The next tracks, fewer when there are no more. */
export function nextTracks(question: RadioQuestion): number[] {
  const { count, diversity, distances, recent } = question;
  const wanted = Math.round((count + spareCandidates) * (1 + widening * diversity));
  const chosen: number[] = [];
  let candidates = candidatesOf(question, wanted);
  for (;;) {
    extend(question, candidates, chosen);
    if (chosen.length >= count || candidates.length >= distances.length) return chosen;
    // Limits left too few of the nearest: look at all.
    const more = candidatesOf(question, distances.length);
    if (more.length === candidates.length || recent.length + chosen.length > distances.length) return chosen;
    candidates = more;
  }
}

function candidatesOf({ distances }: RadioQuestion, count: number): Int32Array {
  return smallest(distances, Math.min(count, distances.length));
}

/** Adds to `chosen` what the candidates give. */
function extend(question: RadioQuestion, candidates: Int32Array, chosen: number[]): void {
  const { recent, count } = question;
  const left = new Set(candidates);
  for (const position of chosen) forget(question, left, position);
  const closest = new Map<number, number>();
  const compareWith = (position: number): void => {
    for (const one of left) closest.set(one, Math.min(closest.get(one) ?? Infinity, distance(question, one, position)));
  };
  for (const position of [...recent, ...chosen].slice(-recentTracks)) compareWith(position);
  while (chosen.length < count) {
    const next = draw(question, left, { chosen, closest });
    if (next === null) return;
    chosen.push(next);
    forget(question, left, next);
    compareWith(next);
  }
}

function forget({ copiesOf }: RadioQuestion, left: Set<number>, position: number): void {
  left.delete(position);
  for (const copy of copiesOf(position)) left.delete(copy);
}

function distance({ vector, scales, seedsScale }: RadioQuestion, candidate: number, recent: number): number {
  return scaledDistance(product(vector(candidate), vector(recent)), seedsScale, scales[candidate] as number);
}

type Drawing = { chosen: readonly number[]; closest: ReadonlyMap<number, number> };

function draw(question: RadioQuestion, left: ReadonlySet<number>, { chosen, closest }: Drawing): number | null {
  const { distances, diversity, perArtist, random, artistOf, recent } = question;
  const variety = mostVariety * diversity;
  const near = [...recent, ...chosen].slice(-(recentTracks - 1)).map(artistOf);
  const hasRoom = (position: number): boolean => {
    const artist = artistOf(position);
    return perArtist === null || artist === noGroup || near.filter((one) => one === artist).length < perArtist;
  };
  const values = [...left].filter(hasRoom).map((position) => ({
    position,
    value: variety * (closest.get(position) ?? 0) - (1 - variety) * (distances[position] as number),
  }));
  const best = values.sort((a, b) => b.value - a.value || a.position - b.position).slice(0, 1 + Math.round(diversity * (mostDrawn - 1)));
  return best.length === 0 ? null : (best[random.below(best.length)]?.position ?? null);
}
