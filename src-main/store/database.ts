/** @file Opens the database: its settings, its check for damage, the copy before a migration, and the migrations themselves. */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { AppError, toAppError } from '../base/index.ts';
import { finishCopy, unfinishedCopy } from './backups/copy.ts';
import type { Connection } from './connection.ts';
import { forgetDamage, noteDamage, readDamage, statementError } from './damage.ts';
import type { DataPaths } from './data-directory.ts';
import { hasLostTables } from './identity.ts';
import { migrations } from './migrations/index.ts';
import type { Migration } from './migrations/index.ts';

/** A database up to this size is checked whole at every start (a fraction of a second); a larger one after an interrupted process. */
const alwaysCheckedBytes = 32 * 1024 * 1024;

/** Pages that SQLite keeps in memory, in kibibytes. */
const cacheKibibytes = 16 * 1024;

/** How to open the database. */
export type DatabaseOptions = {
  paths: DataPaths;
  /** The process before was killed: look closely. */
  wasInterrupted: boolean;
  /** The schema's versions; all of them when absent. */
  versions?: readonly Migration[];
};

/**
 * Opens or makes the database and brings it to the newest version.
 * @throws AppError `NEWER_DATABASE` for a file of a later Earmark, `DATABASE_DAMAGED` for one that cannot be trusted (it stays as it is),
 *   `DISK_FULL` when there is no room for the copy or the migration
 */
export function openDatabase(options: DatabaseOptions): Connection {
  const { paths } = options;
  let connection: Connection | undefined;
  try {
    if (readDamage(paths) !== null) checkAgain(paths);
    connection = connect(paths.database);
    if (hasLostTables(connection, paths)) throw noteDamage(paths, 'it holds no tables');
    if (needsCheck(paths.database, options.wasInterrupted)) checkDatabase(connection, paths);
    migrate(connection, options.paths, options.versions ?? migrations);
    return connection;
  } catch (error) {
    connection?.close();
    throw statementError(error, paths, `open the database ${paths.database}`);
  }
}

function connect(path: string): Connection {
  const connection = new Database(path);
  try {
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = NORMAL');
    connection.pragma('foreign_keys = ON');
    connection.pragma(`cache_size = -${cacheKibibytes}`);
    connection.pragma('journal_size_limit = 67108864');
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function needsCheck(path: string, wasInterrupted: boolean): boolean {
  return wasInterrupted || statSync(path).size <= alwaysCheckedBytes;
}

/** Walks over the whole database. @throws AppError `DATABASE_DAMAGED` */
export function checkDatabase(connection: Connection, paths: DataPaths): void {
  const found = connection.pragma('quick_check(1)', { simple: true });
  if (found !== 'ok') throw noteDamage(paths, String(found));
}

/** Looks closely at a database that was found damaged, without writing to it; forgets the damage when there is none (any more). */
function checkAgain(paths: DataPaths): void {
  const connection = new Database(paths.database, { readonly: true, fileMustExist: true });
  try {
    const found = connection.pragma('integrity_check(1)', { simple: true });
    if (found !== 'ok') throw noteDamage(paths, readDamage(paths)?.found ?? String(found));
  } finally {
    connection.close();
  }
  forgetDamage(paths);
}

/** Runs the migrations that the database has not seen, after making a copy of a database that holds something. */
function migrate(connection: Connection, paths: DataPaths, versions: readonly Migration[]): void {
  const newest = versions.at(-1)?.version ?? 0;
  const found = Number(connection.pragma('user_version', { simple: true }));
  if (found > newest) throw newer(paths.database, found, newest);
  if (found === newest) return;
  if (found > 0) backUp(connection, paths, found);
  for (const migration of versions) {
    if (migration.version <= found) continue;
    connection.transaction(() => {
      connection.exec(migration.sql);
      connection.pragma(`user_version = ${migration.version}`);
    })();
  }
}

function newer(path: string, found: number, newest: number): AppError {
  return new AppError(
    'NEWER_DATABASE',
    `The library’s database ${path} was written by a newer Earmark (version ${found} of its tables; this one knows ${newest}). ` +
      `Nothing was changed. Start the newer Earmark, or choose another directory with --data.`,
    { details: { path, found, newest } },
  );
}

function backUp(connection: Connection, paths: DataPaths, version: number): void {
  const target = join(paths.backups, `earmark-version-${version}.db`);
  try {
    mkdirSync(paths.backups, { recursive: true });
    connection.prepare('VACUUM INTO ?').run(unfinishedCopy(target));
    finishCopy(target);
  } catch (error) {
    throw toAppError(error, `copy the database ${paths.database} to ${target} before changing its tables`);
  }
}
