/** @file What every question about similar music works with, and how it stays with one state of the index. */
import type { EncoderId, SimilarQuery, SimilarRow, TrackId } from '../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import type { Hubs } from './hubs.ts';
import type { Neighbours, TrackSpace } from './neighbours.ts';
import type { Query, QuerySources } from './query.ts';
import type { PickLimits, RecordingGroups } from './rank.ts';

/** What the service is made of. */
export type SearchContext = { store: Store; neighbours: Neighbours; hubs: Hubs; sources: QuerySources; recordings: RecordingGroups };

/** A result before it is shown: `vector` is the track's or the passage's. */
export type Found = { trackId: TrackId; cosine: number; score: number; vector: Float32Array; passage: SimilarRow['passage'] };

/** What a search gave, best first. `vector` is the query's. */
export type Search = { considered: number; found: Found[]; vector: Float32Array };

/** Times that a question is asked again because the index changed meanwhile. */
const tries = 3;

/** Does work on an encoder's tracks; again when they are others afterwards. @throws AppError NOT_FOUND without an index */
export async function onSteadySpace<T>(neighbours: Neighbours, encoderId: EncoderId, work: (space: TrackSpace) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const space = await neighbours.trackSpace(encoderId);
    const result = await work(space);
    if (attempt === tries || (await neighbours.trackSpace(encoderId)).revision === space.revision) return result;
  }
}

/** Takes the tracks that a query names as a whole out of a mask by track id. */
export function withoutOwn(
  mask: Uint8Array,
  { like, unlike }: Pick<Query, 'like' | 'unlike'>,
  isOwn = (_startMs: number, _endMs: number) => true,
): Uint8Array {
  for (const { stretches } of [...like, ...unlike])
    for (const { trackId, startMs, endMs } of stretches) if (trackId < mask.length && isOwn(startMs, endMs)) mask[trackId] = 0;
  return mask;
}

/** The limits that a query sets. */
export function limitsOf(
  { store, recordings }: SearchContext,
  { perArtist, perAlbum, leaveOutDuplicates }: Pick<SimilarQuery, 'perArtist' | 'perAlbum' | 'leaveOutDuplicates'>,
): PickLimits {
  const groups = leaveOutDuplicates ? recordings.get(store.duplicates.groups()) : null;
  return { columns: store.tracks.columns(), perArtist, perAlbum, groups };
}
