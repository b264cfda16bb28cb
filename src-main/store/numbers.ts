/**
 * @file Numbers that name files. A database that was put back from an earlier day gives numbers again that a later day's files bear already. Those
 * numbers count as given: the files stay where they are and nothing is written over them, so that the later database finds them if it comes back.
 */
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection } from './connection.ts';
import type { DataPaths } from './data-directory.ts';
import { change, values } from './statement.ts';

/** Lies in the folder of an index that another day's database knows. */
const keptName = 'kept-for-a-later-database.txt';

/** An index can be made again; one that no database has asked for since is deleted after this time. */
const keptIndexMs = 30 * 24 * 60 * 60 * 1000;

type Numbered = { table: 'encoders' | 'heads' | 'indexes' | 'runs'; folder: string; pattern: RegExp };

/** Sees to it that no table gives a number that a file bears already. To be called before anything is added. */
export function passOverUsedNumbers(connection: Connection, paths: DataPaths): void {
  const all: Numbered[] = [
    { table: 'encoders', folder: paths.encoders, pattern: /^(\d+)\.safetensors/ },
    { table: 'heads', folder: paths.encoders, pattern: /^head-(\d+)\.safetensors/ },
    { table: 'indexes', folder: paths.indexes, pattern: /^(\d+)$/ },
    { table: 'runs', folder: paths.runs, pattern: /^(\d+)$/ },
  ];
  for (const { table, folder, pattern } of all) {
    const given = lastGiven(connection, table);
    const later = numbersIn(folder, pattern).filter((number) => number > given);
    if (later.length === 0) continue;
    if (table === 'indexes') for (const number of later) if (readdirSync(paths.index(number)).length > 0) keepIndex(paths.index(number));
    giveUpTo(connection, table, Math.max(...later));
  }
}

/** Whether an index folder that the database does not know belongs to another day's database, and is not to be deleted yet. */
export function isKeptIndex(folder: string): boolean {
  const kept = statSync(join(folder, keptName), { throwIfNoEntry: false });
  return kept !== undefined && Date.now() - kept.mtimeMs < keptIndexMs;
}

/** An index that is in force is nobody's leftover. */
export function claimIndex(folder: string): void {
  rmSync(join(folder, keptName), { force: true });
}

/** Counts numbers up to `number` as given. */
export function giveUpTo(connection: Connection, table: string, number: number): void {
  const { changes } = change(connection, 'UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?').run(number, table);
  if (changes === 0) change(connection, 'INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)').run(table, number);
}

/** The last number that a table gave; 0 before the first. */
export function lastGiven(connection: Connection, table: string): number {
  return values<[string], number>(connection, 'SELECT seq FROM sqlite_sequence WHERE name = ?').get(table) ?? 0;
}

function keepIndex(folder: string): void {
  const path = join(folder, keptName);
  if (!existsSync(path))
    writeFileSync(path, 'This index belongs to a later state of the library than the database beside it. It is deleted after 30 days.\n');
}

function numbersIn(folder: string, pattern: RegExp): number[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.flatMap((name) => pattern.exec(name)?.[1] ?? []).map(Number);
}
