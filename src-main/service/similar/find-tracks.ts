/** @file Whole tracks near a query: one scan over all tracks' vectors, hubs damped by local scaling, then the best that filter and limits allow. */
import type { SimilarQuery, TrackId } from '../../contract/index.ts';
import { sharedFloats } from '../../store/index.ts';
import { passingMask } from './filter.ts';
import { localScore, scaleOfQuery } from './hubs.ts';
import type { TrackHits } from './neighbours.ts';
import { limitsOf, onSteadySpace, withoutOwn } from './search-context.ts';
import type { Search, SearchContext } from './search-context.ts';
import { makeQuery } from './query.ts';
import type { Query } from './query.ts';
import { Picker } from './rank.ts';
import type { PickLimits } from './rank.ts';
import { weightedCosine } from './vectors.ts';

/** Candidates that are put in order at first, for each result that is wanted, where limits may leave some out. */
const firstLook = 4;
const furtherLook = 16;

/** @throws AppError NOT_FOUND, BAD_INPUT */
export async function findTracks(context: SearchContext, query: SimilarQuery, weights: Float32Array | null): Promise<Search> {
  const { neighbours, hubs, sources, store } = context;
  const { encoderId, limit } = query;
  return onSteadySpace(neighbours, encoderId, async (space) => {
    const asked = await makeQuery(sources, query, 'tracks');
    const measured = await hubs.trackScales(encoderId, space);
    const { trackIds } = space;
    const mask = withoutOwn(passingMask(store, query.filter), asked);
    const { scales, considered } = allowedScales(measured.scales, trackIds, mask);
    const own = ownTracks(asked);
    const cosineWith = (position: number): number => weightedCosine(asked.vector, space.vector(position), weights);
    const scale = scaleOfQuery(cosineWith, measured, (position) => own.has(trackIds[position] as number));
    const search = (count: number): Promise<TrackHits> => neighbours.nearestTracks(encoderId, asked.vector, { count, scales, weights });
    const picked = await pickNearest(search, { limit, considered, trackIds, limits: limitsOf(context, query), own });
    const found = picked.map(({ position, cosine }) => ({
      trackId: trackIds[position] as TrackId,
      cosine,
      score: localScore(cosine, scale, scales[position] as number),
      vector: space.vector(position).slice(),
      passage: null,
    }));
    return { considered, found, vector: asked.vector };
  });
}

/** The scales of the tracks that a mask by track id lets pass, 0 for the others; and how many pass. */
function allowedScales(
  scales: Float32Array,
  trackIds: Int32Array,
  mask: Uint8Array,
): { scales: Float32Array<SharedArrayBuffer>; considered: number } {
  const allowed = sharedFloats(scales.length);
  let considered = 0;
  for (let i = 0; i < allowed.length; i++) {
    if (mask[trackIds[i] as number] !== 1) continue;
    allowed[i] = scales[i] as number;
    considered++;
  }
  return { scales: allowed, considered };
}

/** Tracks that a query names, as a whole or in part. */
export function ownTracks({ like, unlike }: Query): Set<number> {
  return new Set([...like, ...unlike].flatMap(({ stretches }) => stretches.map(({ trackId }) => trackId)));
}

type Picking = { limit: number; considered: number; trackIds: Int32Array; limits: PickLimits; own: ReadonlySet<number> };
type Picked = { position: number; cosine: number };

/** The nearest tracks that the limits allow, in order. */
async function pickNearest(
  search: (count: number) => Promise<TrackHits>,
  { limit, considered, trackIds, limits, own }: Picking,
): Promise<Picked[]> {
  for (let look = limit * firstLook; ; look *= furtherLook) {
    const { positions, cosines } = await search(Math.min(look, considered));
    const picker = new Picker(limits);
    for (const trackId of own) picker.block(trackId);
    const picked: Picked[] = [];
    for (const [i, position] of positions.entries()) {
      if (picked.length === limit) break;
      if (picker.take(trackIds[position] as number)) picked.push({ position, cosine: cosines[i] as number });
    }
    if (picked.length === limit || look >= considered) return picked;
  }
}
