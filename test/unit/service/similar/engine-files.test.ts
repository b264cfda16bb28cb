/** @file What becomes of the files beside an index when they are added to, damaged, or of another time. */
import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TrackId } from '../../../../src-main/contract/index.ts';
import { addTracks, engineOf, plainSegments, randomTracks, vectorLibrary } from '../../../support/neighbour-data.ts';
import type { VectorLibrary } from '../../../support/neighbour-data.ts';
import { temporaryStore } from '../../../support/store-data.ts';

const dimensions = 20;
const limits = { exactSegments: 0, residentBytes: 0 };
const files = ['tracks.f32', 'segments.i8'] as const;

/** A library whose nearest segments are found by codes. */
function library(): VectorLibrary {
  const made = vectorLibrary(temporaryStore(), dimensions);
  addTracks(made, randomTracks(1, 120, { dimensions }));
  return made;
}

const pathOf = ({ store, encoderId }: VectorLibrary, name: string): string =>
  join(store.paths.index(store.index.current(encoderId)?.id ?? 0), name);

/** What a new engine answers: rows, scores, and the tracks' scores. */
async function answer({ store, encoderId }: VectorLibrary, query: Float32Array): Promise<unknown[]> {
  const engine = engineOf(store, limits);
  const { rows, scores } = await engine.segmentTop(encoderId, query, { count: 40 });
  const tracks = await engine.trackScores(encoderId, query);
  await engine.close();
  return [[...rows], [...scores], [...tracks]];
}

const firstQuery = (made: VectorLibrary): Float32Array => Float32Array.from(plainSegments(made)[9]?.vector ?? []);

function overwrite(path: string, position: number, bytes: Uint8Array): void {
  const file = openSync(path, 'r+');
  writeSync(file, bytes, 0, bytes.length, position);
  closeSync(file);
}

const damages: [what: string, damage: (path: string) => void][] = [
  ['deleted', (path) => rmSync(path)],
  ['empty', (path) => truncateSync(path, 0)],
  ['cut within its header', (path) => truncateSync(path, 11)],
  ['half written', (path) => truncateSync(path, Math.floor(statSync(path).size / 2) + 3)],
  ['followed by what is none of it', (path) => writeFileSync(path, 'not a record, not one at all', { flag: 'a' })],
  ['damaged in its header', (path) => overwrite(path, 9, Uint8Array.of(77))],
  ['damaged in its middle', (path) => overwrite(path, Math.floor(statSync(path).size / 2), new Uint8Array(64).fill(0x55))],
  ['damaged in a record’s length', (path) => overwrite(path, statSync(path).size - 4 * dimensions - 8, new Uint8Array(4).fill(0xff))],
  ['of zeros', (path) => writeFileSync(path, new Uint8Array(statSync(path).size))],
];

describe.each(files)('%s', (name) => {
  it.each(damages)('is made good when it is %s, with the same answers', async (_, damage) => {
    const made = library();
    const query = firstQuery(made);
    const before = await answer(made, query);
    const path = pathOf(made, name);
    damage(path);
    expect(await answer(made, query)).toEqual(before);
    addTracks(made, randomTracks(2, 1, { dimensions }));
    const after = await answer(made, query);
    const good = readFileSync(path);
    expect(await answer(made, query)).toEqual(after);
    expect(readFileSync(path).equals(good)).toBe(true);
  });

  it('is made anew when it is that of another index', async () => {
    const [made, other] = [library(), vectorLibrary(temporaryStore(), dimensions)];
    const spare = other.store.encoders.add({ ...other.store.encoders.get(other.encoderId), name: 'spare', weightsSha256: 'cd' }).id;
    other.encoderId = spare;
    other.store.index.ensure(spare, 100);
    addTracks(other, randomTracks(9, 120, { dimensions }));
    const query = firstQuery(made);
    const before = await answer(made, query);
    await answer(other, query);
    copyFileSync(pathOf(other, name), pathOf(made, name));
    expect(await answer(made, query)).toEqual(before);
  });

  it('of an earlier time is brought up to date', async () => {
    const made = library();
    const query = firstQuery(made);
    await answer(made, query);
    const old = readFileSync(pathOf(made, name));
    const more = randomTracks(2, 15, { dimensions });
    addTracks(made, { ...more, '1-3': more['2-3'] as Float32Array });
    const now = await answer(made, query);
    writeFileSync(pathOf(made, name), old);
    expect(await answer(made, query)).toEqual(now);
  });

  it('is only added to when tracks come', async () => {
    const made = library();
    const query = firstQuery(made);
    await answer(made, query);
    const before = readFileSync(pathOf(made, name));
    addTracks(made, randomTracks(2, 15, { dimensions }));
    await answer(made, query);
    const after = readFileSync(pathOf(made, name));
    expect(after.length).toBeGreaterThan(before.length);
    expect(after.subarray(0, before.length).equals(before)).toBe(true);
  });

  it('is not written for tracks that are away', async () => {
    const made = library();
    const query = firstQuery(made);
    await answer(made, query);
    const before = readFileSync(pathOf(made, name));
    const ids = plainSegments(made).map(({ trackId }) => trackId as TrackId);
    made.store.tracks.markMissing(ids.slice(0, 200));
    await answer(made, query);
    made.store.tracks.markPresent(ids.slice(0, 200));
    await answer(made, query);
    expect(readFileSync(pathOf(made, name)).equals(before)).toBe(true);
  });
});

describe('an engine', () => {
  it('answers alike after tracks were added one by one and when all were there from the start', async () => {
    const [grown, whole] = [vectorLibrary(temporaryStore(), dimensions), vectorLibrary(temporaryStore(), dimensions)];
    const tracks = Object.entries(randomTracks(3, 100, { dimensions }));
    addTracks(whole, Object.fromEntries(tracks));
    const engine = engineOf(grown.store, limits);
    const query = Float32Array.from({ length: dimensions }, (_, i) => Math.sin(i));
    for (const part of [tracks.slice(0, 60), tracks.slice(60, 61), tracks.slice(61)]) {
      addTracks(grown, Object.fromEntries(part));
      await engine.segmentTop(grown.encoderId, query, { count: 40 });
    }
    expect(await answer(grown, query)).toEqual(await answer(whole, query));
  });

  it('tells how far it is, how much memory it takes, and what its codes find', async () => {
    const made = library();
    const { store, encoderId } = made;
    const engine = engineOf(store, limits);
    expect(engine.status(encoderId)).toEqual({ state: 'none' });
    const seen = new Set<string>();
    const watch = setInterval(() => seen.add(JSON.stringify(engine.status(encoderId))), 0);
    expect(await engine.recall(encoderId, { queries: 20, count: 10 })).toBe(1);
    clearInterval(watch);
    const segments = plainSegments(made).length;
    const status = engine.status(encoderId);
    expect(status).toMatchObject({ state: 'ready', method: 'fast', segments, tracks: 120, recall: 1 });
    expect(status.state === 'ready' && status.bytes).toBeGreaterThan(segments * 64);
    const building = [...seen]
      .map((text) => JSON.parse(text) as { state: string; done: number; total: number })
      .filter(({ state }) => state === 'building');
    for (const { done, total } of building) expect([total, done <= total]).toEqual([segments, true]);
    const small = engineOf(store);
    await small.trackSpace(encoderId);
    expect(small.status(encoderId)).toMatchObject({ state: 'ready', method: 'exact', recall: null });
  });

  it('ends what is asked when it is closed, and what is asked later', async () => {
    const { store, encoderId } = library();
    const engine = engineOf(store, limits);
    const asked = engine.segmentTop(encoderId, new Float32Array(dimensions).fill(1), { count: 5 });
    const closing = engine.close();
    await expect(asked).rejects.toMatchObject({ code: 'CANCELLED' });
    await closing;
    await expect(engine.trackSpace(encoderId)).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('says which file of the index is short, and works again when it is whole', async () => {
    const made = library();
    const { store, encoderId } = made;
    const path = pathOf(made, 'embeddings-0000.f32');
    const whole = readFileSync(path);
    truncateSync(path, 1000);
    const engine = engineOf(store, limits);
    await expect(engine.trackSpace(encoderId)).rejects.toMatchObject({ code: 'DATABASE_DAMAGED' });
    writeFileSync(path, whole);
    expect((await engine.trackSpace(encoderId)).trackIds).toHaveLength(120);
    expect(existsSync(pathOf(made, 'tracks.f32'))).toBe(true);
  });

  it('stands embeddings that are no numbers: their tracks are near nothing', async () => {
    const made = vectorLibrary(temporaryStore(), dimensions);
    const tracks = randomTracks(4, 30, { dimensions });
    const bad = Float32Array.from(tracks['4-5'] ?? []).fill(Number.NaN, 0, 3);
    const [, , badId] = addTracks(made, { ...Object.fromEntries(Object.entries(tracks).slice(0, 2)), bad, ...tracks });
    const engine = engineOf(made.store);
    const space = await engine.trackSpace(made.encoderId);
    expect([...space.vector(space.positionOf(badId ?? 0))]).toEqual(Array(dimensions).fill(0));
    const scores = await engine.trackScores(made.encoderId, space.vector(1).slice());
    expect(scores.every(Number.isFinite)).toBe(true);
    expect(scores[space.positionOf(badId ?? 0)]).toBe(0);
    const hits = await engine.segmentTop(made.encoderId, space.vector(1).slice(), { count: 1e4 });
    expect(hits.scores.every(Number.isFinite)).toBe(true);
  });

  it('brings raw embeddings into its spaces as it brings its own', async () => {
    const { store, encoderId } = library();
    const engine = engineOf(store);
    const space = await engine.trackSpace(encoderId);
    const [trackId] = space.trackIds;
    const raw = store.index.embeddings(encoderId, trackId as TrackId);
    const rows = raw.length / dimensions;
    const mean = Float32Array.from(
      { length: dimensions },
      (_, i) => raw.filter((__, at) => at % dimensions === i).reduce((a, b) => a + b, 0) / rows,
    );
    const track = await engine.centre(encoderId, 'tracks', mean);
    for (const [i, value] of track.entries()) expect(value).toBeCloseTo(space.vector(0)[i] as number, 5);
    const segment = await engine.centre(encoderId, 'segments', raw.subarray(0, dimensions));
    const own = engine.segmentVectors(encoderId, trackId ?? 0);
    expect([...segment]).toEqual([...own.subarray(0, dimensions)]);
    expect(own).toHaveLength(raw.length);
    const { scores } = await engine.segmentTop(encoderId, segment, { count: 1 });
    expect(scores[0]).toBeCloseTo(1, 5);
    expect(engine.segmentVectors(encoderId, 99_999)).toHaveLength(0);
  });
});

it('an index whose folder was taken away is told with the way to repair it', async () => {
  const made = library();
  const query = firstQuery(made);
  rmSync(made.store.paths.index(made.store.index.current(made.encoderId)?.id ?? 0), { recursive: true });
  await expect(answer(made, query)).rejects.toMatchObject({
    code: 'DATABASE_DAMAGED',
    message: expect.stringMatching(/tracks\.f32 is not whole\. Repair the index/) as string,
    details: { part: 'index' },
  });
});
