/** @file Notices that something below a folder changed, and asks for a scan when it has been quiet for a moment. What changed is the scan's to find out. */
import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { toSystemPath } from '../../base/index.ts';
import type { FolderId } from '../../contract/index.ts';

/** Quiet time before a scan: a copy in progress is left to finish. */
const quietMs = 2_000;
/** Where the system cannot watch, a folder is looked at this often. */
const fallbackMs = 10 * 60_000;

/** Watchers that are closed before others have their turn: a large folder has thousands. */
export const closedAtOnce = 200;

type Watched = { watchers: Map<string, FSWatcher>; timer: NodeJS.Timeout | undefined; fallback: NodeJS.Timeout | undefined };

/** Watches the folders of the library, one watcher a directory (the systems' recursive watches differ too much). */
export class FolderWatcher {
  readonly #folders = new Map<FolderId, Watched>();
  readonly #onChange: (folderId: FolderId) => void;

  /** @param onChange is called once after each burst of changes below a folder */
  constructor(onChange: (folderId: FolderId) => void) {
    this.#onChange = onChange;
  }

  /** Watches these directories of a folder, in place of those before. */
  watch(folderId: FolderId, directories: readonly string[]): void {
    const watched: Watched = this.#folders.get(folderId) ?? { watchers: new Map(), timer: undefined, fallback: undefined };
    this.#folders.set(folderId, watched);
    const wanted = new Set(directories);
    for (const [directory, watcher] of watched.watchers) {
      if (wanted.has(directory)) continue;
      watcher.close();
      watched.watchers.delete(directory);
    }
    for (const directory of wanted) if (!watched.watchers.has(directory)) this.#add(folderId, watched, directory);
  }

  /** Stops watching a folder. */
  unwatch(folderId: FolderId): void {
    const watched = this.#folders.get(folderId);
    if (watched === undefined) return;
    this.#folders.delete(folderId);
    clearTimeout(watched.timer);
    clearInterval(watched.fallback);
    void closeInTurns([...watched.watchers.values()]);
  }

  /** True while changes below a folder are noticed. */
  isWatching(folderId: FolderId): boolean {
    return this.#folders.has(folderId);
  }

  /** Stops watching everything. */
  close(): void {
    for (const folderId of [...this.#folders.keys()]) this.unwatch(folderId);
  }

  #add(folderId: FolderId, watched: Watched, directory: string): void {
    try {
      const watcher = watch(toSystemPath(directory), { persistent: false }, () => this.#changed(folderId, watched));
      watcher.on('error', () => {
        watcher.close();
        watched.watchers.delete(directory);
        this.#changed(folderId, watched);
      });
      watched.watchers.set(directory, watcher);
    } catch {
      // No more watches to be had (or the directory is gone): look from time to time instead.
      watched.fallback ??= setInterval(() => this.#changed(folderId, watched), fallbackMs).unref();
    }
  }

  #changed(folderId: FolderId, watched: Watched): void {
    // A watcher that is still to be closed belongs to a folder that is not watched any more.
    if (this.#folders.get(folderId) !== watched) return;
    clearTimeout(watched.timer);
    watched.timer = setTimeout(() => this.#onChange(folderId), quietMs).unref();
  }
}

async function closeInTurns(watchers: readonly FSWatcher[]): Promise<void> {
  for (const [i, watcher] of watchers.entries()) {
    if (i > 0 && i % closedAtOnce === 0) await setImmediate();
    watcher.close();
  }
}
