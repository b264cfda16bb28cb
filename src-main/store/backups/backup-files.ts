/** @file The backups of a library: what they are called, which there are, and which of them stay. */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DataPaths } from '../data-directory.ts';

/**
 * Why a backup was made: `regular` at a start, daily or when asked; `version` before the tables of a newer Earmark; `replaced` was the
 * database until another was restored.
 */
export type BackupKind = 'regular' | 'version' | 'replaced';

/** A backup. `at`: when it was made, ms since 1970. */
export type BackupFile = { file: string; kind: BackupKind; at: number; bytes: number };

/** Newest backups of each kind that stay, whatever their age; a damaged database that was replaced is kept like them. */
const kept = { regular: 3, version: 3, replaced: 3, damaged: 2 };

/** Of older regular ones the last of each day stays, for so many days. */
const keptDays = 7;

/** All together they take no more than this, or than three times the newest where that is more. */
const mostBytes = 2 * 2 ** 30;

const dayMs = 24 * 60 * 60 * 1000;

/** Each kind by its files' names. */
const patterns: [BackupKind, RegExp][] = [
  ['regular', /^earmark-\d{4}-\d\d-\d\dT[\d-]+\.db$/],
  ['version', /^earmark-version-\d+\.db$/],
  ['replaced', /^replaced-\d{4}-\d\d-\d\dT[\d-]+\.db$/],
];

/** All backups, newest first. What is not whole has another name until it is. */
export function backupFiles(paths: DataPaths): BackupFile[] {
  const found = namesIn(paths.backups).flatMap((name) => {
    const kind = patterns.find(([, pattern]) => pattern.test(name))?.[0];
    const info = statSync(join(paths.backups, name), { throwIfNoEntry: false });
    return kind === undefined || info === undefined ? [] : [{ file: join(paths.backups, name), kind, at: info.mtimeMs, bytes: info.size }];
  });
  return found.toSorted((a, b) => b.at - a.at || (a.file < b.file ? 1 : -1));
}

/** A name that no backup has yet. */
export function newBackupFile(paths: DataPaths, kind: 'regular' | 'replaced' | 'damaged', at = Date.now()): string {
  const first = kind === 'regular' ? 'earmark' : kind;
  const taken = new Set(namesIn(paths.backups));
  for (let time = at; ; time += 1000) {
    const name = `${first}-${new Date(time).toISOString().slice(0, 19).replaceAll(':', '-')}.db`;
    if (!taken.has(name)) return join(paths.backups, name);
  }
}

/** Deletes the backups that are no longer wanted. */
export function rotateBackups(paths: DataPaths): void {
  for (const file of outdated(backupFiles(paths))) rmSync(file, { force: true });
  const damaged = namesIn(paths.backups).filter((name) => /^damaged-.*\.db$/.test(name));
  for (const name of damaged.toSorted().slice(0, -kept.damaged))
    for (const ending of ['', '-wal']) rmSync(join(paths.backups, name + ending), { force: true });
}

/** The backups that need not stay. @param files newest first */
export function outdated(files: readonly BackupFile[]): string[] {
  const stays = new Set<string>();
  for (const kind of ['regular', 'version', 'replaced'] as const)
    for (const { file } of files.filter((one) => one.kind === kind).slice(0, kept[kind])) stays.add(file);
  const days = new Map<number, string>();
  for (const { file, at } of files.filter((one) => one.kind === 'regular'))
    if (!days.has(Math.floor(at / dayMs))) days.set(Math.floor(at / dayMs), file);
  for (const file of [...days.values()].slice(0, keptDays)) stays.add(file);
  const limit = Math.max(mostBytes, 3 * (files[0]?.bytes ?? 0));
  let bytes = 0;
  // The newest regular one and the one before it stay whatever they take.
  const always = new Set(
    files
      .filter((one) => one.kind === 'regular')
      .slice(0, 2)
      .map(({ file }) => file),
  );
  for (const one of files.filter(({ file }) => stays.has(file))) {
    bytes += one.bytes;
    if (bytes > limit && !always.has(one.file)) stays.delete(one.file);
  }
  return files.map(({ file }) => file).filter((file) => !stays.has(file));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
