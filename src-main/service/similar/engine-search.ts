/** @file The two ways to the nearest segments: all of them in float32, or by codes first. */
import { blockRows, codeAlong, makeMeeting, makePieces, outcomeOf, prepareQuery, runAtPlace, TopScores } from '../../store/index.ts';
import type { FoundPlaces, PlacedRuns, RunLimit } from '../../store/index.ts';
import type { ScanPool } from './engine-pool.ts';
import { allowedPlaces, allowedRows } from './engine-runs.ts';
import type { Spaces } from './engine-spaces.ts';
import { rowOf } from './vectors.ts';

/**
 * Segments nearest to a query, nearest first, as parallel columns: row of the index, track, number in the track, cosine. `vectors`: float32
 * `[hits, dimensions]`, centred and of length 1, where the search came by them; else null.
 */
export type SegmentHits = {
  rows: Uint32Array;
  trackIds: Int32Array;
  segments: Int32Array;
  scores: Float32Array;
  vectors: Float32Array | null;
};

/** What is searched. */
export type SearchTools = { pool: ScanPool; spaces: Spaces };
/**
 * How many are wanted, with which weights, among which tracks (1 = allowed, by track id), and how many of one track at most; any number when it is
 * left out.
 */
export type SearchWish = { count: number; weights: Float32Array | null; tracks?: Uint8Array; perTrack?: number };

/**
 * Segments that the codes propose to be compared in float32: at least so many, and so many times as many as are wanted. Weights, of which the codes
 * know only what they do to the query, want more. Where few of a track are wanted, some more of each are proposed.
 */
const leastProposed = 512;
const proposedTimes = 3;
const weightedTimes = 2;
const morePerTrack = 2;

/** Compares every allowed segment in float32: those in memory when `isResident`, else as they are read from the index's files. */
export async function searchExactly(
  { pool, spaces }: SearchTools,
  query: Float32Array,
  { count, weights, tracks, perTrack, isResident }: SearchWish & { isResident: boolean },
): Promise<SegmentHits> {
  const { runs, source, segmentMean } = spaces;
  const prepared = prepareQuery(query, weights);
  const most = Math.min(count, runs.total);
  if (!isResident) {
    const pieces = makePieces(allowedRows(runs, tracks));
    const { firstRows } = byRow(runs);
    const limit = perTrack === undefined ? null : { each: perTrack, starts: firstRows };
    const room = most + spare(limit, runs.total / blockRows + pieces.pairs.length / 2);
    const found = await pool.all('topFiles', { source, mean: segmentMean, query: prepared, pieces, most: room, limit });
    return hitsOfRows(runs, best(found, most, limit));
  }
  const space = await spaces.rows();
  const pieces = makePieces(allowedPlaces(runs, tracks).stretches);
  const limit = perTrack === undefined ? null : { each: perTrack, starts: runs.starts };
  const room = most + spare(limit, pieces.pairs.length / 2);
  const found = await pool.all('topRows', { spaceId: space.id, query: prepared, pieces, most: room, limit });
  return hitsOfPlaces(runs, best(found, most, limit));
}

/** Compares codes, and the best of them again in float32; where nearly all would be proposed, all are compared. */
export async function searchFast({ pool, spaces }: SearchTools, query: Float32Array, wish: SearchWish): Promise<SegmentHits> {
  const { runs, source, segmentMean } = spaces;
  const { count, weights, tracks, perTrack } = wish;
  const allowed = allowedPlaces(runs, tracks);
  const proposed = Math.max(leastProposed, count * proposedTimes) * (weights === null ? 1 : weightedTimes);
  if (allowed.total <= proposed) return searchExactly({ pool, spaces }, query, { ...wish, isResident: false });
  const { space, coding } = await spaces.codes();
  const prepared = prepareQuery(query, weights);
  const { dimensions } = source;
  const meeting = makeMeeting(pool.size, proposed, dimensions);
  await pool.all('nearestByCodes', {
    spaceId: space.id,
    coded: codeAlong(along(coding, prepared.vector)),
    query: prepared,
    source,
    mean: segmentMean,
    pieces: makePieces(allowed.stretches),
    limit: perTrack === undefined ? null : { each: perTrack + morePerTrack, starts: runs.starts },
    runs: { starts: runs.starts, firstRows: runs.firstRows },
    meeting,
  });
  const outcome = outcomeOf(meeting);
  const hits = best([outcome], count, perTrack === undefined ? null : { each: perTrack, starts: byRow(runs).firstRows });
  const vectors = new Float32Array(hits.places.length * dimensions);
  for (const [i, row] of hits.places.entries())
    vectors.set(rowOf(meeting.vectors, dimensions, runAtPlace(outcome.places, row)), i * dimensions);
  return { ...hitsOfRows(runs, hits), vectors };
}

/** The coordinates of a vector along the directions of codes, float32 `[leadFloats + width]`. */
function along({ basis }: { basis: Float32Array }, vector: Float32Array): Float32Array {
  const { length } = vector;
  return Float32Array.from({ length: basis.length / length }, (_, k) => {
    let sum = 0;
    for (let i = 0; i < length; i++) sum += (vector[i] as number) * (basis[k * length + i] as number);
    return sum;
  });
}

/** A run that is looked at in several parts may have its number of places from each: so much room keeps them from displacing others. */
function spare(limit: RunLimit, parts: number): number {
  return limit === null ? 0 : limit.each * Math.ceil(parts);
}

/** The best of what threads found, no more of a run than the limit allows. */
function best(found: readonly { places: Uint32Array; scores: Float32Array }[], count: number, limit: RunLimit): FoundPlaces {
  const top = new TopScores(limit === null ? count : found.reduce((sum, { places }) => sum + places.length, 0));
  for (const { places, scores } of found) for (const [i, place] of places.entries()) top.add(scores[i] as number, place);
  const sorted = top.sorted();
  if (limit === null) return sorted;
  const taken = new Map<number, number>();
  const kept = [...sorted.places.keys()].filter((i) => {
    const run = runAtPlace(limit.starts, sorted.places[i] as number);
    taken.set(run, (taken.get(run) ?? 0) + 1);
    return (taken.get(run) as number) <= limit.each;
  });
  const first = kept.slice(0, count);
  return {
    places: Uint32Array.from(first, (i) => sorted.places[i] as number),
    scores: Float32Array.from(first, (i) => sorted.scores[i] as number),
  };
}

function rowOfPlace({ starts, firstRows }: PlacedRuns, place: number): number {
  const run = runAtPlace(starts, place);
  return (firstRows[run] as number) + place - (starts[run] as number);
}

function hitsOfPlaces(runs: PlacedRuns, { places, scores }: FoundPlaces): SegmentHits {
  const at = Array.from(places, (place) => runAtPlace(runs.starts, place));
  return {
    rows: places.map((place) => rowOfPlace(runs, place)),
    trackIds: Int32Array.from(at, (run) => runs.trackIds[run] as number),
    segments: Int32Array.from(at, (run, i) => (places[i] as number) - (runs.starts[run] as number)),
    scores,
    vectors: null,
  };
}

function hitsOfRows(runs: PlacedRuns, { places: rows, scores }: FoundPlaces): SegmentHits {
  const { order, firstRows } = byRow(runs);
  const at = Array.from(rows, (row) => order[runAtPlace(firstRows, row)] as number);
  return {
    rows,
    trackIds: Int32Array.from(at, (run) => runs.trackIds[run] as number),
    segments: Int32Array.from(at, (run, i) => (rows[i] as number) - (runs.firstRows[run] as number)),
    scores,
    vectors: null,
  };
}

const orders = new WeakMap<PlacedRuns, { order: Uint32Array; firstRows: Uint32Array }>();

/** The runs by where they lie in the files. */
function byRow(runs: PlacedRuns): { order: Uint32Array; firstRows: Uint32Array } {
  let known = orders.get(runs);
  if (known === undefined) {
    const order = Uint32Array.from(runs.firstRows.keys()).sort((a, b) => (runs.firstRows[a] as number) - (runs.firstRows[b] as number));
    known = { order, firstRows: order.map((run) => runs.firstRows[run] as number) };
    orders.set(runs, known);
  }
  return known;
}
