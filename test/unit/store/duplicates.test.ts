/** @file Fingerprints and what was found with them, in the database. */
import { describe, expect, it } from 'vitest';
import type { TrackId } from '../../../src-main/contract/index.ts';
import type { StoredDuplicateGroup } from '../../../src-main/store/index.ts';
import { temporaryStore, trackFile } from '../../support/store-data.ts';

const version = 3;

function group(key: string, relation: StoredDuplicateGroup['relation'], ...ids: number[]): StoredDuplicateGroup {
  return { key, relation, tracks: ids.map((id) => ({ trackId: id as TrackId, offsetMs: 0, bitErrorRate: 0 })) };
}

describe('fingerprints', () => {
  it('are wanted once for every sound that is there, and again when the file or the method changes', () => {
    const store = temporaryStore();
    const add = (name: string, audioHash: string): TrackId => store.tracks.upsert(trackFile(store, name, { audioHash })).id;
    const [a, copy, b] = [add('a', 'one'), add('copy of a', 'one'), add('b', 'two')];
    const waiting = (of = version): TrackId[] => store.fingerprints.waiting(of).map(({ trackId }) => trackId);
    expect(waiting()).toEqual([a, b]);
    store.fingerprints.set(a, { audioHash: 'one', version, words: Uint8Array.of(1, 2, 3) });
    expect(waiting()).toEqual([b]);
    expect(store.fingerprints.recordings(version)).toEqual([
      { audioHash: 'one', trackIds: [a, copy], printedId: a },
      { audioHash: 'two', trackIds: [b], printedId: null },
    ]);
    expect([...(store.fingerprints.words(a) ?? [])]).toEqual([1, 2, 3]);
    expect(waiting(version + 1)).toEqual([a, b]);
    add('a', 'changed');
    expect(waiting()).toEqual([a, copy, b]);
    store.tracks.markMissing([a, copy]);
    expect(waiting()).toEqual([b]);
  });
});

describe('a search', () => {
  it('is null until there was one, and takes the place of the one before', () => {
    const store = temporaryStore();
    expect(store.duplicates.last()).toBeNull();
    expect(store.duplicates.groups()).toEqual([]);
    store.duplicates.save([group('same-1', 'same', 1, 2), group('master-1', 'master', 2, 3)]);
    expect(store.duplicates.groups()).toEqual([[1, 2]]);
    store.duplicates.save([group('same-2', 'same', 4, 5)]);
    expect(store.duplicates.last()?.groups).toEqual([group('same-2', 'same', 4, 5)]);
    expect(store.duplicates.groups()).toEqual([[4, 5]]);
  });

  it('leaves out what was dismissed, also next time, until that is taken back', () => {
    const store = temporaryStore();
    const groups = [group('same-1', 'same', 1, 2), group('same-2', 'same', 3, 4)];
    store.duplicates.save(groups);
    store.duplicates.dismiss('same-1', true);
    store.duplicates.save(groups);
    expect(store.duplicates.last()?.groups.map(({ key }) => key)).toEqual(['same-2']);
    expect(store.duplicates.groups()).toEqual([[3, 4]]);
    store.duplicates.dismiss('same-1', false);
    expect(store.duplicates.groups()).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });
});
