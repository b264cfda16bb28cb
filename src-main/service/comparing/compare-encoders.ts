/**
 * @file Compares two encoders on what a library itself can tell: whether the tracks nearest to one are of its album, of its artist, or carry its tags. Both are
 * standardised alike. Intervals are bootstraps over artists, of the paired difference too.
 */
import { createHash } from 'node:crypto';
import { AppError, breather, defined } from '../../base/index.ts';
import { comparedBy } from '../../contract/index.ts';
import type { ComparedBy, Comparison, EncoderId, TrackId } from '../../contract/index.ts';
import { metrics } from '../../learn/index.ts';
import type { IndexId, LiveRun, Store } from '../../store/index.ts';
import { allRuns } from '../indexing/all-runs.ts';
import { ownTracks } from '../library/demo.ts';
import { meanOf, product, rowOf, rowsOf, unit } from '../similar/vectors.ts';
import { sharedLabels } from './shared-labels.ts';
import type { Known } from './shared-labels.ts';

/** So many tracks are compared at most, whole artists of them: more would take minutes and tell no more. */
const mostTracks = 3_000;
/** Neighbours that are looked at. */
const nearest = 5;

/** Which encoders, and when to give up. `report` hears how far it is. */
export type CompareWish = {
  encoderId: EncoderId;
  againstId: EncoderId;
  signal: AbortSignal;
  report?: (done: number, total: number) => void;
};

type Indexed = { encoderId: EncoderId; runs: ReadonlyMap<number, LiveRun>; dimensions: number; indexId: IndexId };

/** @throws AppError NOT_FOUND where one of them has no index; CANCELLED */
export async function compareEncoders(store: Store, { encoderId, againstId, signal, report }: CompareWish): Promise<Comparison> {
  const both = [encoderId, againstId].map((id) => indexed(store, id));
  const trackIds = chosenTracks(store, both);
  const known = sharedLabels(store, trackIds);
  const breathe = breather();
  const pause = (): Promise<void> => {
    signal.throwIfAborted();
    return breathe();
  };
  const total = 2 * trackIds.length;
  const neighbours: Int32Array[] = [];
  for (const [turn, one] of both.entries()) {
    const vectors = standardised(await means(store, one, trackIds, pause), one.dimensions);
    const told = (done: number): void => report?.(turn * trackIds.length + done, total);
    neighbours.push(await nearestOf({ vectors, dimensions: one.dimensions }, pause, told));
  }
  const [own, against] = neighbours.map((found) => precisions(found, known));
  const rows = comparedBy.flatMap((by) => figuresOf(by, known, defined(own, 'own'), defined(against, 'against')));
  return { encoderId, againstId, tracks: trackIds.length, rows, verdict: verdictOf(rows) };
}

function indexed(store: Store, encoderId: EncoderId): Indexed {
  const index = store.index.current(encoderId);
  if (index !== null) return { encoderId, indexId: index.id, dimensions: index.dimensions, runs: allRuns(store, index.id) };
  throw new AppError('NOT_FOUND', `${store.encoders.get(encoderId).name} has no index yet. Index the library with it first.`);
}

/** Tracks of the person's own music that both have heard; of a large library whole artists, in an order that hangs on their names alone. */
function chosenTracks(store: Store, both: readonly Indexed[]): TrackId[] {
  const [first, second] = both.map(({ runs }) => runs);
  // Runs that can be shown are of a track's sound as it is now, in both.
  const heard = [...defined(first, 'an index').values()].filter(({ trackId }) => second?.has(trackId) === true);
  const trackIds = ownTracks(store, heard).map(({ trackId }) => trackId);
  if (trackIds.length <= mostTracks) return trackIds;
  const numberOf = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE(0);
  const keys = new Map(store.tracks.summaries(trackIds).map(({ id, artist, album }) => [id, numberOf(artist || album || String(id))]));
  return trackIds.toSorted((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0) || a - b).slice(0, mostTracks);
}

/** Means of tracks' segments, `[tracks, dimensions]`. */
async function means(store: Store, one: Indexed, trackIds: readonly TrackId[], pause: () => Promise<void>): Promise<Float32Array> {
  const { dimensions, runs } = one;
  const rows = store.index.openRows(one.indexId);
  const all = new Float32Array(trackIds.length * dimensions);
  try {
    for (const [place, trackId] of trackIds.entries()) {
      const { firstRow, segments } = defined(runs.get(trackId), 'a track of the index');
      all.set(meanOf(rowsOf(rows.read(firstRow, segments), dimensions)), place * dimensions);
      await pause();
    }
  } finally {
    rows.close();
  }
  return all;
}

/** Of each dimension mean 0 and deviation 1 over the tracks, then of each track length 1. */
function standardised(vectors: Float32Array, dimensions: number): Float32Array {
  const count = vectors.length / dimensions;
  for (let at = 0; at < dimensions; at++) {
    let [sum, squares] = [0, 0];
    for (let row = at; row < vectors.length; row += dimensions) sum += vectors[row] ?? 0;
    for (let row = at; row < vectors.length; row += dimensions) squares += ((vectors[row] ?? 0) - sum / count) ** 2;
    const deviation = Math.sqrt(squares / count) || 1;
    for (let row = at; row < vectors.length; row += dimensions) vectors[row] = ((vectors[row] ?? 0) - sum / count) / deviation;
  }
  for (let row = 0; row < count; row++) vectors.set(unit(rowOf(vectors, dimensions, row)), row * dimensions);
  return vectors;
}

/** The nearest others of each track, `[tracks, nearest]`; −1 where there are no more. */
async function nearestOf(
  { vectors, dimensions }: { vectors: Float32Array; dimensions: number },
  pause: () => Promise<void>,
  told: (done: number) => void,
): Promise<Int32Array> {
  const count = vectors.length / dimensions;
  const found = new Int32Array(count * nearest).fill(-1);
  const likeness = new Float32Array(count);
  for (let query = 0; query < count; query++) {
    const own = rowOf(vectors, dimensions, query);
    for (let other = 0; other < count; other++) likeness[other] = product(own, rowOf(vectors, dimensions, other));
    likeness[query] = -Infinity;
    for (let place = 0; place < Math.min(nearest, count - 1); place++) {
      let best = 0;
      for (let other = 1; other < count; other++) if ((likeness[other] as number) > (likeness[best] as number)) best = other;
      found[query * nearest + place] = best;
      likeness[best] = -Infinity;
    }
    told(query + 1);
    await pause();
  }
  return found;
}

/** Of each member of each label: of as many neighbours as others share it, five at most, how many do; label by label. */
function precisions(found: Int32Array, { labels }: Known): Float64Array[] {
  return labels.map(({ members }) => {
    const own = new Set(members);
    const count = Math.min(nearest, members.length - 1);
    return Float64Array.from(members, (query) => {
      let same = 0;
      for (let place = 0; place < count; place++) if (own.has(found[query * nearest + place] ?? -1)) same++;
      return same / count;
    });
  });
}

type Row = Comparison['rows'][number];

function figuresOf(by: ComparedBy, { labels, groups }: Known, own: readonly Float64Array[], against: readonly Float64Array[]): Row[] {
  const chosen = labels.flatMap((label, index) => (label.by === by ? [{ label, index }] : []));
  const flat = (all: readonly Float64Array[]): Float64Array => Float64Array.from(chosen.flatMap(({ index }) => [...(all[index] ?? [])]));
  const grouped = chosen.flatMap(({ label }) => label.members.map((place) => groups[place] ?? 0));
  if (grouped.length === 0) return [];
  const [first, second] = [flat(own), flat(against)];
  const others = groups.length - 1;
  const chance = chosen.reduce((sum, { label: { members } }) => sum + (members.length * (members.length - 1)) / others, 0) / grouped.length;
  return [
    {
      ...{ by, queries: grouped.length, groups: new Set(grouped).size, chance },
      own: metrics.meanPrecision(first, grouped),
      against: metrics.meanPrecision(second, grouped),
      difference: metrics.meanPrecision(
        first.map((value, query) => value - (second[query] ?? 0)),
        grouped,
      ),
    },
  ];
}

function verdictOf(rows: readonly Row[]): Comparison['verdict'] {
  const known = rows.flatMap(({ difference: { low, high } }) => (low === null || high === null ? [] : [{ low, high }]));
  if (known.length === 0) return 'unknown';
  const [isBetter, isWorse] = [known.some(({ low }) => low > 0), known.some(({ high }) => high < 0)];
  return isBetter === isWorse ? 'unclear' : isBetter ? 'better' : 'worse';
}
