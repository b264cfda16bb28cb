/**
 * @file What people made survives every migration: databases of earlier versions, filled, are brought up to date and compared row by row.
 * `test/support/make-store-fixture.ts` makes such a database.
 */
import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { migrations } from '../../src-main/store/migrations/index.ts';
import { temporaryDirectory, temporaryStore } from '../support/store-data.ts';

const fixtures = fileURLToPath(new URL('../fixtures/store/', import.meta.url));
const files = readdirSync(fixtures).filter((name) => /^version-\d+\.db$/.test(name));
/** The version from which on fixtures have rows in every table. */
const firstFilled = 10;

type Row = Record<string, unknown>;

function open(name: string): Database.Database {
  const path = join(temporaryDirectory(), 'earmark.db');
  copyFileSync(join(fixtures, name), path);
  const database = new Database(path);
  onTestFinished(() => void database.close());
  return database;
}

function tablesOf(database: Database.Database): string[] {
  const sql = `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`;
  return database.prepare<[], string>(sql).pluck().all();
}

/** Every row of every table, in an order that does not depend on where it lies; `columns` narrows to those that were there before. */
function contents(database: Database.Database, columns?: Map<string, string[]>): Map<string, Row[]> {
  const tables = columns === undefined ? tablesOf(database) : [...columns.keys()];
  const read = (table: string): Row[] => {
    const names = columns?.get(table)?.join(', ') ?? '*';
    return database.prepare<[], Row>(`SELECT ${names} FROM ${table}`).all();
  };
  return new Map(tables.map((table) => [table, read(table).toSorted((a, b) => (text(a) < text(b) ? -1 : 1))]));
}

function text(row: Row): string {
  return JSON.stringify(row);
}

function columnsOf(database: Database.Database): Map<string, string[]> {
  const named = (table: string): string[] => (database.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name);
  return new Map(tablesOf(database).map((table) => [table, named(table)]));
}

describe('a database of an earlier version', () => {
  it('is there for the first version and for the first whose every table is filled', () => {
    expect(files).toEqual(expect.arrayContaining(['version-1.db', `version-${firstFilled}.db`]));
  });

  for (const name of files) {
    const version = Number(/\d+/.exec(name)?.[0]);

    it(`keeps every row through every later migration: ${name}`, () => {
      const database = open(name);
      expect(database.pragma('user_version', { simple: true })).toBe(version);
      const columns = columnsOf(database);
      const before = contents(database);
      for (const { version: next, name: step, sql } of migrations.filter((migration) => migration.version > version)) {
        database.transaction(() => database.exec(sql))();
        expect(contents(database, columns), `after migration ${next}, ${step}`).toEqual(before);
      }
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(database.pragma('foreign_key_check')).toEqual([]);
    });

    it.skipIf(version < firstFilled)(`has rows in every table: ${name}`, () => {
      const empty = [...contents(open(name))].filter(([, rows]) => rows.length === 0).map(([table]) => table);
      expect(empty).toEqual([]);
    });
  }

  it('shows everything that people made when the application opens it', () => {
    const directory = temporaryDirectory();
    copyFileSync(join(fixtures, `version-${firstFilled}.db`), join(directory, 'earmark.db'));
    const store = temporaryStore(directory);
    expect(store.tags.list().map(({ kind, name, tracks, passages, rejected }) => [kind, name, tracks, passages, rejected])).toEqual([
      ['mood', 'rainy', 3, 1, 0],
      ['', 'for sets', 1, 1, 1],
    ]);
    expect(store.tags.changes().length).toBeGreaterThan(5);
    const [encoder] = store.encoders.list();
    expect(encoder).toMatchObject({
      name: 'CLMR',
      tagSet: { labels: ['guitar', 'slow'] },
      index: { tracks: 3, segments: 9 },
    });
    const id = encoder?.id as never;
    expect(store.notes.list(id)).toEqual([
      { feature: 0, text: 'loud guitars' },
      { feature: 3, text: 'silence\nbefore the beat' },
    ]);
    expect(store.heads.list(id)).toMatchObject([{ name: 'Your tags', labels: [{ name: 'rainy', slope: 1.25 }] }]);
    expect(store.runs.list()).toMatchObject([
      {
        name: 'Overnight',
        state: 'done',
        checkpoints: [{ step: 2, encoderId: id }, { step: 3 }],
      },
    ]);
    expect(encoder?.run).toEqual({ id: store.runs.list()[0]?.id, step: 2 });
    expect(store.runPoints.curves(store.runs.list()[0]?.id as never, 10).step).toEqual([1, 2, 3]);
    const lists = store.playlists.list();
    expect(lists.map(({ name, tracks }) => [name, tracks])).toEqual([
      ['Rainy', null],
      ['Sunday', 3],
    ]);
    expect(store.playlists.trackIds(lists[1]?.id as never)).toEqual([2, 1, 2]);
    expect(store.writings.list()).toMatchObject([{ state: 'done', files: 1, written: 1 }]);
    expect(store.settings.get()).toMatchObject({
      theme: 'dark',
      encoderId: id,
    });
    expect(store.settings.getView('listen')).toEqual({
      features: '0-3',
      widths: [120, 80],
    });
    expect(store.duplicates.groups()).toEqual([[1, 2]]);
    expect(store.problems.list()).toMatchObject([{ path: '/music/broken.mp3' }]);
  });

  it('knows the run of an encoder whose checkpoint was deleted, by the words that say where it came from', () => {
    const directory = temporaryDirectory();
    copyFileSync(join(fixtures, `version-${firstFilled}.db`), join(directory, 'earmark.db'));
    const before = new Database(join(directory, 'earmark.db'));
    const [run] = before.prepare<[], number>('SELECT id FROM runs').pluck().all();
    before.exec('DELETE FROM checkpoints WHERE encoder_id IS NOT NULL');
    const add =
      before.prepare(`INSERT INTO encoders (name, architecture, settings, sample_rate, crop_samples, dimensions, source, origin, weights_sha256, created_at)
      SELECT ?, architecture, settings, sample_rate, crop_samples, dimensions, ?, ?, ?, ? FROM encoders WHERE id = 1`);
    add.run('Own', 'trained', `run ${run}, step 12`, 'e1', Date.now());
    // What a person calls a file says nothing; a run that is younger than the encoder, or not there, did not give it.
    add.run('File', 'imported', `run ${run}, step 12`, 'e2', Date.now());
    add.run('Older', 'trained', `run ${run}, step 12`, 'e3', 1);
    add.run('Elsewhere', 'trained', 'run 77, step 12', 'e4', Date.now());
    before.close();
    const found = new Map(
      temporaryStore(directory)
        .encoders.list()
        .map(({ name, run: own }) => [name, own]),
    );
    expect(found).toEqual(
      new Map([...(['CLMR', 'File', 'Older', 'Elsewhere'] as const).map((name) => [name, null] as const), ['Own', { id: run, step: 12 }]]),
    );
  });
});
