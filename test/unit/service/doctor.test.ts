import { openSync, writeSync, closeSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashWeights, writeSafetensorsFile } from '../../../src-main/compute/index.ts';
import type { Check } from '../../../src-main/contract/index.ts';
import { findEncoder } from '../../../src-main/learn/index.ts';
import { keepTagSet } from '../../../src-main/service/encoders/tag-set.ts';
import { EventHub } from '../../../src-main/service/event-hub.ts';
import { runDoctor } from '../../../src-main/service/host/doctor.ts';
import type { DoctorProgress } from '../../../src-main/service/host/doctor.ts';
import type { Store } from '../../../src-main/store/index.ts';
import { addTracks, cluster, vectorLibrary } from '../../support/neighbour-data.ts';
import { temporaryStore } from '../../support/store-data.ts';

async function checked(store: Store, name: string): Promise<Check | undefined> {
  const parts = { store, media: { run: () => Promise.reject(new Error('no decoder')) }, neighbours: { isLarge: () => false } };
  return (await runDoctor(parts as never)).find((check) => check.name === name);
}

function spoil(path: string, position: number): void {
  const file = openSync(path, 'r+');
  writeSync(file, Uint8Array.of(78), 0, 1, position);
  closeSync(file);
}

describe('the doctor', () => {
  it('says of one folder that is away that it is, and of two that they are', async () => {
    const store = temporaryStore();
    store.folders.add('/nowhere/a');
    const one = '/nowhere/a cannot be reached. Its tracks are kept until it is back.';
    expect(await checked(store, 'Folders')).toMatchObject({ ok: false, message: one });
    store.folders.add('/nowhere/b');
    const two = '/nowhere/a, /nowhere/b cannot be reached. Their tracks are kept until they are back.';
    expect(await checked(store, 'Folders')).toMatchObject({ ok: false, message: two });
  });

  it('says which encoder’s weights are not those that were imported', async () => {
    const store = temporaryStore();
    const { architecture, sampleRate, cropSamples, dimensions, initialise } = findEncoder('sample-cnn', 8000);
    const { id } = store.encoders.add({
      ...{ name: 'Mine', architecture, settings: {}, sampleRate, cropSamples, dimensions, source: 'untrained', origin: 'seed 1' },
      weightsSha256: hashWeights(initialise(1)),
    });
    const path = store.paths.weights(id);
    await writeSafetensorsFile(path, initialise(1), {});
    expect(await checked(store, 'Encoders')).toMatchObject({ ok: true });
    spoil(path, statSync(path).size - 3);
    const after = await checked(store, 'Encoders');
    expect(after).toMatchObject({ ok: false, message: expect.stringContaining('are not those that were imported') as string });
  });

  it('says when the head that came with an encoder is not the one that was kept, but not of one that was kept without its hash', async () => {
    const store = temporaryStore();
    const { architecture, sampleRate, cropSamples, dimensions, initialise } = findEncoder('sample-cnn', 8000);
    const encoder = store.encoders.add({
      ...{ name: 'Mine', architecture, settings: {}, sampleRate, cropSamples, dimensions, source: 'untrained', origin: 'seed 1' },
      weightsSha256: hashWeights(initialise(1)),
    });
    await writeSafetensorsFile(store.paths.weights(encoder.id), initialise(1), {});
    const head = new Map([['fc.weight', { shape: [2, dimensions], data: new Float32Array(2 * dimensions).fill(0.5) }]]);
    const named = { head, title: 'Two tags', labels: ['calm', 'loud'] };
    await keepTagSet({ store, events: new EventHub() } as never, encoder, named);
    const set = store.encoders.tagSetOf(encoder.id);
    expect(set?.weightsSha256).toBe(hashWeights(head));
    expect(await checked(store, 'Encoders')).toMatchObject({ ok: true });
    const path = store.paths.weights(set?.id as never);
    spoil(path, statSync(path).size - 3);
    expect(await checked(store, 'Encoders')).toMatchObject({ ok: false });
    store.encoders.setWeightsHash(set?.id as never, encoder.weightsSha256);
    expect(await checked(store, 'Encoders')).toMatchObject({ ok: true });
    await keepTagSet({ store, events: new EventHub() } as never, encoder, named);
    expect(store.encoders.tagSetOf(encoder.id)?.weightsSha256).toBe(hashWeights(head));
  });

  it('says which head is not the one that was learnt here, but not of one that was kept without its hash', async () => {
    for (const isHashed of [true, false]) {
      const store = temporaryStore();
      const { architecture, sampleRate, cropSamples, dimensions, initialise } = findEncoder('sample-cnn', 8000);
      const encoder = store.encoders.add({
        ...{ name: 'Mine', architecture, settings: {}, sampleRate, cropSamples, dimensions, source: 'untrained', origin: 'seed 1' },
        weightsSha256: hashWeights(initialise(1)),
      });
      await writeSafetensorsFile(store.paths.weights(encoder.id), initialise(1), {});
      const weights = new Map([['fc.weight', { shape: [1, dimensions], data: new Float32Array(dimensions).fill(0.5) }]]);
      const { head } = store.heads.put({
        ...{ encoderId: encoder.id, source: 'trained', name: 'Your tags', architecture: 'logistic', groupedBy: 'artist', examples: 9 },
        ...{ seconds: 1, labels: [], settings: { l2: null, indexed: '' }, lastChangeId: null },
        weightsSha256: isHashed ? hashWeights(weights) : null,
      });
      const path = store.paths.head(head.id);
      await writeSafetensorsFile(path, weights);
      expect(await checked(store, 'Encoders')).toMatchObject({ ok: true });
      spoil(path, statSync(path).size - 3);
      const after = await checked(store, 'Encoders');
      if (isHashed)
        expect(after).toMatchObject({ ok: false, message: expect.stringMatching(/learnt of your tags.*Train the tags again/) as string });
      else expect(after).toMatchObject({ ok: true });
    }
  });

  it('tells which check goes on and how many segments of an index were compared, and ends when it is to', async () => {
    const library = vectorLibrary(temporaryStore(), 6);
    addTracks(library, { one: cluster(1, 20, 6), other: cluster(2, 7, 6) });
    const told: DoctorProgress[] = [];
    const parts = {
      store: library.store,
      media: { run: () => Promise.reject(new Error('no decoder')) },
      neighbours: { isLarge: () => false },
    };
    const checks = await runDoctor(parts as never, { onProgress: (progress) => void told.push(progress) });
    expect([...new Set(told.map(({ check }) => check))]).toEqual(checks.map(({ name }) => name));
    expect(told.filter(({ progress }) => progress.total !== null).at(-1)).toMatchObject({
      check: 'Indexes',
      progress: { done: 27, total: 27 },
    });
    const end = new AbortController();
    const ended = runDoctor(parts as never, {
      signal: end.signal,
      onProgress: ({ check }) => check === 'Indexes' && end.abort(new Error('enough')),
    });
    await expect(ended).rejects.toThrow('enough');
  });

  it('says which file of which index is not what was written', async () => {
    const library = vectorLibrary(temporaryStore(), 6);
    addTracks(library, { one: cluster(1, 20, 6), other: cluster(2, 7, 6) });
    const { store, encoderId } = library;
    expect(await checked(store, 'Indexes')).toMatchObject({ ok: true });
    spoil(join(store.paths.index(store.index.current(encoderId)?.id ?? 0), 'activations-0000.f32'), 41);
    const after = await checked(store, 'Indexes');
    expect(after).toMatchObject({ ok: false, message: expect.stringContaining('activations-0000.f32') as string });
  });
});
