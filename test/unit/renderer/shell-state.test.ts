/** @file The states of the frame, the Library and Settings, on the fake core. */
import { describe, expect, it } from 'vitest';
import type { AppError } from '../../../src-main/base/index.ts';
import type { JobId } from '../../../src-main/contract/index.ts';
import { createClient, createRouter, memoryPorts, servePort } from '../../../src-main/rpc/index.ts';
import { EncodersState } from '../../../src-renderer/state/encoders.svelte.ts';
import { HostState } from '../../../src-renderer/state/host.svelte.ts';
import { JobsState } from '../../../src-renderer/state/jobs.svelte.ts';
import { LibraryState } from '../../../src-renderer/state/library.svelte.ts';
import { viewOf } from '../../../src-renderer/state/route.svelte.ts';
import { SettingsState } from '../../../src-renderer/state/settings.svelte.ts';
import { TracksState } from '../../../src-renderer/state/tracks.svelte.ts';
import { UndoState } from '../../../src-renderer/state/undo.svelte.ts';
import { ViewMemory } from '../../../src-renderer/state/view-memory.svelte.ts';
import { createFakeCore } from '../../support/fake-core.ts';
import type { FakeOptions } from '../../support/fake-core.ts';
import { waitFor } from '../../support/wait-for.ts';

function connected(options: FakeOptions = {}) {
  const core = createFakeCore(options);
  const [own, other] = memoryPorts();
  servePort(
    createRouter(core.handlers, () => undefined),
    other,
  );
  const api = createClient(own);
  const undo = new UndoState(
    (error) => {
      throw error;
    },
    () => undefined,
  );
  const settings = new SettingsState(api);
  return { core, api, undo, settings, encoders: new EncodersState(api, settings, undo), library: new LibraryState(api, undo) };
}

describe('undo', () => {
  it('takes steps back in the order last to first, each once', async () => {
    const { undo } = connected();
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
      (run) => void gone.push(run),
    );
    let isReverted = false;
    undo.did('something', () => void (isReverted = true));
    gone[0]?.();
    expect(undo.toasts).toEqual([]);
    await undo.undo();
    expect(isReverted).toBe(true);
  });

  it('tells of a step that could not be taken back', async () => {
    const failures: unknown[] = [];
    const undo = new UndoState(
      (error) => failures.push(error),
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
    const { encoders, settings } = connected({ library: 'none' });
    await Promise.all([settings.load(), encoders.load()]);
    expect(encoders.current).toBeNull();
    const made = await encoders.createUntrained({ sampleRate: 16000, seed: 7 });
    expect(encoders.current).toMatchObject({ id: made.id, source: 'untrained', sampleRate: 16000, origin: 'seed 7' });
  });

  it('come back, chosen as before, when their removal is undone', async () => {
    const { encoders, settings, undo } = connected();
    await Promise.all([settings.load(), encoders.load()]);
    const encoder = encoders.current;
    if (encoder === null) throw new Error('The fake core chooses an encoder.');
    await encoders.remove(encoder);
    await settings.load();
    expect(encoders.current).toBeNull();
    await undo.undo();
    expect(encoders.current?.id).toBe(encoder.id);
  });

  it('get their old name back by undo', async () => {
    const { encoders, settings, undo } = connected();
    await Promise.all([settings.load(), encoders.load()]);
    const encoder = encoders.current;
    if (encoder === null) throw new Error('The fake core chooses an encoder.');
    await encoders.rename(encoder, 'Ears');
    expect(encoders.current?.name).toBe('Ears');
    await undo.undo();
    expect(encoders.current?.name).toBe(encoder.name);
  });
});

describe('the library', () => {
  it('is empty before the first folder, and not after it', async () => {
    const { library } = connected({ library: 'none' });
    expect(library.isEmpty).toBe(false);
    await library.load();
    expect(library.isEmpty).toBe(true);
    await library.addFolder('/home/ida/Music');
    expect(library.isEmpty).toBe(false);
  });

  it('gets a removed folder and its tracks back by undo', async () => {
    const { library, undo } = connected();
    await library.load();
    const folder = library.folders?.[0];
    if (folder === undefined) throw new Error('The fake library has folders.');
    await library.removeFolder(folder);
    expect(library.folders).toHaveLength(1);
    expect(library.summary?.tracks).toBeLessThan(137);
    await undo.undo();
    expect(library.folders).toHaveLength(2);
    expect(library.summary?.tracks).toBe(137);
  });

  it('takes a folder that is gone to where it moved, and back by undo', async () => {
    const { library, undo } = connected();
    await library.load();
    const folder = library.folders?.[0];
    if (folder === undefined) throw new Error('The fake library has folders.');
    const problem = { path: folder.path, code: 'FOLDER_GONE', message: '', during: 'scan', trackId: null, at: 0 } as const;
    expect(library.goneFolder(problem)?.id).toBe(folder.id);
    expect(library.goneFolder({ ...problem, path: `${folder.path}/sub` })).toBeUndefined();
    expect(library.goneFolder({ ...problem, code: 'NOT_AUDIO' })).toBeUndefined();
    await library.moveFolder(folder, '/media/new');
    expect(library.folders?.[0]).toMatchObject({ id: folder.id, path: '/media/new', state: 'ready', movedTo: null });
    await undo.undo();
    expect(library.folders?.[0]?.path).toBe(folder.path);
  });

  it('keeps why its first load failed', async () => {
    const failure = { code: 'DATABASE_DAMAGED' } as Partial<AppError>;
    const { library } = connected({ failing: { 'library.folders': Object.assign(new Error('Damaged.'), failure) as AppError } });
    await library.load();
    expect(library.folders).toBeNull();
    expect(library.error).not.toBeNull();
  });
});

describe('jobs', () => {
  it('are under way until they end, stay until seen, and leave then', async () => {
    const { api, core, library } = connected();
    const jobs = new JobsState(api);
    await library.scan();
    await jobs.load();
    const job = jobs.current('scan');
    expect(job?.state).toBe('running');
    core.jobs.step(1000);
    await jobs.load();
    expect(jobs.underWay).toEqual([]);
    expect(jobs.unseen).toHaveLength(1);
    await jobs.dismissEnded();
    await jobs.load();
    expect(jobs.list).toEqual([]);
  });

  it('that were interrupted stay to be resumed, and block nothing', () => {
    const { api, core } = connected();
    const jobs = new JobsState(api);
    const id = core.jobs.start({ kind: 'scan', title: 'Scanning', total: 9, unit: 'files', rate: 1, failed: 0, summary: '' });
    const job = core.jobs.list().find((one) => one.id === id);
    if (job === undefined) throw new Error('The job was started.');
    jobs.update(job);
    expect(jobs.isBusy('scan')).toBe(true);
    jobs.update({ ...job, state: 'interrupted' });
    expect(jobs.isBusy('scan')).toBe(false);
    expect(jobs.current('scan')?.state).toBe('interrupted');
    expect(jobs.unseen).toEqual([]);
  });

  it('that run are told of before those that wait for their turn', () => {
    const { api, core } = connected();
    const jobs = new JobsState(api);
    const start = { kind: 'index' as const, title: 'Index', total: 9, unit: 'tracks' as const, rate: 1, failed: 0, summary: '' };
    const [first, second] = [core.jobs.start(start), core.jobs.start(start)];
    for (const job of core.jobs.list()) jobs.update(job.id === second ? { ...job, state: 'queued' } : { ...job, state: 'running' });
    expect(jobs.current('index')?.id).toBe(first);
    for (const job of core.jobs.list()) jobs.update({ ...job, state: 'paused' });
    expect(jobs.current('index')?.id).toBe(second);
  });

  it('pause and go on', async () => {
    const { api, library } = connected();
    const jobs = new JobsState(api);
    const id = await library.scan();
    await jobs.pause(id);
    await jobs.load();
    expect(jobs.get(id)?.state).toBe('paused');
    await jobs.resume(id);
    await jobs.load();
    expect(jobs.get(id)?.state).toBe('running');
    expect(jobs.get(999 as JobId)).toBeUndefined();
  });
});

describe('tracks', () => {
  it('come a page at a time, searched and sorted by the core', async () => {
    const { api } = connected();
    const tracks = new TracksState(api);
    tracks.want(0, 20);
    await waitFor(() => expect(tracks.total).toBe(137));
    tracks.setSort([{ key: 'year', descending: true }]);
    await waitFor(() => expect(tracks.row(0)?.year).toBe(2023));
    tracks.setSearch('lullaby aurora');
    await waitFor(() => expect(tracks.total).toBeLessThan(137));
    expect(tracks.row(0)?.title).toContain('Lullaby');
  });

  it('know what stands before and after a track, also beyond the held rows', async () => {
    const { api } = connected();
    const tracks = new TracksState(api);
    tracks.want(0, 20);
    await waitFor(() => expect(tracks.row(99)).toBeDefined());
    const [first, second, last] = [tracks.row(0), tracks.row(1), tracks.row(99)];
    if (first === undefined || second === undefined || last === undefined) throw new Error('The rows are held.');
    expect(await tracks.neighbour(first.id, 1)).toEqual(second);
    expect(await tracks.neighbour(first.id, -1)).toBeNull();
    const beyond = await tracks.neighbour(last.id, 1);
    expect(beyond).toEqual((await api.library.tracks({ search: '', sort: [], offset: 100, limit: 1, includeMissing: true })).rows[0]);
  });
});

describe('devices', () => {
  it('resolve `auto` to the one that was chosen by it', async () => {
    const { api } = connected();
    const host = new HostState(api);
    await host.loadDevices();
    expect(host.deviceOf('auto')?.id).toBe('cpu');
    expect(host.deviceOf('cuda')?.available).toBe(false);
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
