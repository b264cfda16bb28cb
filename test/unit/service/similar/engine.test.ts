import { describe, expect, it } from 'vitest';
import type { TrackId } from '../../../../src-main/contract/index.ts';
import {
  addTracks,
  engineOf,
  plainCosine,
  plainSegments,
  plainTracks,
  randomTracks,
  vectorLibrary,
} from '../../../support/neighbour-data.ts';
import type { VectorLibrary } from '../../../support/neighbour-data.ts';
import { temporaryStore } from '../../../support/store-data.ts';

type Wish = { count: number; weights?: Float32Array | null; perTrack?: number; allowed?: (trackId: number) => boolean };

/** `track.segment` of the nearest, by comparing each. */
function plainTop(
  library: VectorLibrary,
  query: ArrayLike<number>,
  { count, weights = null, perTrack = Infinity, allowed = () => true }: Wish,
): string[] {
  const taken = new Map<number, number>();
  return plainSegments(library)
    .filter(({ trackId }) => allowed(trackId))
    .map((one) => ({ ...one, score: plainCosine(query, one.vector, weights) }))
    .sort((a, b) => b.score - a.score)
    .filter(({ trackId }) => {
      taken.set(trackId, (taken.get(trackId) ?? 0) + 1);
      return (taken.get(trackId) ?? 0) <= perTrack;
    })
    .slice(0, count)
    .map(({ trackId, segment }) => `${trackId}.${segment}`);
}

const names = ({ trackIds, segments }: { trackIds: Int32Array; segments: Int32Array }): string[] =>
  Array.from(trackIds, (trackId, i) => `${trackId}.${segments[i]}`);

/** Every way to search, by name. */
const ways: [string, { exactSegments: number; residentBytes: number }, boolean][] = [
  ['in memory', { exactSegments: 1e9, residentBytes: 1e9 }, false],
  ['from the files', { exactSegments: 1e9, residentBytes: 0 }, false],
  ['by codes', { exactSegments: 0, residentBytes: 0 }, false],
  ['exactly in a library that has codes', { exactSegments: 0, residentBytes: 1e9 }, true],
];

describe('a track that is far from all others', () => {
  it.each([1e5, -3e5, NaN])('at %d leaves the similarities of the others as they are', async (odd) => {
    const [without, beside] = [vectorLibrary(temporaryStore(), 20), vectorLibrary(temporaryStore(), 20)];
    const tracks = randomTracks(3, 10, { dimensions: 20 });
    addTracks(without, tracks);
    addTracks(beside, { ...tracks, 'zz spoilt': Float32Array.from({ length: 200 }, (_, i) => odd * (1 + (i % 7))) });
    const scores = await Promise.all(
      [without, beside].map(async ({ store, encoderId }) => {
        const engine = engineOf(store);
        const space = await engine.trackSpace(encoderId);
        return (await engine.trackScores(encoderId, space.vector(2).slice())).slice(0, 10);
      }),
    );
    for (const [i, score] of (scores[1] as Float32Array).entries()) expect(score).toBeCloseTo(scores[0]?.[i] as number, 5);
  });
});

describe('the track space', () => {
  it('holds every track’s mean, centred and of length 1, and scores them by their cosine', async () => {
    const library = vectorLibrary(temporaryStore(), 20);
    addTracks(library, randomTracks(1, 60, { dimensions: 20 }));
    const engine = engineOf(library.store);
    const space = await engine.trackSpace(library.encoderId);
    const plain = plainTracks(library);
    expect([...space.trackIds]).toEqual(plain.map(({ trackId }) => trackId));
    for (const [i, { trackId, vector }] of plain.entries()) {
      expect(space.positionOf(trackId)).toBe(i);
      for (const [k, value] of space.vector(i).entries()) expect(value).toBeCloseTo(vector[k] as number, 5);
    }
    expect(space.positionOf(9999)).toBe(-1);
    const query = space.vector(3).slice();
    const weights = Float32Array.from({ length: 20 }, (_, i) => (i % 5 === 0 ? 0 : 1 + (i % 3)));
    for (const way of [null, weights]) {
      const scores = await engine.trackScores(library.encoderId, query, way);
      for (const [i, { vector }] of plain.entries()) expect(scores[i]).toBeCloseTo(plainCosine(query, vector, way), 5);
      expect(scores[3]).toBeCloseTo(1, 5);
    }
  });

  it('is missing without an index, and empty without tracks', async () => {
    const library = vectorLibrary(temporaryStore(), 4);
    const engine = engineOf(library.store);
    const other = library.store.encoders.add({ ...library.store.encoders.get(library.encoderId), name: 'other', weightsSha256: 'cd' }).id;
    await expect(engine.trackSpace(other)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(engine.status(other)).toEqual({ state: 'none' });
    expect((await engine.trackSpace(library.encoderId)).trackIds).toHaveLength(0);
    expect(await engine.trackScores(library.encoderId, new Float32Array(4))).toHaveLength(0);
    for (const exact of [true, false])
      expect((await engine.segmentTop(library.encoderId, new Float32Array(4), { count: 5, exact })).rows).toHaveLength(0);
  });

  it('has another revision only when its vectors are others', async () => {
    const library = vectorLibrary(temporaryStore(), 4);
    const [first] = addTracks(library, randomTracks(1, 5, { dimensions: 4 }));
    const engine = engineOf(library.store);
    const before = (await engine.trackSpace(library.encoderId)).revision;
    library.store.folders.add('/elsewhere');
    expect((await engine.trackSpace(library.encoderId)).revision).toBe(before);
    library.store.tracks.markMissing([first as TrackId]);
    expect((await engine.trackSpace(library.encoderId)).revision).not.toBe(before);
  });
});

describe.each(ways)('searching segments %s', (_, limits, exact) => {
  it('finds what comparing each of them finds', async () => {
    const library = vectorLibrary(temporaryStore(), 20);
    addTracks(library, randomTracks(2, 120, { dimensions: 20 }));
    const engine = engineOf(library.store, limits);
    const all = plainSegments(library);
    expect(all.length).toBeGreaterThan(2000);
    const weights = Float32Array.from({ length: 20 }, (_, i) => (i === 4 ? 0 : 1));
    const mask = Uint8Array.from({ length: 200 }, (_, id) => (id % 3 === 0 ? 0 : 1));
    for (const at of [5, 700, 1500]) {
      const query = Float32Array.from(all[at]?.vector ?? []);
      const found = await engine.segmentTop(library.encoderId, query, { count: 30, exact });
      expect(names(found)).toEqual(plainTop(library, query, { count: 30 }));
      for (const [i, score] of found.scores.entries()) {
        const one = all.find(({ trackId, segment }) => trackId === found.trackIds[i] && segment === found.segments[i]);
        expect(score).toBeCloseTo(plainCosine(query, one?.vector ?? []), 5);
      }
      const weighted = await engine.segmentTop(library.encoderId, query, { count: 30, weights, exact });
      expect(names(weighted)).toEqual(plainTop(library, query, { count: 30, weights }));
      const masked = await engine.segmentTop(library.encoderId, query, { count: 30, tracks: mask, exact });
      expect(names(masked)).toEqual(plainTop(library, query, { count: 30, allowed: (id) => id % 3 !== 0 }));
      for (const perTrack of [1, 3]) {
        const limited = await engine.segmentTop(library.encoderId, query, { count: 25, perTrack, tracks: mask, exact });
        expect(names(limited)).toEqual(plainTop(library, query, { count: 25, perTrack, allowed: (id) => id % 3 !== 0 }));
      }
    }
  });

  it('never names a track that is missing, removed, of other audio, or masked', async () => {
    const library = vectorLibrary(temporaryStore(), 8);
    const { store, encoderId } = library;
    const tracks = randomTracks(3, 60, { dimensions: 8 });
    const ids = addTracks(library, tracks);
    const engine = engineOf(store, limits);
    const everything = async (): Promise<string[]> => {
      const query = plainSegments(library)[0]?.vector ?? new Float64Array(8);
      return names(await engine.segmentTop(encoderId, Float32Array.from(query), { count: 5000, exact })).sort();
    };
    const expected = (): string[] =>
      plainSegments(library)
        .map(({ trackId, segment }) => `${trackId}.${segment}`)
        .sort();
    expect(await everything()).toEqual(expected());
    store.tracks.markMissing([ids[7] as TrackId, ids[30] as TrackId]);
    addTracks(library, { [Object.keys(tracks)[12] as string]: randomTracks(4, 1, { dimensions: 8 })['4-0'] as Float32Array });
    const left = await everything();
    expect(left).toEqual(expected());
    expect(left.some((name) => name.startsWith(`${ids[7]}.`) || name.startsWith(`${ids[30]}.`))).toBe(false);
    store.tracks.markPresent([ids[30] as TrackId]);
    expect(await everything()).toEqual(expected());
    const none = await engine.segmentTop(encoderId, new Float32Array(8).fill(1), { count: 9, tracks: new Uint8Array(0), exact });
    expect(none.rows).toHaveLength(0);
  });

  it('follows tracks that come, and answers as an engine that starts then', async () => {
    const library = vectorLibrary(temporaryStore(), 20);
    const { store, encoderId } = library;
    addTracks(library, randomTracks(5, 100, { dimensions: 20 }));
    const engine = engineOf(store, limits);
    const query = Float32Array.from(plainSegments(library)[10]?.vector ?? []);
    await engine.segmentTop(encoderId, query, { count: 10, exact });
    addTracks(library, randomTracks(6, 30, { dimensions: 20 }));
    const found = await engine.segmentTop(encoderId, query, { count: 40, exact });
    expect(names(found)).toEqual(plainTop(library, query, { count: 40 }));
    const fresh = await engineOf(store, limits).segmentTop(encoderId, query, { count: 40, exact });
    expect([...fresh.rows]).toEqual([...found.rows]);
    expect([...fresh.scores]).toEqual([...found.scores]);
  });

  it('outlives compaction and another hop', async () => {
    const library = vectorLibrary(temporaryStore(), 8);
    const { store, encoderId } = library;
    addTracks(library, randomTracks(7, 50, { dimensions: 8 }));
    addTracks(
      library,
      Object.fromEntries(Object.entries(randomTracks(8, 30, { dimensions: 8 })).map(([name, rows]) => [name.replace('8-', '7-'), rows])),
    );
    const engine = engineOf(store, limits);
    const query = Float32Array.from(plainSegments(library)[3]?.vector ?? []);
    await engine.segmentTop(encoderId, query, { count: 10, exact });
    const index = store.index.current(encoderId);
    const compact = store.index.compact(index?.id as never, { always: true });
    expect(compact.id).not.toBe(index?.id);
    expect(names(await engine.segmentTop(encoderId, query, { count: 20, exact }))).toEqual(plainTop(library, query, { count: 20 }));
    store.index.ensure(encoderId, 50);
    expect((await engine.segmentTop(encoderId, query, { count: 20, exact })).rows).toHaveLength(0);
  });
});
