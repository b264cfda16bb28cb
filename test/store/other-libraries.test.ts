/** @file Files named by numbers of another library, or of another day of the same one, are never written over. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { pretraining } from '../../src-main/contract/index.ts';
import type { NewRun, Store } from '../../src-main/store/index.ts';
import { openStore } from '../../src-main/store/index.ts';
import { openingError, smallEncoder, temporaryDirectory, trackFile } from '../support/store-data.ts';

const newRun: NewRun = {
  ...{ name: 'Run', settings: pretraining.recipeDefaults.clmr, selection: { kind: 'library' }, deviceWanted: 'auto', tracks: 1 },
  ...{ codeVersion: '0.1.0', continuesRunId: null, continuesStep: null },
};

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Adds an encoder, its index, a head and a run, each with a file that says whose it is. */
function fill(store: Store, whose: string): void {
  const { paths } = store;
  const encoder = store.encoders.add({ ...smallEncoder(2), name: whose, weightsSha256: whose });
  put(paths.weights(encoder.id), whose);
  const { id } = store.tracks.upsert(trackFile(store, whose));
  const writer = store.index.writer(store.index.ensure(encoder.id, 100).id);
  writer.begin(id, `hash of ${whose}`);
  writer.append(Float32Array.of(whose.length, 1));
  writer.finish();
  writer.close();
  const { head } = store.heads.put({
    ...{ encoderId: encoder.id, source: 'trained', name: whose, architecture: 'logistic', groupedBy: null, examples: 1, seconds: 1 },
    ...{ labels: [], settings: { l2: null, indexed: '' }, lastChangeId: null, weightsSha256: null },
  });
  put(paths.head(head.id), whose);
  const run = store.runs.add({ ...newRun, name: whose });
  put(paths.checkpoint(run.id, 1), whose);
}

function withStore<T>(directory: string, work: (store: Store) => T): T {
  const store = openStore(directory);
  try {
    return work(store);
  } finally {
    store.close();
  }
}

/** All that a store knows lies in its own files, and is `whose` it says. */
function expectOwn(store: Store): void {
  for (const { id, name } of store.encoders.list()) {
    expect(readFileSync(store.paths.weights(id), 'utf8')).toBe(name);
    for (const head of store.heads.list(id)) expect(readFileSync(store.paths.head(head.id), 'utf8')).toBe(name);
    expect(store.index.top(id, 0, 10).values).toEqual(Float32Array.of(name.length));
  }
  for (const { id, name } of store.runs.list()) expect(readFileSync(store.paths.checkpoint(id, 1), 'utf8')).toBe(name);
}

/** Every file below a folder with its content. */
function snapshot(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    names.map((entry) => [
      join(entry.parentPath, entry.name).slice(folder.length),
      readFileSync(join(entry.parentPath, entry.name), 'latin1'),
    ]),
  );
}

describe('a new database', () => {
  for (const kind of ['with its mark', 'of an Earmark that made no marks'] as const)
    it(`leaves every file of the library whose database was moved away as it is, and says where they are: ${kind}`, () => {
      const directory = temporaryDirectory();
      withStore(directory, (store) => fill(store, 'old'));
      if (kind !== 'with its mark') rmSync(join(directory, 'library.json'));
      const before = ['encoders', 'index', 'runs'].map((name) => [name, snapshot(join(directory, name))] as const);
      renameSync(join(directory, 'earmark.db'), join(directory, 'earmark.db.away'));
      const aside = withStore(directory, (store) => {
        expect(store.notice()).toContain(join(directory, 'other-libraries'));
        fill(store, 'newer');
        expectOwn(store);
        return join(directory, 'other-libraries', readdirSync(join(directory, 'other-libraries'))[0] ?? '');
      });
      for (const [name, files] of before) expect(snapshot(join(aside, name))).toEqual(files);
    });

  it('says nothing in an empty directory, and tells of what it set aside until it was seen', () => {
    const directory = temporaryDirectory();
    withStore(directory, (store) => {
      expect(store.notice()).toBeNull();
      fill(store, 'old');
    });
    rmSync(join(directory, 'earmark.db'));
    withStore(directory, (store) => expect(store.notice()).not.toBeNull());
    withStore(directory, (store) => {
      expect(store.notice()).not.toBeNull();
      store.dismissNotice();
    });
    withStore(directory, (store) => expect(store.notice()).toBeNull());
  });

  it('does not take the log of the one before for its own', () => {
    const directory = temporaryDirectory();
    withStore(directory, (store) => fill(store, 'old'));
    writeFileSync(join(directory, 'earmark.db-wal'), 'the last changes');
    rmSync(join(directory, 'earmark.db'));
    withStore(directory, () => undefined);
    const kept = [...snapshot(join(directory, 'other-libraries'))].filter(([name]) => name.endsWith('earmark.db-wal'));
    expect(kept.map(([, text]) => text)).toEqual(['the last changes']);
  });
});

describe('the database of another library', () => {
  it('finds its own files again when it comes back, and those of the other are set aside in their turn', () => {
    const directory = temporaryDirectory();
    const [database, first, second] = ['earmark.db', 'first.db', 'second.db'].map((name) => join(directory, name)) as [
      string,
      string,
      string,
    ];
    withStore(directory, (store) => fill(store, 'first'));
    renameSync(database, first);
    withStore(directory, (store) => fill(store, 'second one'));
    for (const [away, back, name] of [
      [second, first, 'first'],
      [first, second, 'second one'],
    ] as const) {
      renameSync(database, away);
      renameSync(back, database);
      withStore(directory, (store) => {
        expect(store.notice()).toMatch(/another library.*in their place again/);
        expect(store.encoders.list().map((encoder) => encoder.name)).toEqual([name]);
        expectOwn(store);
      });
    }
  });

  it('is not given the files that lie there, whatever its numbers', () => {
    const [here, there] = [temporaryDirectory(), temporaryDirectory()];
    withStore(here, (store) => fill(store, 'here'));
    withStore(there, (store) => fill(store, 'there'));
    cpSync(join(there, 'earmark.db'), join(here, 'earmark.db'));
    const before = snapshot(join(here, 'runs'));
    withStore(here, (store) => {
      expect(existsSync(store.paths.weights(1))).toBe(false);
      const aside = readdirSync(store.paths.otherLibraries)[0] ?? '';
      expect(snapshot(join(store.paths.otherLibraries, aside, 'runs'))).toEqual(before);
    });
  });
});

describe("a library's database of an earlier day", () => {
  it('writes over no file of the later day, which finds all of them when it comes back', () => {
    const directory = temporaryDirectory();
    const [database, early, late] = ['earmark.db', 'early.db', 'late.db'].map((name) => join(directory, name)) as [string, string, string];
    withStore(directory, (store) => fill(store, 'first'));
    cpSync(database, early);
    withStore(directory, (store) => fill(store, 'the later one'));
    renameSync(database, late);
    renameSync(early, database);
    withStore(directory, (store) => {
      expectOwn(store);
      fill(store, 'after the way back');
      expectOwn(store);
      const encoder = store.encoders.list().at(-1);
      expect(encoder?.id).toBe(3);
      store.index.compact(store.index.current(encoder?.id as never)?.id as never, { always: true });
    });
    rmSync(database);
    renameSync(late, database);
    withStore(directory, (store) => {
      expect(store.encoders.list().map(({ name }) => name)).toEqual(['first', 'the later one']);
      expectOwn(store);
    });
  });
});

describe('an empty database', () => {
  for (const [name, damage] of [
    ['of 0 bytes', (path: string) => writeFileSync(path, '')],
    [
      'without tables',
      (path: string) => {
        rmSync(path);
        const database = new Database(path);
        database.pragma('journal_mode = WAL');
        database.close();
      },
    ],
  ] as const)
    it(`beside other files is damage, at every start: ${name}`, () => {
      const directory = temporaryDirectory();
      withStore(directory, (store) => fill(store, 'old'));
      const before = snapshot(join(directory, 'runs'));
      damage(join(directory, 'earmark.db'));
      for (let start = 0; start < 3; start++) {
        const error = openingError(directory);
        expect(error.code).toBe('DATABASE_DAMAGED');
        expect(error.message).not.toMatch(/move it/);
      }
      expect(snapshot(join(directory, 'runs'))).toEqual(before);
    });

  it('alone is a new library', () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'earmark.db'), '');
    withStore(directory, (store) => expect(store.encoders.list()).toEqual([]));
  });
});
