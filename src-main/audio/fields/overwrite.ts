/**
 * @file A file written in place: it stays the same file, with its other names (hard links) and all that belongs to it. A whole copy of what it becomes
 * lies beside it meanwhile, on the disk and under a name that says which file it is; a process that is killed in between leaves that, and whoever
 * finds it writes it over again. Until then the file may be neither old nor new.
 */
import { closeSync, fsyncSync, ftruncateSync, openSync, readSync, readdirSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { toStoredPath, toSystemPath } from '../../base/index.ts';
import { copyTimes } from './attributes.ts';
import { finishingName, leftoverOf } from './temporary-name.ts';

const copyBytes = 1 << 20;

/** Writes a copy over its file and removes it. The copy must be on the disk. Paths are in stored form. */
export function overwrite(target: string, temporary: string): void {
  const { ino } = statSync(toSystemPath(target), { bigint: true });
  const journal = join(dirname(target), finishingName(ino));
  renameSync(toSystemPath(temporary), toSystemPath(journal));
  syncFolder(dirname(target));
  copyOver(target, journal);
  rmSync(toSystemPath(journal));
  syncFolder(dirname(target));
}

/**
 * Finishes a writing that a process was killed in.
 * @param journal the copy that it left
 * @returns false when the file is not beside it any more; the copy then stays, since nothing else may be whole
 */
export function finishWriting(journal: string): boolean {
  const folder = dirname(journal);
  const inode = leftoverOf(journal.slice(folder.length + 1))?.inode ?? null;
  for (const entry of readdirSync(toSystemPath(folder), { encoding: 'buffer' })) {
    const name = toStoredPath(entry);
    if (inode === null || leftoverOf(name) !== null) continue;
    const path = join(folder, name);
    if (statSync(toSystemPath(path), { bigint: true, throwIfNoEntry: false })?.ino !== inode) continue;
    copyOver(path, journal);
    rmSync(toSystemPath(journal));
    return true;
  }
  return false;
}

function copyOver(target: string, journal: string): void {
  const [from, to] = [openSync(toSystemPath(journal), 'r'), openSync(toSystemPath(target), 'r+')];
  try {
    const buffer = Buffer.allocUnsafe(copyBytes);
    let at = 0;
    for (let got = readSync(from, buffer, 0, copyBytes, at); got > 0; got = readSync(from, buffer, 0, copyBytes, at)) {
      for (let done = 0; done < got;) done += writeSync(to, buffer, done, got - done, at + done);
      at += got;
    }
    ftruncateSync(to, at);
    copyTimes(journal, to);
    fsyncSync(to);
  } finally {
    closeSync(from);
    closeSync(to);
  }
}

/** Flushes a folder's list of names to disk. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(toSystemPath(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
