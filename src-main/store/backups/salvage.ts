/** @file Saves what can still be read of a damaged database: table by table into a new one, around the places that cannot be read. */
import { rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { AppError } from '../../base/index.ts';
import { noteDamage } from '../damage.ts';
import type { DataPaths } from '../data-directory.ts';
import type { Connection } from '../connection.ts';
import { migrations } from '../migrations/index.ts';
import { isDamage } from '../sqlite-errors.ts';
import { backupFiles } from './backup-files.ts';
import { finishCopy, unfinishedCopy } from './copy.ts';
import { closeListGaps } from './list-gaps.ts';
import type { CopyReport } from './copy.ts';
import { readRows } from './readable-rows.ts';
import { keepPresent, putInPlace } from './restore.ts';

/** What was saved; the damaged database is at `kept`. `lost`: tables of which something could not be read, or had nothing left to belong to. */
export type SalvageReport = CopyReport & { kept: string; lost: string[] };

/** Told which table of how many is read. */
export type OnTables = (done: number, total: number) => void;

/**
 * Puts a database in the damaged one's place that holds every row of it that can be read.
 * @throws AppError `DATABASE_DAMAGED` when nothing can be read, `NEWER_DATABASE`, `DISK_FULL`: the damaged one stays
 */
export async function salvageDatabase(paths: DataPaths, onTables: OnTables = () => undefined): Promise<SalvageReport> {
  const prepared = `${paths.database}.salvaged`;
  const lost = new Set<string>();
  try {
    const target = new Database(unfinishedCopy(prepared));
    try {
      const source = openDamaged(paths);
      try {
        makeTables(target, versionOf(source, paths));
        copyTables(source, target, { lost, onTables });
      } finally {
        source.close();
      }
      findParents(target, paths, lost);
      closeListGaps(target);
      if (isEmpty(target)) throw noteDamage(paths, 'nothing in it can be read');
    } finally {
      target.close();
    }
    const { bytes, tables } = finishCopy(prepared);
    const kept = await keepDamaged(paths);
    putInPlace(paths, prepared);
    return { file: paths.database, bytes, tables, kept, lost: [...lost].toSorted() };
  } catch (error) {
    unfinishedCopy(prepared);
    rmSync(prepared, { force: true });
    throw isDamage(error) ? noteDamage(paths, error instanceof Error ? error.message : String(error), error) : error;
  }
}

/** The damaged one is kept byte for byte, also where it was not noted before that it is. */
async function keepDamaged(paths: DataPaths): Promise<string> {
  noteDamage(paths, 'what could be read of it was saved');
  return (await keepPresent(paths)) ?? paths.database;
}

function openDamaged(paths: DataPaths): Connection {
  const source = new Database(paths.database, { readonly: true, fileMustExist: true });
  try {
    source.prepare('SELECT count(*) FROM sqlite_schema').get();
    return source;
  } catch (error) {
    source.close();
    throw error;
  }
}

function versionOf(source: Connection, paths: DataPaths): number {
  const version = Number(source.pragma('user_version', { simple: true }));
  const newest = migrations.at(-1)?.version ?? 0;
  if (version > newest) throw new AppError('NEWER_DATABASE', `${paths.database} was written by a newer Earmark. Save it with that one.`);
  // Where the number itself is lost, the tables that are there decide.
  return version >= 1 ? version : newest;
}

function makeTables(target: Connection, version: number): void {
  target.pragma('foreign_keys = OFF');
  for (const migration of migrations) if (migration.version <= version) target.exec(migration.sql);
  target.pragma(`user_version = ${version}`);
}

type Copying = { lost: Set<string>; onTables: OnTables };

function copyTables(source: Connection, target: Connection, { lost, onTables }: Copying): void {
  const tables = tablesOf(target);
  const readable = new Set(tablesOf(source));
  for (const [i, table] of tables.entries()) {
    onTables(i, tables.length);
    if (!readable.has(table)) {
      lost.add(table);
      continue;
    }
    target.transaction(() => {
      const columns = columnsOf(target, table).filter((column) => columnsOf(source, table).includes(column));
      const names = columns.map((column) => `"${column}"`).join(', ');
      const insert = target.prepare(`INSERT OR IGNORE INTO "${table}" (${names}) VALUES (${columns.map(() => '?').join(', ')})`);
      const isWhole = readRows(source, { table, columns, primaryKey: keyOf(target, table) }, (row) => {
        try {
          if (insert.run(...row).changes === 0) return;
        } catch {
          // A row whose values are not of the kinds that the column takes is not one that was written.
          lost.add(table);
        }
      });
      if (!isWhole) lost.add(table);
    })();
  }
  giveNumbers(source, target);
}

/** Numbers that name files are never given again, also where the rows that had them are lost. */
function giveNumbers(source: Connection, target: Connection): void {
  try {
    const given = source.prepare<[], [string, number]>('SELECT name, seq FROM sqlite_sequence').raw().all();
    for (const [name, seq] of given) {
      const { changes } = target.prepare('UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?').run(seq, name);
      if (changes === 0) target.prepare('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)').run(name, seq);
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
}

/** Rows that belong to a lost one get it from the newest backup that has it; those that still belong to nothing go. */
function findParents(target: Connection, paths: DataPaths, lost: Set<string>): void {
  const backup = backupFiles(paths)[0]?.file;
  if (backup !== undefined) fillFrom(target, backup);
  for (const { from, column, parent, key, mayBeNull } of linksOf(target)) {
    const orphan = `"${column}" IS NOT NULL AND "${column}" NOT IN (SELECT "${key}" FROM "${parent}")`;
    const sql = mayBeNull ? `UPDATE "${from}" SET "${column}" = NULL WHERE ${orphan}` : `DELETE FROM "${from}" WHERE ${orphan}`;
    if (target.prepare(sql).run().changes > 0) lost.add(from);
  }
}

function fillFrom(target: Connection, backup: string): void {
  try {
    target.prepare('ATTACH ? AS backup').run(backup);
    for (const { from, column, parent, key } of linksOf(target)) {
      const columns = columnsOf(target, parent).filter((name) => columnsIn(target, 'backup', parent).includes(name));
      const names = columns.map((name) => `"${name}"`).join(', ');
      target.exec(`INSERT OR IGNORE INTO main."${parent}" (${names}) SELECT ${names} FROM backup."${parent}" b
        WHERE b."${key}" IN (SELECT "${column}" FROM main."${from}" WHERE "${column}" NOT IN (SELECT "${key}" FROM main."${parent}"))`);
    }
    target.exec('DETACH backup');
  } catch (error) {
    // A backup of other tables, or a damaged one, has nothing to give.
    if (target.inTransaction) throw error;
  }
}

type Link = { from: string; column: string; parent: string; key: string; mayBeNull: boolean };

/** Which column of which table names a row of which other. */
function linksOf(connection: Connection): Link[] {
  return tablesOf(connection).flatMap((table) => {
    const keys = connection.pragma(`foreign_key_list("${table}")`) as { table: string; from: string; to: string | null }[];
    const columns = connection.pragma(`table_info("${table}")`) as { name: string; notnull: number; pk: number }[];
    return keys.map(({ table: parent, from: column, to }) => {
      const about = columns.find(({ name }) => name === column);
      const mayBeNull = about?.notnull === 0 && about.pk === 0;
      return { from: table, column, parent, key: to ?? 'id', mayBeNull };
    });
  });
}

function isEmpty(target: Connection): boolean {
  return tablesOf(target).every((table) => target.prepare(`SELECT 1 FROM "${table}" LIMIT 1`).get() === undefined);
}

/** Tables in an order in which they were made, so that those that others belong to come first. */
function tablesOf(connection: Connection): string[] {
  const sql = `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid`;
  return connection.prepare<[], string>(sql).pluck().all();
}

function columnsOf(connection: Connection, table: string): string[] {
  return (connection.pragma(`table_info("${table}")`) as { name: string }[]).map(({ name }) => name);
}

function columnsIn(connection: Connection, schema: string, table: string): string[] {
  return (connection.pragma(`${schema}.table_info("${table}")`) as { name: string }[]).map(({ name }) => name);
}

/** The columns that a table lies ordered by: its own number, or its key where it has none. */
function keyOf(connection: Connection, table: string): string[] {
  const about = (connection.pragma('table_list') as { name: string; wr: number }[]).find(({ name }) => name === table);
  if (about?.wr !== 1) return ['rowid'];
  const columns = connection.pragma(`table_info("${table}")`) as { name: string; pk: number }[];
  return columns
    .filter(({ pk }) => pk > 0)
    .toSorted((a, b) => a.pk - b.pk)
    .map(({ name }) => name);
}
