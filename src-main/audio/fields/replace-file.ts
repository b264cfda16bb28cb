/**
 * @file Puts a file together from pieces beside its place, has it looked at, and moves it there: the old file or the new one is there, never half of
 * one. The copy has all that belongs to the file beside its bytes, its time of change too. A file that has several names, or something that cannot be
 * copied, is written in place (see `overwrite.ts`).
 */
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  ftruncateSync,
  futimesSync,
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
import { beginCopy, copyAttributes, copyTimes } from './attributes.ts';
import type { Piece } from './open-tag.ts';
import { overwrite, syncFolder } from './overwrite.ts';
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

/** A copy of a file with another tag, that lies beside it. Paths are in stored form. `isWhole`: it has all that the file has beside its bytes. */
export type Copy = { path: string; target: string; temporary: string; before: Stats; isWhole: boolean };

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
    const isWhole = writeNew(temporary, { source, pieces, target, before });
    return { path: source.path, target, temporary, before, isWhole };
  } catch (error) {
    throw failed(temporary, source.path, error);
  }
}

/**
 * Moves a copy to the file's place. The file must be closed: not every system replaces open ones.
 * @param check throws when that must not be
 * @throws AppError what `check` throws; BAD_INPUT when the file changed meanwhile; NOT_ALLOWED …. The old file is then as it was, and the copy gone
 */
export async function takePlace(
  { path, target, temporary, before, isWhole }: Copy,
  check: (temporary: string) => Promise<void>,
): Promise<void> {
  try {
    await check(temporary);
    const now = statSync(toSystemPath(target));
    if (now.mtimeMs !== before.mtimeMs || now.size !== before.size || now.ino !== before.ino)
      throw new AppError('BAD_INPUT', `${path} was changed by another program just now. Try again.`);
    if (now.nlink > 1 || !isWhole) return overwrite(target, temporary);
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

type NewFile = { source: FileSource; pieces: readonly Piece[]; target: string; before: Stats };

/** True when it has everything that the file has beside its bytes. */
function writeNew(path: string, { source, pieces, target, before }: NewFile): boolean {
  const { descriptor: file, hasAttributes } = beginCopy(target, path);
  try {
    ftruncateSync(file, 0);
    for (const piece of pieces) {
      if (piece instanceof Uint8Array) writeAll(file, piece);
      else copy(file, source, piece);
    }
    if (hasAttributes) copyTimes(target, file);
    const isWhole = hasAttributes || copyAttributes(target, file);
    if (!isWhole) futimesSync(file, before.atimeMs / 1000, before.mtimeMs / 1000);
    fsyncSync(file);
    return isWhole;
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
