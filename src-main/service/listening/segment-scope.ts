/** @file Which segments a filter leaves: tracks by folder and playlist, and by tag also the passages that carry it. */
import type { PlaylistId, SegmentFilter, SegmentTiming, TrackId } from '../../contract/index.ts';
import type { SegmentScope, SegmentSpan, Store } from '../../store/index.ts';
import { answersOn, carriesAny } from './segment-answers.ts';
import type { SegmentAnswers } from './segment-answers.ts';

/** What a filter asks. */
export type ScopeSources = {
  store: Pick<Store, 'tracks' | 'tags' | 'playlists' | 'index'>;
  answers: SegmentAnswers;
  /** All tracks of a playlist; a smart one is asked. */
  playlistTracks: (playlistId: PlaylistId) => Promise<readonly TrackId[]>;
};

/** Lists that are kept. */
const mostLists = 8;

/** Makes scopes of filters. */
export class SegmentScopes {
  readonly #sources: ScopeSources;
  readonly #lists = new Map<string, ReadonlySet<number>>();

  constructor(sources: ScopeSources) {
    this.#sources = sources;
  }

  /** Undefined for a filter without rules. @throws AppError NOT_FOUND for a tag or playlist that is gone, and what a smart playlist's query throws */
  async of(filter: SegmentFilter | undefined, timing: SegmentTiming): Promise<SegmentScope | undefined> {
    if (filter === undefined) return undefined;
    const { folderIds, tagIds, playlistIds } = filter;
    if (folderIds.length + tagIds.length + playlistIds.length === 0) return undefined;
    const { store, answers } = this.#sources;
    const lists = await Promise.all(playlistIds.map((id) => this.#list(id)));
    const marks = tagIds.map((tagId) => answers.of(store.tags.get(tagId).id));
    const folders = new Set<number>(folderIds);
    const { folderIds: folderOf } = store.tracks.columns();
    const has = (trackId: number): boolean =>
      (folders.size === 0 || folders.has(folderOf[trackId] as number)) &&
      marks.every((ofTag) => carriesAny(ofTag.get(trackId))) &&
      (lists.length === 0 || lists.some(({ tracks }) => tracks.has(trackId)));
    const spans = (trackId: number, count: number): readonly SegmentSpan[] | null => {
      const own = marks.flatMap((ofTag) => ofTag.get(trackId) ?? []).filter(({ passages }) => passages.length > 0);
      if (own.length === 0) return null;
      const on = own.map((one) => answersOn(one, timing));
      return spansOf(count, (segment) => on.every((answer) => answer(segment) === 'yes'));
    };
    const key = [folderIds.join(), tagIds.join(), store.tags.revision, ...lists.map((list) => list.key)].join(' | ');
    return { key, has, size: 0, spans };
  }

  async #list(playlistId: PlaylistId): Promise<{ key: string; tracks: ReadonlySet<number> }> {
    const { store, playlistTracks } = this.#sources;
    const { smart, updatedAt } = store.playlists.get(playlistId);
    // What a smart one finds hangs on the whole library.
    const key = `${playlistId} ${updatedAt}${smart === null ? '' : ` ${store.index.revision()} ${store.tags.revision}`}`;
    const tracks = this.#lists.get(key) ?? new Set<number>(await playlistTracks(playlistId));
    this.#lists.delete(key);
    this.#lists.set(key, tracks);
    for (const oldest of this.#lists.keys()) if (this.#lists.size > mostLists) this.#lists.delete(oldest);
    return { key, tracks };
  }
}

/** The stretches of segments that pass, in order. */
function spansOf(count: number, passes: (segment: number) => boolean): SegmentSpan[] {
  const spans: SegmentSpan[] = [];
  for (let segment = 0; segment < count; segment++) {
    if (!passes(segment)) continue;
    const from = segment;
    while (segment + 1 < count && passes(segment + 1)) segment++;
    spans.push([from, segment + 1]);
  }
  return spans;
}
