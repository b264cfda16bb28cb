import { describe, expect, it } from 'vitest';
import type { TrackQuery, TrackSortKey } from '../../../src-main/contract/index.ts';
import type { Store, TrackFile } from '../../../src-main/store/index.ts';
import { smallEncoder, temporaryStore, trackFile } from '../../support/store-data.ts';

const everything: TrackQuery = { search: '', sort: [], offset: 0, limit: 1000 };

function titles(store: Store, query: Partial<TrackQuery>): string[] {
  return store.tracks.query({ ...everything, ...query }, null).rows.map(({ title }) => title);
}

function addAll(store: Store, files: Record<string, Partial<TrackFile>>): void {
  for (const [name, changes] of Object.entries(files)) store.tracks.upsert(trackFile(store, name, changes));
}

describe('folders', () => {
  it('are added once, and come back with their tracks after removal', () => {
    const store = temporaryStore();
    const folder = store.folders.add('/music');
    store.tracks.upsert(trackFile(store, 'one'));
    expect(store.folders.add('/music').id).toBe(folder.id);
    store.folders.remove(folder.id);
    expect(store.folders.list()).toEqual([]);
    expect(store.folders.list({ includeRemoved: true })).toHaveLength(1);
    expect(store.tracks.query(everything, null).total).toBe(0);
    expect(store.tracks.summary()).toMatchObject({ folders: 0, tracks: 0, audioMs: 0 });
    expect(store.folders.add('/music')).toMatchObject({ id: folder.id, tracks: 1, removedAt: null });
    store.folders.remove(folder.id);
    store.folders.restore(folder.id);
    expect(titles(store, {})).toEqual(['one']);
  });

  it('remember their state and when they were scanned', () => {
    const store = temporaryStore();
    const { id } = store.folders.add('/music');
    store.folders.setState(id, 'unavailable', 'The drive is not attached.');
    store.folders.setScanned(id, 1234.5);
    expect(store.folders.get(id)).toMatchObject({ state: 'unavailable', message: 'The drive is not attached.', scannedAt: 1234.5 });
    expect(() => store.folders.get(99 as never)).toThrow(/no folder with the number 99/);
    expect(() => store.folders.remove(99 as never)).toThrow(/no folder/);
  });
});

describe('tracks', () => {
  it('keep their number when their file changes, and are named after the file without a title', () => {
    const store = temporaryStore();
    const first = store.tracks.upsert(trackFile(store, 'a song', { title: '  ' }));
    expect(first.isNew).toBe(true);
    const second = store.tracks.upsert(trackFile(store, 'a song', { title: 'Named', audioHash: 'other', year: null }));
    expect(second).toEqual({ id: first.id, isNew: false });
    expect(store.tracks.get(first.id, null)).toMatchObject({ title: 'Named', year: null, state: 'waiting', stateMessage: '' });
    expect(store.tracks.findByHash('other')).toMatchObject([{ id: first.id, isMissing: false }]);
    expect(store.tracks.findByHash('hash of a song')).toEqual([]);
    store.tracks.upsert(trackFile(store, 'a song', { title: '' }));
    expect(titles(store, {})).toEqual(['a song']);
  });

  it('keep names that are hard to write', () => {
    const store = temporaryStore();
    const name = `${'длинное имя '.repeat(20)}😀 'quoted' "x" %_\u{10ff80}`;
    const { id } = store.tracks.upsert(trackFile(store, name));
    expect(store.tracks.path(id)).toBe(`/music/${name}.mp3`);
    expect(store.tracks.findByPath(`/music/${name}.mp3`)?.id).toBe(id);
    expect(titles(store, { search: '😀 %_' })).toEqual([name]);
  });

  it('are hidden while missing, and found again by their audio when they moved', () => {
    const store = temporaryStore();
    const { id } = store.tracks.upsert(trackFile(store, 'old name', { title: '' }));
    store.tracks.markMissing([id], 5);
    expect(store.tracks.query(everything, null).total).toBe(0);
    expect(store.tracks.query({ ...everything, includeMissing: true }, null).rows).toMatchObject([{ state: 'missing' }]);
    expect(store.tracks.summary()).toMatchObject({ tracks: 0, missing: 1, audioMs: 0 });
    expect(store.tracks.findByHash('hash of old name', { missingOnly: true })).toHaveLength(1);
    const folder = store.folders.add('/other');
    store.tracks.move(id, { folderId: folder.id, path: '/other/new name.mp3', size: 7, mtimeMs: 8 });
    expect(store.tracks.get(id, null)).toMatchObject({
      title: 'new name',
      path: '/other/new name.mp3',
      folderId: folder.id,
      state: 'waiting',
    });
    expect(titles(store, { search: 'new' })).toEqual(['new name']);
    expect(titles(store, { search: 'old' })).toEqual([]);
    expect(store.tracks.findByHash('hash of old name', { missingOnly: true })).toEqual([]);
    expect(store.tracks.files(folder.id)).toMatchObject([{ id, path: '/other/new name.mp3', size: 7, mtimeMs: 8, isMissing: false }]);
  });

  it('gives titles that begin with a search first, where no order is named, and every track once', () => {
    const store = temporaryStore();
    const artists: Record<string, string> = {
      'The Siege': 'A',
      'Siege of Laurelmor': 'B',
      'Under siege': 'C',
      'Śiege II': 'D',
      Knolls: 'Siege',
    };
    for (const [title, artist] of Object.entries(artists)) store.tracks.upsert({ ...trackFile(store, title), title, artist });
    const all = titles(store, { search: 'siege' });
    expect(all).toEqual(['Siege of Laurelmor', 'Śiege II', 'The Siege', 'Under siege', 'Knolls']);
    const pages = [0, 1, 2, 3, 4].map((offset) => titles(store, { search: ' SIEGE', offset, limit: 1 })).flat();
    expect(pages).toEqual(all);
    expect(titles(store, { search: 'siege', sort: [{ key: 'artist', descending: true }] })[0]).toBe('Knolls');
    expect(titles(store, { search: 'siege of' })).toEqual(['Siege of Laurelmor']);
  });

  it('are both kept when one moves to where the other was', () => {
    const store = temporaryStore();
    const a = store.tracks.upsert(trackFile(store, 'a')).id;
    const b = store.tracks.upsert(trackFile(store, 'b')).id;
    store.tracks.move(a, { folderId: store.folders.add('/music').id, path: '/music/b.mp3', size: 1, mtimeMs: 1 });
    expect(store.tracks.findByPath('/music/b.mp3')?.id).toBe(a);
    expect(store.tracks.get(b, null).state).toBe('missing');
    store.tracks.move(b, { folderId: store.folders.add('/music').id, path: '/music/a.mp3', size: 1, mtimeMs: 1 });
    expect(titles(store, { sort: [{ key: 'path', descending: false }] })).toEqual(['b', 'a']);
  });

  it('mark many as missing and present at once', () => {
    const store = temporaryStore();
    const ids = ['a', 'b', 'c'].map((name) => store.tracks.upsert(trackFile(store, name)).id);
    store.tracks.markMissing(ids);
    store.tracks.markPresent(ids.slice(1));
    store.tracks.markMissing([]);
    expect(titles(store, {})).toEqual(['b', 'c']);
    expect(store.folders.list()[0]?.tracks).toBe(2);
  });

  it('give what is shown beside segments, in the order asked for', () => {
    const store = temporaryStore();
    const ids = ['a', 'b'].map((name) => store.tracks.upsert(trackFile(store, name, { labels: [name], tags: { bpm: 120 } })).id);
    expect(store.tracks.meta(ids.toReversed()).map(({ title, labels }) => [title, labels])).toEqual([
      ['b', ['b']],
      ['a', ['a']],
    ]);
    expect(store.tracks.tags(ids[0] as never)).toEqual({ bpm: 120 });
    expect(() => store.tracks.get(99 as never, null)).toThrow(/no track with the number 99/);
  });
});

describe('searching', () => {
  it('wants every word somewhere in title, artist, album, genre, year or path, whatever the case and accents', () => {
    const store = temporaryStore();
    addAll(store, {
      one: { title: 'Été à Paris', artist: 'Zoë', album: 'Nuit', genre: 'Chanson', year: 1999 },
      two: { title: 'Paris', artist: 'Bob', album: 'Day', genre: 'Rock', year: 2010 },
    });
    const found = (search: string): number => store.tracks.query({ ...everything, search }, null).total;
    expect([found('paris'), found('ETE PARIS'), found('zoe 1999 chans'), found('paris day'), found('paris night')]).toEqual([
      2, 1, 1, 1, 0,
    ]);
    expect([found('one.mp3'), found('   '), found('%'), found('a r i s n u'), found('"')]).toEqual([1, 2, 0, 1, 0]);
    expect(store.tracks.matching(' ')).toBeNull();
    expect(store.tracks.matching('bob')?.size).toBe(1);
  });

  it('sees changes at once', () => {
    const store = temporaryStore();
    addAll(store, { one: { title: 'First' } });
    expect(titles(store, { search: 'first' })).toEqual(['First']);
    addAll(store, { one: { title: 'Second' }, two: { title: 'First too' } });
    expect(titles(store, { search: 'first' })).toEqual(['First too']);
  });

  it('is as it was when a transaction is undone', () => {
    const store = temporaryStore();
    addAll(store, { one: { title: 'First' } });
    const undone = (): void =>
      store.transaction(() => {
        addAll(store, { two: { title: 'First too' } });
        expect(titles(store, { search: 'first' })).toHaveLength(2);
        throw new Error('undo');
      });
    expect(undone).toThrow(/undo/);
    expect(store.tracks.query({ ...everything, search: 'first' }, null).total).toBe(1);
  });
});

describe('sorting', () => {
  const files: Record<string, Partial<TrackFile>> = {
    t1: { title: 'Song 10', artist: 'beta', album: 'X', year: 2000, genre: 'Rock', durationMs: 3, format: 'FLAC' },
    t2: { title: 'song 9', artist: 'Alpha', album: 'Y', year: null, genre: '', durationMs: 2, format: 'MP3' },
    t3: { title: 'Ähre', artist: '', album: '', year: 1990, genre: 'Jazz', durationMs: 2, format: 'MP3' },
    t4: { title: 'zoo', artist: 'alpha', album: 'X', year: 2000, genre: 'jazz', durationMs: 9, format: 'Opus', trackNumber: 10 },
    t5: { title: 'zoo', artist: 'alpha', album: 'X', year: 2000, genre: 'jazz', durationMs: 9, format: 'Opus', trackNumber: 9 },
  };
  const names = (store: Store, sort: TrackQuery['sort']): string =>
    store.tracks
      .query({ ...everything, sort }, null)
      .rows.map(({ path }) => path.slice(7, 9))
      .join(' ');
  const expected: Record<string, [ascending: string, descending: string]> = {
    title: ['t3 t2 t1 t5 t4', 't5 t4 t1 t2 t3'],
    artist: ['t5 t4 t2 t1 t3', 't1 t5 t4 t2 t3'],
    album: ['t5 t4 t1 t2 t3', 't2 t5 t4 t1 t3'],
    year: ['t3 t5 t4 t1 t2', 't5 t4 t1 t3 t2'],
    genre: ['t5 t4 t3 t1 t2', 't1 t5 t4 t3 t2'],
    durationMs: ['t2 t3 t1 t5 t4', 't5 t4 t1 t2 t3'],
    format: ['t1 t2 t3 t5 t4', 't5 t4 t2 t3 t1'],
    path: ['t1 t2 t3 t4 t5', 't5 t4 t3 t2 t1'],
  };

  for (const [key, [ascending, descending]] of Object.entries(expected)) {
    it(`by ${key} is natural, puts what is unknown last, and resolves ties by the library's order`, () => {
      const store = temporaryStore();
      addAll(store, files);
      expect(names(store, [{ key: key as TrackSortKey, descending: false }])).toBe(ascending);
      expect(names(store, [{ key: key as TrackSortKey, descending: true }])).toBe(descending);
    });
  }

  it('by two columns orders ties of the first by the second, page by page', () => {
    const store = temporaryStore();
    addAll(store, files);
    const sort: TrackQuery['sort'] = [
      { key: 'year', descending: true },
      { key: 'durationMs', descending: false },
    ];
    expect(names(store, sort)).toBe('t1 t5 t4 t3 t2');
    const page = store.tracks.query({ ...everything, sort, offset: 2, limit: 2 }, null);
    expect([page.total, page.rows.map(({ path }) => path)]).toEqual([5, ['/music/t4.mp3', '/music/t3.mp3']]);
    expect(store.tracks.query({ ...everything, offset: 5, limit: 2 }, null)).toEqual({ total: 5, rows: [] });
  });

  it('without a column is the order of artist, album, number; only a folder when asked', () => {
    const store = temporaryStore();
    addAll(store, files);
    expect(names(store, [])).toBe('t5 t4 t2 t1 t3');
    const other = store.folders.add('/other');
    store.tracks.upsert(trackFile(store, 'elsewhere', { folderId: other.id, path: '/other/elsewhere.mp3' }));
    expect(titles(store, { folderId: other.id })).toEqual(['elsewhere']);
  });
});

describe('the state of a track', () => {
  it('follows the index of the encoder asked about, and the audio it was made from', () => {
    const store = temporaryStore();
    const ids = ['a', 'b', 'c', 'd', 'e'].map((name) => store.tracks.upsert(trackFile(store, name)).id);
    const [a, b, c, , e] = ids as [never, never, never, never, never];
    const encoder = store.encoders.add(smallEncoder(2));
    const other = store.encoders.add({ ...smallEncoder(2), weightsSha256: 'cd' });
    const writer = store.index.writer(store.index.ensure(encoder.id, 100).id);
    for (const [id, hash, options] of [
      [a, 'hash of a', {}],
      [b, 'hash of b', { partial: true, message: 'Cut after 3 s.' }],
      [c, 'hash of c', {}],
    ] as const) {
      writer.begin(id, hash);
      writer.append(new Float32Array(4));
      writer.finish(options);
    }
    writer.fail(e, 'hash of e', 'DECODE_FAILED', 'It is broken.');
    writer.close();
    store.tracks.upsert(trackFile(store, 'c', { audioHash: 'changed' }));
    const states = (encoderId: typeof encoder.id | null): string[] =>
      store.tracks.query({ ...everything, sort: [{ key: 'path', descending: false }] }, encoderId).rows.map(({ state }) => state);
    expect(states(encoder.id)).toEqual(['indexed', 'partial', 'waiting', 'waiting', 'failed']);
    expect(states(other.id)).toEqual(Array(5).fill('waiting'));
    expect(states(null)).toEqual(Array(5).fill('waiting'));
    expect([b, e].map((id) => store.tracks.get(id, encoder.id).stateMessage)).toEqual(['Cut after 3 s.', 'It is broken.']);
    expect(store.encoders.get(encoder.id).index).toEqual({ tracks: 2, segments: 4, hopSamples: 100, waiting: 2 });
    const byState = store.tracks.query({ ...everything, sort: [{ key: 'state', descending: true }] }, encoder.id);
    expect(byState.rows.map(({ state }) => state)).toEqual(['failed', 'partial', 'indexed', 'waiting', 'waiting']);
  });
});
