/** @file The states of the frame, the Library and Settings, on a seeded core. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src-main/base/index.ts';
import { resolveDevice } from '../../../src-main/compute/index.ts';
import type { EncoderId, Job, JobId } from '../../../src-main/contract/index.ts';
import { EncodersState } from '../../../src-renderer/state/encoders.svelte.ts';
import { HostState } from '../../../src-renderer/state/host.svelte.ts';
import { JobsState } from '../../../src-renderer/state/jobs.svelte.ts';
import { LibraryState } from '../../../src-renderer/state/library.svelte.ts';
import { viewOf } from '../../../src-renderer/state/route.svelte.ts';
import { SettingsState } from '../../../src-renderer/state/settings.svelte.ts';
import { TracksState } from '../../../src-renderer/state/tracks.svelte.ts';
import { UndoState } from '../../../src-renderer/state/undo.svelte.ts';
import { ViewMemory } from '../../../src-renderer/state/view-memory.svelte.ts';
import { seededTests, undoOfTest } from '../../support/connected.ts';
import type { Connected } from '../../support/connected.ts';
import { waitFor } from '../../support/wait-for.ts';

const seeded = seededTests({ encoders: 'unindexed' });
const unused = seededTests({ tracks: 0 });

function connected(all: Connected = seeded()) {
  const settings = new SettingsState(all.api);
  const { api, undo } = all;
  return { ...all, settings, encoders: new EncodersState(api, settings, undo), library: new LibraryState(api, undo) };
}

describe('undo', () => {
  it('takes steps back in the order last to first, each once', async () => {
    const undo = undoOfTest();
    const reverted: string[] = [];
    undo.did('first', () => void reverted.push('first'));
    undo.did('second', () => void reverted.push('second'));
    expect(undo.nextLabel).toBe('second');
    undo.toasts.find(({ text }) => text === 'second')?.undo?.();
    await undo.undo();
    await undo.undo();
    expect(reverted).toEqual(['second', 'first']);
    expect(undo.nextLabel).toBeNull();
    expect(undo.toasts).toEqual([]);
  });

  it('keeps a step that can be undone when its message goes', async () => {
    const gone: (() => void)[] = [];
    const undo = new UndoState(
      () => undefined,
      () => false,
      (run) => void gone.push(run),
    );
    let isReverted = false;
    undo.did('something', () => void (isReverted = true));
    gone[0]?.();
    expect(undo.toasts).toEqual([]);
    await undo.undo();
    expect(isReverted).toBe(true);
  });

  it('keeps a message that offers something until it is taken', () => {
    const gone: (() => void)[] = [];
    const undo = new UndoState(
      () => undefined,
      () => false,
      (run) => void gone.push(run),
    );
    let isTaken = false;
    undo.say('broken', { label: 'Mend', run: () => (isTaken = true) });
    undo.say('said');
    for (const go of gone) go();
    expect(undo.toasts).toMatchObject([{ text: 'broken', offer: { label: 'Mend' } }]);
    undo.toasts[0]?.offer?.run();
    expect([isTaken, undo.toasts]).toEqual([true, []]);
  });

  it('keeps a message while a dialog may lie over it', () => {
    const gone: (() => void)[] = [];
    let isCovered = true;
    const undo = new UndoState(
      () => undefined,
      () => isCovered,
      (run) => void gone.push(run),
    );
    undo.say('said');
    gone.shift()?.();
    expect(undo.toasts).toMatchObject([{ text: 'said' }]);
    isCovered = false;
    gone.shift()?.();
    expect([undo.toasts, gone]).toEqual([[], []]);
  });

  it('tells of a step that could not be taken back', async () => {
    const failures: unknown[] = [];
    const undo = new UndoState(
      (error) => failures.push(error),
      () => false,
      () => undefined,
    );
    undo.did('something', () => Promise.reject(new Error('no')));
    await undo.undo();
    expect(failures).toHaveLength(1);
  });
});

describe('settings', () => {
  it('show a change at once and take it back when the core refuses it', async () => {
    const { settings } = connected();
    await settings.load();
    const change = settings.set({ device: 'x'.repeat(65) });
    expect(settings.current?.device).toHaveLength(65);
    await expect(change).rejects.toThrow();
    expect(settings.current?.device).toBe('auto');
    await settings.set({ theme: 'dark' });
    expect(settings.current?.theme).toBe('dark');
  });
});

describe('encoders', () => {
  it('choose what was just made', async () => {
    const { encoders, settings } = connected(unused());
    await Promise.all([settings.load(), encoders.load()]);
    expect(encoders.current).toBeNull();
    const made = await encoders.createUntrained({ sampleRate: 16000, seed: 7 });
    expect(encoders.current).toMatchObject({ id: made.id, source: 'untrained', sampleRate: 16000, origin: 'seed 7' });
  });

  it('come back, chosen as before, when their removal is undone', async () => {
    const { encoders, settings, undo } = connected();
    await Promise.all([settings.load(), encoders.load()]);
    const encoder = encoders.current;
    if (encoder === null) throw new Error('The seeded core chooses an encoder.');
    await encoders.remove(encoder);
    await settings.load();
    expect(encoders.current?.id).not.toBe(encoder.id);
    await undo.undo();
    expect(encoders.current?.id).toBe(encoder.id);
  });

  it('are shown in a layer’s space like in their own, which comes back when its removal is undone', async () => {
    const { encoders, settings, undo, api } = connected();
    await Promise.all([settings.load(), encoders.load()]);
    const base = encoders.current;
    if (base === null) throw new Error('The seeded core chooses an encoder.');
    await encoders.index(base.id, { outputs: [{ output: 'block-3', pooling: 'max' }] });
    await waitFor(async () => expect((await api.jobs.list()).some(({ kind, state }) => kind === 'index' && state === 'done')).toBe(true));
    await encoders.load();
    const [space] = encoders.current?.spaces ?? [];
    if (space === undefined) throw new Error('The layer has a space.');
    await encoders.choose(space.encoderId);
    expect(encoders.base?.id).toBe(base.id);
    expect(encoders.current).toMatchObject({ id: space.encoderId, name: `${base.name} · Block 3, maximum`, dimensions: 256, tagSet: null });
    expect(encoders.current?.index?.segments).toBeGreaterThan(0);
    await encoders.removeSpace(base, space);
    await settings.load();
    expect(encoders.current).toMatchObject({ id: base.id, spaces: [] });
    expect(undo.nextLabel).toBe(`“${base.name} · Block 3, maximum” removed`);
    await undo.undo();
    expect(encoders.current?.id).toBe(space.encoderId);
    expect(encoders.list?.[0]?.index ?? null).toBeNull();
  });

  it('get their old name back by undo', async () => {
    const { encoders, settings, undo } = connected();
    await Promise.all([settings.load(), encoders.load()]);
    const encoder = encoders.current;
    if (encoder === null) throw new Error('The seeded core chooses an encoder.');
    await encoders.rename(encoder, 'Ears');
    expect(encoders.current?.name).toBe('Ears');
    await undo.undo();
    expect(encoders.current?.name).toBe(encoder.name);
  });
});

describe('the library', () => {
  it('is empty before the first folder, and not after it', async () => {
    const { library, core } = connected(unused());
    expect(library.isEmpty).toBe(false);
    await library.load();
    expect(library.isEmpty).toBe(true);
    mkdirSync(join(core.root, 'Music'));
    await library.addFolder(join(core.root, 'Music'));
    expect(library.isEmpty).toBe(false);
  });

  it('gets a removed folder and its tracks back by undo', async () => {
    const { library, undo } = connected();
    await library.load();
    const folder = library.folders?.[0];
    if (folder === undefined) throw new Error('The seeded library has folders.');
    await library.removeFolder(folder);
    expect(library.folders).toHaveLength(1);
    expect(library.summary?.tracks).toBeLessThan(137);
    await undo.undo();
    expect(library.folders).toHaveLength(2);
    expect(library.summary?.tracks).toBe(137);
  });

  it('gets the demo library with one call, once, and it comes back by undo where it was taken out', async () => {
    const { library, undo, core } = connected();
    mkdirSync(join(core.root, 'demo'));
    await library.load();
    expect(library.demo).toBeUndefined();
    expect(await library.addDemo()).not.toBeNull();
    expect(library.demo).toMatchObject({ isDemo: true, path: join(core.root, 'demo') });
    await waitFor(async () => expect(await library.addDemo()).toBeNull());
    await library.removeDemo();
    expect([library.demo, undo.nextLabel]).toEqual([undefined, 'Demo library removed']);
    await undo.undo();
    expect(library.demo).toMatchObject({ isDemo: true });
  });

  it('takes a folder that is gone to where it moved, and back by undo', async () => {
    const { library, undo, core } = connected();
    await library.load();
    const folder = library.folders?.[0];
    if (folder === undefined) throw new Error('The seeded library has folders.');
    const elsewhere = join(core.root, 'elsewhere');
    mkdirSync(elsewhere);
    const problem = { path: folder.path, code: 'FOLDER_GONE', message: '', during: 'scan', trackId: null, at: 0 } as const;
    expect(library.goneFolder(problem)?.id).toBe(folder.id);
    expect(library.goneFolder({ ...problem, path: `${folder.path}/sub` })).toBeUndefined();
    expect(library.goneFolder({ ...problem, code: 'NOT_AUDIO' })).toBeUndefined();
    await library.moveFolder(folder, elsewhere);
    expect(library.folders?.[0]).toMatchObject({ id: folder.id, path: elsewhere, state: 'ready', movedTo: null });
    await undo.undo();
    expect(library.folders?.[0]?.path).toBe(folder.path);
  });

  it('keeps why its first load failed', async () => {
    const { library } = connected(seeded({ failing: { 'library.folders': new AppError('DATABASE_DAMAGED', 'Damaged.') } }));
    await library.load();
    expect(library.folders).toBeNull();
    expect(library.error).not.toBeNull();
  });
});

const encoderId = 1 as EncoderId;
const job: Job = {
  ...{ id: 1 as JobId, kind: 'scan', title: 'Scanning', subject: '', state: 'running', waitsFor: null, message: '' },
  progress: { done: 2, total: 9, unit: 'files', audioSeconds: 0, rate: 1, secondsLeft: 7, detail: '', failed: 0 },
  ...{ startedAt: 0, endedAt: null, seen: false },
};

describe('jobs', () => {
  it('are under way until they end, stay until seen, and leave then', async () => {
    const { api, core } = connected();
    core.pace.set({ tracks: 0 });
    const jobs = new JobsState(api);
    await api.encoders.index({ encoderId });
    await jobs.load();
    expect(jobs.current('index')?.state).toBe('running');
    core.pace.set({ tracks: null });
    await waitFor(() => expect(core.services.activeJobs()).toEqual([]));
    await jobs.load();
    expect(jobs.underWay).toEqual([]);
    expect(jobs.unseen).toHaveLength(1);
    await jobs.dismissEnded();
    await jobs.load();
    expect(jobs.list).toEqual([]);
  });

  it('that were interrupted stay to be resumed, and block nothing', () => {
    const jobs = new JobsState(seeded().api);
    jobs.update(job);
    expect(jobs.isBusy('scan')).toBe(true);
    jobs.update({ ...job, state: 'interrupted' });
    expect(jobs.isBusy('scan')).toBe(false);
    expect(jobs.current('scan')?.state).toBe('interrupted');
    expect(jobs.unseen).toEqual([]);
  });

  it('that run are told of before those that wait for their turn', () => {
    const jobs = new JobsState(seeded().api);
    const [first, second] = [job, { ...job, id: 2 as JobId }];
    jobs.update(first);
    jobs.update({ ...second, state: 'queued' });
    expect(jobs.current('scan')?.id).toBe(first.id);
    for (const one of [first, second]) jobs.update({ ...one, state: 'paused' });
    expect(jobs.current('scan')?.id).toBe(second.id);
  });

  it('pause and go on', async () => {
    const { api, core } = connected();
    core.pace.set({ tracks: 0 });
    const jobs = new JobsState(api);
    const { jobId } = await api.encoders.index({ encoderId });
    await jobs.pause(jobId);
    await jobs.load();
    expect(jobs.get(jobId)?.state).toBe('paused');
    await jobs.resume(jobId);
    await jobs.load();
    expect(jobs.get(jobId)?.state).toBe('running');
    expect(jobs.get(999 as JobId)).toBeUndefined();
  });
});

describe('tracks', () => {
  it('come a page at a time, searched and sorted by the core', async () => {
    const { api, core } = connected();
    const latest = Math.max(...core.tracks().map(({ year }) => year ?? 0));
    const tracks = new TracksState(api);
    tracks.want(0, 20);
    await waitFor(() => expect(tracks.total).toBe(137));
    tracks.setSort([{ key: 'year', descending: true }]);
    await waitFor(() => expect(tracks.row(0)?.year).toBe(latest));
    tracks.setSearch('lullaby aurora');
    await waitFor(() => expect(tracks.total).toBeLessThan(137));
    expect(tracks.row(0)?.title).toContain('Lullaby');
  });

  it('know what stands before and after a track, also beyond the held rows', async () => {
    const { api } = connected();
    const tracks = new TracksState(api);
    tracks.want(0, 20);
    await waitFor(() => expect(tracks.row(99)?.id).toBeGreaterThan(0));
    const [first, second, last] = [tracks.row(0), tracks.row(1), tracks.row(99)];
    if (first === undefined || second === undefined || last === undefined) throw new Error('The rows are held.');
    expect(await tracks.neighbour(first.id, 1)).toEqual(second);
    expect(await tracks.neighbour(first.id, -1)).toBeNull();
    const beyond = await tracks.neighbour(last.id, 1);
    expect(beyond).toEqual((await api.library.tracks({ search: '', sort: [], offset: 100, limit: 1, includeMissing: true })).rows[0]);
  });
});

describe('devices', () => {
  it('are found by their id; `auto` is the one that the core takes', async () => {
    const { api } = connected();
    const host = new HostState(api);
    await host.loadDevices();
    expect(host.devices?.filter(({ isAutomatic }) => isAutomatic)).toHaveLength(1);
    expect(host.deviceOf('auto')?.id).toBe((await resolveDevice('auto')).id);
    expect(host.deviceOf('cpu')?.available).toBe(true);
    expect(host.deviceOf('none')).toBeUndefined();
  });
});

describe('the memory of a view', () => {
  it('comes back as it was left, without what does not fit', async () => {
    const { api } = connected();
    await api.settings.setView({ view: 'library', state: { order: ['title'], hasListened: 'yes', unknown: 1 } });
    const memory = new ViewMemory(api, 'library', { order: [] as string[], hasListened: false }, () => undefined);
    await memory.load();
    expect(memory.current).toEqual({ order: ['title'], hasListened: false });
  });

  it('keeps what is changed', async () => {
    const { api } = connected();
    const memory = new ViewMemory(api, 'listen', { count: 1 }, () => undefined);
    memory.set({ count: 20 });
    await waitFor(async () => expect(await api.settings.getView({ view: 'listen' })).toEqual({ count: 20 }));
  });
});

describe('the address', () => {
  it('names a view that exists, or none', () => {
    expect(viewOf('#/listen')).toBe('listen');
    expect(viewOf('#/elsewhere')).toBeNull();
    expect(viewOf('')).toBeNull();
  });
});
