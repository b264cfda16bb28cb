/** @file Indexing layers: one pass for several outputs, whose columns are what the encoder gives; and what is refused. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createEncoderRunner, hashWeights, writeSafetensorsFile } from '../../../../src-main/compute/index.ts';
import type { EncoderId, TrackId } from '../../../../src-main/contract/index.ts';
import { sourceEntries } from '../../../../src-main/host/core.ts';
import { createEncoder } from '../../../../src-main/learn/index.ts';
import { createServices, embedFile } from '../../../../src-main/service/index.ts';
import type { IndexResult, Services } from '../../../../src-main/service/index.ts';
import { decodeAll } from '../../../support/decode-all.ts';
import { temporaryDirectory } from '../../../support/store-data.ts';
import { writeWav } from '../../../support/wav.ts';

const encoder = createEncoder({
  architecture: 'sample-cnn',
  sampleRate: 8000,
  strides: [3, 3, 3, 3, 3, 3],
  channels: [4, 5, 6, 7, 8, 9, 10, 11],
});
const weights = encoder.initialise(3);
const host = {
  ...{ kind: 'serve' as const, version: '0', chooseFolder: async () => null, chooseWeights: async () => null },
  reveal: async () => undefined,
};
const quiet = new AbortController().signal;

let services: Services;
let music: string;
let id: EncoderId;

beforeEach(async () => {
  const root = temporaryDirectory();
  music = join(root, 'music');
  mkdirSync(music);
  services = createServices({ dataDirectory: join(root, 'data'), host, entries: sourceEntries, report: () => undefined });
  onTestFinished(() => services.close());
  const { store } = services;
  id = store.encoders.add({
    ...{ name: 'Ears', architecture: 'sample-cnn', settings: encoder.settings, sampleRate: 8000, cropSamples: encoder.cropSamples },
    ...{ dimensions: encoder.dimensions, source: 'untrained', origin: 'seed 3', weightsSha256: hashWeights(weights) },
  }).id;
  await writeSafetensorsFile(store.paths.weights(id), weights);
  store.settings.set({ encoderId: id, device: 'cpu', indexAfterScan: false, watchFolders: false });
});

async function addTrack(name: string, seconds: number, seed: number): Promise<TrackId> {
  const path = join(music, name);
  writeWav(path, { seconds, seed, sampleRate: 8000 });
  await (
    await services.library.addFolder(music)
  ).settled;
  const found = services.store.tracks.query({ search: '', sort: [], offset: 0, limit: 10 }, id).rows.find((track) => track.path === path);
  return found?.id as TrackId;
}

async function index(
  wish: Omit<Parameters<Services['encoders']['index']>[0], 'encoderId'> & { encoderId?: EncoderId },
): Promise<IndexResult> {
  return (await services.encoders.index({ encoderId: id, ...wish }).settled).result as IndexResult;
}

/** The space of an output, by its own number. */
function spaceOf(output: string, pooling: 'mean' | 'max'): EncoderId {
  return services.encoders.resolve(id, { output, pooling }).id;
}

const [meanOf2, maxOf2] = [
  { output: 'block-2', pooling: 'mean' },
  { output: 'block-2', pooling: 'max' },
] as const;
const embedding = { output: 'embedding', pooling: 'mean' } as const;

describe('indexing outputs', () => {
  it('writes the values of each into a space of its own, in one pass', async () => {
    const track = await addTrack('a.wav', 2, 1);
    const result = await index({ outputs: [embedding, meanOf2, maxOf2] });
    const segments = Math.floor(16_000 / encoder.cropSamples);
    expect(result).toMatchObject({ encoder: id, tracks: 1, segments, features: 11 + 6 + 6 });
    expect(result.spaces.map(({ output, pooling, features, segments: own }) => [output, pooling, features, own])).toEqual([
      ['embedding', 'mean', 11, segments],
      ['block-2', 'mean', 6, segments],
      ['block-2', 'max', 6, segments],
    ]);
    const { samples: wave } = decodeAll(join(music, 'a.wav'), { sampleRate: 8000 });
    for (const space of [embedding, meanOf2, maxOf2]) {
      const runner = await createEncoderRunner({ settings: encoder.settings, weights, device: 'cpu', outputs: [space] });
      const expected = await runner.encode(wave.slice(0, segments * encoder.cropSamples), segments);
      await runner.close();
      const found = services.store.index.embeddings(spaceOf(space.output, space.pooling), track);
      expect(found).toHaveLength(expected.length);
      expected.forEach((value, at) => expect(found[at]).toBeCloseTo(value, 5));
    }
    const page = await services.listening.segments({
      ...{ encoderId: spaceOf('block-2', 'max'), features: [5], sort: [{ feature: 5, descending: true }], search: '', offset: 0, limit: 3 },
    });
    expect(page).toMatchObject({ total: segments, rows: [{ trackId: track }, {}, {}] });
  });

  it('adds a layer without encoding the embedding again, and later brings all up to date at once', async () => {
    await addTrack('a.wav', 2, 1);
    await index({});
    const before = services.store.index.current(id);
    const added = await index({ outputs: [meanOf2] });
    expect(added.spaces).toMatchObject([{ output: 'block-2', tracks: 1 }]);
    expect(services.store.index.current(id)).toEqual(before);
    await addTrack('b.wav', 1, 2);
    const both = await index({});
    expect(both.spaces.map(({ output, tracks }) => [output, tracks])).toEqual([
      ['embedding', 1],
      ['block-2', 1],
    ]);
    expect(both.tracks).toBe(1);
    const fresh = await index({ outputs: [embedding, maxOf2] });
    expect(fresh.spaces.map(({ output, pooling, tracks }) => [output, pooling, tracks])).toEqual([
      ['embedding', 'mean', 0],
      ['block-2', 'max', 2],
    ]);
    expect(await index({})).toMatchObject({ tracks: 0 });
    expect(services.store.encoders.get(id).spaces.map(({ index: info }) => info?.tracks)).toEqual([2, 2]);
  });

  it('goes by the hop of each space, and another hop begins that space alone anew', async () => {
    await addTrack('a.wav', 2, 1);
    await index({ outputs: [embedding, meanOf2] });
    await index({ encoderId: spaceOf('block-2', 'mean'), hopSamples: 1000 });
    const [base] = services.encoders.list();
    expect([base?.index?.hopSamples, base?.spaces[0]?.index?.hopSamples]).toEqual([encoder.cropSamples, 1000]);
    await addTrack('b.wav', 1, 2);
    const { spaces } = await index({});
    expect(spaces.map(({ tracks }) => tracks)).toEqual([1, 1]);
    expect(services.encoders.list()[0]?.spaces[0]?.index).toMatchObject({ tracks: 2, hopSamples: 1000 });
  });

  it('notes a file that cannot be encoded in every space, once, and tries it again in all', async () => {
    await addTrack('short.wav', 0.1, 1);
    const result = await index({ outputs: [embedding, meanOf2] });
    expect(result.failed).toMatchObject([{ code: 'TOO_SHORT' }]);
    expect(services.store.problems.list()).toHaveLength(1);
    const [base] = services.encoders.list();
    expect([base?.index?.waiting, base?.spaces[0]?.index?.waiting]).toEqual([0, 0]);
    services.library.forgetIndexFailures();
    const [again] = services.encoders.list();
    expect([again?.index?.waiting, again?.spaces[0]?.index?.waiting]).toEqual([1, 1]);
  });

  it('refuses an output that is none in one sentence with those that there are, and stores nothing', async () => {
    await addTrack('a.wav', 1, 1);
    const says = 'SampleCNN has no output called layer-3. It has first, block-1, block-2, block-3, block-4, block-5, block-6, embedding.';
    expect(() => services.encoders.index({ encoderId: id, outputs: [meanOf2, { output: 'layer-3', pooling: 'mean' }] })).toThrow(says);
    expect(services.store.encoders.listWithSpaces({ includeRemoved: true })).toHaveLength(1);
    expect(services.jobs.list().filter(({ kind }) => kind === 'index')).toEqual([]);
    expect(() => services.encoders.resolve(id, { output: 'layer-3', pooling: 'mean' })).toThrow(says);
    expect(() => services.encoders.resolve(id, maxOf2)).toThrow(
      `Ears is not indexed by the maximum of its output block-2 yet. Run \`earmark index --encoder ${id} --output block-2:max\`.`,
    );
    expect(services.encoders.outputs(id).map(({ name }) => name)).toContain('block-6');
  });

  it('says how much it will take on the disk before it begins', async () => {
    await addTrack('a.wav', 2, 1);
    const seconds = services.store.tracks.summary().audioMs / 1000;
    const perNumber = (seconds * 8000 * 8) / encoder.cropSamples;
    expect(services.encoders.indexBytes({ encoderId: id, outputs: [embedding, meanOf2] })).toBeCloseTo(perNumber * 17, 3);
    expect(services.store.encoders.listWithSpaces()).toHaveLength(1);
    await index({});
    expect(services.encoders.indexBytes({ encoderId: id, outputs: [embedding] })).toBe(0);
    expect(services.encoders.indexBytes({ encoderId: id, outputs: [embedding], hopSamples: 1000 })).toBeGreaterThan(0);
  });
});

describe('a space', () => {
  it('is what a file is embedded in, and is mended like an encoder’s index', async () => {
    const track = await addTrack('a.wav', 2, 1);
    await index({ outputs: [embedding, meanOf2] });
    const space = services.encoders.resolve(id, meanOf2);
    const embedded = await embedFile({
      ...{ store: services.store, entries: sourceEntries, encoder: space, path: join(music, 'a.wav') },
      ...{ hopSamples: encoder.cropSamples, device: 'cpu', signal: quiet },
    });
    const stored = services.store.index.embeddings(space.id, track);
    embedded.embeddings.forEach((value, at) => expect(value).toBeCloseTo(stored[at] ?? NaN, 6));
    const repaired = await index({ repair: true });
    expect(repaired.repaired).toMatchObject({ files: [], lostTracks: [] });
  });

  it('keeps what was learnt in it to itself', async () => {
    await addTrack('a.wav', 2, 1);
    await index({ outputs: [embedding, meanOf2] });
    const space = services.encoders.resolve(id, meanOf2);
    services.store.heads.put({
      ...{ encoderId: space.id, source: 'trained', name: 'Your tags', architecture: 'logistic', groupedBy: 'artist', examples: 3 },
      ...{ seconds: 1, labels: [], settings: { l2: 1, indexed: '' }, lastChangeId: null, weightsSha256: null },
    });
    expect(services.heads.list(space.id)).toHaveLength(1);
    expect(services.heads.list(id)).toEqual([]);
    expect(services.heads.unlearnt(id)).toBe(
      'No tags were learnt with Ears yet. What was learnt with Ears · Block 2, mean does not fit its neurons. Run `earmark tag train` for it.',
    );
  });

  it('that is removed gives the choice back to its encoder, and comes back', async () => {
    await addTrack('a.wav', 1, 1);
    await index({ outputs: [meanOf2] });
    const space = services.encoders.resolve(id, meanOf2);
    services.store.settings.set({ encoderId: space.id });
    expect(services.encoders.resolve(null).id).toBe(space.id);
    services.encoders.remove(space.id);
    expect(services.store.settings.get().encoderId).toBe(id);
    expect(services.encoders.list()[0]?.spaces).toEqual([]);
    services.encoders.restore(space.id);
    expect(services.encoders.list()[0]?.spaces).toMatchObject([{ encoderId: space.id, index: { tracks: 1 } }]);
    services.store.settings.set({ encoderId: space.id });
    services.encoders.remove(id);
    expect(services.store.settings.get().encoderId).toBeNull();
  });
});
