/** @file Whole tracks near a query: one scan over all tracks' vectors, hubs held down, then the best that filter and limits allow. */
import type { SimilarQuery, TrackId } from '../../contract/index.ts';
import { passingMask } from './filter.ts';
import { localScore, scaleOfQuery } from './hubs.ts';
import { limitsOf, onSteadySpace, withoutOwn } from './parts.ts';
import type { Search, SimilarParts } from './parts.ts';
import { makeQuery } from './query.ts';
import type { Query } from './query.ts';
import { Picker, smallest } from './rank.ts';
import type { PickLimits } from './rank.ts';

/** Candidates that are put in order at first, for each result that is wanted, where limits may leave some out. */
const firstLook = 4;
const furtherLook = 16;

/** @throws AppError NOT_FOUND, BAD_INPUT */
export async function findTracks(parts: SimilarParts, query: SimilarQuery, weights: Float32Array | null): Promise<Search> {
  const { neighbours, hubs, sources, store } = parts;
  const { encoderId, limit } = query;
  return onSteadySpace(neighbours, encoderId, async (space) => {
    const asked = await makeQuery(sources, query, 'tracks');
    const scales = await hubs.trackScales(encoderId, space);
    const scores = await neighbours.trackScores(encoderId, asked.vector, weights);
    const { trackIds } = space;
    const mask = withoutOwn(passingMask(store, query.filter), asked);
    const { keys, considered } = keysOf({ scores, scales: scales.scales, trackIds, mask });
    const own = ownTracks(asked);
    const scale = scaleOfQuery(scores, scales, (position) => own.has(trackIds[position] as number));
    const positions = pickNearest(keys, { limit, trackIds, limits: limitsOf(parts, query), own });
    const found = positions.map((position) => ({
      trackId: trackIds[position] as TrackId,
      cosine: scores[position] as number,
      score: localScore(scores[position] as number, scale, scales.scales[position] as number),
      vector: space.vector(position).slice(),
      passage: null,
    }));
    return { considered, found, vector: asked.vector };
  });
}

type Scored = { scores: Float32Array; scales: Float32Array; trackIds: Int32Array; mask: Uint8Array };

/** What tracks are put in order by, smallest first: the query's own scale is the same for all. Infinite where the mask leaves a track out. */
function keysOf({ scores, scales, trackIds, mask }: Scored): { keys: Float32Array; considered: number } {
  const keys = new Float32Array(scores.length);
  let considered = 0;
  for (let i = 0; i < keys.length; i++) {
    const isIn = mask[trackIds[i] as number] === 1;
    const distance = 1 - (scores[i] as number);
    keys[i] = isIn ? (distance > 0 ? distance : 0) / (scales[i] as number) : Infinity;
    if (isIn) considered++;
  }
  return { keys, considered };
}

/** Tracks that a query names, as a whole or in part. */
export function ownTracks({ like, unlike }: Query): Set<number> {
  return new Set([...like, ...unlike].flatMap(({ stretches }) => stretches.map(({ trackId }) => trackId)));
}

type Picking = { limit: number; trackIds: Int32Array; limits: PickLimits; own: ReadonlySet<number> };

/** Positions of the tracks with the smallest keys that the limits allow, in order. */
function pickNearest(keys: Float32Array, { limit, trackIds, limits, own }: Picking): number[] {
  for (let look = limit * firstLook; ; look *= furtherLook) {
    const order = smallest(keys, Math.min(look, keys.length));
    const picker = new Picker(limits);
    for (const trackId of own) picker.block(trackId);
    const picked: number[] = [];
    for (const position of order) {
      if (picked.length === limit) break;
      if (picker.take(trackIds[position] as number)) picked.push(position);
    }
    if (picked.length === limit || look >= keys.length) return picked;
  }
}
