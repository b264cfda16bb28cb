/**
 * @file From one track to another in even steps. The ends lie on a sphere; the points of the great circle between them are the places that the tracks
 * between should be near. Every place takes its nearest tracks in turn, each track once; of the chains that have one track of each place, the one
 * with the smallest sum of squared steps is found by dynamic programming (Viterbi 1967), so that no single step is large.
 */
import type { Picker } from './rank.ts';
import { smallest } from './rank.ts';
import { product } from './vectors.ts';

/** Tracks that each place may choose from. */
const perPlace = 32;
/** Nearest tracks that a place looks at first. */
const firstLook = 512;

/** What a path is looked for in. Positions are those of the space. */
export type PathQuestion = {
  vector(position: number): Float32Array;
  trackIds: Int32Array;
  /** Cosines `[tracks]` to each end, and the ends' own cosine. */
  fromScores: Float32Array;
  toScores: Float32Array;
  endsCosine: number;
  /** Positions of the first and the last track. */
  first: number;
  last: number;
  /** Tracks, both ends included. */
  steps: number;
  /** `[tracks]`: 1 = may lie between. */
  allowed: Uint8Array;
  picker: Picker;
};

/** A track of a path, and its cosine to the place that it stands at. */
export type PathPlace = { position: number; cosine: number };

/** The chain; null when there are fewer tracks than places. */
export function findPath(question: PathQuestion): PathPlace[] | null {
  const { first, last, fromScores, toScores, steps } = question;
  const places = Array.from({ length: steps - 2 }, (_, i) => cosinesTo(question, (i + 1) / (steps - 1)));
  const choices = choose(question, places);
  if (choices === null) return null;
  const chain = smoothest([[first], ...choices, [last]], question.vector);
  return chain.map((position, i) => {
    const scores = i === 0 ? fromScores : i === steps - 1 ? toScores : (places[i - 1] as Float32Array);
    return { position, cosine: scores[position] as number };
  });
}

/** Cosines of all tracks to the point at a share of the way along the great circle, from those to its ends alone. */
function cosinesTo({ fromScores, toScores, endsCosine }: PathQuestion, share: number): Float32Array {
  const angle = Math.acos(Math.min(1, Math.max(-1, endsCosine)));
  const sine = Math.sin(angle);
  // Ends in one place, or opposite each other, have no great circle of their own.
  if (sine < 1e-6) return fromScores.map((from, i) => (1 - share) * from + share * (toScores[i] as number));
  const [near, far] = [Math.sin((1 - share) * angle) / sine, Math.sin(share * angle) / sine];
  return fromScores.map((from, i) => near * from + far * (toScores[i] as number));
}

function choose({ allowed, trackIds, picker }: PathQuestion, places: readonly Float32Array[]): number[][] | null {
  const queues = places.map((cosines) => nearestFirst(cosines, allowed));
  const choices = places.map((): number[] => []);
  const taken = new Set<number>();
  for (let round = 0; round < perPlace; round++)
    for (const [place, queue] of queues.entries()) {
      const position = nextFree(queue, (at) => !taken.has(at) && picker.take(trackIds[at] as number));
      if (position === null) continue;
      taken.add(position);
      choices[place]?.push(position);
    }
  return choices.every((choice) => choice.length > 0) ? choices : null;
}

function nextFree(queue: Iterator<number, void>, take: (position: number) => boolean): number | null {
  for (let next = queue.next(); next.done !== true; next = queue.next()) if (take(next.value)) return next.value;
  return null;
}

function* nearestFirst(cosines: Float32Array, allowed: Uint8Array): Generator<number, void> {
  const keys = cosines.map((cosine, i) => (allowed[i] === 1 ? Math.max(0, 1 - cosine) : Infinity));
  const nearest = smallest(keys, firstLook);
  yield* nearest;
  if (nearest.length === firstLook) yield* smallest(keys, keys.length).subarray(firstLook);
}

/** The chain of one of each layer with the smallest sum of squared distances. */
function smoothest(layers: readonly (readonly number[])[], vectorAt: (position: number) => Float32Array): number[] {
  let costs: number[] = [0];
  let vectors = (layers[0] ?? []).map(vectorAt);
  const cameFrom: number[][] = [];
  for (const layer of layers.slice(1)) {
    const here = layer.map(vectorAt);
    const best = here.map((vector) => {
      const totals = vectors.map((before, i) => (costs[i] as number) + 2 - 2 * product(before, vector));
      const from = totals.indexOf(Math.min(...totals));
      return { from, total: totals[from] as number };
    });
    cameFrom.push(best.map(({ from }) => from));
    costs = best.map(({ total }) => total);
    vectors = here;
  }
  let at = 0;
  const chain = [layers.at(-1)?.[0] as number];
  for (let layer = layers.length - 2; layer >= 0; layer--) {
    at = cameFrom[layer]?.[at] as number;
    chain.unshift(layers[layer]?.[at] as number);
  }
  return chain;
}
