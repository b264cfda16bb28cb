/**
 * @file What belongs to a file beside its bytes: extended attributes, access lists, owner, permissions, times. Node reads none of the first two, so the
 * system's own `cp` takes them along. Where it cannot, a file is written in place instead, which keeps all of them (see `overwrite.ts`).
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, closeSync, futimesSync, openSync, statSync } from 'node:fs';
import { toSystemPath } from '../../base/index.ts';

/** Makes the file that a copy is written to. Systems whose `cp` copies no attributes by themselves begin with a copy of the whole file. */
export function beginCopy(target: string, temporary: string): { descriptor: number; hasAttributes: boolean } {
  if (process.platform === 'linux') return { descriptor: openSync(toSystemPath(temporary), 'wx', 0o600), hasAttributes: false };
  let hasAttributes = true;
  if (process.platform === 'win32') copyFileSync(target, temporary);
  else hasAttributes = spawnSync('cp', ['-p', '--', target, temporary], { stdio: 'ignore' }).status === 0;
  return { descriptor: openSync(toSystemPath(temporary), hasAttributes ? 'r+' : 'w', 0o600), hasAttributes };
}

/**
 * Gives an open file everything that another one has beside its bytes.
 * @returns false where that is not possible
 */
export function copyAttributes(from: string, descriptor: number): boolean {
  return copyByDescriptors(from, descriptor, 'mode,ownership,timestamps,xattr');
}

/** Gives an open file the times of another one, to the nanosecond where the system's `cp` can. */
export function copyTimes(from: string, descriptor: number): void {
  if (process.platform === 'linux' && copyByDescriptors(from, descriptor, 'timestamps')) return;
  const { atimeMs, mtimeMs } = statSync(toSystemPath(from));
  futimesSync(descriptor, atimeMs / 1000, mtimeMs / 1000);
}

/** GNU `cp` without the bytes. Both files are handed on open, since a name need not be text. */
function copyByDescriptors(from: string, descriptor: number, what: string): boolean {
  const source = openSync(toSystemPath(from), 'r');
  try {
    const names = ['/proc/self/fd/3', '/proc/self/fd/4'];
    const ended = spawnSync('cp', ['--attributes-only', `--preserve=${what}`, '--', ...names], {
      stdio: ['ignore', 'ignore', 'ignore', source, descriptor],
    });
    return ended.status === 0;
  } finally {
    closeSync(source);
  }
}
