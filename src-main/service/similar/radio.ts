/**
 * @file An endless list: each next track is near the seeds and unlike what was just played, by maximal marginal relevance (Carbonell and Goldstein, The
 * use of MMR, SIGIR 1998): (1 - λ) · likeness to the seeds - λ · greatest likeness to a recent track, where λ is the person's wish for variety.
 */
import type { Random } from '../../base/index.ts';
import { noGroup } from '../../store/index.ts';
import { localScore } from './hubs.ts';
import { smallest } from './rank.ts';
import { product } from './vectors.ts';

/** Tracks that count as recent: nothing near them comes next, and artists are counted over so many. */
export const recentTracks = 20;
/** Candidates beyond those that are wanted, and how many times as many at the greatest variety. */
const spareCandidates = 30;
const widening = 9;
/** At the greatest variety one of so many best is drawn. */
const mostDrawn = 8;

/** What the next tracks are chosen from. Positions are those of the space. */
export type RadioQuestion = {
  vector(position: number): Float32Array;
  /** `[tracks]`: likeness to the seeds, 0 to 1, hubs held down; below 0 where a track may not come. */
  relevance: Float32Array;
  /** `[tracks]` */
  scales: Float32Array;
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
  const { count, diversity, relevance, recent } = question;
  const wanted = Math.round((count + spareCandidates) * (1 + widening * diversity));
  const chosen: number[] = [];
  let candidates = candidatesOf(question, wanted);
  for (;;) {
    extend(question, candidates, chosen);
    if (chosen.length >= count || candidates.length >= relevance.length) return chosen;
    // Limits left too few of the nearest: look at all.
    const more = candidatesOf(question, relevance.length);
    if (more.length === candidates.length || recent.length + chosen.length > relevance.length) return chosen;
    candidates = more;
  }
}

function candidatesOf({ relevance }: RadioQuestion, count: number): Int32Array {
  const keys = relevance.map((score) => (score < 0 ? Infinity : Math.max(0, 1 - score)));
  return smallest(keys, Math.min(count, keys.length));
}

/** Adds to `chosen` what the candidates give. */
function extend(question: RadioQuestion, candidates: Int32Array, chosen: number[]): void {
  const { recent, count } = question;
  const left = new Set(candidates);
  for (const position of chosen) forget(question, left, position);
  const closest = new Map<number, number>();
  const compareWith = (position: number): void => {
    for (const one of left) closest.set(one, Math.max(closest.get(one) ?? 0, likeness(question, one, position)));
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

function likeness({ vector, scales }: RadioQuestion, a: number, b: number): number {
  return localScore(product(vector(a), vector(b)), scales[a] as number, scales[b] as number);
}

type Drawing = { chosen: readonly number[]; closest: ReadonlyMap<number, number> };

function draw(question: RadioQuestion, left: ReadonlySet<number>, { chosen, closest }: Drawing): number | null {
  const { relevance, diversity, perArtist, random, artistOf, recent } = question;
  const near = [...recent, ...chosen].slice(-(recentTracks - 1)).map(artistOf);
  const hasRoom = (position: number): boolean => {
    const artist = artistOf(position);
    return perArtist === null || artist === noGroup || near.filter((one) => one === artist).length < perArtist;
  };
  const values = [...left].filter(hasRoom).map((position) => ({
    position,
    value: (1 - diversity) * (relevance[position] as number) - diversity * (closest.get(position) ?? 0),
  }));
  const best = values.sort((a, b) => b.value - a.value || a.position - b.position).slice(0, 1 + Math.round(diversity * (mostDrawn - 1)));
  return best.length === 0 ? null : (best[random.below(best.length)]?.position ?? null);
}
