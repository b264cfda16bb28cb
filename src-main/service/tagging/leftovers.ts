/** @file Removes the copies beside music files that a process left which was killed while it wrote tags. */
import { readFileSync } from 'node:fs';
import { readdir, realpath, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writerOf } from '../../audio/about.ts';
import { toStoredPath, toSystemPath } from '../../base/index.ts';

/** Looks into the folders of some files; what cannot be read or removed stays. */
export async function removeLeftovers(paths: readonly string[]): Promise<void> {
  const folders = new Set<string>();
  for (const path of paths) {
    const real = await realpath(toSystemPath(path), { encoding: 'buffer' }).catch(() => null);
    if (real !== null) folders.add(dirname(toStoredPath(real)));
  }
  for (const folder of folders) {
    const names = await readdir(toSystemPath(folder)).catch(() => []);
    for (const name of names) {
      const writer = writerOf(name);
      if (writer !== null && !isAlive(writer)) await rm(toSystemPath(join(folder, name)), { force: true }).catch(() => undefined);
    }
  }
}

/** A process that was killed and whose parent has not looked yet still has its number, but writes no more. */
function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return !isZombie(processId);
  } catch (error) {
    // A process of another user is there too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Linux tells; its state stands behind the name, which is in brackets. */
function isZombie(processId: number): boolean {
  try {
    const text = readFileSync(`/proc/${processId}/stat`, 'latin1');
    return /^[ZX]/.test(text.slice(text.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}
