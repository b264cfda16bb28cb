/** @file Puts a file together from pieces beside its place, has it looked at, and moves it there: the old file or the new one is there, never half of one. */
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import type { Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError, toAppError, toStoredPath, toSystemPath } from '../../base/index.ts';
import type { FileSource } from '../file-source.ts';
import type { Piece } from './open-tag.ts';
import { temporaryName } from './temporary-name.ts';

const copyBytes = 1 << 20;

/** The file itself behind links, in stored form. @throws AppError FILE_GONE, NOT_ALLOWED */
export function realPath(path: string): string {
  try {
    return toStoredPath(Buffer.from(realpathSync(toSystemPath(path), { encoding: 'buffer' })));
  } catch (error) {
    throw toAppError(error, `open ${path}`);
  }
}

/** Refuses files that nobody is meant to change. @throws AppError NOT_ALLOWED, FILE_GONE */
export function checkWritable(path: string): void {
  try {
    const { mode } = statSync(toSystemPath(path));
    if ((mode & 0o222) === 0)
      throw new AppError('NOT_ALLOWED', `${path} is read-only. Allow writing to it, then plan again.`, { details: { path } });
    accessSync(toSystemPath(path), constants.W_OK);
    accessSync(toSystemPath(dirname(path)), constants.W_OK);
  } catch (error) {
    throw toAppError(error, `write to ${path}`);
  }
}

/** A copy of a file with another tag, that lies beside it. Paths are in stored form. */
export type Copy = { path: string; target: string; temporary: string; before: Stats };

/**
 * Puts the copy together and flushes it to disk (fsync).
 * @param source the file as it is, open
 * @throws AppError DISK_FULL, NOT_ALLOWED, FILE_UNREADABLE …; nothing half-written stays
 */
export function writeCopy(source: FileSource, pieces: readonly Piece[]): Copy {
  const target = realPath(source.path);
  const temporary = join(dirname(target), temporaryName());
  try {
    const before = statSync(toSystemPath(target));
    writeNew(temporary, { source, pieces, like: before });
    return { path: source.path, target, temporary, before };
  } catch (error) {
    throw failed(temporary, source.path, error);
  }
}

/**
 * Moves a copy to the file's place. The file must be closed: not every system replaces open ones.
 * @param check throws when that must not be
 * @throws AppError what `check` throws; BAD_INPUT when the file changed meanwhile; NOT_ALLOWED …. The old file is then as it was, and the copy gone
 */
export async function takePlace({ path, target, temporary, before }: Copy, check: (temporary: string) => Promise<void>): Promise<void> {
  try {
    await check(temporary);
    const now = statSync(toSystemPath(target));
    if (now.mtimeMs !== before.mtimeMs || now.size !== before.size || now.ino !== before.ino)
      throw new AppError('BAD_INPUT', `${path} was changed by another program just now. Try again.`);
    renameSync(toSystemPath(temporary), toSystemPath(target));
    syncFolder(dirname(target));
  } catch (error) {
    throw failed(temporary, path, error);
  }
}

function failed(temporary: string, path: string, error: unknown): AppError {
  rmSync(toSystemPath(temporary), { force: true });
  return toAppError(error, `write ${path}`);
}

function writeNew(path: string, { source, pieces, like }: { source: FileSource; pieces: readonly Piece[]; like: Stats }): void {
  const file = openSync(toSystemPath(path), 'wx', 0o600);
  try {
    for (const piece of pieces) {
      if (piece instanceof Uint8Array) writeAll(file, piece);
      else copy(file, source, piece);
    }
    keepOwner(file, like);
    fchmodSync(file, like.mode & 0o7777);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function copy(file: number, source: FileSource, { start, end }: { start: number; end: number }): void {
  for (let at = start; at < end; at += copyBytes) {
    const wanted = Math.min(copyBytes, end - at);
    const bytes = source.readAt(at, wanted);
    if (bytes.length < wanted) throw new AppError('FILE_UNREADABLE', `${source.path} became shorter while it was read. Try again.`);
    writeAll(file, bytes);
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
}

function keepOwner(file: number, { uid, gid }: Stats): void {
  try {
    fchownSync(file, uid, gid);
  } catch {
    // Only the system's administrator may give files away; the file is then the writer's own.
  }
}

function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(toSystemPath(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
