/** @file Tags of the seeded library. They follow hidden qualities of the tracks, so that embeddings tell where else they fit. */
import type { TagId, TrackId } from '../../../src-main/contract/index.ts';
import type { Store } from '../../../src-main/store/index.ts';
import { fileKey, qualityOf } from './activations.ts';

/** `yes` tracks have the most of a quality and `no` tracks the least; `passages`: of how many of the first only a passage is marked. */
type PlannedTag = { kind: string; name: string; quality: number; yes: number; no: number; passages: number };

/** The seeded tags. */
export const seedTags: readonly PlannedTag[] = [
  { kind: 'mood', name: 'rainy', quality: 0, yes: 24, no: 11, passages: 0 },
  { kind: 'mood', name: 'driving', quality: 1, yes: 19, no: 7, passages: 0 },
  { kind: 'mood', name: 'bright', quality: 2, yes: 14, no: 0, passages: 0 },
  { kind: '', name: 'for sets', quality: 3, yes: 2, no: 0, passages: 0 },
  { kind: '', name: 'has sax', quality: 4, yes: 10, no: 8, passages: 4 },
  { kind: '', name: '🌧 late night, headphones on, nobody else awake', quality: 5, yes: 7, no: 0, passages: 0 },
];

/** A track by its number, and where it lies. */
export type SeededTrack = { id: TrackId; path: string };

/** Makes the tags and marks tracks with them. */
export function seedTagsOf(store: Store, tracks: readonly SeededTrack[]): void {
  for (const planned of seedTags) {
    const { tag } = store.tags.create({ kind: planned.kind, name: planned.name });
    // The few with most of it are left for suggestions.
    const most = tracks.toSorted((a, b) => ofIt(b, planned) - ofIt(a, planned)).filter((_, i) => i % 4 !== 3);
    const [yes, no] = [most.slice(0, planned.yes), most.toReversed().slice(0, planned.no)];
    mark(store, tag.id, yes.slice(planned.passages), 'yes');
    mark(store, tag.id, no, 'no');
    const passages = yes.slice(0, planned.passages).map(({ id }) => ({ trackId: id, startMs: 5356, endMs: 10_712 }));
    if (passages.length > 0) store.tags.mark({ tagIds: [tag.id], targets: passages, answer: 'yes', source: 'person' });
  }
}

function ofIt({ path }: SeededTrack, { quality }: PlannedTag): number {
  return qualityOf(fileKey(path), quality);
}

function mark(store: Store, tagId: TagId, tracks: readonly SeededTrack[], answer: 'yes' | 'no'): void {
  if (tracks.length === 0) return;
  store.tags.mark({ tagIds: [tagId], targets: tracks.map(({ id }) => ({ trackId: id })), answer, source: 'person' });
}
