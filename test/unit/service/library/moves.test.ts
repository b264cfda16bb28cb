/** @file Files and folders that move between scans: every track keeps its number, and with it all that is attached to it. */
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { TagLib } from 'taglib-wasm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Folder } from '../../../../src-main/contract/index.ts';
import { sourceEntries } from '../../../../src-main/host/core.ts';
import { createServices } from '../../../../src-main/service/index.ts';
import type { ScanResult, Services } from '../../../../src-main/service/index.ts';
import { makeAudio, tone } from '../../../support/make-audio.ts';

const host = {
  kind: 'serve' as const,
  version: '0',
  chooseFolder: async () => null,
  chooseWeights: async () => null,
  reveal: async () => undefined,
};

let root: string;
let services: Services;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'earmark-moves-'));
  services = createServices({ dataDirectory: join(root, 'data'), host, entries: sourceEntries, report: (error) => console.error(error) });
});
afterEach(async () => {
  await services.close();
  rmSync(root, { recursive: true, force: true });
});

const at = (...parts: string[]): string => join(root, ...parts);

/** A short file of one frequency. */
function make(path: string, hertz: number): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  makeAudio(at(path), { kind: 'flac', seconds: 0.2, sound: tone(hertz), channels: 1, sampleRate: 8000 });
}

function move(from: string, to: string): void {
  mkdirSync(dirname(at(to)), { recursive: true });
  renameSync(at(from), at(to));
}

async function retag(path: string, album: string): Promise<void> {
  const file = await (await TagLib.initialize()).open(at(path));
  file.setProperties({ album: [album], comment: ['x'.repeat(album.length * 3000)] });
  await file.saveToFile();
  file.dispose();
}

async function scan(folder: string): Promise<ScanResult> {
  return (await (await services.library.addFolder(at(folder))).settled).result as ScanResult;
}

async function scanAll(): Promise<ScanResult> {
  return (await services.library.scan(null).settled).result as ScanResult;
}

/** Numbers of the tracks by their paths; those whose files are gone are left out. */
function tracks(): Record<string, number> {
  const { rows } = services.store.tracks.query({ search: '', sort: [{ key: 'path', descending: false }], offset: 0, limit: 100 }, null);
  return Object.fromEntries(rows.map(({ id, path }) => [path.slice(root.length + 1), id]));
}

/** The same tracks under other paths. */
function renamed(before: Record<string, number>, to: (path: string) => string): Record<string, number> {
  return Object.fromEntries(Object.entries(before).map(([path, id]) => [to(path), id]));
}

describe('a folder that moved', () => {
  it('is known when its new place is added, without reading a file, and keeps its own number', async () => {
    for (const [i, name] of ['a/1.flac', 'a/2.flac', 'b/1.flac'].entries()) make(`OLD/${name}`, 200 + 50 * i);
    expect(await scan('OLD')).toMatchObject({ added: 3 });
    const [before, [folder]] = [tracks(), services.library.folders()];
    move('OLD', 'drive/NEW');
    expect(await scan('drive/NEW')).toMatchObject({ added: 0, moved: 3, removed: 0, updated: 0, failed: [] });
    expect(tracks()).toEqual(renamed(before, (path) => path.replace('OLD', 'drive/NEW')));
    expect(services.library.folders()).toMatchObject([{ id: folder?.id, path: at('drive/NEW'), state: 'ready', tracks: 3 }]);
    expect(await scanAll()).toMatchObject({ moved: 0, unchanged: 3, failed: [] });
  });

  it('is found by its sound where everything was retagged and lies deeper, and its number goes on', async () => {
    for (const name of ['a', 'b', 'c']) make(`OLD/${name}.flac`, name.charCodeAt(0) * 4);
    await scan('OLD');
    const before = tracks();
    move('OLD', 'NEW/music');
    for (const name of ['a', 'b', 'c']) await retag(`NEW/music/${name}.flac`, `Album ${name}`);
    expect(await scan('NEW')).toMatchObject({ added: 0, moved: 3 });
    expect(tracks()).toEqual(renamed(before, (path) => path.replace('OLD', 'NEW/music')));
    expect(services.library.folders().map(({ path }) => path)).toEqual([at('NEW')]);
    expect(await scanAll()).toMatchObject({ unchanged: 3, failed: [] });
  });

  it('retagged as a whole goes on under its own number', async () => {
    make('OLD/a.flac', 300);
    await scan('OLD');
    const [before, [folder]] = [tracks(), services.library.folders()];
    move('OLD', 'NEW');
    await retag('NEW/a.flac', 'Other');
    expect(await scan('NEW')).toMatchObject({ added: 0, moved: 1 });
    expect(tracks()).toEqual(renamed(before, (path) => path.replace('OLD', 'NEW')));
    expect(services.library.folders()).toMatchObject([{ id: folder?.id, path: at('NEW'), tracks: 1 }]);
  });

  it('is left where it is while its files are there too: copies are other tracks', async () => {
    make('OLD/a.flac', 300);
    await scan('OLD');
    const before = tracks();
    cpSync(at('OLD'), at('NEW'), { recursive: true, preserveTimestamps: true });
    expect(await scan('NEW')).toMatchObject({ added: 1, moved: 0 });
    expect(tracks()).toMatchObject(before);
    expect(Object.keys(tracks())).toHaveLength(2);
  });

  it('is left alone while its drive is not attached: a copy of it is another folder, and is offered', async () => {
    make('OLD/a.flac', 300);
    make('OLD/b.flac', 400);
    await scan('OLD');
    const before = tracks();
    const { id } = services.library.folders()[0] as Folder;
    // A test can attach no drive: the folder says of itself that it lay on one.
    services.store.folders.setScanned(id, 1, { mountPoint: root, bytes: 1 });
    cpSync(at('OLD'), at('NEW'), { recursive: true, preserveTimestamps: true });
    rmSync(at('OLD'), { recursive: true });
    expect(await scan('NEW')).toMatchObject({ added: 2, moved: 0 });
    expect(await scanAll()).toMatchObject({ failed: [{ path: at('OLD'), code: 'FOLDER_GONE' }] });
    expect(services.library.folders().find(({ path }) => path === at('OLD'))).toMatchObject({ state: 'unavailable', movedTo: at('NEW') });
    const tag = services.store.tags.create({ kind: '', name: 'rainy' }).tag;
    const copy = tracks()['NEW/a.flac'] as never;
    services.store.tags.mark({ tagIds: [tag.id], targets: [{ trackId: copy }], answer: 'yes', source: 'person' });
    expect((await (await services.library.moveFolder(id, at('NEW'))).settled).result).toMatchObject({ moved: 2, added: 0 });
    expect(tracks()).toEqual(renamed(before, (path) => path.replace('OLD', 'NEW')));
    expect(services.library.folders()).toMatchObject([{ id, path: at('NEW'), tracks: 2, movedTo: null }]);
    expect(services.store.tags.tracksWith(tag.id)).toEqual([tracks()['NEW/a.flac']]);
  });

  it('is the same one on a drive that is attached elsewhere: its files are the very same', async () => {
    make('OLD/a.flac', 300);
    await scan('OLD');
    const before = tracks();
    services.store.folders.setScanned(services.library.folders()[0]?.id as never, 1, { mountPoint: root, bytes: 1 });
    move('OLD', 'NEW');
    expect(await scan('NEW')).toMatchObject({ added: 0, moved: 1 });
    expect(tracks()).toEqual(renamed(before, (path) => path.replace('OLD', 'NEW')));
  });

  it('can be said to be inside itself, and to be back', async () => {
    for (const name of ['a.flac', 'sub/b.flac']) make(`OLD/${name}`, 200 + name.length * 20);
    await scan('OLD');
    const before = tracks();
    move('OLD/a.flac', 'OLD/sub/a.flac');
    const { id } = services.library.folders()[0] as Folder;
    expect((await (await services.library.moveFolder(id, at('OLD/sub'))).settled).result).toMatchObject({ added: 0, failed: [] });
    expect(tracks()).toEqual({ 'OLD/sub/a.flac': before['OLD/a.flac'], 'OLD/sub/b.flac': before['OLD/sub/b.flac'] });
    move('OLD/sub/a.flac', 'OLD/a.flac');
    expect((await (await services.library.moveFolder(id, at('OLD'))).settled).result).toMatchObject({ added: 0, failed: [] });
    expect(tracks()).toEqual(before);
  });

  it('that is said to be nowhere is refused with a sentence', async () => {
    make('OLD/a.flac', 300);
    await scan('OLD');
    const { id } = services.library.folders()[0] as Folder;
    await expect(services.library.moveFolder(id, at('nowhere'))).rejects.toMatchObject({ code: 'FOLDER_GONE' });
    await expect(services.library.moveFolder(id, at('OLD'))).rejects.toThrow(/is where the folder is already/);
    await expect(services.library.moveFolder(id, at('data'))).rejects.toThrow(/keeps its own data/);
  });
});

describe('files that moved', () => {
  it('of one recording on two albums, eight of each, keep their places when all are renamed to each other’s names', async () => {
    for (let i = 0; i < 8; i++) {
      make(`music/A/${i}.flac`, 200 + 30 * i);
      mkdirSync(at('music/B'), { recursive: true });
      copyFileSync(at(`music/A/${i}.flac`), at(`music/B/${i + 100}.flac`));
      await retag(`music/B/${i + 100}.flac`, 'Best of');
    }
    await scan('music');
    const before = tracks();
    for (let i = 0; i < 8; i++) {
      move(`music/A/${i}.flac`, `music/A/t${i}.flac`);
      move(`music/B/${i + 100}.flac`, `music/B/${i}.flac`);
      move(`music/A/t${i}.flac`, `music/A/${i + 100}.flac`);
    }
    expect(await scanAll()).toMatchObject({ added: 0, moved: 16, removed: 0 });
    const expected = (path: string): string =>
      path.replace(
        /(A|B)\/(\d+)/,
        (_, album: string, number: string) => `${album}/${album === 'A' ? Number(number) + 100 : Number(number) - 100}`,
      );
    expect(tracks()).toEqual(renamed(before, expected));
  });

  it('into each other’s places are the tracks that they sound like', async () => {
    for (const [i, name] of ['1', '2', '3'].entries()) make(`music/${name}.flac`, 200 + 100 * i);
    await scan('music');
    const before = tracks();
    move('music/3.flac', 'music/4.flac');
    move('music/2.flac', 'music/3.flac');
    move('music/1.flac', 'music/2.flac');
    for (const [i, name] of ['2', '3', '4'].entries()) utimesSync(at(`music/${name}.flac`), 1, 1000 + i);
    expect(await scanAll()).toMatchObject({ added: 0, moved: 3, removed: 0 });
    expect(tracks()).toEqual(renamed(before, (path) => path.replace(/\d/, (digit) => String(Number(digit) + 1))));
  });

  it('out of a folder that is not scanned are known, and a file in whose place another sound lies is still that track', async () => {
    make('one/a.flac', 300);
    make('one/b.flac', 400);
    make('two/c.flac', 500);
    await scan('one');
    await scan('two');
    const before = tracks();
    move('one/a.flac', 'two/a.flac');
    make('two/c.flac', 900);
    expect(await scan('two')).toMatchObject({ added: 0, moved: 1, updated: 1 });
    expect(tracks()).toEqual({
      'two/a.flac': before['one/a.flac'],
      'one/b.flac': before['one/b.flac'],
      'two/c.flac': before['two/c.flac'],
    });
  });

  it('over another track take its place, and that one is gone with all that it had', async () => {
    make('music/a.flac', 300);
    make('music/b.flac', 450);
    await scan('music');
    const before = tracks();
    renameSync(at('music/b.flac'), at('music/a.flac'));
    expect(statSync(at('music/a.flac')).size).toBeGreaterThan(0);
    expect(await scanAll()).toMatchObject({ added: 0, moved: 1, removed: 1 });
    expect(tracks()).toEqual({ 'music/a.flac': before['music/b.flac'] });
    expect(services.store.tracks.summary()).toMatchObject({ tracks: 1, missing: 1 });
  });
});
