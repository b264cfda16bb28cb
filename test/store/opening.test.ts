/** @file What happens when a data directory is opened: twice, damaged, from another version, on a full disk. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppError } from '../../src-main/base/index.ts';
import { openStore } from '../../src-main/store/index.ts';
import { openingError, smallEncoder, temporaryDirectory, temporaryStore, trackFile } from '../support/store-data.ts';

const fixture = fileURLToPath(new URL('../fixtures/store/version-1.db', import.meta.url));
const storeModule = new URL('../../src-main/store/index.ts', import.meta.url).href;

/** Another process that holds a directory until it is killed. */
async function holdElsewhere(directory: string): Promise<ReturnType<typeof spawn>> {
  const program = `import { openStore } from ${JSON.stringify(storeModule)}; openStore(${JSON.stringify(directory)}); console.log('held'); setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void holder.kill('SIGKILL'));
  await once(holder.stdout, 'data');
  return holder;
}

describe('two instances', () => {
  it('are refused on one data directory, in another process and in this one, and the message names the process', async () => {
    const directory = temporaryDirectory();
    const holder = await holdElsewhere(directory);
    const error = openingError(directory);
    expect(error.code).toBe('DATA_DIRECTORY_IN_USE');
    expect(error.message).toContain(`process ${holder.pid}`);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    temporaryStore(directory);
    expect(openingError(directory).code).toBe('DATA_DIRECTORY_IN_USE');
    expect(openingError(directory).message).toContain(String(process.pid));
  });

  it('may follow one another', () => {
    const directory = temporaryDirectory();
    openStore(directory).close();
    openStore(directory).close();
    expect(existsSync(join(directory, 'lock.pid'))).toBe(false);
  });

  it('are not kept out by a lock file that holds nonsense', () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'lock'), 'nonsense '.repeat(1000));
    writeFileSync(join(directory, 'lock.pid'), '1\n');
    temporaryStore(directory);
  });
});

describe('a database of another version', () => {
  it('is refused and left alone when it is newer', () => {
    const directory = temporaryDirectory();
    openStore(directory).close();
    const database = new Database(join(directory, 'earmark.db'));
    database.pragma('user_version = 999');
    database.close();
    const before = readFileSync(join(directory, 'earmark.db'));
    const error = openingError(directory);
    expect(error.code).toBe('NEWER_DATABASE');
    expect(error.message).toContain('version 999');
    expect(readFileSync(join(directory, 'earmark.db')).equals(before)).toBe(true);
  });

  it('is copied and brought up to date when it is older, with all that it holds', () => {
    const directory = temporaryDirectory();
    copyFileSync(fixture, join(directory, 'earmark.db'));
    const store = temporaryStore(directory);
    expect(store.folders.list()).toMatchObject([{ path: '/music', tracks: 1 }]);
    expect(store.tracks.query({ search: 'knolls', sort: [], offset: 0, limit: 10 }, null).rows).toMatchObject([
      { title: 'Knolls', state: 'waiting' },
    ]);
    const encoder = store.encoders.add(smallEncoder(2));
    expect(store.index.waiting(store.index.ensure(encoder.id, 100).id)).toHaveLength(1);
    const backup = new Database(join(directory, 'backups', 'earmark-version-1.db'), { readonly: true });
    expect(backup.pragma('user_version', { simple: true })).toBe(1);
    expect(backup.prepare('SELECT title FROM tracks').pluck().get()).toBe('Knolls');
    backup.close();
  });

  it('is not copied when it is new or up to date', () => {
    const directory = temporaryDirectory();
    openStore(directory).close();
    openStore(directory).close();
    expect(existsSync(join(directory, 'backups'))).toBe(false);
  });
});

describe('a damaged database', () => {
  const damages: Record<string, (content: Buffer) => Buffer> = {
    'no database at all': () => Buffer.from('This is a text file.\n'.repeat(500)),
    'overwritten pages': (content) => Buffer.concat([content.subarray(0, 4096), Buffer.alloc(content.length - 4096, 0x5a)]),
    'a cut file': (content) => content.subarray(0, Math.floor(content.length / 2)),
  };

  for (const [name, damage] of Object.entries(damages)) {
    it(`is refused with what to do, and kept: ${name}`, () => {
      const directory = temporaryDirectory();
      const made = openStore(directory);
      made.transaction(() => {
        for (let i = 0; i < 200; i++) made.tracks.upsert(trackFile(made, `track ${i}`));
      });
      made.close();
      const path = join(directory, 'earmark.db');
      const content = damage(readFileSync(path));
      writeFileSync(path, content);
      const error = openingError(directory);
      expect(error.code).toBe('DATABASE_DAMAGED');
      expect(error.message).toContain(path);
      expect(readFileSync(path).equals(content)).toBe(true);
      expect(openingError(directory).code).toBe('DATABASE_DAMAGED');
    });
  }
});

describe('a data directory', () => {
  it('that is a file gives a sentence', () => {
    const path = join(temporaryDirectory(), 'file');
    writeFileSync(path, '');
    expect(openingError(path).message).toMatch(/data directory .*file/);
  });

  it('loses forsaken index folders when it is opened, and nothing else', () => {
    const directory = temporaryDirectory();
    const store = openStore(directory);
    const encoder = store.encoders.add(smallEncoder(2));
    const { id } = store.index.ensure(encoder.id, 100);
    store.close();
    for (const name of [String(id), '77', 'notes']) mkdirSync(join(directory, 'index', name), { recursive: true });
    temporaryStore(directory);
    expect(['notes', String(id), '77'].map((name) => existsSync(join(directory, 'index', name)))).toEqual([true, true, false]);
  });
});

/** Adds `count` rows of four features as one track; the values follow from the row. */
function addTrack(
  store: ReturnType<typeof openStore>,
  indexId: Parameters<typeof store.index.writer>[0],
  name: string,
  count: number,
): void {
  const { id } = store.tracks.upsert(trackFile(store, name));
  const writer = store.index.writer(indexId, { rows: 256, intervalMs: 0 });
  try {
    writer.begin(id, `hash of ${name}`);
    writer.append(Float32Array.from({ length: count * 4 }, (_, at) => at % 500));
    writer.finish();
  } finally {
    writer.close();
  }
}

function appError(work: () => void): AppError {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('the work succeeded');
}

describe('a full disk', () => {
  it('stops the writer with a sentence and leaves what was committed (a write call that fails half way)', () => {
    const directory = temporaryDirectory();
    let room = Number.POSITIVE_INFINITY;
    const write = (_file: number, bytes: Uint8Array): number => {
      if (room <= 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      const count = Math.min(bytes.length, room);
      room -= count;
      return count;
    };
    const made = openStore(directory);
    const encoder = made.encoders.add(smallEncoder(4));
    const { id } = made.index.ensure(encoder.id, 100);
    addTrack(made, id, 'first', 300);
    made.close();
    const full = openStore(directory, { writeCalls: { write, sync: () => undefined } });
    room = 5000;
    expect(appError(() => addTrack(full, id, 'second', 300)).code).toBe('DISK_FULL');
    full.close();
    const after = temporaryStore(directory);
    expect(after.index.top(encoder.id, 0, 1).total).toBe(300);
    expect(after.index.waiting(id)).toHaveLength(1);
    addTrack(after, id, 'second', 300);
    expect(after.index.top(encoder.id, 0, 1).total).toBe(600);
  });

  const mounted = mountSmallDisk();
  it.skipIf(mounted === null)('is survived on a real file system of 4 MB (skipped where none can be mounted)', () => {
    const directory = mounted ?? '';
    try {
      const store = openStore(directory);
      const encoder = store.encoders.add(smallEncoder(4));
      const { id } = store.index.ensure(encoder.id, 100);
      addTrack(store, id, 'first', 1000);
      const ballast = join(directory, 'ballast');
      expect(() => writeFileSync(ballast, Buffer.alloc(8 << 20))).toThrow('ENOSPC');
      expect(appError(() => addTrack(store, id, 'second', 60_000)).code).toBe('DISK_FULL');
      const fill = (): void => {
        for (let i = 0; i < 20_000; i++) store.tracks.upsert(trackFile(store, `long name ${'x'.repeat(200)} ${i}`));
      };
      expect(appError(() => store.transaction(fill)).code).toBe('DISK_FULL');
      expect(store.index.top(encoder.id, 0, 1).total).toBe(1000);
      store.close();
      rmSync(ballast);
      const after = openStore(directory);
      expect(after.index.top(encoder.id, 0, 1).total).toBe(1000);
      expect(after.index.embeddings(encoder.id, 1 as never)[4 * 999]).toBe((4 * 999) % 500);
      after.close();
    } finally {
      execFileSync('umount', ['-l', directory]);
      rmSync(directory, { recursive: true });
    }
  });
});

/** Mounts a file system of 4 MB in memory; null where that is not allowed. */
function mountSmallDisk(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  const directory = join(tmpdir(), `earmark-small-disk-${process.pid}`);
  mkdirSync(directory);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', directory], { stdio: 'ignore' });
    return statSync(directory).isDirectory() ? directory : null;
  } catch {
    rmSync(directory, { recursive: true });
    return null;
  }
}
