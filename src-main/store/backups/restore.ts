/**
 * @file Puts a copy in the database's place. What it replaces is kept as a backup first, so that it can be undone; up to the last step, which moves
 * the checked copy there in one go, a crash leaves the database that was. Whoever calls this holds the directory's lock and has nothing open.
 */
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { AppError, flushFolder } from '../../base/index.ts';
import { forgetDamage, readDamage } from '../damage.ts';
import type { DataPaths } from '../data-directory.ts';
import type { Connection } from '../connection.ts';
import { migrations } from '../migrations/index.ts';
import { isDamage } from '../sqlite-errors.ts';
import { newBackupFile, rotateBackups } from './backup-files.ts';
import { copyDatabase, flushFile } from './copy.ts';
import type { CopyReport, OnPages } from './copy.ts';

/** What was restored, and where what it replaced is kept; null when there was nothing. */
export type RestoreReport = CopyReport & { kept: string | null };

/**
 * Restores a backup.
 * @throws AppError `BAD_INPUT` for a file that is no database of Earmark, `NEWER_DATABASE`, `DATABASE_DAMAGED` for a damaged one, `FILE_GONE`,
 *   `DISK_FULL`: the database is the one that was
 */
export async function restoreDatabase(paths: DataPaths, file: string, onPages?: OnPages): Promise<RestoreReport> {
  const prepared = `${paths.database}.restoring`;
  try {
    const { bytes, tables } = await copyDatabase(file, prepared, onPages);
    checkSchema(prepared, file);
    const kept = await keepPresent(paths);
    keepRowsApart(prepared, kept);
    putInPlace(paths, prepared);
    return { file, bytes, tables, kept };
  } catch (error) {
    rmSync(prepared, { force: true });
    if (error instanceof AppError && error.code === 'DATABASE_DAMAGED' && error.details['path'] === prepared)
      throw new AppError('DATABASE_DAMAGED', `The backup ${file} is damaged. Choose another; the database is the one that was.`, {
        cause: error,
      });
    throw error;
  }
}

/** Keeps the database as it is now: checked, or, where it is damaged, byte for byte with its log. @returns where; null without one */
export async function keepPresent(paths: DataPaths): Promise<string | null> {
  if (!existsSync(paths.database)) return null;
  mkdirSync(paths.backups, { recursive: true });
  if (readDamage(paths) === null) {
    try {
      return (await copyDatabase(paths.database, newBackupFile(paths, 'replaced'))).file;
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'DATABASE_DAMAGED')) throw error;
    }
  }
  const kept = newBackupFile(paths, 'damaged');
  for (const ending of ['-wal', '']) {
    if (!existsSync(paths.database + ending)) continue;
    copyFileSync(paths.database + ending, kept + ending);
    flushFile(kept + ending);
  }
  flushFolder(paths.backups);
  return kept;
}

/** Moves a checked database into the place of the one that was; that one's log must be gone first, or it would be read as the new one's. */
export function putInPlace(paths: DataPaths, prepared: string): void {
  if (existsSync(paths.database) && readDamage(paths) === null) closeLog(paths.database);
  for (const ending of ['-wal', '-shm']) rmSync(paths.database + ending, { force: true });
  renameSync(prepared, paths.database);
  flushFolder(paths.root);
  forgetDamage(paths);
  rotateBackups(paths);
}

/** Brings the log into the database, so that a crash between here and the move loses none of it. */
function closeLog(path: string): void {
  try {
    const connection = new Database(path);
    try {
      connection.pragma('journal_mode = DELETE');
    } finally {
      connection.close();
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
}

/**
 * The two databases may share an index's files. The rows that the replaced one knew are dead to the restored one, and never written over, so that
 * the replaced one finds them if it comes back.
 */
function keepRowsApart(prepared: string, kept: string | null): void {
  if (kept === null) return;
  const connection = new Database(prepared);
  try {
    connection.prepare('ATTACH ? AS kept').run(kept);
    const identity = connection.prepare(`SELECT count(*) FROM kept.sqlite_schema WHERE name = 'identity'`).pluck().get();
    if (identity === 0 || !hasTable(connection, 'identity')) return;
    connection.exec(`UPDATE main.indexes SET committed_rows = max(committed_rows,
      coalesce((SELECT k.committed_rows FROM kept.indexes k WHERE k.id = indexes.id), 0))
      WHERE (SELECT value FROM main.identity WHERE key = 'id') IS (SELECT value FROM kept.identity WHERE key = 'id')`);
  } catch (error) {
    // A damaged one cannot say; its index is made anew where it does not fit.
    if (!isDamage(error)) throw error;
  } finally {
    connection.close();
  }
}

/** A file from outside is taken only if it has the tables of a version of Earmark, and nothing that runs by itself. */
function checkSchema(path: string, file: string): void {
  const connection = new Database(path, { readonly: true, fileMustExist: true });
  try {
    const version = Number(connection.pragma('user_version', { simple: true }));
    const newest = migrations.at(-1)?.version ?? 0;
    if (version > newest)
      throw new AppError('NEWER_DATABASE', `The backup ${file} was made by a newer Earmark. Restore it with that one.`, {
        details: { file, found: version, newest },
      });
    if (version < 1 || describe(connection) !== schemaOf(version))
      throw new AppError('BAD_INPUT', `${file} is not a database of Earmark. Choose a file that \`earmark backup\` made.`, {
        details: { file },
      });
  } finally {
    connection.close();
  }
}

/** Tables with their columns, and indexes, of a version of the schema. */
function schemaOf(version: number): string {
  const connection = new Database(':memory:');
  try {
    for (const migration of migrations) if (migration.version <= version) connection.exec(migration.sql);
    return describe(connection);
  } finally {
    connection.close();
  }
}

function describe(connection: Connection): string {
  const sql = `SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce((SELECT group_concat(c.name || ' ' || c.type || ' ' || c.pk)
    FROM pragma_table_info(s.name) c), '') FROM sqlite_schema s WHERE name NOT LIKE 'sqlite_%' ORDER BY 1`;
  return connection.prepare<[], string>(sql).pluck().all().join('\n');
}

function hasTable(connection: Connection, name: string): boolean {
  return connection.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?`).get(name) !== undefined;
}
