/** @file Which tracks and passages Listen shows: by folder, tag, playlist, or one track alone. */
import type { FolderId, PlaylistId, SegmentFilter, TagId } from '../../src-main/contract/index.ts';

const none: SegmentFilter = { folderIds: [], tagIds: [], playlistIds: [] };

/** Rules of Listen's filter. */
export class ListenFilter {
  #rules = $state.raw<SegmentFilter>(none);
  #onlyTrack = $state.raw<{ id: number; title: string } | null>(null);

  /** Rules that are set, empty where there are none of a kind. */
  get rules(): SegmentFilter {
    return this.#rules;
  }

  /** Only this track's segments are shown; null for all. */
  get onlyTrack(): { id: number; title: string } | null {
    return this.#onlyTrack;
  }

  /** Whether anything is left out. */
  get isSet(): boolean {
    const { folderIds, tagIds, playlistIds } = this.#rules;
    return this.#onlyTrack !== null || folderIds.length + tagIds.length + playlistIds.length > 0;
  }

  /** Shows only one track's segments; null shows all. */
  showOnly(track: { id: number; title: string } | null): void {
    this.#onlyTrack = track;
  }

  addFolder(id: FolderId): void {
    this.#set({ folderIds: [...this.#rules.folderIds, id] });
  }

  addTag(id: TagId): void {
    this.#set({ tagIds: [...this.#rules.tagIds, id] });
  }

  addPlaylist(id: PlaylistId): void {
    this.#set({ playlistIds: [...this.#rules.playlistIds, id] });
  }

  dropFolder(id: FolderId): void {
    this.#set({ folderIds: this.#rules.folderIds.filter((one) => one !== id) });
  }

  dropTag(id: TagId): void {
    this.#set({ tagIds: this.#rules.tagIds.filter((one) => one !== id) });
  }

  dropPlaylist(id: PlaylistId): void {
    this.#set({ playlistIds: this.#rules.playlistIds.filter((one) => one !== id) });
  }

  /** Shows everything again. */
  clear(): void {
    this.#rules = none;
    this.#onlyTrack = null;
  }

  #set(change: Partial<SegmentFilter>): void {
    const rules = { ...this.#rules, ...change };
    this.#rules = {
      folderIds: rules.folderIds.filter(isFirst),
      tagIds: rules.tagIds.filter(isFirst),
      playlistIds: rules.playlistIds.filter(isFirst),
    };
  }
}

function isFirst<Id>(id: Id, at: number, all: readonly Id[]): boolean {
  return all.indexOf(id) === at;
}
