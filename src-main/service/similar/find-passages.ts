/** @file Passages near a query: the segments that match best, of every track the best one, with hubs damped; and which passage of the query each matches. */
import { SegmentTimes } from '../../contract/index.ts';
import type { EncoderId, SimilarQuery, TrackId } from '../../contract/index.ts';
import { timingOf } from '../listening/listening.ts';
import { passingMask } from './filter.ts';
import { ownTracks } from './find-tracks.ts';
import { localScore } from './hubs.ts';
import type { SegmentScales } from './hubs.ts';
import type { SegmentHits } from './neighbours.ts';
import { limitsOf, onSteadySpace, withoutOwn } from './search-context.ts';
import type { Found, Search, SearchContext } from './search-context.ts';
import { makeQuery, timedSegments } from './query.ts';
import type { Query, TimedSegments } from './query.ts';
import { Picker } from './rank.ts';
import { product, rowOf, rowsOf, weightedCosine } from './vectors.ts';

/** Tracks whose passages are put in order with hubs damped, for each result that is wanted; then so many times as many. */
const tracksPerResult = 2;
const furtherTracks = 8;

/** @throws AppError NOT_FOUND, BAD_INPUT */
export async function findPassages(context: SearchContext, query: SimilarQuery, weights: Float32Array | null): Promise<Search> {
  const { neighbours, hubs, sources, store } = context;
  const { encoderId } = query;
  return onSteadySpace(neighbours, encoderId, async (space) => {
    const asked = await makeQuery(sources, query, 'segments');
    const isWhole = (startMs: number, endMs: number): boolean => startMs === 0 && endMs === Infinity;
    const tracks = withoutOwn(passingMask(store, query.filter), asked, isWhole);
    const considered = store.index.countSegments(encoderId, tracks);
    const scales = await hubs.segmentScales(encoderId, space);
    const times = timesFor(context, query);
    const own = ownHits(context, { encoderId, asked, weights, tracks, times });
    const others = tracks.slice();
    for (const trackId of ownTracks(asked)) if (trackId < others.length) others[trackId] = 0;
    let found: Candidate[] = [];
    for (let count = tracksPerResult * query.limit; ; count *= furtherTracks) {
      const options = { count, weights, tracks: others, perTrack: 1, exact: query.exact };
      const hits = await neighbours.segmentTop(encoderId, asked.vector, options);
      found = pick(context, { query, candidates: scored(context, { encoderId, hits, own, scales, asked }), asked });
      if (found.length === query.limit || hits.rows.length < count) break;
    }
    const timed = await timedSegments(sources, encoderId, asked.like);
    return { considered, found: found.map((one) => withPassage(one, { timed, times })), vector: asked.vector };
  });
}

type Hit = { row: number; trackId: TrackId; segment: number; cosine: number; vector: Float32Array };
type Candidate = Hit & { score: number };

/** Stands for the row of a hit that is in front of others that are equally near. */
const firstOfAll = -1;

function timesFor({ store }: SearchContext, { encoderId }: SimilarQuery): SegmentTimes {
  const encoder = store.encoders.get(encoderId);
  return new SegmentTimes(timingOf(encoder, store.index.current(encoderId)?.hopSamples ?? encoder.cropSamples), Infinity);
}

/** Whether a segment holds some of the sound of a passage that the query names. */
function ownSegments({ like, unlike }: Query, times: SegmentTimes): (trackId: number, segment: number) => boolean {
  const stretches = [...like, ...unlike].flatMap((example) => example.stretches);
  return (trackId, segment) => stretches.some((one) => one.trackId === trackId && times.shares(segment, one));
}

type Own = { encoderId: EncoderId; asked: Query; weights: Float32Array | null; tracks: Uint8Array; times: SegmentTimes };

/** The best segment of each track that the query names in part: those that no passage of the query overlaps. */
function ownHits({ neighbours }: SearchContext, { encoderId, asked, weights, tracks, times }: Own): Hit[] {
  const isOwn = ownSegments(asked, times);
  const dimensions = asked.vector.length;
  return [...ownTracks(asked)].flatMap((trackId): Hit[] => {
    if (tracks[trackId] !== 1) return [];
    const vectors = rowsOf(neighbours.segmentVectors(encoderId, trackId), dimensions);
    let best: Hit | null = null;
    for (const [segment, vector] of vectors.entries()) {
      if (isOwn(trackId, segment)) continue;
      const cosine = weightedCosine(asked.vector, vector, weights);
      if (best === null || cosine > best.cosine) best = { row: firstOfAll, trackId: trackId as TrackId, segment, cosine, vector };
    }
    return best === null ? [] : [best];
  });
}

type Scoring = { encoderId: EncoderId; hits: SegmentHits; own: readonly Hit[]; scales: SegmentScales; asked: Query };

/** Best first, hubs damped. */
function scored({ neighbours }: SearchContext, { encoderId, hits, own, scales, asked }: Scoring): Candidate[] {
  const vectors = hits.vectors ?? neighbours.rowVectors(encoderId, hits.rows);
  const [scale = 1, ...ofOwn] = scales.of([asked.vector, ...own.map(({ vector }) => vector)]);
  const vectorOf = (i: number): Float32Array => rowOf(vectors, asked.vector.length, i);
  const ofHits = scales.ofRows(hits.rows, vectorOf);
  const candidates = own.map((hit, i): Candidate => ({ ...hit, score: localScore(hit.cosine, scale, ofOwn[i] ?? 1) }));
  for (const [i, row] of hits.rows.entries()) {
    const [cosine, trackId] = [hits.scores[i] as number, hits.trackIds[i] as TrackId];
    const score = localScore(cosine, scale, ofHits[i] as number);
    candidates.push({ row, trackId, segment: hits.segments[i] as number, cosine, vector: vectorOf(i), score });
  }
  return candidates.sort((a, b) => b.score - a.score || a.row - b.row);
}

type Choice = { query: SimilarQuery; candidates: readonly Candidate[]; asked: Query };

function pick(context: SearchContext, { query, candidates, asked }: Choice): Candidate[] {
  const picker = new Picker(limitsOf(context, query));
  const own = ownTracks(asked);
  for (const trackId of own) picker.block(trackId);
  const picked: Candidate[] = [];
  for (const candidate of candidates) {
    if (picked.length === query.limit) break;
    if (picker.take(candidate.trackId)) picked.push(candidate);
  }
  return picked;
}

function withPassage(
  { trackId, segment, cosine, score, vector }: Candidate,
  { timed, times }: { timed: TimedSegments; times: SegmentTimes },
): Found {
  let best = -1;
  let greatest = -Infinity;
  for (const [i, one] of timed.vectors.entries()) {
    const likeness = product(vector, one);
    if (likeness > greatest) [best, greatest] = [i, likeness];
  }
  const passage = {
    segment,
    startMs: times.startOf(segment),
    durationMs: times.segmentMs,
    queryStartMs: timed.startsMs[best] ?? null,
    queryTrackId: timed.trackIds[best] ?? null,
  };
  return { trackId, cosine, score, vector, passage };
}
