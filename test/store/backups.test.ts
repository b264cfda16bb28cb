/** @file Backups: whole, at one moment, few; restoring, which can be undone; and what is saved of a damaged database. */
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src-main/base/index.ts';
import {
  backupFiles,
  copyDatabase,
  DataPaths,
  newBackupFile,
  openStore,
  readDamage,
  restoreDatabase,
  rotateBackups,
  salvageDatabase,
} from '../../src-main/store/index.ts';
import type { Store } from '../../src-main/store/index.ts';
import { outdated } from '../../src-main/store/backups/backup-files.ts';
import { openingError, smallEncoder, temporaryDirectory, temporaryStore, trackFile } from '../support/store-data.ts';

const filled = fileURLToPath(new URL('../fixtures/store/version-10.db', import.meta.url));

function withStore<T>(directory: string, work: (store: Store) => T): T {
  const store = openStore(directory);
  try {
    return work(store);
  } finally {
    store.close();
  }
}

async function errorOf(work: Promise<unknown>): Promise<AppError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof AppError) return error;
  throw new Error('the work succeeded');
}

/** Writes nonsense over whole pages of a file. */
function damagePages(path: string, pages: readonly number[], pageBytes: number): void {
  const file = openSync(path, 'r+');
  for (const page of pages) writeSync(file, Buffer.alloc(pageBytes, 0x5a), 0, pageBytes, (page - 1) * pageBytes);
  closeSync(file);
}

/** Names of all tags of a data directory. */
function tagsOf(directory: string): string[] {
  return withStore(directory, (store) => store.tags.list().map(({ name }) => name));
}

describe('a backup', () => {
  it('holds everything that was committed, the log included, and can be made while others write', async () => {
    const directory = temporaryDirectory();
    const store = temporaryStore(directory);
    for (let i = 0; i < 300; i++) store.tracks.upsert(trackFile(store, `track ${i}`));
    const target = join(temporaryDirectory(), 'copy.db');
    const pages: number[] = [];
    const copying = copyDatabase(store.paths.database, target, (done) => pages.push(done));
    store.tags.create({ kind: '', name: 'made meanwhile' });
    const report = await copying;
    expect(report).toMatchObject({ file: target, bytes: statSync(target).size, tables: { tracks: 300, folders: 1 } });
    expect(pages.length).toBeGreaterThan(0);
    const copy = new Database(target, { readonly: true });
    expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
    copy.close();
    expect(readdirSync(join(target, '..'))).toEqual(['copy.db']);
  });

  it('of a damaged database is none, and takes the place of no other', async () => {
    const directory = temporaryDirectory();
    withStore(directory, (store) => {
      for (let i = 0; i < 2000; i++) store.tracks.upsert(trackFile(store, `track ${i}`));
    });
    const [source, target] = [join(directory, 'earmark.db'), join(directory, 'copy.db')];
    await copyDatabase(source, target);
    const before = readFileSync(target);
    damagePages(source, [20, 21, 22, 23, 24, 25], 4096);
    expect((await errorOf(copyDatabase(source, target))).code).toBe('DATABASE_DAMAGED');
    expect(readFileSync(target).equals(before)).toBe(true);
    expect(readdirSync(directory).filter((name) => name.startsWith('copy'))).toEqual(['copy.db']);
  });

  it('is one of a few: the newest three, the last of each of seven days, three versions and three that were replaced', () => {
    const paths = new DataPaths(temporaryDirectory());
    mkdirSync(paths.backups);
    const day = 24 * 60 * 60 * 1000;
    const start = Date.UTC(2026, 10, 1, 12);
    const put = (file: string, at: number): void => {
      writeFileSync(file, 'x');
      utimesSync(file, at / 1000, at / 1000);
    };
    for (let i = 0; i < 60; i++) put(newBackupFile(paths, 'regular', start + i * (day / 4)), start + i * (day / 4));
    for (let i = 0; i < 6; i++) put(newBackupFile(paths, 'replaced', start + i * 1000), start + i * 1000);
    for (let i = 1; i < 7; i++) put(join(paths.backups, `earmark-version-${i}.db`), start + i);
    writeFileSync(join(paths.backups, 'mine.db'), 'not one of them');
    rotateBackups(paths);
    const kinds = backupFiles(paths).map(({ kind }) => kind);
    expect(['regular', 'replaced', 'version'].map((kind) => kinds.filter((one) => one === kind).length)).toEqual([8, 3, 3]);
    expect(existsSync(join(paths.backups, 'mine.db'))).toBe(true);
    const days = new Set(
      backupFiles(paths)
        .filter(({ kind }) => kind === 'regular')
        .map(({ at }) => Math.floor(at / day)),
    );
    expect(days.size).toBe(7);
  });

  it('goes before its time where all together would take too much, but for the newest two', () => {
    const huge = Array.from({ length: 6 }, (_, i) => ({ file: `${i}`, kind: 'regular' as const, at: -i * 86_400_000, bytes: 2 ** 40 }));
    expect(outdated(huge)).toEqual(['3', '4', '5']);
  });
});

describe('a restored backup', () => {
  it('takes the place of the database, which is kept, so that it can be undone', async () => {
    const directory = temporaryDirectory();
    const paths = new DataPaths(directory);
    withStore(directory, (store) => store.tags.create({ kind: '', name: 'early' }));
    const backup = newBackupFile(paths, 'regular');
    await copyDatabase(paths.database, backup);
    withStore(directory, (store) => store.tags.create({ kind: '', name: 'late' }));
    const report = await restoreDatabase(paths, backup);
    expect(report).toMatchObject({ file: backup, tables: { tags: 1 } });
    expect(tagsOf(directory)).toEqual(['early']);
    await restoreDatabase(paths, report.kept ?? '');
    expect(tagsOf(directory)).toEqual(['early', 'late']);
  });

  it('shares its index with what it replaced, and neither writes over rows of the other', async () => {
    const directory = temporaryDirectory();
    const paths = new DataPaths(directory);
    const add = (store: Store, name: string, value: number): void => {
      const index = store.index.ensure((store.encoders.list()[0] ?? store.encoders.add(smallEncoder(2))).id, 100);
      const { id } = store.tracks.upsert(trackFile(store, name));
      const writer = store.index.writer(index.id);
      writer.begin(id, `hash of ${name}`);
      writer.append(Float32Array.of(value, value, value, value));
      writer.finish();
      writer.close();
    };
    const read = (store: Store): number[] => [
      ...store.index.query(1 as never, { features: [1], sort: [], search: '', offset: 0, limit: 9 }).values,
    ];
    withStore(directory, (store) => add(store, 'a', 1));
    const backup = newBackupFile(paths, 'regular');
    await copyDatabase(paths.database, backup);
    withStore(directory, (store) => add(store, 'b', 2));
    const { kept } = await restoreDatabase(paths, backup);
    withStore(directory, (store) => {
      expect(read(store)).toEqual([1, 1]);
      add(store, 'c', 3);
      expect(read(store)).toEqual([1, 1, 3, 3]);
    });
    await restoreDatabase(paths, kept ?? '');
    withStore(directory, (store) => expect(read(store)).toEqual([1, 1, 2, 2]));
  });

  it('may be of an earlier version; one of a newer, of something else or damaged is refused, and nothing is different', async () => {
    const directory = temporaryDirectory();
    const paths = new DataPaths(directory);
    withStore(directory, (store) => store.tags.create({ kind: '', name: 'mine' }));
    const [text, other, newer, hostile] = ['text.db', 'other.db', 'newer.db', 'hostile.db'].map((name) => join(directory, name)) as [
      string,
      string,
      string,
      string,
    ];
    writeFileSync(text, 'This is a text.\n'.repeat(1000));
    new Database(other).exec('CREATE TABLE songs (name TEXT); PRAGMA user_version = 3').close();
    copyFileSync(filled, newer);
    new Database(newer).exec('PRAGMA user_version = 999').close();
    copyFileSync(filled, hostile);
    new Database(hostile).exec('CREATE TRIGGER t AFTER INSERT ON tags BEGIN DELETE FROM tracks; END').close();
    const before = readFileSync(paths.database);
    const codes = [];
    for (const file of [text, other, newer, hostile, join(directory, 'none.db')])
      codes.push((await errorOf(restoreDatabase(paths, file))).code);
    expect(codes).toEqual(['DATABASE_DAMAGED', 'BAD_INPUT', 'NEWER_DATABASE', 'BAD_INPUT', 'FILE_GONE']);
    expect(readFileSync(paths.database).equals(before)).toBe(true);
    expect(existsSync(paths.backups)).toBe(false);
    await restoreDatabase(paths, filled);
    expect(tagsOf(directory)).toEqual(['rainy', 'for sets']);
  });
});

describe('a database that was found damaged', () => {
  it('is not opened at any later start, whatever its size and however the process before ended, until it is whole again', () => {
    const directory = temporaryDirectory();
    const paths = new DataPaths(directory);
    withStore(directory, (store) => {
      for (let i = 0; i < 50; i++) store.tracks.upsert(trackFile(store, `track ${i}`));
      expect(store.stopWriting('page 7 is not one').code).toBe('DATABASE_DAMAGED');
      expect(() => store.tags.create({ kind: '', name: 'too late' })).toThrow(/is damaged/);
      expect(store.tracks.query({ search: '', sort: [], offset: 0, limit: 1 }, null).total).toBe(50);
    });
    const good = readFileSync(paths.database);
    const last = Math.floor(good.length / 4096);
    damagePages(
      paths.database,
      Array.from({ length: last - 3 }, (_, i) => i + 4),
      4096,
    );
    const damaged = readFileSync(paths.database);
    for (let start = 0; start < 3; start++) expect(openingError(directory).code).toBe('DATABASE_DAMAGED');
    expect(readFileSync(paths.database).equals(damaged)).toBe(true);
    rmSync(paths.database);
    writeFileSync(paths.database, good);
    temporaryStore(directory);
    expect(readDamage(paths)).toBeNull();
  });

  it('gives back every row outside its damaged pages, and is kept', async () => {
    const directory = temporaryDirectory();
    const paths = new DataPaths(directory);
    const count = 1500;
    withStore(directory, (store) =>
      store.transaction(() => {
        const tag = store.tags.create({ kind: 'mood', name: 'rainy' }).tag;
        for (let i = 0; i < count; i++) {
          const { id } = store.tracks.upsert(trackFile(store, `track ${i}`));
          if (i % 3 === 0) store.tags.mark({ tagIds: [tag.id], targets: [{ trackId: id }], answer: 'yes', source: 'person' });
        }
      }),
    );
    const { pages, rows } = leafPages(paths.database, 'tracks');
    const chosen = pages.filter((_, i) => i % 40 === 7);
    const lostRows = chosen.reduce((sum, page) => sum + (rows.get(page) ?? 0), 0);
    damagePages(paths.database, chosen, 4096);
    const damaged = readFileSync(paths.database);
    expect(openingError(directory).code).toBe('DATABASE_DAMAGED');
    const report = await salvageDatabase(paths);
    expect(report.lost).toContain('tracks');
    expect(report.tables['tracks']).toBe(count - lostRows);
    expect(lostRows).toBeGreaterThan(0);
    expect(readFileSync(report.kept).equals(damaged)).toBe(true);
    withStore(directory, (store) => {
      expect(store.check()).toMatch(/sound/);
      expect(store.tracks.query({ search: 'track 1499', sort: [], offset: 0, limit: 1 }, null).total).toBe(1);
    });
    const database = new Database(paths.database, { readonly: true });
    expect(database.pragma('foreign_key_check')).toEqual([]);
    database.close();
  });

  it('gives its lost rows from the newest backup to what belongs to them, and saves lists that lie in no order of numbers', async () => {
    const directory = temporaryDirectory();
    const paths = new DataPaths(directory);
    const ids = withStore(directory, (store) => {
      const all = Array.from({ length: 1500 }, (_, i) => store.tracks.upsert(trackFile(store, `track ${i}`)).id);
      const { tag } = store.tags.create({ kind: '', name: 'all of them' });
      store.tags.mark({ tagIds: [tag.id], targets: all.map((trackId) => ({ trackId })), answer: 'yes', source: 'person' });
      store.playlists.create({ name: 'All', trackIds: all, smart: null });
      return all;
    });
    await copyDatabase(paths.database, newBackupFile(paths, 'regular'));
    damagePages(
      paths.database,
      leafPages(paths.database, 'tracks').pages.filter((_, i) => i % 30 === 5),
      4096,
    );
    const marks = leafPages(paths.database, 'tag_marks').pages;
    damagePages(paths.database, marks.slice(2, 3), 4096);
    const report = await salvageDatabase(paths);
    expect(report.tables).toMatchObject({ tracks: ids.length, playlist_tracks: ids.length, tags: 1 });
    expect(report.tables['tag_marks']).toBeGreaterThan(ids.length - 300);
    expect(report.tables['tag_marks']).toBeLessThan(ids.length);
  });

  it('gives a playlist that is lost its latest order, under the name that the newest backup knows', async () => {
    const directory = temporaryDirectory();
    const paths = new DataPaths(directory);
    const { id, ids } = withStore(directory, (store) => {
      const all = Array.from({ length: 1500 }, (_, i) => store.tracks.upsert(trackFile(store, `track ${i}`)).id);
      return { ids: all, id: store.playlists.create({ name: 'All', trackIds: all, smart: null }).id };
    });
    await copyDatabase(paths.database, newBackupFile(paths, 'regular'));
    withStore(directory, (store) => store.playlists.setTracks(id, ids.toReversed()));
    damagePages(paths.database, leafPages(paths.database, 'playlists').pages, 4096);
    damagePages(paths.database, leafPages(paths.database, 'playlist_tracks').pages.slice(2, 3), 4096);
    await salvageDatabase(paths);
    withStore(directory, (store) => {
      const left = store.playlists.trackIds(id);
      expect(store.playlists.get(id)).toMatchObject({ name: 'All', tracks: left.length });
      expect(left.length).toBeGreaterThan(500);
      expect(left.length).toBeLessThan(ids.length);
      expect(left).toEqual(left.toSorted((a, b) => b - a));
    });
  });

  it('of which nothing can be read stays, and says so', async () => {
    const directory = temporaryDirectory();
    const paths = new DataPaths(directory);
    withStore(directory, () => undefined);
    writeFileSync(paths.database, 'no database at all\n'.repeat(1000));
    const before = readFileSync(paths.database);
    expect((await errorOf(salvageDatabase(paths))).code).toBe('DATABASE_DAMAGED');
    expect(readFileSync(paths.database).equals(before)).toBe(true);
    expect(readdirSync(directory).filter((name) => name.includes('salvaged'))).toEqual([]);
  });
});

/** The pages that hold a table's rows, and how many rows each holds. */
function leafPages(path: string, table: string): { pages: number[]; rows: Map<number, number> } {
  const database = new Database(path, { readonly: true });
  const found = database
    .prepare<[string], { pageno: number; ncell: number }>(
      `SELECT pageno, ncell FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY pageno`,
    )
    .all(table);
  database.close();
  return { pages: found.map(({ pageno }) => pageno), rows: new Map(found.map(({ pageno, ncell }) => [pageno, ncell])) };
}
