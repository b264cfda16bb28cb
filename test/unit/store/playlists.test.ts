/** @file Playlists in the database: order, smart ones, removing and restoring. */
import { describe, expect, it } from 'vitest';
import { smartQuerySchema } from '../../../src-main/contract/index.ts';
import type { PlaylistId, TrackId } from '../../../src-main/contract/index.ts';
import type { Store } from '../../../src-main/store/index.ts';
import { temporaryStore, trackFile } from '../../support/store-data.ts';

function libraryOf(...names: string[]): { store: Store; ids: TrackId[] } {
  const store = temporaryStore();
  return { store, ids: names.map((name) => store.tracks.upsert(trackFile(store, name)).id) };
}

const smart = smartQuerySchema.parse({ kind: 'filter', filter: { search: 'a' }, sort: null, limit: 10 });

describe('a playlist', () => {
  it('keeps its tracks in the order that a person gives them, also twice', () => {
    const { store, ids } = libraryOf('a', 'b', 'c');
    const [a, b, c] = ids as [TrackId, TrackId, TrackId];
    const { id, tracks } = store.playlists.create({ name: 'Rain', trackIds: [c, a, c], smart: null });
    expect(tracks).toBe(3);
    expect(store.playlists.trackIds(id)).toEqual([c, a, c]);
    expect(store.playlists.setTracks(id, [b, a])).toMatchObject({ tracks: 2 });
    expect(store.playlists.trackIds(id)).toEqual([b, a]);
  });

  it('keeps tracks whose file is gone', () => {
    const { store, ids } = libraryOf('a', 'b');
    const { id } = store.playlists.create({ name: 'Rain', trackIds: ids, smart: null });
    store.tracks.markMissing(ids);
    expect(store.playlists.trackIds(id)).toEqual(ids);
  });

  it('takes any name', () => {
    const { store } = libraryOf();
    for (const name of [`"It's" <100 %>`, 'زمستان', '🌧️\u200d🔥', "Robert'); DROP TABLE playlists;--"]) {
      const { id } = store.playlists.create({ name, trackIds: [], smart: null });
      expect(store.playlists.get(id).name).toBe(name);
      expect(store.playlists.rename(id, `${name}2`).name).toBe(`${name}2`);
    }
  });

  it('is listed by name, numbers by their size', () => {
    const { store } = libraryOf();
    for (const name of ['Set 10', 'set 9', 'Ambient']) store.playlists.create({ name, trackIds: [], smart: null });
    expect(store.playlists.list().map(({ name }) => name)).toEqual(['Ambient', 'set 9', 'Set 10']);
  });

  it('leaves the list when removed and comes back with its tracks', () => {
    const { store, ids } = libraryOf('a');
    const { id } = store.playlists.create({ name: 'Rain', trackIds: ids, smart: null });
    store.playlists.remove(id);
    expect(store.playlists.list()).toEqual([]);
    expect(() => store.playlists.get(id)).toThrow(/Restore it first/);
    store.playlists.restore(id);
    expect(store.playlists.trackIds(id)).toEqual(ids);
  });

  it('stays as it was when one of its new tracks is unknown', () => {
    const { store, ids } = libraryOf('a');
    const { id } = store.playlists.create({ name: 'Rain', trackIds: ids, smart: null });
    expect(() => store.playlists.setTracks(id, [999 as TrackId])).toThrow(/no track 999/);
    expect(store.playlists.trackIds(id)).toEqual(ids);
    expect(() => store.playlists.create({ name: 'Other', trackIds: [999 as TrackId], smart: null })).toThrow(/no track 999/);
    expect(store.playlists.list()).toHaveLength(1);
  });

  it('that is not there is named', () => {
    const { store } = libraryOf();
    expect(() => store.playlists.get(7 as PlaylistId)).toThrow('There is no playlist 7.');
  });
});

describe('a smart playlist', () => {
  it('keeps what it asks, has no tracks of its own, and can become a list', () => {
    const { store, ids } = libraryOf('a', 'b');
    const { id } = store.playlists.create({ name: 'Live', trackIds: [], smart });
    expect(store.playlists.get(id)).toMatchObject({ smart, tracks: null });
    expect(() => store.playlists.setTracks(id, ids)).toThrow(/smart playlist/);
    expect(store.playlists.setSmart(id, null, ids)).toMatchObject({ smart: null, tracks: 2 });
    expect(store.playlists.setSmart(id, smart, [])).toMatchObject({ smart, tracks: null });
    expect(store.playlists.trackIds(id)).toEqual([]);
  });
});
