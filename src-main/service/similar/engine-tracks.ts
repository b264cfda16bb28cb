/**
 * @file The tracks nearest to a query when hubs are damped: all of them in float32, or, where there are many, by codes that prove of most that they
 * are not among them (see `store/neighbours/bound-tasks.ts`). Both give the same.
 */
import { codeBound, makeMeeting, makePieces, outcomeOf, prepareQuery } from '../../store/index.ts';
import type { SearchTools } from './engine-search.ts';
import { smallest } from './rank.ts';

/**
 * How tracks are searched. `scales`: what each one's distance is divided by, float32 `[tracks]` that threads share, 0 for those that are left out;
 * `weights`: float32 `[dimensions]`, 0 or more.
 */
export type TrackSearch = { count: number; scales: Float32Array<SharedArrayBuffer>; weights?: Float32Array | null };

/** Positions in the track space, nearest first, and cosines. */
export type TrackHits = { positions: Int32Array; cosines: Float32Array };

/** Tracks that the codes propose: at least so many, and so many times as many as are wanted. */
const leastProposed = 512;
const proposedTimes = 4;
/** When they do not suffice, so many times as many; and all are compared instead of more than this share. */
const moreTimes = 4;
const mostProposedShare = 1 / 8;

/** What tracks are put in order by, smallest first: float32, infinite where `scale` is 0. */
export function scaledKey(cosine: number, scale: number): number {
  if (!(scale > 0)) return Infinity;
  const distance = 1 - cosine;
  return (distance > 0 ? distance : 0) / scale;
}

/** Proves with codes which tracks are nearest. Null where that would not be quicker than comparing all. */
export async function nearestByBounds(tools: SearchTools, query: Float32Array, { count, scales }: TrackSearch): Promise<TrackHits | null> {
  const { pool, spaces } = tools;
  const total = spaces.runs.trackIds.length;
  const prepared = prepareQuery(query, null);
  for (let most = Math.max(leastProposed, count * proposedTimes); most <= total * mostProposedShare; most *= moreTimes) {
    const codes = await spaces.trackCodes();
    const meeting = makeMeeting(pool.size, most);
    await pool.all('nearestTracks', {
      rowsId: spaces.trackMemory.id,
      codesId: codes.id,
      query: prepared,
      bound: codeBound(prepared.vector, codes.width ?? 0),
      scales,
      pieces: makePieces([{ first: 0, count: total }]),
      meeting,
    });
    const { places, scores, worst } = outcomeOf(meeting);
    const keys = Float32Array.from(places, (place, i) => scaledKey(scores[i] as number, scales[place] as number));
    const order = smallest(keys, count);
    const last = order.length < count ? Infinity : (keys[order[count - 1] as number] as number);
    if (places.length < most || last < -worst)
      return { positions: order.map((i) => places[i] as number), cosines: Float32Array.from(order, (i) => scores[i] as number) };
  }
  return null;
}

/** The nearest by the cosines of all. */
export function nearestOfAll(cosines: Float32Array, { count, scales }: TrackSearch): TrackHits {
  const keys = cosines.map((cosine, i) => scaledKey(cosine, scales[i] as number));
  const positions = smallest(keys, Math.min(count, keys.length));
  return { positions, cosines: Float32Array.from(positions, (at) => cosines[at] as number) };
}
