/** @file What a run begins with, and what is kept of it: refusals, questions, encoders, exports, removal. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createClient, createRouter, fromRemote, memoryPorts, servePort } from '../../../../src-main/rpc/index.ts';
import { pretraining as contract } from '../../../../src-main/contract/index.ts';
import type { Client } from '../../../../src-main/rpc/index.ts';
import type { Services } from '../../../../src-main/service/index.ts';
import { addTracks, shortSettings, standInCore } from '../../../support/pretraining.ts';
import { temporaryDirectory, trackFile } from '../../../support/store-data.ts';

type RunId = ReturnType<Services['pretraining']['start']>['runId'];

const library = { kind: 'library' } as const;
const day = 24 * 60 * 60 * 1000;

async function trained(services: Services, settings = shortSettings()): Promise<RunId> {
  const { runId, settled } = services.pretraining.start({ settings, selection: library, device: 'auto' });
  await settled;
  return runId;
}

describe('a run', () => {
  it('learns from a folder, or from chosen tracks', async () => {
    const { services } = standInCore();
    const { store, pretraining } = services;
    const jazz = store.folders.add('/jazz').id;
    for (const name of ['a', 'b', 'c']) store.tracks.upsert(trackFile(store, name, { folderId: jazz, path: `/jazz/${name}.mp3` }));
    addTracks(services, 'd', 'e');
    const settings = shortSettings();
    const trackIds = store.tracks
      .audio()
      .slice(2, 4)
      .map(({ trackId }) => trackId);
    const inFolder = pretraining.start({ settings, selection: { kind: 'folder', folderId: jazz }, device: 'auto' });
    const chosen = pretraining.start({ settings, selection: { kind: 'tracks', trackIds }, device: 'auto' });
    await Promise.all([inFolder.settled, chosen.settled]);
    expect([pretraining.get(inFolder.runId).tracks, pretraining.get(chosen.runId).tracks]).toEqual([3, 2]);
  });

  it('is refused without tracks, with too few, or on an unknown device, and leaves nothing behind', () => {
    const { services, directory } = standInCore();
    const { pretraining, store } = services;
    const settings = shortSettings({ batch: 3 });
    const begin = (selection: Parameters<typeof pretraining.start>[0]['selection'], device = 'auto') => {
      return () => pretraining.start({ settings, selection, device });
    };
    expect(begin(library)).toThrow(/no tracks in the library yet\. Add a folder/);
    addTracks(services, 'one', 'two');
    const empty = store.folders.add('/empty').id;
    expect(begin({ kind: 'folder', folderId: empty })).toThrow(/no tracks in \/empty/);
    expect(begin({ kind: 'folder', folderId: 99 as never })).toThrow(/no folder with the number 99/);
    expect(begin({ kind: 'tracks', trackIds: [99 as never] })).toThrow(/None of the chosen tracks/);
    expect(begin(library)).toThrow(/batch of 3 needs 3 different tracks, and only 2 are there\. Choose a batch of at most 2/);
    expect(begin(library, 'abacus')).toThrow(/no device abacus/);
    const whole = { ...contract.recipeDefaults.cpc, batch: 4, chunk: 2 };
    addTracks(services, 'three', 'four');
    const start = () => pretraining.start({ settings: whole, selection: library, device: 'auto' });
    expect(start).toThrow(/batch of 4 cannot be computed 2 at a time/);
    expect(pretraining.list()).toEqual([]);
    expect(services.jobs.list()).toEqual([]);
    expect(existsSync(join(directory, 'runs'))).toBe(false);
  });

  it('is refused with a sentence when its folder cannot be made', () => {
    const { services, directory } = standInCore();
    addTracks(services, 'one', 'two');
    writeFileSync(join(directory, 'runs'), 'in the way');
    const begin = () => services.pretraining.start({ settings: shortSettings(), selection: library, device: 'auto' });
    expect(begin).toThrow(/Could not make the run’s folder .*runs.*choose another data directory/);
    expect(services.pretraining.list()).toEqual([]);
  });

  it('goes on from the checkpoint of another', async () => {
    const { services, directory } = standInCore();
    addTracks(services, 'one', 'two');
    const first = await trained(services);
    const { pretraining } = services;
    const work = { settings: shortSettings(), selection: library, device: 'auto' };
    const { runId, settled } = pretraining.start({ ...work, continues: { runId: first, step: 20 }, name: 'Second' });
    await settled;
    const path = join(directory, 'runs', String(first), 'checkpoints', 'step-20.safetensors');
    expect(pretraining.get(runId)).toMatchObject({
      name: 'Second',
      continuesRunId: first,
      continuesStep: 20,
      deviceReason: `continues ${path}`,
    });
    expect(() => pretraining.start({ ...work, continues: { runId: first, step: 11 } })).toThrow(/no checkpoint of step 11/);
    const other = shortSettings({ encoder: { architecture: 'sample-cnn', sampleRate: 16000 } });
    expect(() => pretraining.start({ ...work, settings: other, continues: { runId: first, step: 20 } })).toThrow(/8000 Hz.*16000 Hz/);
  });

  it('is not resumed twice, nor beyond its end without a greater length', async () => {
    const { services } = standInCore();
    addTracks(services, 'one', 'two');
    const runId = await trained(services);
    expect(() => services.pretraining.resume({ runId })).toThrow(/come to its end/);
    const { step, last, activeSeconds } = services.pretraining.get(runId);
    for (const length of [
      { unit: 'steps', amount: step },
      { unit: 'epochs', amount: Math.floor(last?.epoch ?? 0) },
      { unit: 'minutes', amount: activeSeconds / 60 },
    ] as const)
      expect(() => services.pretraining.resume({ runId, length }), length.unit).toThrow(new RegExp(`as far already: ${step} steps`));
    const { settled } = services.pretraining.resume({ runId, length: { unit: 'steps', amount: 100_000 } });
    expect(() => services.pretraining.resume({ runId })).toThrow(/under way already/);
    await expect(services.pretraining.remove(runId)).rejects.toThrow(/Stop it first/);
    await services.pretraining.stop(runId);
    await settled.catch(() => undefined);
    await expect(services.pretraining.stop(runId)).rejects.toThrow(/not under way/);
  });
});

describe('a question', () => {
  it('is answered by a process of its own', async () => {
    const { services } = standInCore();
    addTracks(services, 'one', 'two');
    const { signal } = new AbortController();
    const settings = shortSettings();
    const estimate = await services.pretraining.estimate({ settings, selection: library, device: 'cpu' }, signal);
    expect(estimate).toMatchObject({ device: 'cpu', tracks: 2, stepSeconds: 0.5, warnings: [] });
    const pair = await services.pretraining.hear({ settings, selection: library, seed: 1 }, signal);
    expect(pair).toMatchObject({ title: 'two', artist: 'Artist', sampleRate: 8000, views: [{ applied: ['gain −3.0 dB'] }, {}] });
  });

  it('ends with the caller, and with a sentence when the process dies; the next is answered all the same', async () => {
    const { services } = standInCore();
    addTracks(services, 'one', 'two', 'deaf', 'killer');
    const ask = (indexes: number[], signal: AbortSignal) => {
      const all = services.store.tracks.audio();
      const trackIds = indexes.flatMap((i) => all[i]?.trackId ?? []);
      return services.pretraining.estimate({ settings: shortSettings(), selection: { kind: 'tracks', trackIds }, device: 'cpu' }, signal);
    };
    const abort = new AbortController();
    const [deaf, killed, answered] = [
      ask([0, 2], abort.signal),
      ask([0, 3], new AbortController().signal),
      ask([0, 1], new AbortController().signal),
    ];
    abort.abort();
    await expect(deaf).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(killed).rejects.toMatchObject({ code: 'DEVICE_FAILED', message: expect.stringMatching(/smaller batch/) as string });
    expect(await answered).toMatchObject({ tracks: 2 });
  });
});

describe('a checkpoint', () => {
  it('becomes the same encoder however often it is made one, and does not take the place of the chosen one', async () => {
    const { services } = standInCore();
    addTracks(services, 'one', 'two');
    const chosen = await services.encoders.createUntrained({ sampleRate: 8000, seed: 99, name: undefined });
    const runId = await trained(services);
    expect(services.store.settings.get().encoderId).toBe(chosen.id);
    const [first, again] = [await services.pretraining.makeEncoder(runId, 10), await services.pretraining.makeEncoder(runId, 10)];
    expect(again).toBe(first);
    expect(services.encoders.list()).toHaveLength(3);
    expect(services.store.encoders.get(first)).toMatchObject({ source: 'trained', origin: `run ${runId}, step 10` });
    expect(services.pretraining.get(runId).checkpoints.map(({ encoderId }) => encoderId === first)).toEqual([true, false, false]);
  });

  it('is written only to a whole path with the layout’s own ending', async () => {
    const { services } = standInCore();
    addTracks(services, 'one', 'two');
    const runId = await trained(services);
    const folder = temporaryDirectory();
    const wrong = [
      { path: 'weights.safetensors', layout: 'clmr' },
      { path: '../run.json', layout: 'run' },
      { path: join(folder, 'weights.mp3'), layout: 'clmr' },
      { path: join(folder, '.bashrc'), layout: 'run' },
      { path: join(folder, 'weights.safetensors'), layout: 'onnx' },
      { path: join(folder, 'a\0.json'), layout: 'run' },
    ] as const;
    for (const wish of wrong)
      await expect(services.pretraining.export({ runId, step: 20, ...wish }), wish.path).rejects.toMatchObject({ code: 'BAD_INPUT' });
    const path = join(folder, 'run.JSON');
    expect(await services.pretraining.export({ runId, step: 20, path, layout: 'run' })).toMatchObject({ path });
  });

  it('whose file is gone or cut says so', async () => {
    const { services } = standInCore();
    addTracks(services, 'one', 'two');
    const runId = await trained(services);
    rmSync(services.store.paths.checkpoint(runId, 10));
    writeFileSync(services.store.paths.checkpoint(runId, 20), 'half');
    await expect(services.pretraining.makeEncoder(runId, 10)).rejects.toMatchObject({ code: 'FILE_GONE' });
    await expect(services.pretraining.makeEncoder(runId, 20)).rejects.toMatchObject({ code: 'WEIGHTS_UNREADABLE' });
    const path = join(temporaryDirectory(), 'weights.safetensors');
    await expect(services.pretraining.export({ runId, step: 20, path, layout: 'clmr' })).rejects.toMatchObject({
      code: 'WEIGHTS_UNREADABLE',
    });
    expect(existsSync(path)).toBe(false);
  });
});

describe('a removed run', () => {
  it('keeps its files for a week and can be restored; then both are gone', async () => {
    const first = standInCore();
    addTracks(first.services, 'one', 'two');
    const runId = await trained(first.services);
    const { pretraining, store } = first.services;
    const folder = store.paths.run(runId);
    await pretraining.remove(runId);
    expect(() => pretraining.get(runId)).toThrow(/was removed\. Restore it first/);
    pretraining.deleteRemoved();
    expect(existsSync(folder)).toBe(true);
    pretraining.restore(runId);
    expect(pretraining.get(runId).checkpoints).toHaveLength(3);
    await pretraining.remove(runId);
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 8 * day);
    onTestFinished(() => void vi.restoreAllMocks());
    pretraining.deleteRemoved();
    expect(existsSync(folder)).toBe(false);
    expect(() => pretraining.restore(runId)).toThrow(/no run with the number/);
  });
});

describe('the procedures of pre-training', () => {
  function clientOf(services: Services): { client: Client; reported: unknown[] } {
    const [core, caller] = memoryPorts();
    const reported: unknown[] = [];
    servePort(
      createRouter(services.handlers, (error) => reported.push(error)),
      core,
    );
    onTestFinished(() => caller.close());
    return { client: createClient(caller), reported };
  }

  it('answer what the contract says', async () => {
    const { services } = standInCore();
    addTracks(services, 'one', 'two');
    const { client, reported } = clientOf(services);
    const { runId } = await client.pretrain.start({ settings: shortSettings(), selection: library, device: 'auto' });
    await expect.poll(async () => (await client.runs.get({ runId })).state).toBe('done');
    expect((await client.runs.list()).map(({ id }) => id)).toEqual([runId]);
    expect((await client.runs.curves({ runId, points: 5 })).step).toEqual([1, 7, 13, 19, 25]);
    expect((await client.runs.rename({ runId, name: 'Mine' })).name).toBe('Mine');
    await client.runs.makeEncoder({ runId, step: 10 });
    await client.pretrain.hear({ settings: shortSettings(), selection: library, seed: 0 });
    await client.pretrain.estimate({ settings: shortSettings(), selection: library, device: 'auto' });
    await client.runs.remove({ runId });
    await client.runs.restore({ runId });
    expect(reported).toEqual([]);
  });

  it('refuse settings that are unknown or out of range', async () => {
    const { services } = standInCore();
    addTracks(services, 'one', 'two');
    const { client } = clientOf(services);
    const codeOf = async (settings: object): Promise<unknown> => {
      const call = client.pretrain.start({ settings: settings as never, selection: library, device: 'auto' });
      return call.then(() => 'started').catch((error: unknown) => (fromRemote(error) as { code?: string }).code);
    };
    expect(await codeOf({ ...shortSettings(), batch: 1 })).toBe('BAD_INPUT');
    expect(await codeOf({ ...shortSettings(), epochs: 3 })).toBe('BAD_INPUT');
    expect(await codeOf({ ...shortSettings(), objective: { kind: 'nt-xent', temperature: 0 } })).toBe('BAD_INPUT');
    expect(services.pretraining.list()).toEqual([]);
  });
});
