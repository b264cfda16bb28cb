/** @file All neurons of an index on the disk: what they are told by, what is kept, what is looked at again, and how a look ends. */
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { sourceEntries } from '../../../../src-main/host/core.ts';
import { createServices, EventHub } from '../../../../src-main/service/index.ts';
import type { Services } from '../../../../src-main/service/index.ts';
import type { EncoderId, Neuron, TrackId } from '../../../../src-main/contract/index.ts';
import { smallEncoder, temporaryDirectory, trackFile } from '../../../support/store-data.ts';

const host = {
  ...{ kind: 'serve' as const, version: '0.1.0-test' },
  ...{ chooseFolder: async () => null, chooseWeights: async () => null, reveal: async () => undefined },
};

/** Neuron 0 tells the tracks of the first genre, 1 follows how loud a segment is, 2 gives one number, 3 differs in the sixth digit alone. */
const dimensions = 5;
const segments = 3;

type Library = {
  services: Services;
  encoderId: EncoderId;
  /** Indexes tracks of these numbers. */
  add: (from: number, end: number) => TrackId[];
  /** How often a look has ended. */
  looks: () => number;
};

async function library(): Promise<Library> {
  const services = createServices({ dataDirectory: temporaryDirectory(), host, entries: sourceEntries, report: () => undefined });
  onTestFinished(() => services.close());
  const { store } = services;
  const { id, cropSamples } = store.encoders.add(smallEncoder(dimensions));
  const index = store.index.ensure(id, cropSamples);
  const events = vi.spyOn(EventHub.prototype, 'emit');
  onTestFinished(() => events.mockRestore());
  const looks = (): number => events.mock.calls.filter(([event]) => event.type === 'inspect.looking' && event.looking === null).length;
  const add = (from: number, end: number): TrackId[] => {
    const writer = store.index.writer(index.id);
    const added: TrackId[] = [];
    for (let track = from; track < end; track++) {
      const name = `track ${track}`;
      const isFirst = track % 4 === 0;
      const file = trackFile(store, name);
      const { id: trackId } = store.tracks.upsert({ ...file, genre: isFirst ? 'dub' : 'polka', artist: `artist ${track % 20}` });
      const level = (segment: number): number => 20 + ((track * 7 + segment * 31) % 90);
      store.peaks.set(
        trackId,
        20,
        Uint8Array.from({ length: 20 * 3 * segments }, (_, i) => level(Math.floor(i / 60))),
      );
      writer.begin(trackId, `hash of ${name}`);
      for (let segment = 0; segment < segments; segment++)
        writer.append(
          Float32Array.of(
            (isFirst ? 4 : 1) + ((track * 37) % 79) / 80,
            Math.log10(level(segment)),
            0.5,
            0.607 + ((track * segment) % 7) * 1e-6,
            track === 5 && segment === 1 ? 9 : (track % 7) / 100,
          ),
        );
      writer.finish({});
      added.push(trackId);
    }
    writer.close();
    return added;
  };
  return { services, encoderId: id, add, looks };
}

function byNumber(neurons: readonly Neuron[], number: number): Neuron {
  return neurons.find((one) => one.number === number) as Neuron;
}

describe('all neurons of a space', () => {
  it('are told by what they do, and named where a name is clear of chance', async () => {
    const { services, encoderId, add } = await library();
    add(0, 80);
    const { tracks, segments: heard, tried, isByArtist, neurons } = await services.inspecting.neurons(encoderId);
    expect({ tracks, heard, isByArtist, states: neurons.map(({ state }) => state) }).toEqual({
      ...{ tracks: 80, heard: 240, isByArtist: true },
      states: ['alive', 'alive', 'dead', 'flat', 'rare'],
    });
    expect(tried).toBeGreaterThan(2);
    const genre = byNumber(neurons, 0);
    expect(genre.names[0]).toMatchObject({ kind: 'genre', name: 'dub', auroc: 1, high: 1, tracks: 20 });
    expect(genre.names[0]?.low).toBeGreaterThan(0.6);
    expect(genre.activeShare).toBe(0.25);
    expect(genre.histogram.reduce((sum, count) => sum + count, 0)).toBe(240);
    expect(byNumber(neurons, 1).loudness).toBeGreaterThan(0.9);
    expect(byNumber(neurons, 1).names).toEqual([]);
    expect(byNumber(neurons, 2)).toMatchObject({ spread: 0, selectivity: 0, loudness: null, names: [] });
  });

  it('are named by a person’s own tags before fields of files, and bear what was noted', async () => {
    const { services, encoderId, add } = await library();
    const trackIds = add(0, 80);
    const { store, inspecting } = services;
    const { tag } = store.tags.create({ kind: 'mood', name: 'deep' });
    const targets = trackIds.filter((_, track) => track % 4 === 0).map((trackId) => ({ trackId }));
    store.tags.mark({ tagIds: [tag.id], targets, answer: 'yes', source: 'person' });
    store.notes.set(encoderId, 0, 'low and slow');
    const genre = byNumber((await inspecting.neurons(encoderId)).neurons, 0);
    expect(genre.note).toBe('low and slow');
    expect(genre.names.slice(0, 2).map(({ kind, name }) => [kind, name])).toEqual([
      ['tag', 'mood: deep'],
      ['genre', 'dub'],
    ]);
  });

  it('are looked at once, and again when tracks or tags came', async () => {
    const { services, encoderId, add, looks } = await library();
    const trackIds = add(0, 40);
    const first = await services.inspecting.neurons(encoderId);
    expect(await services.inspecting.neurons(encoderId)).toEqual(first);
    expect(looks()).toBe(1);
    add(40, 80);
    const more = await services.inspecting.neurons(encoderId);
    expect([first.segments, more.segments, looks()]).toEqual([120, 240, 2]);
    const { store } = services;
    const { tag } = store.tags.create({ kind: '', name: 'mine' });
    store.tags.mark({ tagIds: [tag.id], targets: trackIds.map((trackId) => ({ trackId })), answer: 'yes', source: 'person' });
    expect((await services.inspecting.neurons(encoderId)).tried).toBe(more.tried + 1);
    expect(looks()).toBe(3);
  });

  it('are the same when tracks came one after the other as when all were there', async () => {
    const [grown, whole] = [await library(), await library()];
    for (const [from, end] of [
      [0, 8],
      [8, 9],
      [9, 80],
    ] as const) {
      grown.add(from, end);
      await grown.services.inspecting.neurons(grown.encoderId);
    }
    whole.add(0, 80);
    const { signal } = new AbortController();
    const [found, expected] = await Promise.all(
      [grown, whole].map(async ({ services: { inspecting }, encoderId }) => ({
        neurons: (await inspecting.neurons(encoderId)).neurons,
        related: await inspecting.related({ encoderId, number: 0 }, signal),
      })),
    );
    for (const [at, { mean, spread, selectivity, loudness, ...neuron }] of (found?.neurons ?? []).entries()) {
      const other = expected?.neurons[at] as Neuron;
      const rounded = { mean, spread, selectivity, loudness: loudness ?? 9 };
      for (const [name, value] of Object.entries(rounded)) expect(value, name).toBeCloseTo(other[name as keyof typeof rounded] ?? 9, 9);
      expect({ ...other, ...rounded, loudness }).toEqual({ ...neuron, ...rounded, loudness });
    }
    expect(found?.related).toEqual(expected?.related);
  });

  it('are named anew when tags change, without a look at the rows', async () => {
    const { services, encoderId, add } = await library();
    const trackIds = add(0, 80);
    const { store, inspecting } = services;
    await inspecting.neurons(encoderId);
    truncateSync(join(store.paths.index(store.index.current(encoderId)?.id ?? 0), 'activations-0000.f32'), 8);
    const { tag } = store.tags.create({ kind: 'mood', name: 'deep' });
    const targets = trackIds.filter((_, track) => track % 4 === 0).map((trackId) => ({ trackId }));
    store.tags.mark({ tagIds: [tag.id], targets, answer: 'yes', source: 'person' });
    expect(byNumber((await inspecting.neurons(encoderId)).neurons, 0).names[0]).toMatchObject({ kind: 'tag', name: 'mood: deep' });
  });

  it('have others that do the same, and none that it does not have', async () => {
    const { services, encoderId, add } = await library();
    add(0, 80);
    const { inspecting } = services;
    const { signal } = new AbortController();
    const { alike, opposite, tracks } = await inspecting.related({ encoderId, number: 0 }, signal);
    const others = [...alike, ...opposite].map(({ number }) => number);
    expect([tracks, others.toSorted()]).toEqual([80, [1, 3, 4]]);
    await expect(inspecting.related({ encoderId, number: dimensions }, signal)).rejects.toThrow(
      'Small has neurons 0 to 4; there is no neuron 5.',
    );
  });

  it('of one segment are dead, and of none are an error that says what to do', async () => {
    const { services, encoderId, add } = await library();
    await expect(services.inspecting.neurons(encoderId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(services.inspecting.neurons(encoderId)).rejects.toThrow(
      'Small has not heard any track yet. Index the library with it first.',
    );
    add(0, 1);
    const { neurons, tried } = await services.inspecting.neurons(encoderId);
    expect([tried, neurons.every(({ names }) => names.length === 0)]).toEqual([0, true]);
  });

  it('are left alone when the person does not wait, and can be looked at again', async () => {
    const { services, encoderId, add } = await library();
    add(0, 80);
    const abort = new AbortController();
    abort.abort();
    await expect(services.inspecting.neurons(encoderId, abort.signal)).rejects.toMatchObject({ code: 'CANCELLED' });
    expect((await services.inspecting.neurons(encoderId)).neurons).toHaveLength(dimensions);
  });

  it('of an index whose file is cut short are an error of that file, not numbers', async () => {
    const { services, encoderId, add } = await library();
    add(0, 80);
    const index = services.store.index.current(encoderId);
    truncateSync(join(services.store.paths.index(index?.id ?? 0), 'activations-0000.f32'), 8);
    await expect(services.inspecting.neurons(encoderId)).rejects.toMatchObject({ name: 'AppError' });
  });
});
