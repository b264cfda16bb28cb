/** @file Files of the data directory that a process was writing when it died. */
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { removeDeadTemporaries } from '../base/index.ts';
import type { DataPaths } from './data-directory.ts';

/** Folders are looked into this deep: `runs/N/checkpoints`, `cache/KIND/NAME`. */
const depth = 3;

/** Removes what dead processes left; the directory's lock is held, so that nobody else writes there but children of this process. */
export async function removeStoreLeftovers(paths: DataPaths): Promise<void> {
  await clean(paths.root, depth);
}

async function clean(folder: string, below: number): Promise<void> {
  await removeDeadTemporaries(folder, { alsoFormer: true });
  if (below === 0) return;
  for (const name of await readdir(folder).catch((): string[] => [])) {
    const path = join(folder, name);
    const info = await lstat(path).catch(() => null);
    if (info?.isDirectory() === true) await clean(path, below - 1);
  }
}
