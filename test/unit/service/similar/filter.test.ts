import { describe, expect, it } from 'vitest';
import { passingTracks } from '../../../../src-main/service/similar/filter.ts';
import { filterOf } from '../../../support/similar-library.ts';
import { temporaryStore, trackFile } from '../../../support/store-data.ts';

function library() {
  const store = temporaryStore();
  const other = store.folders.add('/other').id;
  const add = (name: string, changes: Parameters<typeof trackFile>[2]) => store.tracks.upsert(trackFile(store, name, changes)).id;
  const ids = {
    old: add('old', { year: 1969, genre: 'Rock', durationMs: 100_000 }),
    new: add('new', { year: 2020, genre: 'Techno', durationMs: 400_000 }),
    undated: add('undated', { year: null, genre: 'rock', durationMs: 200_000 }),
    elsewhere: add('elsewhere', { year: 1990, genre: '', durationMs: 300_000, folderId: other, artist: 'Zoë' }),
    gone: add('gone', { year: 1969, genre: 'Rock' }),
  };
  store.tracks.markMissing([ids.gone]);
  const passing = (filter: Parameters<typeof filterOf>[0]): string[] => {
    const found = passingTracks(store, filterOf(filter));
    return Object.entries(ids).flatMap(([name, id]) => (found.includes(id) ? [name] : []));
  };
  return { store, ids, other, passing };
}

describe('a filter of tracks', () => {
  it('lets every track pass that is there, when nothing is asked', () => {
    expect(library().passing({})).toEqual(['old', 'new', 'undated', 'elsewhere']);
  });

  it('asks for years, with unknown ones outside of every range', () => {
    const { passing } = library();
    expect(passing({ year: { least: 1990 } })).toEqual(['new', 'elsewhere']);
    expect(passing({ year: { most: 1990 } })).toEqual(['old', 'elsewhere']);
    expect(passing({ year: { least: 1970, most: 1980 } })).toEqual([]);
  });

  it('asks for durations, both ends included', () => {
    expect(library().passing({ durationMs: { least: 200_000, most: 300_000 } })).toEqual(['undated', 'elsewhere']);
  });

  it('asks for genres whatever the case, and for a blank one', () => {
    const { passing } = library();
    expect(passing({ genres: ['ROCK'] })).toEqual(['old', 'undated']);
    expect(passing({ genres: ['techno', ''] })).toEqual(['new', 'elsewhere']);
    expect(passing({ genres: ['Polka'] })).toEqual([]);
  });

  it('asks for a folder, and for words', () => {
    const { passing, other } = library();
    expect(passing({ folderId: other })).toEqual(['elsewhere']);
    expect(passing({ search: 'zoe' })).toEqual(['elsewhere']);
    expect(passing({ search: 'old rock' })).toEqual(['old']);
  });

  it('asks for tags that are carried and others that are not', () => {
    const { store, ids, passing } = library();
    const [rainy, loud] = ['rainy', 'loud'].map((name) => store.tags.create({ kind: '', name }).tag.id);
    const mark = (tagId: typeof rainy, trackIds: (typeof ids.old)[], answer: 'yes' | 'no') =>
      store.tags.mark({ tagIds: [tagId as never], targets: trackIds.map((trackId) => ({ trackId })), answer, source: 'person' });
    mark(rainy, [ids.old, ids.new, ids.gone], 'yes');
    mark(loud, [ids.new], 'yes');
    mark(loud, [ids.old], 'no');
    expect(passing({ tagIds: [rainy as never] })).toEqual(['old', 'new']);
    expect(passing({ tagIds: [rainy as never, loud as never] })).toEqual(['new']);
    expect(passing({ withoutTagIds: [loud as never] })).toEqual(['old', 'undated', 'elsewhere']);
    store.tags.remove([loud as never]);
    expect(() => passing({ tagIds: [loud as never] })).toThrow(/no tag/);
  });
});
