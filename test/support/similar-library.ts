/** @file A small indexed library with known embeddings, and the similar service on it. */
import { onTestFinished } from 'vitest';
import { seededRandom } from '../../src-main/base/index.ts';
import { similarQuerySchema, trackFilterSchema } from '../../src-main/contract/index.ts';
import type { EncoderId, QueryItem, SimilarQuery, TrackFilter, TrackId } from '../../src-main/contract/index.ts';
import { Similar } from '../../src-main/service/similar/similar.ts';
import type { Store, TrackFile } from '../../src-main/store/index.ts';
import { EventHub } from '../../src-main/service/event-hub.ts';
import { sourceEntries } from '../../src-main/host/core.ts';
import { BruteNeighbours } from './brute-neighbours.ts';
import { smallEncoder, temporaryStore, trackFile } from './store-data.ts';

/** A track to be: its embeddings `[segments][dimensions]`, and what else is said of it. */
export type PlannedTrack = { rows: number[][]; file?: Partial<TrackFile> };

/** What a test works with. */
export type SimilarLibrary = {
  store: Store;
  encoderId: EncoderId;
  trackIds: TrackId[];
  similar: Similar;
  neighbours: BruteNeighbours;
  /** A query of this encoder; what is not given is the contract's default. */
  query(like: QueryItem[], more?: Partial<Omit<SimilarQuery, 'filter'>> & { filter?: Partial<TrackFilter> }): SimilarQuery;
};

/** Stores the tracks and their embeddings, in order. */
export async function similarLibrary(planned: readonly PlannedTrack[]): Promise<SimilarLibrary> {
  const store = temporaryStore();
  const dimensions = planned[0]?.rows[0]?.length ?? 1;
  const encoder = store.encoders.add(smallEncoder(dimensions));
  const trackIds = planned.map(({ file }, i) => {
    const named = { artist: `Artist ${i}`, album: `Album ${i}`, ...file };
    return store.tracks.upsert(trackFile(store, `track ${i}`, named)).id;
  });
  const index = store.index.ensure(encoder.id, encoder.cropSamples);
  const writer = store.index.writer(index.id);
  for (const [i, { rows }] of planned.entries()) {
    writer.begin(trackIds[i] as TrackId, `hash of track ${i}`);
    writer.append(Float32Array.from(rows.flat()));
    writer.finish();
  }
  writer.close();
  const neighbours = new BruteNeighbours(store);
  const similar = new Similar({ store, entries: sourceEntries, events: new EventHub() }, neighbours);
  onTestFinished(() => similar.close());
  const query: SimilarLibrary['query'] = (like, more = {}) => similarQuerySchema.parse({ encoderId: encoder.id, like, ...more });
  return { store, encoderId: encoder.id, trackIds, similar, neighbours, query };
}

/** A filter; what is not given lets everything pass. */
export function filterOf(filter: Partial<TrackFilter>): TrackFilter {
  return trackFilterSchema.parse(filter);
}

/** Tracks around a few centres, drawn from a seed. */
export function clustered(count: number, { dimensions = 8, segments = 3, seed = 1, clusters = 4 } = {}): PlannedTrack[] {
  const random = seededRandom(seed);
  const draw = (scale: number): number[] => Array.from({ length: dimensions }, () => scale * random.normal());
  const centres = Array.from({ length: clusters }, () => draw(1));
  return Array.from({ length: count }, (_, i) => {
    const centre = centres[i % clusters] ?? [];
    const own = draw(0.6);
    const around = (): number[] => draw(0.4).map((value, k) => value + (centre[k] ?? 0) + (own[k] ?? 0));
    return { rows: Array.from({ length: segments }, around) };
  });
}
