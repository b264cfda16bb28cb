/** @file Playlists through the contract's handlers: what stays live, what is written where, and what comes back. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { AppEvent, Handlers, Playlist, Track, TrackId } from '../../../../src-main/contract/index.ts';
import { smartQuerySchema } from '../../../../src-main/contract/index.ts';
import { Playlists } from '../../../../src-main/service/playlists/playlists.ts';
import { listFileName } from '../../../../src-main/service/playlists/list-file.ts';
import type { Services } from '../../../../src-main/service/index.ts';
import { standInCore } from '../../../support/pretraining.ts';
import { temporaryDirectory, trackFile } from '../../../support/store-data.ts';

const { signal } = new AbortController();

type Library = { services: Services; playlists: Handlers['playlists']; ids: TrackId[]; folder: string };

/** A library of named tracks, each a second longer than the one before. */
function libraryOf(...names: string[]): Library {
  const { services } = standInCore();
  const folder = temporaryDirectory();
  const folderId = services.store.folders.add(folder).id;
  const ids = names.map(
    (name, i) =>
      services.store.tracks.upsert(
        trackFile(services.store, name, { folderId, path: join(folder, `${name}.mp3`), durationMs: 60_000 + 1000 * i }),
      ).id,
  );
  return { services, playlists: services.handlers.playlists, ids, folder };
}

const make = async ({ playlists }: Library, trackIds: TrackId[], name = 'Rain'): Promise<Playlist> =>
  playlists.create({ name, trackIds, smart: null }, signal);
const titles = (rows: readonly Track[]): string[] => rows.map(({ title }) => title);

describe('a list', () => {
  it('takes tracks at a place, and tells every window', async () => {
    const library = libraryOf('a', 'b', 'c');
    const [a, b, c] = library.ids as [TrackId, TrackId, TrackId];
    const window = new AbortController();
    const events = library.services.handlers.events.subscribe(undefined, window.signal);
    const told = Promise.resolve(events).then((stream) => stream.next());
    const { id: playlistId } = await make(library, [a, b]);
    await library.playlists.add({ playlistId, trackIds: [c, c], at: 1 }, signal);
    await library.playlists.add({ playlistId, trackIds: [a] }, signal);
    expect(titles((await library.playlists.tracks({ playlistId }, signal)).rows)).toEqual(['a', 'c', 'c', 'b', 'a']);
    expect((await told).value).toMatchObject({ type: 'playlists.changed' } satisfies Partial<AppEvent>);
    window.abort();
  });
});

describe('a smart playlist', () => {
  it('is asked anew each time, in the order and number that it names', async () => {
    const library = libraryOf('rain a', 'rain b', 'sun');
    const smart = smartQuerySchema.parse({
      ...{ kind: 'filter', filter: { search: 'rain', durationMs: { least: 60_500 } } },
      ...{ sort: { key: 'durationMs', descending: true }, limit: 2 },
    });
    const { id: playlistId } = await library.playlists.create({ name: 'Rain', trackIds: [], smart }, signal);
    const now = async (): Promise<string[]> => titles((await library.playlists.tracks({ playlistId }, signal)).rows);
    expect(await now()).toEqual(['rain b']);
    const { store } = library.services;
    for (const [name, durationMs] of [
      ['rain c', 90_000],
      ['rain d', 80_000],
    ] as const)
      store.tracks.upsert(trackFile(store, name, { durationMs }));
    expect(await now()).toEqual(['rain c', 'rain d']);
    const plain = await library.playlists.setSmart({ playlistId, smart: null }, signal);
    expect(plain).toMatchObject({ smart: null, tracks: 2 });
    store.tracks.upsert(trackFile(store, 'rain e', { durationMs: 99_000 }));
    expect(await now()).toEqual(['rain c', 'rain d']);
  });

  it('of examples asks the search for similar music', async () => {
    const { services, ids } = libraryOf('a', 'b', 'c');
    const [a, b, c] = ids as [TrackId, TrackId, TrackId];
    let answer = [c, b, c];
    const tools = { store: services.store, events: { emit: () => undefined }, codeVersion: '0' } as unknown as ConstructorParameters<
      typeof Playlists
    >[0];
    const playlists = new Playlists(tools, { passing: () => [], nearest: async () => answer });
    const smart = smartQuerySchema.parse({ kind: 'similar', query: { encoderId: 1, like: [{ kind: 'track', trackId: a }] } });
    const { id } = await playlists.create({ name: 'Near', trackIds: [], smart });
    expect(titles((await playlists.tracks(id)).rows)).toEqual(['c', 'b']);
    answer = [b];
    expect(titles((await playlists.tracks(id)).rows)).toEqual(['b']);
  });

  it('takes no file that is forgotten when the program ends, and no tracks', async () => {
    const library = libraryOf('a');
    const file = smartQuerySchema.parse({ kind: 'similar', query: { encoderId: 1, like: [{ kind: 'file', fileId: 1 }] } });
    const filter = smartQuerySchema.parse({ kind: 'filter', filter: {}, sort: null, limit: 5 });
    await expect(async () => library.playlists.create({ name: 'x', trackIds: [], smart: file }, signal)).rejects.toThrow(
      /not in the library/,
    );
    await expect(async () => library.playlists.create({ name: 'x', trackIds: library.ids, smart: filter }, signal)).rejects.toThrow(
      /not both/,
    );
  });
});

describe('export', () => {
  it('leaves out tracks whose file is gone, and counts them', async () => {
    const library = libraryOf('a', 'b');
    const { id: playlistId } = await make(library, library.ids);
    library.services.store.tracks.markMissing(library.ids.slice(0, 1));
    const { text, missing, fileName, path } = await library.playlists.export({ playlistId, format: 'm3u8' }, signal);
    expect([missing, fileName, path]).toEqual([1, 'Rain.m3u8', null]);
    expect(text).toContain('b.mp3');
    expect(text).not.toContain('a.mp3');
  });

  it('writes a new file or a list of the same format, and nothing else', async () => {
    const library = libraryOf('a');
    const { id: playlistId } = await make(library, library.ids);
    const write = async (name: string, format: 'm3u8' | 'csv' | 'jspf' | 'rekordbox'): Promise<void> =>
      void (await library.playlists.export({ playlistId, format, path: join(library.folder, name) }, signal));
    for (const [name, format] of [
      ['a.m3u8', 'm3u8'],
      ['a.csv', 'csv'],
      ['a.jspf', 'jspf'],
      ['a.xml', 'rekordbox'],
    ] as const) {
      await write(name, format);
      const first = readFileSync(join(library.folder, name), 'utf8');
      await write(name, format);
      expect(readFileSync(join(library.folder, name), 'utf8')).toBe(first);
    }
    const mine = join(library.folder, 'mine.csv');
    writeFileSync(mine, 'name,phone\r\n');
    await expect(write('mine.csv', 'csv')).rejects.toThrow(/is there already/);
    expect(readFileSync(mine, 'utf8')).toBe('name,phone\r\n');
    await expect(write('.bashrc', 'm3u8')).rejects.toThrow(/must end with \.m3u8 or \.m3u/);
    await expect(write('none/a.m3u8', 'm3u8')).rejects.toThrow(/no such file or folder/);
    mkdirSync(join(library.folder, 'folder.m3u8'));
    await expect(write('folder.m3u8', 'm3u8')).rejects.toThrow(/folder/);
    await expect(async () => library.playlists.export({ playlistId, format: 'm3u8', path: 'a.m3u8' }, signal)).rejects.toThrow(
      /not a whole path/,
    );
  });

  it.each([
    ['R & B: 100%?', 'R & B_ 100%_.m3u8'],
    ['../../etc/passwd', '_.._etc_passwd.m3u8'],
    ['con', '_con.m3u8'],
    [' . ', 'playlist.m3u8'],
    ['🌧️', '🌧️.m3u8'],
  ])('calls the file of “%s” %s', (name, fileName) => {
    expect(listFileName(name, 'm3u8')).toBe(fileName);
  });
});

describe('import', () => {
  it('gives back what was exported, from wherever the list lies', async () => {
    const library = libraryOf('a', '#b 100%', 'ü 🎷', 'it\'s "c"');
    const [a, b, c, d] = library.ids as [TrackId, TrackId, TrackId, TrackId];
    const { id: playlistId } = await make(library, [d, b, a, c, b]);
    for (const path of [undefined, join(library.folder, 'list.m3u8')]) {
      const { text } = await library.playlists.export({ playlistId, format: 'm3u8', path }, signal);
      const { playlist, notFound } = await library.playlists.importM3u({ name: 'Again', text, folder: library.folder }, signal);
      expect(notFound).toEqual([]);
      const { rows } = await library.playlists.tracks({ playlistId: playlist.id }, signal);
      expect(rows.map(({ id }) => id)).toEqual([d, b, a, c, b]);
    }
  });

  it('passes over lines that are longer than any path, whatever is in them', async () => {
    const library = libraryOf('a');
    const long = [`%41${'x'.repeat(2 ** 20)}`, `file://${'%41'.repeat(2 ** 18)}`];
    const text = [...long, `${library.folder}/a.mp3`].join('\n');
    const { notFound } = await library.playlists.importM3u({ name: 'x', text, folder: library.folder }, signal);
    expect(notFound).toEqual(long);
  });

  it('makes no playlist of nothing', async () => {
    const library = libraryOf('a');
    const bring = async (text: string): Promise<unknown> => library.playlists.importM3u({ name: 'x', text }, signal);
    await expect(bring('#EXTM3U\n')).rejects.toThrow(/names no file/);
    await expect(bring('/other/z.mp3\n')).rejects.toThrow(/has none of 1 file that/);
    expect(await library.playlists.list(undefined, signal)).toEqual([]);
  });

  it('finds no track of a folder that was taken out of the library', async () => {
    const library = libraryOf('a');
    for (const { id } of library.services.store.folders.list()) library.services.store.folders.remove(id);
    await expect(async () => library.playlists.importM3u({ name: 'x', text: 'a.mp3' }, signal)).rejects.toThrow(/has none/);
  });
});

describe('a long list', () => {
  it('is read a page at a time, and written from a few tracks at a time', async () => {
    const { services, playlists } = libraryOf();
    const { store } = services;
    const trackIds = Array.from({ length: 1700 }, (_, i) => store.tracks.upsert(trackFile(store, `track ${i}`)).id);
    const { id: playlistId } = await playlists.create({ name: 'Long', trackIds, smart: null }, signal);
    const first = await playlists.tracks({ playlistId }, signal);
    expect([first.rows.length, first.total]).toEqual([1000, 1700]);
    const page = await playlists.tracks({ playlistId, offset: 1650, limit: 100 }, signal);
    expect(page.rows.map(({ id }) => id)).toEqual(trackIds.slice(1650));
    expect(await playlists.trackIds({ playlistId }, signal)).toEqual({ trackIds });
    const read = vi.spyOn(store.tracks, 'whole');
    const { text } = await playlists.export({ playlistId, format: 'rekordbox' }, signal);
    expect(text.match(/<TRACK TrackID/g)).toHaveLength(1700);
    expect(Math.max(...read.mock.calls.map(([ids]) => ids.length))).toBe(200);
  });
});
