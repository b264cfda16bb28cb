/** @file "Learn my library" as a whole, on small music: from the index of timbre statistics to an encoder that has heard the library, compared and chosen. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { pretraining } from '../../src-main/contract/index.ts';
import type { EncoderId, TrackId, pretraining as pretrainingTypes } from '../../src-main/contract/index.ts';
import { sourceEntries, startCore } from '../../src-main/host/core.ts';
import { createServices } from '../../src-main/service/index.ts';
import type { PretrainResult, Services } from '../../src-main/service/index.ts';
import { makeAudio } from '../support/make-audio.ts';
import type { Sound } from '../support/make-audio.ts';
import { bowed, music } from '../support/make-music.ts';
import { temporaryDirectory } from '../support/store-data.ts';
import { waitFor } from '../support/wait-for.ts';

const host = {
  ...{ kind: 'serve' as const, version: '0.1.0-test' },
  ...{ chooseFolder: async () => null, chooseWeights: async () => null, reveal: async () => undefined },
};
const { library } = pretraining.recipeDefaults;
const few = { ...library, length: { unit: 'steps', amount: 30 } } as const;
const all = { kind: 'library' } as const;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'earmark-learn-'));
  for (let seed = 1; seed <= 6; seed++)
    for (const [name, timbre] of [
      ['plucked', undefined],
      ['bowed', bowed],
    ] as const)
      makeAudio(join(folder, `${name} ${seed}.wav`), {
        kind: 'wav',
        seconds: 13,
        sampleRate: 16_000,
        channels: 1,
        sound: music(seed, 13, timbre),
      });
  // Too short for two moments, and silent.
  makeAudio(join(folder, 'short.wav'), { kind: 'wav', seconds: 5, sampleRate: 16_000, channels: 1, sound: music(20, 5) });
  makeAudio(join(folder, 'silent.wav'), { kind: 'wav', seconds: 13, sampleRate: 16_000, channels: 1, sound: () => 0 });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function heard(directory = join(temporaryDirectory(), 'data')): Promise<Services> {
  const core = await startCore({ dataDirectory: directory, host, entries: sourceEntries, report: () => undefined });
  onTestFinished(() => core.close());
  const { services } = core;
  services.store.settings.set({ device: 'cpu' });
  await (
    await services.library.addFolder(folder)
  ).settled;
  await waitFor(async () => expect(services.encoders.list()[0]?.index).toMatchObject({ tracks: 14, waiting: 0 }));
  await waitFor(async () => expect(services.activeJobs()).toEqual([]));
  return services;
}

function tagged({ store }: Services): TrackId[] {
  const { id } = store.tags.create({ kind: '', name: 'plucked' }).tag;
  const trackIds = store.tracks.audio().flatMap(({ trackId, path }) => (path.includes('plucked') ? [trackId] : []));
  store.tags.mark({ tagIds: [id], targets: trackIds.map((trackId) => ({ trackId })), answer: 'yes', source: 'person' });
  return trackIds;
}

describe('learning a library', () => {
  it('makes an encoder that has heard everything from the index alone, as it hears the files, and compares it', async () => {
    const services = await heard();
    const { store } = services;
    tagged(services);
    const base = services.encoders.list()[0]?.id as EncoderId;
    const { runId, settled } = services.pretraining.start({ settings: few, selection: all, device: 'cpu' });
    const { result } = (await settled) as { result: PretrainResult };
    const run = services.pretraining.get(runId);
    // Of fourteen tracks one has a single moment; the batch takes what there is.
    expect(run).toMatchObject({ state: 'done', name: 'My library, 13 tracks', tracks: 13, step: 30, settings: { batch: 13 } });
    expect(result).toMatchObject({ recipe: 'library', steps: 30, state: 'done', failed: [] });
    expect(result.comparison).toMatchObject({ encoderId: result.encoder, againstId: base, tracks: 14, rows: [{ by: 'tags', queries: 6 }] });
    expect(run.comparison).toEqual(result.comparison);
    expect(run.message).toContain(result.judgement);
    const encoder = store.encoders.get(result.encoder as EncoderId);
    expect(encoder).toMatchObject({
      name: 'My library, 13 tracks',
      architecture: 'timbre-net',
      dimensions: 256,
      index: { tracks: 14, waiting: 0 },
    });
    expect(store.settings.get().encoderId).toBe(result.isChosen ? encoder.id : base);
    // Each segment as the encoder hears the file itself.
    const index = (encoderId: EncoderId, trackId: TrackId): Float32Array => store.index.embeddings(encoderId, trackId);
    const { trackId, path } = store.tracks.audio().find((track) => track.path.includes('bowed 3')) ?? { trackId: 0 as TrackId, path: '' };
    const fromRows = index(encoder.id, trackId);
    store.encoders.remove(base);
    await services.encoders.index({ encoderId: encoder.id, hopSamples: 63_000, device: 'cpu' }).settled;
    await services.encoders.index({ encoderId: encoder.id, hopSamples: 64_000, device: 'cpu' }).settled;
    const fromFile = index(encoder.id, trackId);
    expect(path).toContain('bowed 3');
    expect(fromRows).toHaveLength(3 * 256);
    expect(fromFile).toHaveLength(3 * 256);
    const largest = Math.max(...Array.from(fromFile, Math.abs));
    expect(largest).toBeGreaterThan(0.1);
    for (const [at, value] of fromFile.entries()) expect(Math.abs(value - (fromRows[at] ?? NaN)) / largest).toBeLessThan(1e-4);
  });

  it('gives the same weights from the same seed, also where it went on later, and hears what comes after the statistics have', async () => {
    const directory = join(temporaryDirectory(), 'data');
    const services = await heard(directory);
    const { store } = services;
    // A rate that does not hang on the length, so that a run that was made longer is what it would have been.
    const steady = { ...few, schedule: { ...few.schedule, kind: 'constant' } } as const;
    const learn = async (steps: number): Promise<PretrainResult> => {
      const settings = { ...steady, length: { unit: 'steps', amount: steps } } as const;
      const { settled } = services.pretraining.start({ settings, selection: all, device: 'cpu' });
      return ((await settled) as { result: PretrainResult }).result;
    };
    const [whole, part] = [await learn(30), await learn(12)];
    const { settled } = services.pretraining.resume({ runId: part.run as pretrainingTypes.RunId, length: few.length });
    const longer = ((await settled) as { result: PretrainResult }).result;
    const hash = ({ encoder }: PretrainResult): string => store.encoders.get(encoder as EncoderId).weightsSha256;
    expect(longer).toMatchObject({ run: part.run, steps: 30, state: 'done' });
    expect(hash(longer)).toBe(hash(whole));
    expect(hash(part)).not.toBe(hash(whole));
    store.settings.set({ encoderId: whole.encoder as EncoderId });
    const more = temporaryDirectory();
    makeAudio(join(more, 'new.wav'), { kind: 'wav', seconds: 13, sampleRate: 16_000, channels: 1, sound: music(30, 13) });
    await (
      await services.library.addFolder(more)
    ).settled;
    const indexOf = (id: number | null) => store.encoders.get(id as EncoderId).index;
    await waitFor(async () => expect(indexOf(whole.encoder)).toMatchObject({ tracks: 15, waiting: 0 }));
    expect(indexOf(1)).toMatchObject({ tracks: 15, waiting: 0 });
  });

  it('waits until the index that it learns from is through, unless asked not to', async () => {
    const services = createServices({
      dataDirectory: join(temporaryDirectory(), 'data'),
      host,
      entries: sourceEntries,
      report: () => undefined,
    });
    onTestFinished(() => services.close());
    services.store.settings.set({ indexAfterScan: false, device: 'cpu' });
    await (
      await services.library.addFolder(folder)
    ).settled;
    const { id: encoderId } = services.encoders.bringBuiltIn();
    const indexing = services.encoders.index({ encoderId, device: 'cpu' });
    services.jobs.pause(indexing.jobId);
    const start = (waits: boolean) => services.pretraining.start({ settings: few, selection: all, device: 'cpu', waits });
    expect(() => start(false)).toThrow(/^Timbre statistics have heard none of 14 tracks yet/);
    const { runId, jobId, settled } = start(true);
    expect(services.pretraining.get(runId)).toMatchObject({ state: 'waiting', name: 'My library, 14 tracks', tracks: 14 });
    const jobOf = (id: number) => services.jobs.list().find((job) => job.id === id);
    expect(jobOf(jobId)).toMatchObject({ state: 'queued', waitsFor: { jobId: indexing.jobId, isPaused: true } });
    services.jobs.resume(indexing.jobId);
    await settled;
    expect(jobOf(indexing.jobId)).toMatchObject({ state: 'done' });
    // Which of them can be learnt from showed when they had been heard.
    expect(services.pretraining.get(runId)).toMatchObject({ state: 'done', name: 'My library, 13 tracks', tracks: 13 });
  });

  it('learns again from a library that grew tenfold, beside what it had learnt before with the notes on that', async () => {
    const directory = temporaryDirectory();
    const services = createServices({ dataDirectory: join(directory, 'data'), host, entries: sourceEntries, report: () => undefined });
    onTestFinished(() => services.close());
    const { store } = services;
    store.settings.set({ indexAfterScan: false, device: 'cpu' });
    const { id: base } = services.encoders.bringBuiltIn();
    const learn = async (name: string, seeds: readonly number[]): Promise<number | null> => {
      mkdirSync(join(directory, name));
      for (const seed of seeds)
        makeAudio(join(directory, name, `${seed}.wav`), {
          ...({ kind: 'wav', seconds: 8.5, sampleRate: 16_000, channels: 1 } as const),
          sound: music(seed, 8.5, seed % 2 === 0 ? bowed : undefined),
        });
      await (
        await services.library.addFolder(join(directory, name))
      ).settled;
      await services.encoders.index({ encoderId: base, device: 'cpu' }).settled;
      const { settled } = services.pretraining.start({ settings: few, selection: all, device: 'cpu' });
      return ((await settled) as { result: PretrainResult }).result.encoder;
    };
    const first = (await learn('few', [1, 2, 3, 4])) as EncoderId;
    services.listening.setNote({ encoderId: first, feature: 7, text: 'bowed' });
    const second = await learn(
      'many',
      Array.from({ length: 36 }, (_, i) => 5 + i),
    );
    const named = services.encoders.list().map(({ id, name }) => [id, name]);
    expect(named.slice(1)).toEqual([
      [first, 'My library, 4 tracks'],
      [second, 'My library, 40 tracks'],
    ]);
    expect(store.notes.list(first)).toEqual([{ feature: 7, text: 'bowed' }]);
    expect(store.notes.list(second as EncoderId)).toEqual([]);
    expect(store.encoders.get(second as EncoderId).index).toMatchObject({ tracks: 40, waiting: 0 });
  });

  it('says what is missing: nothing heard yet, one track, tracks of three seconds', async () => {
    const directory = temporaryDirectory();
    const services = createServices({ dataDirectory: join(directory, 'data'), host, entries: sourceEntries, report: () => undefined });
    onTestFinished(() => services.close());
    services.store.settings.set({ indexAfterScan: false, device: 'cpu' });
    const small = join(directory, 'music');
    mkdirSync(small);
    for (let seed = 1; seed <= 3; seed++)
      makeAudio(join(small, `${seed}.wav`), { kind: 'wav', seconds: 9, sampleRate: 16_000, channels: 1, sound: music(seed, 9) });
    for (let seed = 4; seed <= 6; seed++)
      makeAudio(join(small, `${seed}.wav`), { kind: 'wav', seconds: 3, sampleRate: 16_000, channels: 1, sound: music(seed, 3) });
    await (
      await services.library.addFolder(small)
    ).settled;
    const { id: encoderId } = services.encoders.bringBuiltIn();
    const start = () => services.pretraining.start({ settings: library, selection: all, device: 'cpu' });
    expect(start).toThrow(/^Timbre statistics have heard none of 6 tracks yet, and this is learnt from them\. Wait until they are indexed/);
    await services.encoders.index({ encoderId, device: 'cpu' }).settled;
    expect(start).toThrow(/^3 tracks are long enough to learn from, and what parts tracks from each other can be learnt from 4 or more: /);
    expect(services.pretraining.list()).toEqual([]);
  });

  it('says what tracks lack of which none can be learnt from: all too short, all silent', async () => {
    const directory = temporaryDirectory();
    const services = createServices({ dataDirectory: join(directory, 'data'), host, entries: sourceEntries, report: () => undefined });
    onTestFinished(() => services.close());
    services.store.settings.set({ indexAfterScan: false, device: 'cpu' });
    const { id: encoderId } = services.encoders.bringBuiltIn();
    const hear = async (name: string, seconds: number, sound: (seed: number) => Sound): Promise<void> => {
      mkdirSync(join(directory, name));
      for (let seed = 1; seed <= 5; seed++) {
        const form = { kind: 'wav', seconds, sampleRate: 16_000, channels: 1 } as const;
        makeAudio(join(directory, name, `${seed}.wav`), { ...form, sound: sound(seed) });
      }
      await (
        await services.library.addFolder(join(directory, name))
      ).settled;
      await services.encoders.index({ encoderId, device: 'cpu' }).settled;
    };
    const start = () => services.pretraining.start({ settings: few, selection: all, device: 'cpu' });
    const clearest = async () => (await services.listening.clearest({ encoderId, count: 3 })).says;
    await hear('short', 3, (seed) => music(seed, 3));
    expect(start).toThrow(
      /^Timbre statistics could hear none of 5 tracks: too short, or not readable; .* takes 8 s of it or more\. Add music\.$/,
    );
    expect(await clearest()).toContain('no track with sound has been heard so far (5 are too short or not readable)');
    await hear('silent', 9, () => () => 0);
    await expect(start().settled).rejects.toThrow(/^5 tracks are silent, and .* is learnt from 4 with sound or more\. Add music\.$/);
    expect(await clearest()).toContain('(5 are silent, 5 are too short or not readable)');
    expect(services.pretraining.list()).toEqual([]);
  });
});
