import { closeSync, existsSync, openSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src-main/base/index.ts';
import type { EncoderId, TrackId } from '../../../src-main/contract/index.ts';
import type { IndexId, IndexWriter, SegmentPageQuery, Store } from '../../../src-main/store/index.ts';
import { chunkRows } from '../../../src-main/store/index.ts';
import { smallEncoder, temporaryDirectory, temporaryStore, trackFile } from '../../support/store-data.ts';

const all: SegmentPageQuery = { features: [], sort: [], search: '', offset: 0, limit: 1000 };

type Library = { store: Store; encoderId: EncoderId; indexId: IndexId; ids: TrackId[] };

function library(names: readonly string[], dimensions = 3, store = temporaryStore()): Library {
  const ids = names.map((name) => store.tracks.upsert(trackFile(store, name)).id);
  const encoderId = store.encoders.add(smallEncoder(dimensions)).id;
  return { store, encoderId, indexId: store.index.ensure(encoderId, 100).id, ids };
}

function addTrack(writer: IndexWriter, trackId: TrackId, hash: string, rows: readonly (readonly number[])[]): void {
  writer.begin(trackId, hash);
  for (const row of rows) writer.append(Float32Array.from(row));
  writer.finish();
}

function addAll({ store, indexId, ids }: Library, rows: readonly (readonly (readonly number[])[])[]): void {
  const writer = store.index.writer(indexId);
  for (const [i, id] of ids.entries()) addTrack(writer, id, store.tracks.findByPath(store.tracks.path(id))?.audioHash ?? '', rows[i] ?? []);
  writer.close();
}

const places = ({ store, encoderId }: Library, query: Partial<SegmentPageQuery>): string =>
  store.index
    .query(encoderId, { ...all, ...query })
    .rows.map(({ trackId, segment }) => `${trackId}.${segment}`)
    .join(' ');

describe('a page of segments', () => {
  it('comes in the library’s order, or by one or two features with ties in that order', () => {
    const made = library(['b', 'a']);
    addAll(made, [
      [
        [1, 5, 0],
        [3, 5, 1],
      ],
      [
        [2, 5, 0],
        [3, 6, 0.1],
      ],
    ]);
    expect(places(made, {})).toBe('2.0 2.1 1.0 1.1');
    expect(places(made, { sort: [{ feature: 0, descending: true }] })).toBe('2.1 1.1 2.0 1.0');
    expect(places(made, { sort: [{ feature: 0, descending: false }] })).toBe('1.0 2.0 2.1 1.1');
    expect(
      places(made, {
        sort: [
          { feature: 1, descending: true },
          { feature: 0, descending: true },
        ],
      }),
    ).toBe('2.1 1.1 2.0 1.0');
    expect(places(made, { sort: [{ feature: 0, descending: true }], offset: 1, limit: 2 })).toBe('1.1 2.0');
    const page = made.store.index.query(made.encoderId, { ...all, features: [2, 0], sort: [{ feature: 2, descending: true }] });
    expect([page.total, [...page.values]]).toEqual([4, [1, 3, Math.fround(0.1), 3, 0, 2, 0, 1]]);
    expect(() => places(made, { sort: [{ feature: 3, descending: true }] })).toThrow(/no neuron 3/);
    expect(() => places(made, { features: [9] })).toThrow(/neurons 0 to 2/);
  });

  it('holds only what matches the search or lies in the track, and nothing that is missing, removed or of older audio', () => {
    const made = library(['alpha', 'beta', 'gamma']);
    const { store, ids } = made;
    addAll(made, [
      [[1, 0, 0]],
      [
        [2, 0, 0],
        [3, 0, 0],
      ],
      [[4, 0, 0]],
    ]);
    const sort = [{ feature: 0, descending: true }];
    expect(places(made, { sort, search: 'BET' })).toBe('2.1 2.0');
    expect(places(made, { sort, trackId: ids[0] })).toBe('1.0');
    expect(places(made, { sort, trackId: ids[0], search: 'beta' })).toBe('');
    store.tracks.markMissing([ids[1] as TrackId]);
    expect(places(made, { sort })).toBe('3.0 1.0');
    store.tracks.markPresent([ids[1] as TrackId]);
    store.tracks.upsert(trackFile(store, 'gamma', { audioHash: 'other audio' }));
    expect(places(made, { sort })).toBe('2.1 2.0 1.0');
    const folder = store.folders.add('/music');
    store.folders.remove(folder.id);
    expect(places(made, { sort })).toBe('');
    store.folders.restore(folder.id);
    expect(places(made, { sort })).toBe('2.1 2.0 1.0');
  });

  it('is empty without an index, and tells where a row stands in an order', () => {
    const made = library(['a', 'b']);
    const { store, encoderId } = made;
    expect(store.index.query(encoderId, { ...all, features: [0], sort: [{ feature: 0, descending: true }] })).toMatchObject({
      total: 0,
      rows: [],
    });
    const other = store.encoders.add(smallEncoder(3)).id;
    expect(store.index.query(other, all).total).toBe(0);
    addAll(made, [
      [
        [1, 0, 0],
        [9, 0, 0],
      ],
      [[5, 0, 0]],
    ]);
    const query = { search: '', sort: [{ feature: 0, descending: true }] };
    expect([0, 1, 2, 3].map((row) => store.index.offsetOf(encoderId, row, query))).toEqual([2, 0, 1, null]);
    expect(store.index.offsetOf(encoderId, 2, { search: '', sort: [] })).toBe(2);
    expect(store.index.offsetOf(other, 0, query)).toBeNull();
  });

  it('equals a plain sort over random tracks that fill more than a chunk', () => {
    const names = Array.from({ length: 700 }, (_, i) => `track ${(i * 7919) % 700}`);
    const made = library(names, 2);
    const { store, encoderId, ids } = made;
    const random = seededRandom(9);
    const writer = store.index.writer(made.indexId, { rows: 1000, intervalMs: 0 });
    const expected: { trackId: number; segment: number; value: number; second: number }[] = [];
    for (const [i, trackId] of ids.entries()) {
      writer.begin(trackId, `hash of ${names[i]}`);
      const rows = Float32Array.from({ length: 2 * (60 + random.below(80)) }, (_, at) =>
        at % 2 === 0 ? Math.max(0, random.normal()) : random.below(4),
      );
      writer.append(rows);
      for (let segment = 0; segment < rows.length / 2; segment++)
        expected.push({ trackId, segment, value: rows[2 * segment] ?? 0, second: rows[2 * segment + 1] ?? 0 });
      writer.finish();
    }
    writer.close();
    expect(expected.length).toBeGreaterThan(chunkRows);
    const libraryPlace = new Map(store.index.query(encoderId, { ...all, limit: 1 }).rows.map(({ trackId }) => [trackId as number, 0]));
    for (const [i, id] of [...store.tracks.inLibraryOrder().ids].entries()) libraryPlace.set(id, i);
    const inOrder = expected.toSorted(
      (a, b) =>
        b.value - a.value ||
        a.second - b.second ||
        (libraryPlace.get(a.trackId) ?? 0) - (libraryPlace.get(b.trackId) ?? 0) ||
        a.segment - b.segment,
    );
    const sort = [
      { feature: 0, descending: true },
      { feature: 1, descending: false },
    ];
    for (const offset of [0, 1000, 30_000, 40_000, expected.length - 50]) {
      const page = store.index.query(encoderId, { features: [0, 1], sort, search: '', offset, limit: 100 });
      const wanted = inOrder.slice(offset, offset + 100);
      expect(page.rows.map(({ trackId, segment }) => [trackId, segment])).toEqual(wanted.map(({ trackId, segment }) => [trackId, segment]));
      expect([...page.values]).toEqual(wanted.flatMap(({ value, second }) => [value, second]));
    }
  });
});

describe('reading a track', () => {
  it('gives its embeddings in full precision and a feature over its time', () => {
    const made = library(['a', 'b'], 2);
    addAll(made, [
      [[1, 2]],
      [
        [0.1, 3],
        [0.2, 4],
      ],
    ]);
    const [a, b] = made.ids as [TrackId, TrackId];
    const { index } = made.store;
    expect([...index.embeddings(made.encoderId, b)]).toEqual([...new Float32Array([0.1, 3, 0.2, 4])]);
    expect([...index.profile(made.encoderId, b, 0)]).toEqual([...new Float32Array([0.1, 0.2])]);
    expect([...index.profile(made.encoderId, a, 1)]).toEqual([2]);
    made.store.tracks.markMissing([a]);
    expect(index.embeddings(made.encoderId, a)).toHaveLength(0);
  });

  it('gives ranges and means of all features', () => {
    const made = library(['a', 'b'], 2);
    expect(made.store.index.summary(made.encoderId)).toMatchObject({ dimensions: 2, segments: 0, means: new Float32Array(2) });
    addAll(made, [
      [[1, -2]],
      [
        [3, 4],
        [5, Number.NaN],
      ],
    ]);
    const summary = made.store.index.summary(made.encoderId);
    expect(summary.segments).toBe(3);
    expect([[...summary.minima], [...summary.maxima], summary.means[0]]).toEqual([[1, -2], [5, 4], 3]);
  });
});

describe('ranges of features', () => {
  it('are not stretched by one track that is far from all others', () => {
    const names = Array.from({ length: 12 }, (_, i) => `track ${String(i).padStart(2, '0')}`);
    const made = library(names, 2);
    const usual = names.slice(1).map((_, i) => [
      [i / 10, -i / 20],
      [i / 11, 0.1],
    ]);
    addAll(made, [
      [
        [3e5, -2e5],
        [4e5, 1e5],
      ],
      ...usual,
    ]);
    const { minima, maxima, means } = made.store.index.summary(made.encoderId);
    expect([minima, maxima].map((ranges) => [...ranges].map((value) => Math.round(value * 10) / 10))).toEqual([
      [0, -0.5],
      [1, 0.1],
    ]);
    expect(Math.abs(means[0] ?? 9)).toBeLessThan(1);
  });
});

describe('the hashes of an index', () => {
  const rowsOf = (count: number, start: number): number[][] => Array.from({ length: count }, (_, i) => [start + i, -i]);

  function written(): Library {
    const made = library(['a', 'b', 'c'], 2);
    const [a, b, c] = made.ids as [TrackId, TrackId, TrackId];
    for (const [id, hash, rows] of [
      [a, 'hash of a', rowsOf(5, 0)],
      [b, 'hash of b', rowsOf(9, 50)],
      [c, 'hash of c', rowsOf(3, 90)],
    ] as const) {
      const writer = made.store.index.writer(made.indexId, { rows: 4, intervalMs: 1e9 });
      addTrack(writer, id, hash, rows);
      writer.close();
    }
    return made;
  }

  function spoil({ store, encoderId }: Library, name: string, position: number): void {
    const directory = store.paths.index(store.index.current(encoderId)?.id ?? 0);
    const file = openSync(join(directory, name), 'r+');
    writeSync(file, Uint8Array.of(77), 0, 1, position);
    closeSync(file);
  }

  it('agree with what was written, before and after it is compacted', async () => {
    const made = written();
    expect(await made.store.index.compareFiles(made.encoderId)).toEqual({ damaged: [], rowsWithoutHash: 0 });
    made.store.index.compact(made.indexId, { always: true });
    expect(await made.store.index.compareFiles(made.encoderId)).toEqual({ damaged: [], rowsWithoutHash: 0 });
  });

  it('name the file that was changed, rows or columns, and the one that is cut off', async () => {
    const rows = written();
    spoil(rows, 'embeddings-0000.f32', 8 * 7 + 2);
    expect((await rows.store.index.compareFiles(rows.encoderId))?.damaged).toEqual(['embeddings-0000.f32']);
    const columns = written();
    spoil(columns, 'activations-0000.f32', 65_536 * 4 + 4 * 11 + 1);
    expect((await columns.store.index.compareFiles(columns.encoderId))?.damaged).toEqual(['activations-0000.f32']);
    const short = written();
    truncateSync(join(short.store.paths.index(short.indexId), 'embeddings-0000.f32'), 8 * 12);
    expect((await short.store.index.compareFiles(short.encoderId))?.damaged).toEqual(['embeddings-0000.f32']);
  });
});

describe('writing', () => {
  it('leaves out aborted tracks, whether their rows were written already or not', () => {
    const made = library(['a', 'b', 'c'], 1);
    const [a, b, c] = made.ids as [TrackId, TrackId, TrackId];
    const writer = made.store.index.writer(made.indexId, { rows: 4, intervalMs: 1e9 });
    addTrack(writer, a, 'hash of a', [[1], [2]]);
    writer.begin(b, 'hash of b');
    writer.append(new Float32Array(11).fill(7));
    writer.abort();
    addTrack(writer, c, 'hash of c', [[3]]);
    writer.begin(b, 'hash of b');
    writer.append(new Float32Array(1).fill(8));
    writer.abort();
    writer.abort();
    writer.close();
    expect(places(made, {})).toBe('1.0 1.1 3.0');
    expect([...made.store.index.profile(made.encoderId, c, 0)]).toEqual([3]);
    expect(made.store.index.summary(made.encoderId)).toMatchObject({ segments: 3, maxima: new Float32Array([3]) });
    expect(made.store.index.current(made.encoderId)?.committedRows).toBe(3);
    expect(made.store.index.waiting(made.indexId).map(({ path }) => path)).toEqual(['/music/b.mp3']);
  });

  it('shows nothing before it is committed, and commits by itself after enough rows', () => {
    const made = library(['a', 'b'], 1);
    const [a, b] = made.ids as [TrackId, TrackId];
    const writer = made.store.index.writer(made.indexId, { rows: 8, intervalMs: 1e9 });
    addTrack(writer, a, 'hash of a', [[1]]);
    expect(places(made, {})).toBe('');
    addTrack(writer, b, 'hash of b', [[2], [3], [4], [5]]);
    expect(places(made, {})).toBe('1.0 2.0 2.1 2.2 2.3');
    writer.begin(a, 'again');
    writer.append(new Float32Array([9]));
    writer.flush();
    expect(places(made, {})).toBe('1.0 2.0 2.1 2.2 2.3');
    writer.close();
    expect(made.store.index.current(made.encoderId)?.committedRows).toBe(5);
  });

  it('is for one writer at a time, and for none once the hop has changed', () => {
    const made = library(['a'], 1);
    const writer = made.store.index.writer(made.indexId);
    expect(() => made.store.index.writer(made.indexId)).toThrow(/being indexed/);
    expect(() => made.store.index.ensure(made.encoderId, 200)).toThrow(/being indexed/);
    expect(() => made.store.index.compact(made.indexId)).toThrow(/being indexed/);
    writer.close();
    made.store.index.ensure(made.encoderId, 200);
    expect(() => made.store.index.writer(made.indexId)).toThrow(/replaced by a newer one/);
  });

  it('commits what was finished when the store is closed', () => {
    const directory = temporaryDirectory();
    const made = library(['a', 'b'], 1, temporaryStore(directory));
    const writer = made.store.index.writer(made.indexId);
    addTrack(writer, made.ids[0] as TrackId, 'hash of a', [[1]]);
    writer.begin(made.ids[1] as TrackId, 'hash of b');
    writer.append(new Float32Array([5]));
    made.store.close();
    const store = temporaryStore(directory);
    expect(places({ ...made, store }, {})).toBe('1.0');
  });
});

describe('what waits to be indexed', () => {
  it('is new or changed tracks, and failed ones only when asked or when their audio changed', () => {
    const made = library(['a', 'b', 'c'], 1);
    const { store, indexId } = made;
    const [a, b, c] = made.ids as [TrackId, TrackId, TrackId];
    const waiting = (): string =>
      store.index
        .waiting(indexId)
        .map(({ path }) => path.slice(7, 8))
        .join('');
    expect(waiting()).toBe('abc');
    const writer = store.index.writer(indexId);
    addTrack(writer, a, 'hash of a', [[1]]);
    writer.fail(b, 'hash of b', 'TOO_SHORT', 'It is shorter than one segment.');
    writer.fail(c, 'hash of c', 'DECODE_FAILED', 'It is broken.');
    writer.close();
    expect(waiting()).toBe('');
    expect(store.index.track(indexId, b)).toMatchObject({ outcome: 'failed', code: 'TOO_SHORT' });
    store.tracks.upsert(trackFile(store, 'c', { audioHash: 'mended' }));
    store.tracks.upsert(trackFile(store, 'a', { title: 'retagged' }));
    expect(waiting()).toBe('c');
    store.index.retryFailed(indexId, [b]);
    expect(waiting()).toBe('bc');
    store.tracks.markMissing([b]);
    expect(waiting()).toBe('c');
  });
});

describe('an index in place of another', () => {
  it('starts empty when the hop changes, and the old files go', () => {
    const made = library(['a'], 1);
    addAll(made, [[[1]]]);
    const { store, encoderId, indexId } = made;
    expect(store.index.ensure(encoderId, 100).id).toBe(indexId);
    expect(existsSync(store.paths.index(indexId))).toBe(true);
    const next = store.index.ensure(encoderId, 50);
    expect([next.id === indexId, existsSync(store.paths.index(indexId)), places(made, {})]).toEqual([false, false, '']);
    expect(store.index.waiting(next.id)).toHaveLength(1);
  });

  it('is compact: dead rows go, everything else stays as it was', () => {
    const made = library(['a', 'b', 'c'], 2);
    const { store, encoderId, ids } = made;
    addAll(made, [
      [
        [1, 1],
        [2, 2],
      ],
      [
        [30, 3],
        [40, 4],
        [50, 5],
      ],
      [[6, 6]],
    ]);
    expect(store.index.compact(made.indexId).id).toBe(made.indexId);
    store.tracks.upsert(trackFile(store, 'b', { audioHash: 'new b' }));
    const writer = store.index.writer(made.indexId);
    addTrack(writer, ids[1] as TrackId, 'new b', [[7, 7]]);
    writer.close();
    expect(store.index.deadShare(made.indexId)).toBeCloseTo(3 / 7);
    const before = store.index.query(encoderId, { ...all, features: [0, 1] });
    const compact = store.index.compact(made.indexId);
    expect([compact.id === made.indexId, compact.committedRows, store.index.deadShare(compact.id)]).toEqual([false, 4, 0]);
    const after = store.index.query(encoderId, { ...all, features: [0, 1] });
    expect([...after.values]).toEqual([...before.values]);
    expect(places(made, { sort: [{ feature: 0, descending: true }] })).toBe('2.0 3.0 1.1 1.0');
    expect(store.index.summary(encoderId)).toMatchObject({ segments: 4, maxima: new Float32Array([7, 7]) });
    expect(existsSync(join(store.paths.indexes, String(made.indexId)))).toBe(false);
    expect(store.index.waiting(compact.id)).toEqual([]);
  });
});
