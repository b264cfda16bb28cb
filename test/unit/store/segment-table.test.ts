/** @file The table of segments in the store: sorted by what a row is, so many rows a track, parts of tracks, tags in searches, columns that no file holds. */
import { describe, expect, it } from 'vitest';
import type { EncoderId, TrackId } from '../../../src-main/contract/index.ts';
import { derivedValue, fillDerived } from '../../../src-main/store/activations/derived-column.ts';
import type { SegmentPageQuery, SegmentScope, Store } from '../../../src-main/store/index.ts';
import { smallEncoder, temporaryStore, trackFile } from '../../support/store-data.ts';

const all: SegmentPageQuery = { features: [], sort: [], search: '', offset: 0, limit: 1000 };

type Track = { name: string; title?: string; genre?: string; rows: readonly (readonly number[])[] };

function library(tracks: readonly Track[]): {
  store: Store;
  encoderId: EncoderId;
  ids: TrackId[];
  places: (query?: Partial<SegmentPageQuery>) => string;
} {
  const store = temporaryStore();
  const { id: encoderId } = store.encoders.add(smallEncoder(2));
  const writer = store.index.writer(store.index.ensure(encoderId, 100).id);
  const ids = tracks.map(({ name, title = name, genre = '', rows }) => {
    const file = { ...trackFile(store, name), title, genre };
    const { id } = store.tracks.upsert(file);
    writer.begin(id, file.audioHash);
    for (const row of rows) writer.append(Float32Array.from(row));
    writer.finish();
    return id;
  });
  writer.close();
  const places = (query: Partial<SegmentPageQuery> = {}): string =>
    store.index
      .query(encoderId, { ...all, ...query })
      .rows.map(({ trackId, segment, row }) => `${'abcdef'[ids.indexOf(trackId)]}${segment}@${row}`)
      .join(' ');
  return { store, encoderId, ids, places };
}

/** Titles in another order than the library's (by path), one genre missing. */
const three: readonly Track[] = [
  {
    name: 'a',
    title: 'Zebra',
    genre: 'Rock',
    rows: [
      [1, 9],
      [4, 8],
      [2, 7],
    ],
  },
  {
    name: 'b',
    title: 'apple',
    rows: [
      [3, 1],
      [6, 2],
    ],
  },
  { name: 'c', title: 'Mango', genre: 'Ambient', rows: [[5, 5]] },
];

describe('segments sorted by what a row is', () => {
  it('go by the title of the track, whatever the case, and within it in the library’s order', () => {
    const { places } = library(three);
    expect(places({ sort: [{ column: 'track', descending: false }] })).toBe('b0@3 b1@4 c0@5 a0@0 a1@1 a2@2');
    expect(places({ sort: [{ column: 'track', descending: true }] })).toBe('a0@0 a1@1 a2@2 c0@5 b0@3 b1@4');
  });

  it('go by their number or time, and by a feature behind it', () => {
    const { places } = library(three);
    const second = { feature: 0, descending: true };
    expect(places({ sort: [{ column: 'segment', descending: false }, second] })).toBe('c0@5 b0@3 a0@0 b1@4 a1@1 a2@2');
    expect(places({ sort: [{ column: 'time', descending: true }, second] })).toBe('a2@2 b1@4 a1@1 c0@5 b0@3 a0@0');
  });

  it('go by genre, with those that have none last either way', () => {
    const { places } = library(three);
    expect(places({ sort: [{ column: 'labels', descending: false }] })).toBe('c0@5 a0@0 a1@1 a2@2 b0@3 b1@4');
    expect(places({ sort: [{ column: 'labels', descending: true }] })).toBe('a0@0 a1@1 a2@2 c0@5 b0@3 b1@4');
  });
});

describe('so many rows a track', () => {
  it('are the first of the order of each, and counted so', () => {
    const { store, encoderId, places } = library(three);
    const sort = [{ feature: 0, descending: true }];
    expect(places({ sort, perTrack: 1 })).toBe('b1@4 c0@5 a1@1');
    expect(places({ sort, perTrack: 2 })).toBe('b1@4 c0@5 a1@1 b0@3 a2@2');
    expect(places({ sort, perTrack: 2, offset: 1, limit: 2 })).toBe('c0@5 a1@1');
    expect(places({ perTrack: 1 })).toBe('a0@0 b0@3 c0@5');
    expect(store.index.query(encoderId, { ...all, sort, perTrack: 2, limit: 1 })).toMatchObject({ total: 5, tracks: 3 });
    expect(places({ sort: [{ feature: 0, descending: false }], perTrack: 1 })).toBe('a0@0 b0@3 c0@5');
  });

  it('follow a search, and new tracks', () => {
    const { store, encoderId, places } = library(three);
    expect(places({ sort: [{ feature: 1, descending: false }], perTrack: 1, search: 'zebra' })).toBe('a2@2');
    const file = trackFile(store, 'd');
    const { id } = store.tracks.upsert(file);
    const writer = store.index.writer(store.index.ensure(encoderId, 100).id);
    writer.begin(id, file.audioHash);
    writer.append(Float32Array.of(9, 0));
    writer.append(Float32Array.of(8, 0));
    writer.finish();
    writer.close();
    expect(store.index.query(encoderId, { ...all, sort: [{ feature: 0, descending: true }], perTrack: 1 }).rows[0]).toMatchObject({
      trackId: id,
      segment: 0,
    });
  });
});

describe('parts of tracks', () => {
  const scope = (ids: readonly TrackId[]): SegmentScope => ({
    ...{ key: 'some', size: 2, has: (id: number) => id !== ids[2] },
    spans: (id, count) =>
      id === ids[0]
        ? [
            [0, 1],
            [2, 99],
          ]
        : id === ids[1]
          ? [[1, count]]
          : null,
  });

  it('keep their numbers and rows, are sorted by every column, and count as one track', () => {
    const { store, encoderId, ids, places } = library(three);
    expect(places({ scope: scope(ids) })).toBe('a0@0 a2@2 b1@4');
    expect(places({ scope: scope(ids), sort: [{ feature: 0, descending: true }] })).toBe('b1@4 a2@2 a0@0');
    expect(places({ scope: scope(ids), sort: [{ column: 'segment', descending: true }] })).toBe('a2@2 b1@4 a0@0');
    expect(places({ scope: scope(ids), sort: [{ feature: 0, descending: true }], perTrack: 1 })).toBe('b1@4 a2@2');
    expect(store.index.query(encoderId, { ...all, scope: scope(ids) })).toMatchObject({ total: 3, tracks: 2 });
    expect(store.index.offsetOf(encoderId, 2, { ...all, scope: scope(ids) })).toBe(1);
    expect(store.index.offsetOf(encoderId, 1, { ...all, scope: scope(ids) })).toBeNull();
  });

  it('are found again by their key alone, until the library is another', () => {
    const { ids, places } = library(three);
    expect(places({ scope: scope(ids) })).toBe('a0@0 a2@2 b1@4');
    expect(places({ scope: { key: 'none', size: 0, has: () => false } })).toBe('');
    expect(places({ scope: { ...scope(ids), has: () => false } })).toBe('a0@0 a2@2 b1@4');
  });
});

describe('a search for segments', () => {
  it('also looks into the names of the tags that a track carries, and in both for words of one search', () => {
    const { store, ids, places } = library(three);
    const [a, b, c] = ids as [TrackId, TrackId, TrackId];
    const { tag } = store.tags.create({ kind: 'mood', name: 'Rainy Déjà' });
    const mark = (trackId: TrackId, answer: 'yes' | 'no'): void =>
      void store.tags.mark({ tagIds: [tag.id], targets: [{ trackId }], answer, source: 'person' });
    expect(places({ search: 'rainy' })).toBe('');
    mark(b, 'yes');
    mark(a, 'no');
    store.tags.mark({ tagIds: [tag.id], targets: [{ trackId: c, startMs: 0, endMs: 1 }], answer: 'yes', source: 'person' });
    expect(places({ search: 'rainy' })).toBe('b0@3 b1@4 c0@5');
    expect(places({ search: 'DEJA apple' })).toBe('b0@3 b1@4');
    expect(places({ search: 'mood zebra' })).toBe('');
    expect(places({ search: 'rainy', sort: [{ feature: 0, descending: false }], perTrack: 1 })).toBe('b0@3 c0@5');
    store.tags.mark({ tagIds: [tag.id], targets: [{ trackId: b }], answer: 'none', source: 'person' });
    expect(places({ search: 'rainy' })).toBe('c0@5');
  });
});

describe('a column that no file holds', () => {
  it('gives several neurons together, and is sorted by the very numbers that it shows', () => {
    const { store, encoderId } = library(three);
    const extras = [
      {
        kind: 'weighted' as const,
        key: 'w',
        weights: [
          { feature: 0, weight: 0.5 },
          { feature: 1, weight: -2 },
        ],
        offset: 1,
      },
    ];
    const found = store.index.query(encoderId, { ...all, extras, sort: [{ extra: 0, descending: true }], limit: 3 });
    expect(found.rows.map(({ row }) => row)).toEqual([3, 4, 5]);
    expect([...found.extras]).toEqual([0.5 * 3 - 2 * 1 + 1, 0.5 * 6 - 2 * 2 + 1, 0.5 * 5 - 2 * 5 + 1]);
    expect(() => store.index.query(encoderId, { ...all, extras, sort: [{ extra: 1, descending: true }] })).toThrow('extra column 1');
    const beyond = [{ kind: 'weighted' as const, key: 'b', weights: [{ feature: 2, weight: 1 }], offset: 0 }];
    expect(() => store.index.query(encoderId, { ...all, extras: beyond, sort: [{ extra: 0, descending: true }] })).toThrow('no neuron 2');
  });

  it('gives each segment its own value, and what nobody knows comes last either way', () => {
    const { store, encoderId, ids, places } = library(three);
    const ofTrack = (id: number): number | ((segment: number) => number) =>
      id === ids[0] ? (segment) => (segment === 1 ? 2 : NaN) : id === ids[1] ? 0.25 : NaN;
    const extras = [{ kind: 'each' as const, key: 'e', ofTrack }];
    expect(places({ extras, sort: [{ extra: 0, descending: true }] })).toBe('a1@1 b0@3 b1@4 a0@0 a2@2 c0@5');
    expect(places({ extras, sort: [{ extra: 0, descending: false }] })).toBe('b0@3 b1@4 a1@1 a0@0 a2@2 c0@5');
    expect([...store.index.query(encoderId, { ...all, extras, features: [1] }).extras]).toEqual([NaN, 2, NaN, 0.25, 0.25, NaN]);
  });

  it('is filled with the very numbers that single segments show', () => {
    const column = { kind: 'weighted' as const, key: 'w', weights: [{ feature: 1, weight: 0.3 }], offset: -7.5 };
    const given = Float32Array.of(1, 2, 0.1);
    const view = {
      trackIds: Int32Array.of(1),
      firstRows: Uint32Array.of(0),
      firstSegments: Uint32Array.of(0),
      starts: Uint32Array.of(0, 3),
      total: 3,
    };
    const values = new Float32Array(3);
    expect([...fillDerived(column, view, { values, read: (_, into) => into.set(given) })]).toHaveLength(1);
    expect([...values]).toEqual(
      [...given].map((value, segment) => derivedValue(column, { trackId: 1, segment }, Float32Array.of(0, value))),
    );
    expect(values[1]).toBeCloseTo(-6.9, 6);
  });

  it('is made in steps before it is asked for', async () => {
    const { store, encoderId, places } = library(three);
    const extras = [
      {
        kind: 'weighted' as const,
        key: 'w',
        weights: [
          { feature: 0, weight: 1 },
          { feature: 1, weight: 1 },
        ],
        offset: 0,
      },
    ];
    const sort = [{ extra: 0, descending: true }];
    let pauses = 0;
    await store.index.prepare(encoderId, { ...all, extras, sort }, async () => void pauses++);
    expect(pauses).toBeGreaterThanOrEqual(2);
    expect(places({ extras, sort, limit: 2 })).toBe('a1@1 a0@0');
  });
});
