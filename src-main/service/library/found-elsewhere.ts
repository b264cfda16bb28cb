/** @file What becomes of folders whose tracks a scan found in other ones: one that is gone and left with nothing became part of where they are. */
import type { FolderId } from '../../contract/index.ts';
import type { Store, StoredFolder, Twin } from '../../store/index.ts';
import { isAbsent } from './drives.ts';
import { placeAfter } from './folder-moves.ts';

/** A folder that became part of another, under whose number its tracks go on. */
export type Merge = { from: FolderId; into: FolderId };

/** Gathers the moves of one scan. */
export class FoundElsewhere {
  readonly #store: Store;
  /** For each folder that lost tracks: the paths at which it would be now, and how many of its tracks say so. */
  readonly #places = new Map<FolderId, Map<string, number>>();
  readonly #folders = new Map<FolderId, StoredFolder>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Notes that a track was found at another path. */
  note(before: Pick<Twin, 'folderId' | 'path'>, now: { folderId: FolderId; path: string }): void {
    if (before.folderId === now.folderId) return;
    const folder = this.#folders.get(before.folderId) ?? this.#store.folders.get(before.folderId);
    this.#folders.set(folder.id, folder);
    const places = this.#places.get(folder.id) ?? new Map<string, number>();
    this.#places.set(folder.id, places);
    const place = placeAfter(folder.path, { before: before.path, now: now.path });
    if (place !== null) places.set(place, (places.get(place) ?? 0) + 1);
  }

  /**
   * Settles the folders that are gone. One that lost all of its tracks to a folder of its own goes on there under its own number, which settings of runs
   * name; one that lost them to a part of another folder is taken out of the library. Of one that keeps some it is noted where the others are.
   */
  async finish(): Promise<Merge[]> {
    const { folders, tracks } = this.#store;
    const merges: Merge[] = [];
    for (const [id, places] of this.#places) {
      const folder = folders.get(id);
      // The demo library stays what it is wherever copies of it lie; the next installation has it again.
      if (folder.isDemo || !(await isAbsent(folder.path))) continue;
      const [place] = [...places].sort(([, a], [, b]) => b - a)[0] ?? [null];
      const target = folders.list().find(({ path }) => path === place);
      if (tracks.files(id).length > 0) {
        if (folder.removedAt !== null) continue;
        folders.setState(id, 'unavailable', `The folder ${folder.path} is not there; most of its tracks were found elsewhere.`);
        folders.setMovedTo(id, place);
      } else if (target === undefined) folders.remove(id);
      else {
        folders.move(id, target.path);
        folders.setScanned(id, target.scannedAt ?? Date.now(), target.drive);
        merges.push({ from: target.id, into: id });
      }
    }
    return merges;
  }
}
