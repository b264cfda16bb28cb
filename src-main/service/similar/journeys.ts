/** @file Paths and radio over a library: what they are asked becomes scores of all tracks, and what they choose becomes tracks. */
import { AppError, seededRandom } from '../../base/index.ts';
import type { EncoderId, QueryItem, TrackFilter, TrackId } from '../../contract/index.ts';
import { noGroup } from '../../store/index.ts';
import { nothingLeft, passingMask } from './filter.ts';
import { localScore, scaledDistance, scaleOfQuery, scoreOfDistance } from './hubs.ts';
import type { TrackSpace } from './neighbours.ts';
import { onSteadySpace } from './search-context.ts';
import type { SearchContext } from './search-context.ts';
import { findPath } from './path.ts';
import { combine, findExample, makeQuery } from './query.ts';
import type { Example } from './query.ts';
import { nextTracks, recentTracks } from './radio.ts';
import { Picker } from './rank.ts';
import { product } from './vectors.ts';

/** What a path is asked. */
export type PathWish = {
  encoderId: EncoderId;
  from: QueryItem;
  to: QueryItem;
  steps: number;
  filter: TrackFilter;
  perArtist: number | null;
};

/** What a radio is asked. */
export type RadioWish = {
  encoderId: EncoderId;
  seeds: QueryItem[];
  played: TrackId[];
  skipped: TrackId[];
  diversity: number;
  filter: TrackFilter;
  perArtist: number | null;
  count: number;
  seed: number;
};

/** One track on the way: its likeness to the place that it stands at, and its vector. */
export type Journey = { trackId: TrackId; score: number; cosine: number; vector: Float32Array };

/** Skipped tracks that the list moves away from: the latest. */
const mostSkipped = 50;

/** The tracks of a path, both ends among them. @throws AppError BAD_INPUT, NOT_FOUND */
export async function askPath(context: SearchContext, wish: PathWish): Promise<Journey[]> {
  const { neighbours, sources, store, hubs, recordings } = context;
  const { encoderId, steps } = wish;
  return onSteadySpace(neighbours, encoderId, async (space) => {
    const find = async (item: QueryItem): Promise<Example> => {
      if (item.kind === 'concept' || item.kind === 'neuron')
        throw new AppError(
          'BAD_INPUT',
          `A ${item.kind} is a direction and no place for a path to begin or end at. Choose a track, a passage or a tag.`,
        );
      return findExample(sources, { encoderId, item, space: 'tracks' });
    };
    const [from, to] = [await find(wish.from), await find(wish.to)];
    const scoresOf = async ({ vector }: Example): Promise<Float32Array> => neighbours.trackScores(encoderId, vector, null);
    const [fromScores, toScores] = [await scoresOf(from), await scoresOf(to)];
    const allowed = allowedPositions(space, passingMask(store, wish.filter));
    const first = endOf(space, from, { scores: fromScores, allowed });
    const last = endOf(space, to, { scores: toScores, allowed });
    if (first === last) throw new AppError('BAD_INPUT', 'A path needs two ends that are different tracks. Choose another start or end.');
    const groups = recordings.get(store.duplicates.groups());
    const picker = new Picker({ columns: store.tracks.columns(), perArtist: wish.perArtist, groups });
    for (const position of [first, last]) {
      allowed[position] = 0;
      picker.take(space.trackIds[position] as number);
    }
    const endsCosine = product(from.vector, to.vector);
    const { trackIds } = space;
    const vector = (position: number): Float32Array => space.vector(position);
    const path = await findPath({ vector, trackIds, fromScores, toScores, endsCosine, first, last, steps, allowed, picker });
    if (path === null) throw nothingLeft(`A path of ${steps} tracks needs ${steps - 2} between its ends, and fewer pass the filter.`);
    const scales = await hubs.trackScales(encoderId, space);
    const mean = scales.scales.reduce((sum, scale) => sum + scale, 0) / scales.scales.length;
    return path.map(({ position, cosine }) => {
      const score = localScore(cosine, mean, scales.scales[position] as number);
      return { trackId: trackIds[position] as TrackId, score, cosine, vector: space.vector(position).slice() };
    });
  });
}

/** The next tracks of a radio. @throws AppError NOT_FOUND, BAD_INPUT */
export async function askRadio(context: SearchContext, wish: RadioWish): Promise<Journey[]> {
  const { neighbours, sources, store, hubs, recordings } = context;
  const { encoderId, count, diversity, perArtist } = wish;
  return onSteadySpace(neighbours, encoderId, async (space) => {
    const unlike = await skippedExamples(context, wish, space);
    const seeds = await makeQuery(sources, { encoderId, like: wish.seeds, unlike: [] }, 'tracks');
    const vector = combine({ like: seeds.like, unlike });
    const measured = await hubs.trackScales(encoderId, space);
    const { scales } = measured;
    const scores = await neighbours.trackScores(encoderId, vector, null);
    const positionsOf = (trackIds: readonly number[]): number[] => trackIds.map((id) => space.positionOf(id)).filter((at) => at >= 0);
    const own = positionsOf(seeds.like.flatMap(({ stretches }) => stretches.map(({ trackId }) => trackId)));
    const gone = positionsOf([...wish.played, ...wish.skipped]);
    const groups = recordings.get(store.duplicates.groups());
    const copiesOf = copyFinder(space, store.duplicates.groups(), groups);
    const allowed = allowedPositions(space, passingMask(store, wish.filter));
    for (const position of [...own, ...gone].flatMap((at) => [at, ...copiesOf(at)])) allowed[position] = 0;
    const { artists } = store.tracks.columns();
    const ownPositions = new Set(own);
    const seedsScale = scaleOfQuery(
      (at) => scores[at] as number,
      measured,
      (at) => ownPositions.has(at),
    );
    const distances = distancesTo({ scores, scales, seedsScale, allowed });
    const chosen = nextTracks({
      ...{ distances, scales, seedsScale, count, diversity, perArtist, copiesOf },
      vector: (position) => space.vector(position),
      artistOf: (position) => artists[space.trackIds[position] as number] ?? noGroup,
      recent: positionsOf(wish.played.slice(-recentTracks)),
      random: seededRandom(wish.seed),
    });
    return chosen.map((position) => ({
      trackId: space.trackIds[position] as TrackId,
      score: scoreOfDistance(distances[position] as number),
      cosine: scores[position] as number,
      vector: space.vector(position).slice(),
    }));
  });
}

async function skippedExamples({ sources }: SearchContext, { encoderId, skipped }: RadioWish, space: TrackSpace): Promise<Example[]> {
  const heard = skipped.filter((trackId) => space.positionOf(trackId) >= 0).slice(-mostSkipped);
  const examples: Example[] = [];
  for (const trackId of heard) examples.push(await findExample(sources, { encoderId, item: { kind: 'track', trackId }, space: 'tracks' }));
  return examples;
}

/** `[tracks]`: 1 = passes. */
function allowedPositions({ trackIds }: TrackSpace, mask: Uint8Array): Uint8Array {
  return Uint8Array.from(trackIds, (trackId) => mask[trackId] ?? 0);
}

/** The track that an example is, or the nearest one that passes the filter. */
function endOf(
  space: TrackSpace,
  { stretches, source }: Example,
  { scores, allowed }: { scores: Float32Array; allowed: Uint8Array },
): number {
  const [own] = source.kind === 'track' ? stretches : [];
  if (own !== undefined) return space.positionOf(own.trackId);
  let best = -1;
  for (let i = 0; i < scores.length; i++) if (allowed[i] === 1 && (best < 0 || (scores[i] as number) > (scores[best] as number))) best = i;
  if (best < 0) throw nothingLeft('No track passes the filter.');
  return best;
}

type Seeds = { scores: Float32Array; scales: Float32Array; seedsScale: number; allowed: Uint8Array };

function distancesTo({ scores, scales, seedsScale, allowed }: Seeds): Float32Array {
  return scores.map((cosine, i) => (allowed[i] === 1 ? scaledDistance(cosine, seedsScale, scales[i] as number) : Infinity));
}

/** Finds the other positions that hold a position's recording. */
function copyFinder(
  space: TrackSpace,
  recordings: readonly (readonly TrackId[])[],
  groups: ReadonlyMap<number, number>,
): (position: number) => number[] {
  return (position) => {
    const group = groups.get(space.trackIds[position] as number);
    const copies = group === undefined ? [] : (recordings[group] ?? []);
    return copies.map((trackId) => space.positionOf(trackId)).filter((other) => other >= 0 && other !== position);
  };
}
