/** @file The copies beside music files that a process left which was killed while it wrote tags: unfinished ones go, whole ones are written over. */
import { readdir, realpath, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { finishWriting, leftoverOf } from '../../audio/about.ts';
import { isProcessAlive, toStoredPath, toSystemPath } from '../../base/index.ts';

/** Looks into the folders of some files; what cannot be read, written or removed stays. */
export async function removeLeftovers(paths: readonly string[]): Promise<void> {
  const folders = new Set<string>();
  for (const path of paths) {
    const real = await realpath(toSystemPath(path), { encoding: 'buffer' }).catch(() => null);
    if (real !== null) folders.add(dirname(toStoredPath(real)));
  }
  for (const folder of folders) {
    const names = await readdir(toSystemPath(folder), { encoding: 'buffer' }).catch(() => []);
    for (const name of names) await settleLeftover(join(folder, toStoredPath(name)));
  }
}

/** Finishes or removes one copy, unless its process is alive; nothing happens to a file that is none. @param path stored form */
export async function settleLeftover(path: string): Promise<void> {
  const leftover = leftoverOf(path.slice(dirname(path).length + 1));
  if (leftover === null || isProcessAlive(leftover.processId)) return;
  if (leftover.inode === null) await rm(toSystemPath(path), { force: true }).catch(() => undefined);
  else tryFinish(path);
}

function tryFinish(path: string): void {
  try {
    finishWriting(path);
  } catch {
    // The copy stays; the next one who looks tries again.
  }
}
