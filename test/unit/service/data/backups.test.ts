/** @file Backups of a library that is open, and the core around a database that is damaged: told, mended, opened again. */
import { closeSync, openSync, readdirSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AppError } from '../../../../src-main/base/index.ts';
import type { AppEvent, Handlers } from '../../../../src-main/contract/index.ts';
import { sourceEntries, startCore } from '../../../../src-main/host/core.ts';
import type { Core } from '../../../../src-main/host/core.ts';
import { openStore } from '../../../../src-main/store/index.ts';
import { temporaryDirectory, trackFile } from '../../../support/store-data.ts';

const host = {
  ...{ kind: 'serve' as const, version: '0.1.0', chooseFolder: async () => null, chooseWeights: async () => null },
  reveal: async () => undefined,
};
const { signal } = new AbortController();

async function open(dataDirectory: string): Promise<Core> {
  const core = await startCore({ dataDirectory, host, entries: sourceEntries, report: () => undefined });
  onTestFinished(() => core.close());
  return core;
}

/** Hears events from now on, until one of a type for which `isMeant` holds. */
async function heard(handlers: Handlers, type: AppEvent['type'], isMeant: () => boolean | Promise<boolean> = () => true): Promise<void> {
  const events = await handlers.events.subscribe(undefined, signal);
  for await (const event of events) if (event.type === type && (await isMeant())) return;
}

function fill(directory: string, tags: readonly string[], tracks = 0): void {
  const store = openStore(directory);
  for (const name of tags) store.tags.create({ kind: '', name });
  store.transaction(() => {
    for (let i = 0; i < tracks; i++) store.tracks.upsert(trackFile(store, `track ${i}`));
  });
  store.close();
}

/** Writes nonsense over the second half of a database. */
function damage(directory: string): void {
  const path = join(directory, 'earmark.db');
  const file = openSync(path, 'r+');
  const { size } = statSync(path);
  writeSync(file, Buffer.alloc(size / 2, 0x5a), 0, size / 2, size / 2);
  closeSync(file);
}

async function tagNames({ handlers }: Core): Promise<string[]> {
  return (await handlers.tags.list(undefined, signal)).map(({ name }) => name);
}

async function codeOf(work: () => unknown): Promise<AppError['code'] | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return (error as AppError).code;
  }
}

describe('an open library', () => {
  it('makes a backup at its start, none while nothing is different, and another when a day is over', async () => {
    const directory = temporaryDirectory();
    fill(directory, ['rainy']);
    const core = await open(directory);
    const { backups } = core.services.data;
    await backups.backUp();
    expect(backups.list()).toHaveLength(1);
    const [first] = backups.list();
    await backups.backUpIfDue({ now: Date.now() + 1000, after: 24 * 60 * 60 * 1000 });
    expect(backups.list()).toHaveLength(1);
    await core.handlers.tags.create({ kind: '', name: 'new' }, signal);
    // The clock of a file system may be coarser than two changes are apart.
    writeFileSync(join(directory, 'earmark.db-wal'), readFileSync(join(directory, 'earmark.db-wal')), { flag: 'r+' });
    await backups.backUpIfDue({ now: (first?.at ?? 0) + 25 * 60 * 60 * 1000, after: 24 * 60 * 60 * 1000 });
    expect(backups.list()).toHaveLength(2);
    expect(readdirSync(join(directory, 'backups')).every((name) => name.endsWith('.db'))).toBe(true);
  });

  it('is put back with all its windows told, and put back again', async () => {
    const directory = temporaryDirectory();
    fill(directory, ['early']);
    const core = await open(directory);
    const { file } = await core.handlers.data.backUp(undefined, signal);
    await core.handlers.tags.create({ kind: '', name: 'late' }, signal);
    const reopened = heard(core.handlers, 'data.reopened');
    const report = await core.handlers.data.restore({ file }, signal);
    await reopened;
    expect(await tagNames(core)).toEqual(['early']);
    await core.handlers.data.restore({ file: report.kept ?? '' }, signal);
    expect(await tagNames(core)).toEqual(['early', 'late']);
    expect(await codeOf(() => core.handlers.data.restore({ file: join(directory, 'library.json') }, signal))).toBe('DATABASE_DAMAGED');
    expect(await tagNames(core)).toEqual(['early', 'late']);
    expect((await core.handlers.data.state(undefined, signal)).state).toBe('open');
  });

  it('whose database turns out damaged while it is backed up is read alone from then on, tells its windows, and is salvaged', async () => {
    const directory = temporaryDirectory();
    fill(directory, ['rainy'], 800);
    const core = await open(directory);
    damage(directory);
    const told = heard(core.handlers, 'data.changed', async () => (await core.handlers.data.state(undefined, signal)).state === 'read');
    expect(await codeOf(() => core.services.data.backups.backUp())).toBe('DATABASE_DAMAGED');
    await told;
    expect(await codeOf(() => core.handlers.tags.create({ kind: '', name: 'too late' }, signal))).toBe('DATABASE_DAMAGED');
    const report = await core.handlers.data.salvage(undefined, signal);
    expect(report.lost.length).toBeGreaterThan(0);
    expect(report.tables['tracks']).toBeGreaterThan(0);
    expect(await core.handlers.data.state(undefined, signal)).toMatchObject({ state: 'open', found: '' });
    await core.handlers.tags.create({ kind: '', name: 'can be written again' }, signal);
  });
});

describe('a damaged database', () => {
  it('opens nothing but what mends it, at every start, and a restored backup opens the library', async () => {
    const directory = temporaryDirectory();
    fill(directory, ['rainy'], 300);
    const first = await open(directory);
    const { file } = await first.handlers.data.backUp(undefined, signal);
    await first.close();
    damage(directory);
    for (let start = 0; start < 2; start++) await (await open(directory)).close();
    const core = await open(directory);
    const state = await core.handlers.data.state(undefined, signal);
    expect(state).toMatchObject({ state: 'damaged', path: join(directory, 'earmark.db') });
    expect(state.backups.map((backup) => backup.file)).toContain(file);
    expect(core.theme()).toBe('system');
    expect(await codeOf(() => core.handlers.tags.list(undefined, signal))).toBe('DATABASE_DAMAGED');
    expect((await core.handlers.host.capabilities(undefined, signal)).dataDirectory).toBe(directory);
    const reopened = heard(core.handlers, 'data.reopened');
    await core.handlers.data.restore({ file }, signal);
    await reopened;
    expect(await tagNames(core)).toEqual(['rainy']);
    expect(core.services.store.tracks.summary().tracks).toBe(300);
    expect(readdirSync(join(directory, 'backups')).filter((name) => name.startsWith('damaged-'))).toHaveLength(1);
  });
});
