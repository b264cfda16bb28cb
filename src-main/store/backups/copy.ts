/** @file Copies of the database: made beside their place, checked, flushed to disk, and only then given their name. */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { AppError, flushFolder, toAppError } from '../../base/index.ts';
import type { Connection } from '../connection.ts';
import { isDamage } from '../sqlite-errors.ts';

/** A copy: where it is, its size, and how many rows each table has. */
export type CopyReport = { file: string; bytes: number; tables: Record<string, number> };

/** Told how many pages of how many were copied. */
export type OnPages = (done: number, total: number) => void;

/** Pages copied between two reports. */
const pagesAtOnce = 4096;

/** Where a copy is made until it is whole; what an earlier attempt left there is gone. */
export function unfinishedCopy(target: string): string {
  const path = `${target}.part`;
  for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(path + ending, { force: true });
  return path;
}

/**
 * Checks a copy, flushes it to disk, and gives it its name, in place of what had it.
 * @throws AppError `DATABASE_DAMAGED` when it is not whole; errors of the file system; nothing unfinished stays
 */
export function finishCopy(target: string): CopyReport {
  const path = `${target}.part`;
  try {
    const connection = new Database(path, { fileMustExist: true });
    let tables: Record<string, number>;
    try {
      // A copy is one file: without this it would need a log beside it.
      connection.pragma('journal_mode = DELETE');
      const found = connection.pragma('quick_check(1)', { simple: true });
      if (found !== 'ok') throw damagedCopy(target, String(found));
      tables = countRows(connection);
    } finally {
      connection.close();
    }
    flushFile(path);
    renameSync(path, target);
    flushFolder(dirname(target));
    return { file: target, bytes: statSync(target).size, tables };
  } catch (error) {
    unfinishedCopy(target);
    throw isDamage(error) ? damagedCopy(target, error instanceof Error ? error.message : String(error)) : error;
  }
}

/**
 * Copies a database as it is at one moment, while others may write to it (SQLite's online backup).
 * @throws AppError `DATABASE_DAMAGED` when the source is not whole, `FILE_GONE`, `DISK_FULL` and the like; nothing unfinished stays
 */
export async function copyDatabase(source: string, target: string, onPages: OnPages = () => undefined): Promise<CopyReport> {
  try {
    if (!statSync(source).isFile()) throw new AppError('BAD_INPUT', `${source} is not a file. Choose a file that holds a database.`);
    mkdirSync(dirname(target), { recursive: true });
    const path = unfinishedCopy(target);
    const connection = new Database(source, { readonly: true, fileMustExist: true });
    try {
      // One read transaction over all steps: a writer meanwhile would begin the copy anew.
      connection.exec('BEGIN');
      connection.prepare('SELECT count(*) FROM sqlite_schema').get();
      await connection.backup(path, {
        progress: ({ totalPages, remainingPages }) => {
          onPages(totalPages - remainingPages, totalPages);
          return pagesAtOnce;
        },
      });
    } finally {
      connection.close();
    }
    return finishCopy(target);
  } catch (error) {
    unfinishedCopy(target);
    if (isDamage(error)) throw damagedCopy(source, error instanceof Error ? error.message : String(error));
    throw toAppError(error, `copy the database ${source} to ${target}`);
  }
}

/** How many rows each table has. */
export function countRows(connection: Connection): Record<string, number> {
  const sql = `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`;
  const names = connection.prepare<[], string>(sql).pluck().all();
  return Object.fromEntries(
    names.map((name) => [name, connection.prepare<[], number>(`SELECT count(*) FROM "${name}"`).pluck().get() ?? 0]),
  );
}

/** Flushes a file's content to disk (fsync). */
export function flushFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function damagedCopy(path: string, found: string): AppError {
  return new AppError('DATABASE_DAMAGED', `${path} is damaged (${found}). It was left as it is.`, { details: { path, found } });
}
