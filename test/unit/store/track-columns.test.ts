import { describe, expect, it } from 'vitest';
import { noGroup, unknownYear } from '../../../src-main/store/index.ts';
import { temporaryStore, trackFile } from '../../support/store-data.ts';

describe('the columns of tracks', () => {
  it('group artists, albums and genres whatever the case and the accents', () => {
    const store = temporaryStore();
    const add = (name: string, changes: Parameters<typeof trackFile>[2]) => store.tracks.upsert(trackFile(store, name, changes)).id;
    const first = add('a', { artist: 'Björk', genre: 'Pop, Rock' });
    const second = add('b', { artist: ' BJORK', genre: 'pop, rock' });
    const other = add('c', { artist: 'Bork', genre: 'Pop' });
    const { artists, genres, genreNumber } = store.tracks.columns();
    expect(artists[first]).toBe(artists[second]);
    expect(artists[other]).not.toBe(artists[first]);
    expect(genres[first]).toBe(genres[second]);
    expect(genreNumber('POP, ROCK ')).toBe(genres[first]);
    expect(genreNumber('pop')).toBe(genres[other]);
    expect(genreNumber('Polka')).toBeUndefined();
  });

  it('tell albums of one name apart by their artist, and without one by their folder', () => {
    const store = temporaryStore();
    const add = (path: string, albumArtist: string, album = 'Greatest Hits') =>
      store.tracks.upsert(trackFile(store, path, { path: `/music/${path}`, album, albumArtist })).id;
    const {
      [0]: abba,
      1: again,
      2: queen,
      3: first,
      4: second,
      5: elsewhere,
      6: blank,
    } = [
      add('1/a.mp3', 'ABBA'),
      add('2/b.mp3', 'Abba'),
      add('1/c.mp3', 'Queen'),
      add('3/d.mp3', ''),
      add('3/e.mp3', ''),
      add('4/f.mp3', ''),
      add('3/g.mp3', '', ' '),
    ];
    const { albums } = store.tracks.columns();
    const of = (id: number | undefined): number | undefined => albums[id ?? 0];
    expect(of(again)).toBe(of(abba));
    expect(of(second)).toBe(of(first));
    expect(new Set([abba, queen, first, elsewhere].map(of)).size).toBe(4);
    expect(of(blank)).toBe(noGroup);
  });

  it('say what is unknown, missing, and in a folder that was taken out, and are read anew when the library changes', () => {
    const store = temporaryStore();
    const [here, gone] = ['here', 'gone'].map((name) => store.tracks.upsert(trackFile(store, name, { year: null, artist: '' })).id);
    const before = store.tracks.columns();
    expect(store.tracks.columns()).toBe(before);
    expect([before.years[here ?? 0], before.artists[here ?? 0]]).toEqual([unknownYear, noGroup]);
    store.tracks.markMissing([gone as never]);
    const after = store.tracks.columns();
    expect([here, gone].map((id) => after.present[id ?? 0])).toEqual([1, 0]);
    store.folders.remove(store.folders.list()[0]?.id as never);
    expect(store.tracks.columns().present.some((present) => present === 1)).toBe(false);
  });
});
