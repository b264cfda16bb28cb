/**
 * @file From one track to another in even steps. The ends lie on a sphere; the points of the great circle between them are the places that the tracks
 * between should be near. Every place takes its nearest tracks in turn, each track once; of the chains that have one track of each place, the one
 * with the smallest sum of squared steps is found by dynamic programming (Viterbi 1967), so that no single step is large.
 */
import type { Picker } from './rank.ts';
import { smallest } from './rank.ts';
import { product } from './vectors.ts';

/** Tracks that all places may choose from together, and each at most and at least. */
const choicesInAll = 640;
const [mostPerPlace, leastPerPlace] = [32, 6];
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

/** The chain; null when there are fewer tracks than places. Other work gets its turn between the places. */
export async function findPath(question: PathQuestion): Promise<PathPlace[] | null> {
  const { first, last, steps } = question;
  const places = Array.from({ length: steps }, (_, i) => placeAt(question.endsCosine, i / (steps - 1)));
  const choices = await choose(question, places.slice(1, -1));
  if (choices === null) return null;
  const chain = smoothest([[first], ...choices, [last]], question.vector);
  return chain.map((position, i) => ({ position, cosine: cosineTo(question, places[i] as Place, position) }));
}

/** A point of the great circle as a sum of shares of its ends. */
type Place = { ofFrom: number; ofTo: number };

function placeAt(endsCosine: number, share: number): Place {
  const angle = Math.acos(Math.min(1, Math.max(-1, endsCosine)));
  const sine = Math.sin(angle);
  // Ends in one place, or opposite each other, have no great circle of their own.
  if (sine < 1e-6) return { ofFrom: 1 - share, ofTo: share };
  return { ofFrom: Math.sin((1 - share) * angle) / sine, ofTo: Math.sin(share * angle) / sine };
}

/** The cosine of a track and a place, from those of the track and the ends alone. */
function cosineTo({ fromScores, toScores }: PathQuestion, { ofFrom, ofTo }: Place, position: number): number {
  return ofFrom * (fromScores[position] as number) + ofTo * (toScores[position] as number);
}

async function choose(question: PathQuestion, places: readonly Place[]): Promise<number[][] | null> {
  const { trackIds, picker } = question;
  const queues = places.map((place) => nearestFirst(question, place));
  const choices = places.map((): number[] => []);
  const taken = new Set<number>();
  const rounds = Math.min(mostPerPlace, Math.max(leastPerPlace, Math.ceil(choicesInAll / places.length)));
  for (let round = 0; round < rounds; round++)
    for (const [place, queue] of queues.entries()) {
      if (round === 0) await new Promise((resolve) => setImmediate(resolve));
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

function* nearestFirst(question: PathQuestion, place: Place): Generator<number, void> {
  const nearest = smallest(distancesTo(question, place), firstLook);
  yield* nearest;
  if (nearest.length === firstLook) yield* smallest(distancesTo(question, place), question.allowed.length).subarray(firstLook);
}

function distancesTo(question: PathQuestion, place: Place): Float32Array {
  const { allowed } = question;
  const distances = new Float32Array(allowed.length).fill(Infinity);
  for (let i = 0; i < allowed.length; i++) if (allowed[i] === 1) distances[i] = Math.max(0, 1 - cosineTo(question, place, i));
  return distances;
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
