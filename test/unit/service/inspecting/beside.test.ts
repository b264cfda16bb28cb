/** @file One neuron in two kinds of music, and two encoders beside each other, on indexes on the disk. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { floatsFromBase64 } from '../../../../src-main/contract/index.ts';
import { openStore } from '../../../../src-main/store/index.ts';
import { hears, heardDataSet, otherEncoder, timbre, timbreDimensions } from '../../../support/beside-library.ts';
import { figureLibrary, hiss, hum } from '../../../support/figure-library.ts';
import { smallEncoder, temporaryDirectory, trackFile } from '../../../support/store-data.ts';
import { writeWav } from '../../../support/wav.ts';

const all = { kind: 'all' } as const;
const bass = { kind: 'search', search: 'bass' } as const;

describe('a neuron in two kinds of music', () => {
  it('has its top segments of each, with the names that grow in them', async () => {
    const { services, encoderId, tagId } = figureLibrary();
    const { libraries } = services.inspecting;
    const found = await libraries.libraries({ encoderId, number: 0, sides: [all, { kind: 'tag', tagId }], top: 18 });
    const [first, second] = found.sides;
    expect([first.name, first.tracks, first.segments, first.topTracks]).toEqual(['The whole library', 12, 36, 6]);
    expect(first.top.every(({ title, activation }) => title.startsWith('hiss') && activation === 10)).toBe(true);
    expect(first.names.map(({ kind, name, count, tracks }) => [kind, name, count, tracks])).toEqual([
      ['tag', 'sound: hiss', 6, 6],
      ['genre', 'noise', 6, 6],
    ]);
    // Of a side on which every track bears it, a name tells nothing.
    expect([second.name, second.names, found.shared]).toEqual(['sound: hiss', [], 6]);
    expect(found).toMatchObject({ likeness: null, missing: expect.stringContaining('told by timbre statistics') as string });
  });

  it('takes a playlist, and says that a smart one has no tracks of its own', async () => {
    const { services, encoderId } = figureLibrary();
    const { store, inspecting } = services;
    const trackIds = store.tracks.summaries([1, 2, 3] as never[]).map(({ id }) => id);
    const { id: playlistId } = store.playlists.create({ name: 'Three', trackIds, smart: null });
    const found = await inspecting.libraries.libraries({ encoderId, number: 2, sides: [{ kind: 'playlist', playlistId }, all], top: 5 });
    expect(found.sides.map(({ name, tracks }) => [name, tracks])).toEqual([
      ['Three', 3],
      ['The whole library', 12],
    ]);
    expect(found.sides[0].top[0]).toMatchObject({ title: 'hiss 2', activation: 0.5 });
    const { id: smart } = store.playlists.create({ name: 'Asks', trackIds: [], smart: {} as never });
    await expect(
      inspecting.libraries.libraries({ encoderId, number: 2, sides: [all, { kind: 'playlist', playlistId: smart }], top: 5 }),
    ).rejects.toThrow('“Asks” is a smart playlist, which finds its tracks anew each time. Make it a plain list first.');
  });

  it('tells how alike top segments sound by timbre statistics that cover the same time', async () => {
    const { services, encoderId } = figureLibrary();
    timbre(services.store);
    const found = await services.inspecting.libraries.libraries({ encoderId, number: 0, sides: [all, bass], top: 18 });
    const { statistics = [], sides, likeness } = found.likeness ?? {};
    expect(statistics).toHaveLength(timbreDimensions);
    expect(statistics[193]).toBe('dark rather than bright: how much');
    // Where it hisses the last statistics are greater; on the other side nothing hisses.
    const meanOf = (values: readonly { value: number }[]): number => values.reduce((sum, { value }) => sum + value, 0) / values.length;
    expect(meanOf(sides?.[0].slice(216) ?? [])).toBeGreaterThan(0.8);
    expect(Math.abs(meanOf(sides?.[1].slice(216) ?? []))).toBeLessThan(0.2);
    expect(Math.abs(meanOf(sides?.[0].slice(0, 216) ?? []))).toBeLessThan(0.2);
    expect(likeness?.value).toBeLessThan(0.5);
    const same = await services.inspecting.libraries.libraries({ encoderId, number: 0, sides: [all, all], top: 18 });
    expect(same.likeness?.likeness?.value).toBeCloseTo(1, 9);
    expect(same.likeness?.byChance).toBeLessThan(0.05);
  });

  it('says what to do for a neuron that there is not, music that was not heard, and an encoder without an index', async () => {
    const { services, encoderId } = figureLibrary();
    const { libraries } = services.inspecting;
    await expect(libraries.libraries({ encoderId, number: 4, sides: [all, all], top: 5 })).rejects.toThrow('there is no neuron 4');
    await expect(libraries.libraries({ encoderId, number: 0, sides: [all, { kind: 'search', search: 'oboe' }], top: 5 })).rejects.toThrow(
      'Nothing of “oboe” has been heard',
    );
    const { id } = services.store.encoders.add({ ...smallEncoder(4), name: 'Deaf', weightsSha256: 'cd' });
    await expect(libraries.libraries({ encoderId: id, number: 0, sides: [all, all], top: 5 })).rejects.toThrow(
      'Index the library with it first',
    );
  });

  it('ends when nobody waits for it, and is made when it is asked for again', async () => {
    const { services, encoderId } = figureLibrary();
    const wish = { encoderId, number: 0, sides: [all, bass] as [typeof all, typeof bass], top: 5 };
    const { libraries } = services.inspecting;
    await expect(libraries.libraries(wish, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'CANCELLED' });
    expect((await libraries.libraries(wish)).sides[1].tracks).toBe(hum.length);
  });
});

describe('a data set that an evaluation has heard', () => {
  it('stands in the place of some music, as a side and in a profile, and is closed again', async () => {
    const { services, encoderId } = figureLibrary();
    const { inspecting, store } = services;
    expect(inspecting.libraries.dataSets()).toEqual([]);
    const { name, directory } = heardDataSet(store);
    expect(inspecting.libraries.dataSets()).toEqual([{ name, title: 'A folder', folder: '/data/clips' }]);
    const source = { kind: 'data-set', name } as const;
    const { sides } = await inspecting.libraries.libraries({ encoderId, number: 0, sides: [all, source], top: 5 });
    expect(sides[1]).toMatchObject({ name: 'A folder (clips)', tracks: 8, dataSet: name });
    expect(sides[1].top.map(({ title, activation }) => [title, activation])).toEqual([
      ['clip 0', 20],
      ['clip 1', 19],
      ['clip 2', 18],
      ['clip 3', 17],
      ['clip 4', 16],
    ]);
    const { parts } = await inspecting.figures.profile({ encoderId, parts: [source, all], scale: 'own' });
    expect(parts.map((part) => [part.name, part.tracks, part.neurons.mean[0]])).toEqual([
      ['A folder (clips)', 8, 16.5],
      ['The whole library', 12, 5.5],
    ]);
    openStore(directory).close();
  });

  it('is heard by itself, a stretch of a file at a time', async () => {
    const { services } = figureLibrary();
    const { libraries } = services.inspecting;
    const { name, directory } = heardDataSet(services.store);
    const path = join(temporaryDirectory(), 'clip.wav');
    writeWav(path, { seconds: 3, seed: 5, sampleRate: 44_100 });
    const own = openStore(directory);
    const { id: trackId } = own.tracks.upsert(trackFile(own, 'clip', { path }));
    own.close();
    const whole = floatsFromBase64((await libraries.sound({ name, trackId, startMs: 0, durationMs: 3000 })).wave);
    const part = await libraries.sound({ name, trackId, startMs: 1000, durationMs: 500 });
    expect(part.sampleRate).toBe(44_100);
    expect([...floatsFromBase64(part.wave)]).toEqual([...whole.subarray(44_100, 66_150)]);
    expect(whole.some((sample) => Math.abs(sample) > 0.01)).toBe(true);
    const end = await libraries.sound({ name, trackId, startMs: 2900, durationMs: 500 });
    expect(floatsFromBase64(end.wave)).toHaveLength(4_410);
    await expect(libraries.sound({ name, trackId: 99 as never, startMs: 0, durationMs: 500 })).rejects.toThrow(
      'has no such track any more',
    );
  });

  it('is refused while an evaluation works on it, where it was not heard by this encoder, and where there is none', async () => {
    const { services, encoderId } = figureLibrary();
    const { inspecting, store } = services;
    const { name, directory } = heardDataSet(store, 'another');
    const ask = (named: string): Promise<unknown> =>
      inspecting.libraries.libraries({ encoderId, number: 0, sides: [all, { kind: 'data-set', name: named }], top: 5 });
    await expect(ask(name)).rejects.toThrow('Small has not heard the data set A folder (clips). Evaluate it there first');
    const own = openStore(directory);
    await expect(ask(name)).rejects.toThrow('An evaluation works on A folder (clips) just now. Try again when it is done.');
    own.close();
    await expect(ask('nothing')).rejects.toThrow('No evaluation has heard a data set nothing.');
  });
});

describe('two encoders', () => {
  it('share neighbours and pair neurons over what both have heard, and tell what only one hears', async () => {
    const { services, encoderId } = figureLibrary();
    const { store, inspecting } = services;
    // It hears the first encoder's neurons 2 and 0, the second turned round, and something of its own; the last track it has not heard.
    const heard = [...hiss, ...hum].filter((track) => track !== 11);
    const values = (track: number, segment: number): Float32Array =>
      Float32Array.of(track / 2, hiss.includes(track) ? -10 : -1, (track * 5 + segment) % 7, 3);
    const otherId = otherEncoder(store, { dimensions: 4 }, { segments: 3, values }, heard);
    const found = await inspecting.encoders.encoders({ encoderId, otherId, k: 3 });
    expect(found).toMatchObject({ names: ['Small', 'Other'], tracks: 11, segments: 33, isCovered: false });
    const { pairs, dead, alone, taken } = found.neurons;
    expect([dead, taken, pairs.length]).toEqual([[0, 1], 33, 3]);
    const pairOf = (first: number): (typeof pairs)[number] | undefined => pairs.find((pair) => pair.first === first);
    expect(pairOf(2)).toMatchObject({ second: 0, correlation: expect.closeTo(1, 6) as number });
    // Neurons 0 and 1 are each other's opposites: one of them is paired with what is the opposite of the first.
    expect(Math.abs(pairs.find(({ second }) => second === 1)?.correlation ?? 0)).toBeCloseTo(1, 6);
    expect(alone[0][0]).toMatchObject({
      number: 3,
      segments: [expect.objectContaining({ segment: 2, activation: 2 }), expect.anything(), expect.anything()],
    });
    expect(found.neighbours).toMatchObject({ k: 3, tracks: 11, chance: 0.3 });
    expect(found.neighbours?.queries).toHaveLength(11);
    expect(found.layers).toMatchObject({ rows: [{ name: 'Small' }], columns: [{ name: 'Other' }], taken: 33 });
    const value = found.layers.values[0]?.[0] ?? 0;
    expect(value).toBeGreaterThan(0.5);
    expect(value).toBeLessThan(1);
  });

  it('are the same where one is the other with its neurons in another order', async () => {
    const { services, encoderId } = figureLibrary();
    const values = (track: number, segment: number): Float32Array =>
      Float32Array.of(segment, track / 4, hiss.includes(track) ? 1 : 10, hiss.includes(track) ? 10 : 1);
    const otherId = otherEncoder(services.store, { dimensions: 4 }, { segments: 3, values });
    const { encoders } = services.inspecting;
    const found = await encoders.encoders({ encoderId, otherId, k: 4 });
    expect(found.layers.values[0]?.[0]).toBeCloseTo(1, 9);
    expect(found.neighbours).toMatchObject({ value: 1 });
    expect(found.neurons.pairs.every(({ correlation }) => Math.abs(correlation) > 1 - 1e-6)).toBe(true);
    const trackId = found.neighbours?.queries[0]?.trackId as never;
    const { query, lists } = await encoders.neighbours({ encoderId, otherId, k: 4, trackId });
    expect(query.title).toBe('hiss 0');
    expect(lists[0].map(({ title }) => title)).toEqual(lists[1].map(({ title }) => title));
    expect(lists[0].map(({ place }) => place)).toEqual([1, 2, 3, 4]);
  });

  it('are held against each other by time where their segments lie at other times', async () => {
    const { services, encoderId } = figureLibrary();
    const { store } = services;
    // Half as long steps, and segments of half the length: each of the first encoder's is covered by two.
    const { cropSamples } = store.encoders.get(encoderId);
    const half = Math.round(cropSamples / 2);
    const values = (track: number, segment: number): Float32Array =>
      Float32Array.of(Math.floor(segment / 2) + (segment % 2 === 0 ? 0.5 : -0.5), track);
    const otherId = otherEncoder(store, { dimensions: 2, cropSamples: half }, { hopSamples: half, segments: 6, values });
    const found = await services.inspecting.encoders.encoders({ encoderId, otherId, k: 3 });
    expect(found).toMatchObject({ isCovered: true, segments: 36 });
    // The mean of two is the number of the segment that they cover, which neuron 3 gives.
    expect(found.neurons.pairs.find(({ first }) => first === 3)).toMatchObject({ second: 0, correlation: expect.closeTo(1, 9) as number });
    const back = await services.inspecting.encoders.encoders({ encoderId: otherId, otherId: encoderId, k: 3 });
    expect(back.neurons.pairs.find(({ second }) => second === 3)).toMatchObject({ first: 0, correlation: expect.closeTo(1, 9) as number });
  });

  it('show every indexed layer of both', async () => {
    const { services, encoderId } = figureLibrary();
    const { store } = services;
    const base = store.encoders.get(encoderId);
    const layer = store.encoders.ensureSpace(base, {
      space: { output: 'block-3', pooling: 'mean' },
      title: 'Block 3, mean',
      dimensions: 2,
    });
    hears(store, layer.id, { segments: 3, values: (track, segment) => Float32Array.of(hiss.includes(track) ? 10 : 1, segment) });
    const flat = otherEncoder(store, { dimensions: 2, name: 'Flat' }, { segments: 3, values: () => Float32Array.of(1, 2) });
    const found = await services.inspecting.encoders.encoders({ encoderId, otherId: layer.id, k: 3 });
    expect(found.layers.rows.map(({ name }) => name)).toEqual(['Small', 'Small · Block 3, mean']);
    expect(found.layers.values[0]?.[0]).toBeCloseTo(1, 9);
    expect(found.layers.values[0]?.[1]).toBeCloseTo(found.layers.values[1]?.[0] ?? NaN, 9);
    const none = await services.inspecting.encoders.encoders({ encoderId, otherId: flat, k: 3 });
    expect(none.layers.values).toEqual([[null], [null]]);
    expect(none.neurons).toMatchObject({ pairs: [], dead: [0, 2] });
  });

  it('say what to do where nothing can be compared', async () => {
    const { services, encoderId } = figureLibrary();
    const { store, inspecting } = services;
    const ask = (otherId: number): Promise<unknown> => inspecting.encoders.encoders({ encoderId, otherId: otherId as never, k: 3 });
    await expect(ask(encoderId)).rejects.toThrow('Small cannot be held against itself.');
    await expect(ask(99)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const { id } = store.encoders.add({ ...smallEncoder(2), name: 'Deaf', weightsSha256: 'cd' });
    await expect(ask(id)).rejects.toThrow('Deaf has not heard any track yet. Index the library with it first.');
    hears(store, id, { segments: 1, values: () => Float32Array.of(1, 2) }, [3]);
    await expect(ask(id)).rejects.toThrow('Small and Deaf have heard fewer than 4 segments together. Index more music with both.');
    const values = (track: number): Float32Array => Float32Array.of(track, 1);
    const otherId = otherEncoder(store, { dimensions: 2, name: 'Two' }, { segments: 3, values }, [4, 5]);
    const found = await inspecting.encoders.encoders({ encoderId, otherId, k: 3 });
    expect(found.neighbours).toBeNull();
    await expect(inspecting.encoders.neighbours({ encoderId, otherId, k: 3, trackId: 1 as never })).rejects.toThrow('Choose another one.');
  });

  it('end in the middle, and are made when they are asked for again', async () => {
    const { services, encoderId } = figureLibrary();
    const values = (track: number, segment: number): Float32Array => Float32Array.of(track, segment);
    const otherId = otherEncoder(services.store, { dimensions: 2 }, { segments: 3, values });
    const ended = new AbortController();
    const wish = { encoderId, otherId, k: 3 };
    const { encoders } = services.inspecting;
    await expect(encoders.encoders(wish, { signal: ended.signal, onProgress: () => ended.abort() })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect((await encoders.encoders(wish)).tracks).toBe(12);
  });
});
