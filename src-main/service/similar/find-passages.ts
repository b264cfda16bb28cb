/** @file Passages near a query: the segments that match best, of every track the best one, with hubs held down; and which passage of the query each matches. */
import type { SimilarQuery, TrackId } from '../../contract/index.ts';
import { timingOf } from '../listening/listening.ts';
import { passingMask } from './filter.ts';
import { ownTracks } from './find-tracks.ts';
import { localScore } from './hubs.ts';
import type { SegmentScales } from './hubs.ts';
import type { SegmentHits } from './neighbours.ts';
import { limitsOf, onSteadySpace, withoutOwn } from './parts.ts';
import type { Found, Search, SimilarParts } from './parts.ts';
import { makeQuery, timedSegments } from './query.ts';
import type { Query, TimedSegments } from './query.ts';
import { Picker } from './rank.ts';
import { product, rowOf } from './vectors.ts';

/** Tracks whose passages are put in order with hubs held down, for each result that is wanted; then so many times as many. */
const tracksPerResult = 2;
const furtherTracks = 8;
/** Segments of a track that are asked for, since the best may be the query's own. */
const hitsPerTrack = 2;

/** @throws AppError NOT_FOUND, BAD_INPUT */
export async function findPassages(parts: SimilarParts, query: SimilarQuery, weights: Float32Array | null): Promise<Search> {
  const { neighbours, hubs, sources, store } = parts;
  const { encoderId } = query;
  return onSteadySpace(neighbours, encoderId, async (space) => {
    const asked = await makeQuery(sources, query, 'segments');
    const isWhole = (startMs: number, endMs: number): boolean => startMs === 0 && endMs === Infinity;
    const tracks = withoutOwn(passingMask(store, query.filter), asked, isWhole);
    const considered = store.index.countSegments(encoderId, tracks);
    const scales = await hubs.segmentScales(encoderId, space);
    const timing = timingFor(parts, query);
    const isOwn = ownSegments(asked, timing);
    let found: Candidate[] = [];
    for (let most = tracksPerResult * query.limit; ; most *= furtherTracks) {
      const count = most * hitsPerTrack;
      const options = { count, weights, tracks, perTrack: hitsPerTrack, exact: query.exact };
      const hits = await neighbours.segmentTop(encoderId, asked.vector, options);
      const candidates = scored(parts, { query, hits: bestOfEach(hits, isOwn, most), scales, asked });
      found = pick(parts, { query, candidates, asked });
      if (found.length === query.limit || hits.rows.length < count) break;
    }
    const timed = await timedSegments(sources, encoderId, asked.like);
    return { considered, found: found.map((one) => withPassage(one, { timed, timing })), vector: asked.vector };
  });
}

type Timing = { hopMs: number; segmentMs: number };
type Hit = { row: number; trackId: TrackId; segment: number; cosine: number };
type Candidate = Hit & { score: number; vector: Float32Array };

function timingFor({ store }: SimilarParts, { encoderId }: SimilarQuery): Timing {
  const encoder = store.encoders.get(encoderId);
  return timingOf(encoder, store.index.current(encoderId)?.hopSamples ?? encoder.cropSamples);
}

/** Whether a segment overlaps a passage that the query names. */
function ownSegments({ like, unlike }: Query, { hopMs, segmentMs }: Timing): (trackId: number, segment: number) => boolean {
  const stretches = [...like, ...unlike].flatMap((example) => example.stretches);
  return (trackId, segment) =>
    stretches.some((one) => one.trackId === trackId && segment * hopMs < one.endMs && segment * hopMs + segmentMs > one.startMs);
}

/** The best segment of each of the first `most` tracks. */
function bestOfEach(hits: SegmentHits, isOwn: (trackId: number, segment: number) => boolean, most: number): Hit[] {
  const best = new Map<number, Hit>();
  for (let i = 0; i < hits.rows.length && best.size < most; i++) {
    const [trackId, segment] = [hits.trackIds[i] as TrackId, hits.segments[i] as number];
    if (best.has(trackId) || isOwn(trackId, segment)) continue;
    best.set(trackId, { row: hits.rows[i] as number, trackId, segment, cosine: hits.scores[i] as number });
  }
  return [...best.values()];
}

type Scoring = { query: SimilarQuery; hits: readonly Hit[]; scales: SegmentScales; asked: Query };

/** Best first, hubs held down. */
function scored({ neighbours, store }: SimilarParts, { query, hits, scales, asked }: Scoring): Candidate[] {
  const { encoderId } = query;
  const vectors = neighbours.rowVectors(
    encoderId,
    hits.map(({ row }) => row),
  );
  const { dimensions } = store.encoders.get(encoderId);
  const own = scales.of(asked.vector);
  const candidates = hits.map((hit, i): Candidate => {
    const vector = rowOf(vectors, dimensions, i);
    return { ...hit, vector, score: localScore(hit.cosine, own, scales.ofRow(hit.row, vector)) };
  });
  return candidates.sort((a, b) => b.score - a.score || a.row - b.row);
}

type Choice = { query: SimilarQuery; candidates: readonly Candidate[]; asked: Query };

function pick(parts: SimilarParts, { query, candidates, asked }: Choice): Candidate[] {
  const picker = new Picker(limitsOf(parts, query));
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
  { timed, timing }: { timed: TimedSegments; timing: Timing },
): Found {
  let best = -1;
  let greatest = -Infinity;
  for (const [i, one] of timed.vectors.entries()) {
    const likeness = product(vector, one);
    if (likeness > greatest) [best, greatest] = [i, likeness];
  }
  const passage = {
    segment,
    startMs: segment * timing.hopMs,
    durationMs: timing.segmentMs,
    queryStartMs: timed.startsMs[best] ?? null,
    queryTrackId: timed.trackIds[best] ?? null,
  };
  return { trackId, cosine, score, vector, passage };
}
