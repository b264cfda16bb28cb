/**
 * @file Which library a data directory belongs to. The database has a random number of its own, and so have the folders whose files are named by
 * its numbers (`library.json`). Where the two differ, or the database is gone, those files are another library's: they are moved to
 * `other-libraries/`, whole, and come back when their database does. Nothing is deleted and nothing written over.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { flushFolder, writeWholeNow } from '../base/index.ts';
import type { Connection } from './connection.ts';
import type { DataPaths } from './data-directory.ts';
import { forgetDamage, noteDamage } from './damage.ts';
import { change, values } from './statement.ts';

/** Null: made by an Earmark that gave libraries no number yet. */
type LibraryId = string | null;

/** What a library's files carry. */
type Mark = { library: LibraryId; about: string };

const markAbout =
  'This names the library that the files of encoders/, index/ and runs/ beside it belong to; earmark.db holds the same. Leave it here.';

/**
 * Looks at what lies in the data directory before the database is opened. Beside a database that is gone everything is set aside.
 * @returns what was done, as a sentence for the person; null when nothing was
 * @throws AppError `DATABASE_DAMAGED` for a database of 0 bytes beside other files
 */
export function makeWay(paths: DataPaths): string | null {
  const bytes = statSync(paths.database, { throwIfNoEntry: false })?.size;
  if (bytes !== undefined) {
    if (bytes === 0 && hasOthers(paths)) throw noteDamage(paths, 'it has no content');
    return null;
  }
  // What was noted concerns the database that is gone.
  forgetDamage(paths);
  if (!hasOthers(paths)) return null;
  const folder = setAside(paths);
  return (
    `There was no database in ${paths.root}, but files of an earlier library. They were moved to ${folder}, whole, and a new library was begun. ` +
    `To go back, end Earmark, and put the old earmark.db back (its files follow by themselves) or restore one of the backups in that folder.`
  );
}

/** Whether a database lost its tables: it holds none, and lies beside files of a library. A new one is made before there are any. */
export function hasLostTables(connection: Connection, paths: DataPaths): boolean {
  const tables = values<[], number>(connection, 'SELECT count(*) FROM sqlite_schema').get();
  return tables === 0 && hasOthers(paths);
}

/**
 * Sees to it that the folders are those of the database, and that both carry the same number.
 * @returns what was done, as a sentence for the person; null when nothing was
 */
export function settleIdentity(connection: Connection, paths: DataPaths): string | null {
  const own = readId(connection);
  const found = readMark(paths);
  if (own !== null && own === found?.library) {
    // A start that ended while it took files back left some.
    takeBack(paths, asideOf(paths, own));
    return null;
  }
  // A database that has no number yet is the one whose files were set aside without one, else that of the files which are here.
  const kept = own ?? (asideOf(paths, null).length === 0 ? (found?.library ?? null) : null);
  const isOther = found === null ? own !== null && hasNumbered(paths) : found.library !== kept;
  const back = isOther ? asideOf(paths, kept) : [];
  const folder = isOther ? setAside(paths) : null;
  settle(connection, paths, kept ?? randomUUID());
  takeBack(paths, back);
  if (folder === null) return null;
  const before = back.length === 0 ? '' : ` Those of this library were in ${back.join(' and ')} and are in their place again.`;
  return `The encoders, runs and indexes in ${paths.root} belonged to another library than earmark.db. They were moved to ${folder}.${before}`;
}

/** Keeps a sentence for the person until it was seen. */
export function setNotice(connection: Connection, notice: string | null): void {
  if (notice === null) change(connection, `DELETE FROM identity WHERE key = 'notice'`).run();
  else put(connection, 'notice', notice);
}

/** The sentence that the person has not seen yet. */
export function readNotice(connection: Connection): string | null {
  return values<[], string>(connection, `SELECT value FROM identity WHERE key = 'notice'`).get() ?? null;
}

/** The mark is on the disk before the database says the same, so that a database with a number always has a mark. */
function settle(connection: Connection, paths: DataPaths, id: string): void {
  if (readMark(paths)?.library !== id) writeMark(paths.root, id);
  put(connection, 'id', id);
}

function put(connection: Connection, key: string, value: string): void {
  const sql = 'INSERT INTO identity (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value';
  change(connection, sql).run(key, value);
}

function readId(connection: Connection): string | null {
  return values<[], string>(connection, `SELECT value FROM identity WHERE key = 'id'`).get() ?? null;
}

/** Everything that belongs to one library and would be taken for another's. What is in the cache is named by content and stays. */
function belongings(paths: DataPaths): string[] {
  const logs = ['-wal', '-shm'].map((ending) => paths.database + ending);
  return [paths.encoders, paths.indexes, paths.runs, paths.backups, ...logs].filter((path) => existsSync(path));
}

function hasOthers(paths: DataPaths): boolean {
  const log = statSync(`${paths.database}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  return existsSync(paths.mark) || log > 0 || hasNumbered(paths) || namesIn(paths.backups).some((name) => name.endsWith('.db'));
}

function hasNumbered(paths: DataPaths): boolean {
  return [paths.encoders, paths.indexes, paths.runs].some((folder) => namesIn(folder).some((name) => /^(head-)?\d+(\.|$)/.test(name)));
}

function setAside(paths: DataPaths): string {
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  let folder = join(paths.otherLibraries, stamp);
  for (let again = 2; existsSync(folder); again++) folder = join(paths.otherLibraries, `${stamp}-${again}`);
  mkdirSync(folder, { recursive: true });
  // The folder is marked first and the old mark goes last: after a crash in between, the next start moves what is left.
  writeMark(folder, readMark(paths)?.library ?? null);
  for (const path of belongings(paths)) renameSync(path, join(folder, basename(path)));
  rmSync(paths.mark, { force: true });
  for (const made of [folder, paths.otherLibraries, paths.root]) flushFolder(made);
  return folder;
}

function takeBack(paths: DataPaths, folders: readonly string[]): void {
  for (const folder of folders) {
    for (const name of [paths.encoders, paths.indexes, paths.runs, paths.backups].map((path) => basename(path)))
      moveInto(join(folder, name), join(paths.root, name));
    rmSync(join(folder, basename(paths.mark)), { force: true });
    removeIfEmpty(folder);
    flushFolder(paths.root);
  }
}

/** Moves a folder, or what of it is not in its new place yet. */
function moveInto(from: string, to: string): void {
  if (!existsSync(from)) return;
  if (!existsSync(to)) return renameSync(from, to);
  for (const name of namesIn(from)) if (!existsSync(join(to, name))) renameSync(join(from, name), join(to, name));
  removeIfEmpty(from);
}

function removeIfEmpty(folder: string): void {
  if (namesIn(folder).length === 0) rmdirSync(folder);
}

/** The folders in which a library's files were set aside, the oldest first. */
function asideOf(paths: DataPaths, id: LibraryId): string[] {
  const folders = namesIn(paths.otherLibraries)
    .toSorted()
    .map((name) => join(paths.otherLibraries, name));
  const found = folders.filter((folder) => {
    const mark = parseMark(join(folder, basename(paths.mark)));
    return mark !== null && mark.library === id;
  });
  // Of several without a number each was a library of its own.
  return id === null ? found.slice(-1) : found;
}

function readMark(paths: DataPaths): Mark | null {
  return parseMark(paths.mark);
}

function parseMark(path: string): Mark | null {
  try {
    const mark = JSON.parse(readFileSync(path, 'utf8')) as Partial<Mark>;
    return { library: typeof mark.library === 'string' ? mark.library : null, about: markAbout };
  } catch {
    return null;
  }
}

function writeMark(folder: string, library: LibraryId): void {
  writeWholeNow(join(folder, 'library.json'), `${JSON.stringify({ library, about: markAbout } satisfies Mark, null, 2)}\n`);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
