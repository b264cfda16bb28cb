/** @file The demo library: added and taken out with all that hangs on it, wherever this installation has it, and never written to. */
import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EncoderId, TrackId } from '../../../../src-main/contract/index.ts';
import { similarQuerySchema } from '../../../../src-main/contract/index.ts';
import { sourceEntries } from '../../../../src-main/host/core.ts';
import { createServices } from '../../../../src-main/service/index.ts';
import type { Services } from '../../../../src-main/service/index.ts';
import { selectTracks } from '../../../../src-main/service/pretraining/selection.ts';
import { temporaryDirectory } from '../../../support/store-data.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { writeWav } from '../../../support/wav.ts';

const host = {
  ...{ kind: 'serve' as const, version: '0.1.0-test' },
  ...{ chooseFolder: async () => null, chooseWeights: async () => null, reveal: async () => undefined },
};

const { signal } = new AbortController();

/** A folder with as many short tracks as there are seeds, as an installation has it. */
function makeMusic(path: string, ...seeds: number[]): string {
  mkdirSync(path, { recursive: true });
  for (const seed of seeds) writeWav(join(path, `${seed}.wav`), { seconds: 5, seed });
  return path;
}

function open(root: string, demoDirectory?: string): Services {
  const services = createServices({
    dataDirectory: join(root, 'data'),
    host,
    entries: sourceEntries,
    report: console.error,
    demoDirectory,
  });
  onTestFinished(() => services.close());
  return services;
}

async function add(services: Services): Promise<void> {
  await services.library.addDemo().scan?.settled;
}

function paths(services: Services): string[] {
  const sort = [{ key: 'path' as const, descending: false }];
  return services.store.tracks.query({ search: '', sort, offset: 0, limit: 100 }, null).rows.map(({ path }) => path);
}

function trackAt({ store }: Services, path: string): TrackId {
  return store.tracks.findByPath(path)?.id as TrackId;
}

/** What a person makes on a track: a tag, and a list that it is in. */
function make({ store }: Services, trackId: TrackId): void {
  store.tags.mark({
    tagIds: [store.tags.create({ kind: '', name: 'rainy' }).tag.id],
    targets: [{ trackId }],
    answer: 'yes',
    source: 'person',
  });
  store.playlists.create({ name: 'Sunday', trackIds: [trackId], smart: null });
}

function made({ store }: Services): unknown {
  const [list] = store.playlists.list();
  return [store.tags.list().map(({ name, tracks }) => [name, tracks]), list === undefined ? null : store.playlists.trackIds(list.id)];
}

describe('adding the demo library', () => {
  it('reads its tracks once; adding it again says that it is there and does nothing', async () => {
    const root = temporaryDirectory();
    const demo = makeMusic(join(root, 'one', 'demo'), 1, 2);
    const services = open(root, demo);
    const { handlers } = services;
    const { folder, jobId } = await handlers.library.addDemo(undefined, signal);
    expect(folder).toMatchObject({ path: demo, isDemo: true });
    expect(services.jobs.list()).toMatchObject([{ id: jobId, title: 'Scan the demo library' }]);
    expect((await handlers.library.addDemo(undefined, signal)).jobId).toBe(jobId);
    await waitFor(() => expect(services.library.folders()).toMatchObject([{ tracks: 2 }]));
    await waitFor(() => expect(services.activeJobs()).toEqual([]));
    expect(await handlers.library.addDemo(undefined, signal)).toMatchObject({ folder: { id: folder.id, tracks: 2 }, jobId: null });
    expect(services.jobs.list()).toHaveLength(1);
    expect(services.library.folders()).toHaveLength(1);
  });

  it('goes on with a scan that did not come to its end', async () => {
    const root = temporaryDirectory();
    const demo = makeMusic(join(root, 'one', 'demo'), 1);
    const services = open(root, demo);
    services.store.folders.addDemo(demo);
    await add(services);
    expect(paths(services)).toHaveLength(1);
  });

  it('is the same as adding its folder by its path', async () => {
    const root = temporaryDirectory();
    const demo = makeMusic(join(root, 'one', 'demo'), 1);
    const services = open(root, demo);
    await (
      await services.library.addFolder(demo)
    ).settled;
    expect(services.library.folders()).toMatchObject([{ isDemo: true }]);
    expect(services.library.addDemo().scan).toBeNull();
  });

  it('takes its tracks over from a folder around it, with what is attached to them', async () => {
    const root = temporaryDirectory();
    const demo = makeMusic(join(root, 'one', 'demo'), 1);
    makeMusic(join(root, 'one'), 2);
    const services = open(root, demo);
    await (
      await services.library.addFolder(join(root, 'one'))
    ).settled;
    const track = trackAt(services, join(demo, '1.wav'));
    make(services, track);
    await add(services);
    expect(trackAt(services, join(demo, '1.wav'))).toBe(track);
    expect(services.library.folders().map(({ isDemo, tracks }) => [isDemo, tracks])).toEqual([
      [false, 1],
      [true, 1],
    ]);
    expect(made(services)).toEqual([[['rainy', 1]], [track]]);
  });

  it('is told in a sentence where this installation has none', () => {
    const root = temporaryDirectory();
    expect(() => open(root).library.addDemo()).toThrow(/did not come with this installation/);
    expect(() => open(join(root, 'other'), join(root, 'nowhere')).library.addDemo()).toThrow(/nowhere is not there/);
  });
});

describe('taking the demo library out', () => {
  it('takes its tracks from tables, searches, neurons, similar music and tags; all comes back when it is added again', async () => {
    const root = temporaryDirectory();
    const demo = makeMusic(join(root, 'one', 'demo'), 1, 2);
    const services = open(root, demo);
    services.encoders.ensureBuiltIn();
    services.store.settings.set({ device: 'cpu' });
    await (
      await services.library.addFolder(makeMusic(join(root, 'Music'), 3, 4))
    ).settled;
    await add(services);
    const encoderId = services.store.settings.get().encoderId as EncoderId;
    await services.encoders.index({ encoderId }).settled;
    const own = trackAt(services, join(root, 'Music', '3.wav'));
    make(services, trackAt(services, join(demo, '1.wav')));
    const seen = async (): Promise<unknown> => {
      const query = { encoderId, features: [0], sort: [{ feature: 0, descending: true }], search: '', offset: 0, limit: 100 };
      const segments = await services.listening.segments(query);
      const seeds = { encoderId, like: [{ kind: 'track', trackId: own }] };
      const similar = await services.similar.find(similarQuerySchema.parse(seeds));
      return {
        ...{ tracks: paths(services).length, segments: segments.total, summary: services.store.tracks.summary().tracks },
        ...{ similar: similar.rows.length, tags: services.store.tags.list().map(({ tracks }) => tracks) },
        found: services.store.tracks
          .query({ search: '1', sort: [], offset: 0, limit: 10 }, null)
          .rows.some(({ path }) => path.startsWith(demo)),
      };
    };
    const whole = { tracks: 4, segments: 4, summary: 4, similar: 3, tags: [1], found: true };
    expect(await seen()).toEqual(whole);
    const attached = made(services);
    expect((await services.handlers.library.removeDemo(undefined, signal)).folder).toMatchObject({ isDemo: true, path: demo });
    expect(await seen()).toEqual({ tracks: 2, segments: 2, summary: 2, similar: 1, tags: [0], found: false });
    expect((await services.handlers.library.removeDemo(undefined, signal)).folder).toBeNull();
    await add(services);
    expect(await seen()).toEqual(whole);
    expect(made(services)).toEqual(attached);
  });
});

describe('an update that puts Earmark elsewhere', () => {
  it('takes the demo library along with all that is attached to it, before anything else is done', async () => {
    const root = temporaryDirectory();
    const before = makeMusic(join(root, '1.0', 'demo'), 1, 2);
    const first = open(root, before);
    await add(first);
    const track = trackAt(first, join(before, '1.wav'));
    make(first, track);
    const attached = made(first);
    await first.close();
    renameSync(join(root, '1.0'), join(root, '1.1'));
    const now = join(root, '1.1', 'demo');
    const second = open(root, now);
    expect(second.library.folders()).toMatchObject([{ path: now, isDemo: true, tracks: 2, state: 'ready' }]);
    expect(trackAt(second, join(now, '1.wav'))).toBe(track);
    expect(made(second)).toEqual(attached);
    makeMusic(now, 3);
    const { result } = await second.library.scan(null).settled;
    expect(result).toMatchObject({ added: 1, unchanged: 2, removed: 0 });
  });

  it('leaves it taken out, and brings it back from where it is then', async () => {
    const root = temporaryDirectory();
    const [before, now] = [makeMusic(join(root, '1.0', 'demo'), 1), makeMusic(join(root, '1.1', 'demo'), 1)];
    const first = open(root, before);
    await add(first);
    const track = trackAt(first, join(before, '1.wav'));
    first.library.removeDemo();
    await first.close();
    const second = open(root, now);
    expect(second.library.folders()).toEqual([]);
    await add(second);
    expect(second.library.folders()).toMatchObject([{ path: now, tracks: 1 }]);
    expect(trackAt(second, join(now, '1.wav'))).toBe(track);
  });

  it('leaves it where it was while the new place has none', async () => {
    const root = temporaryDirectory();
    const before = makeMusic(join(root, '1.0', 'demo'), 1);
    const first = open(root, before);
    await add(first);
    await first.close();
    expect(open(root, join(root, '1.1', 'demo')).library.folders()).toMatchObject([{ path: before, tracks: 1 }]);
  });

  it('is no move that a person tells of: neither a copy of it nor “moved to” takes it elsewhere', async () => {
    const root = temporaryDirectory();
    const demo = makeMusic(join(root, '1.0', 'demo'), 1);
    const services = open(root, demo);
    await add(services);
    const copy = makeMusic(join(root, 'Music'), 1);
    const [folder] = services.library.folders();
    await expect(services.library.moveFolder(folder?.id as never, copy)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    renameSync(demo, join(root, 'away'));
    await (
      await services.library.addFolder(copy)
    ).settled;
    expect(services.library.folders().find(({ isDemo }) => isDemo)?.path).not.toBe(copy);
  });
});

describe('the demo library', () => {
  it('is no music of one’s own: a run learns from it where there is nothing else, or where it is named', async () => {
    const root = temporaryDirectory();
    const services = open(root, makeMusic(join(root, 'one', 'demo'), 1, 2));
    await add(services);
    const { store } = services;
    expect(selectTracks(store, { kind: 'library' })).toHaveLength(2);
    expect(store.tracks.summary()).toMatchObject({ tracks: 2, ownTracks: 2, audioMs: 10_000, ownAudioMs: 10_000 });
    await (
      await services.library.addFolder(makeMusic(join(root, 'Music'), 3))
    ).settled;
    expect(selectTracks(store, { kind: 'library' }).map(({ path }) => path)).toEqual([join(root, 'Music', '3.wav')]);
    expect(store.tracks.summary()).toMatchObject({ tracks: 3, ownTracks: 1, audioMs: 15_000, ownAudioMs: 5_000 });
    const folderId = store.folders.demo()?.id as never;
    expect(selectTracks(store, { kind: 'folder', folderId })).toHaveLength(2);
  });

  it('is never written to: its files fail in a plan, with the reason, and others are written', async () => {
    const root = temporaryDirectory();
    const demo = makeMusic(join(root, 'one', 'demo'), 1);
    const services = open(root, demo);
    await add(services);
    await (
      await services.library.addFolder(makeMusic(join(root, 'Music'), 2))
    ).settled;
    const { store, writing } = services;
    const files = [join(demo, '1.wav'), join(root, 'Music', '2.wav')];
    const tag = store.tags.create({ kind: '', name: 'rainy' }).tag.id;
    const targets = files.map((path) => ({ trackId: trackAt(services, path) }));
    store.tags.mark({ tagIds: [tag], targets, answer: 'yes', source: 'person' });
    const before = readFileSync(files[0] as string);
    const planned = await writing.plan({ field: 'genre', tagIds: [tag], mode: 'add', withKind: false }, signal);
    const rows = () => writing.files({ writingId: planned.id, offset: 0, limit: 10 }).rows;
    const states = (): unknown => files.map((file) => rows().find(({ path }) => path === file)?.state);
    expect(states()).toEqual(['failed', 'planned']);
    expect(rows().find(({ path }) => path === files[0])?.message).toMatch(/demo library, whose files/);
    await writing.start(planned.id).settled;
    expect(states()).toEqual(['failed', 'written']);
    expect(readFileSync(files[0] as string)).toEqual(before);
  });
});
