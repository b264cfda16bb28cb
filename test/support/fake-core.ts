/** @file A core without files, decoder or database: every procedure of the contract on synthetic data, for looking at views and for tests of the renderer. */
import { AppError } from '../../src-main/base/index.ts';
import type { AppEvent, Folder, FolderId, Handlers, Settings, Track } from '../../src-main/contract/index.ts';
import { fakeBrowse, fakeChecks, fakeDevices } from './fake-data.ts';
import { fakeDataKeeper } from './fake-data-keeper.ts';
import { fakeFinding } from './fake-retrieval.ts';
import type { FakeJobs } from './fake-jobs.ts';
import { hasFakeCover } from './fake-media.ts';
import { fakeDimensions, fakePeaks } from './fake-segments.ts';
import { fakeTagging } from './fake-tagging.ts';
import { fakeFolders } from './fake-tracks.ts';
import { FakeWorld } from './fake-world.ts';
import type { FakeOptions } from './fake-world.ts';

export type { FakeOptions } from './fake-world.ts';

/** Handlers, and the reins that a test holds. */
export type FakeCore = {
  handlers: Handlers;
  jobs: FakeJobs;
  tracks(): readonly Track[];
  emit(event: AppEvent): void;
  /** Ends every subscription. */
  close(): void;
};

/** Only the handlers; see {@link createFakeCore}. */
export function fakeHandlers(options: FakeOptions = {}): Handlers {
  return createFakeCore(options).handlers;
}

/** Makes a fake core. Its jobs move only when `jobs.step` is called. */
export function createFakeCore(options: FakeOptions = {}): FakeCore {
  const world = new FakeWorld(options);
  const tagging = fakeTagging(world, options.tags === 'some');
  const handlers: Handlers = {
    host: hostHandlers(world, options),
    library: libraryHandlers(world),
    jobs: {
      list: () => world.jobs.list(),
      pause: ({ jobId }) => world.jobs.pause(jobId),
      resume: ({ jobId }) => world.jobs.resume(jobId),
      cancel: ({ jobId }) => world.jobs.cancel(jobId),
      dismiss: ({ jobId }) => world.jobs.dismiss(jobId),
    },
    encoders: encoderHandlers(world),
    listen: listenHandlers(world),
    ...world.runs.handlers(),
    ...tagging.handlers,
    ...fakeFinding(world, (tagId) => [...tagging.tracksWith(tagId)]),
    data: fakeDataKeeper(world, options.data),
    settings: {
      get: () => world.settings,
      set: (change) => {
        world.settings = { ...world.settings, ...(change as Partial<Settings>) };
        world.emit({ type: 'settings.changed' });
        return world.settings;
      },
      getView: ({ view }) => world.views.get(view) ?? null,
      setView: ({ view, state }) => void world.views.set(view, state),
    },
    devices: { list: () => fakeDevices },
    events: { subscribe: (_, signal) => world.subscribe(signal) },
  };
  if (options.busy === true) world.startScan('Scanning 1 folder', 420);
  return {
    handlers: wrapped(handlers, options),
    jobs: world.jobs,
    tracks: () => world.tracks,
    emit: (event) => world.emit(event),
    close: () => world.close(),
  };
}

function hostHandlers(world: FakeWorld, options: FakeOptions): Handlers['host'] {
  const native = options.nativeDialogs === true;
  return {
    capabilities: () => ({
      host: native ? 'electron' : 'serve',
      nativeDialogs: native,
      revealsFiles: native,
      version: '0.1.0',
      platform: 'linux',
      dataDirectory: '/home/ida/.local/share/earmark',
    }),
    browse: ({ path, files }) => fakeBrowse(path, files),
    chooseFolder: () => (native ? fakeFolders[0] : null),
    chooseWeights: () => (native ? '/home/ida/Downloads/clmr_checkpoint_10000.ckpt' : null),
    revealTrack: ({ trackId }) => void world.track(trackId),
    doctor: () => fakeChecks,
  };
}

function libraryHandlers(world: FakeWorld): Handlers['library'] {
  return {
    summary: () => ({
      folders: world.folders.length,
      tracks: world.tracks.length,
      missing: 0,
      problems: world.problems.length,
      audioMs: world.tracks.reduce((sum, track) => sum + track.durationMs, 0),
    }),
    folders: () => world.folders,
    addFolder: ({ path }) => {
      fakeBrowse(path, 'none');
      const jobId = world.startScan(`Scanning ${path}`);
      const known = world.folders.find((folder) => folder.path === path);
      const id = (Math.max(0, ...world.folders.map((folder) => folder.id)) + 1) as FolderId;
      const fresh: Folder = {
        id,
        path,
        tracks: 0,
        state: 'ready',
        message: '',
        movedTo: null,
        watched: true,
        addedAt: Date.now(),
        scannedAt: null,
      };
      if (known === undefined) world.folders = [...world.folders, fresh];
      world.emit({ type: 'library.changed' });
      return { folder: known ?? fresh, jobId };
    },
    removeFolder: ({ folderId }) => {
      const folder = world.folders.find((one) => one.id === folderId);
      if (folder === undefined) throw new AppError('NOT_FOUND', `There is no folder ${folderId}.`);
      world.removedFolders.set(folderId, { folder, tracks: world.tracks.filter((track) => track.folderId === folderId) });
      world.folders = world.folders.filter((one) => one.id !== folderId);
      world.tracks = world.tracks.filter((track) => track.folderId !== folderId);
      world.emit({ type: 'library.changed' });
    },
    restoreFolder: ({ folderId }) => {
      const removed = world.removedFolders.get(folderId);
      if (removed === undefined) throw new AppError('NOT_FOUND', `Folder ${folderId} was not removed.`);
      world.removedFolders.delete(folderId);
      world.folders = [...world.folders, removed.folder].toSorted((a, b) => a.id - b.id);
      world.tracks = [...world.tracks, ...removed.tracks];
      world.emit({ type: 'library.changed' });
    },
    moveFolder: ({ folderId, path }) => {
      world.folders = world.folders.map((one) =>
        one.id === folderId ? { ...one, path, state: 'ready', message: '', movedTo: null } : one,
      );
      world.emit({ type: 'library.changed' });
      return { jobId: world.startScan(`Scanning ${path}`) };
    },
    scan: () => ({ jobId: world.startScan('Scanning all folders') }),
    tracks: (query) => world.query(query),
    track: ({ trackId }) => world.track(trackId),
    problems: () => world.problems,
    retry: ({ paths }) => {
      const count = paths?.length ?? world.problems.length;
      return { jobId: world.startScan(count === 1 ? 'Trying 1 file again' : `Trying ${count} files again`, count) };
    },
    peaks: ({ trackId }) => fakePeaks(world.track(trackId)),
    hasPicture: ({ trackId }) => hasFakeCover(world.track(trackId)),
  };
}

function encoderHandlers(world: FakeWorld): Handlers['encoders'] {
  return {
    list: () => world.encoders,
    importWeights: ({ path, name }) => {
      if (!/\.(ckpt|pt|pth|safetensors)$/.test(path))
        throw new AppError('WEIGHTS_UNREADABLE', `Could not read weights from ${path}: it is neither a PyTorch file nor safetensors.`);
      const origin = path.slice(path.lastIndexOf('/') + 1);
      return world.addEncoder({ name: name ?? origin, sampleRate: 22_050, source: 'imported', origin });
    },
    createUntrained: ({ sampleRate, seed, name }) =>
      world.addEncoder({ name: name ?? `Untrained, seed ${seed}`, sampleRate, source: 'untrained', origin: `seed ${seed}` }),
    rename: ({ encoderId, name }) => {
      const renamed = { ...world.encoder(encoderId), name };
      world.encoders = world.encoders.map((one) => (one.id === encoderId ? renamed : one));
      world.emit({ type: 'encoders.changed' });
      return renamed;
    },
    remove: ({ encoderId }) => {
      world.removedEncoders.set(encoderId, world.encoder(encoderId));
      world.encoders = world.encoders.filter((one) => one.id !== encoderId);
      if (world.settings.encoderId === encoderId) world.settings = { ...world.settings, encoderId: null };
      world.emit({ type: 'encoders.changed' });
      world.emit({ type: 'settings.changed' });
    },
    restore: ({ encoderId }) => {
      const removed = world.removedEncoders.get(encoderId);
      if (removed === undefined) throw new AppError('NOT_FOUND', `Encoder ${encoderId} was not removed.`);
      world.removedEncoders.delete(encoderId);
      world.encoders = [...world.encoders, removed].toSorted((a, b) => a.id - b.id);
      world.emit({ type: 'encoders.changed' });
    },
    index: ({ encoderId, hopSamples }) => ({ jobId: world.startIndex(encoderId, hopSamples ?? 59_049) }),
  };
}

function listenHandlers(world: FakeWorld): Handlers['listen'] {
  return {
    segments: (query) =>
      world.encoder(query.encoderId).index === null ? { total: 0, rows: [], values: '', waveforms: '' } : world.segments.page(query),
    summary: ({ encoderId }) =>
      world.encoder(encoderId).index === null
        ? { dimensions: fakeDimensions, segments: 0, minima: '', maxima: '', means: '' }
        : world.segments.summary(),
    profile: ({ trackId, feature }) => world.segments.profile(world.track(trackId).id, feature),
    notes: ({ encoderId }) =>
      [...world.notes].flatMap(([key, text]) => {
        const [owner, feature] = key.split('/').map(Number);
        return owner === encoderId && feature !== undefined ? [{ feature, text }] : [];
      }),
    setNote: ({ encoderId, feature, text }) => {
      if (text === '') world.notes.delete(`${encoderId}/${feature}`);
      else world.notes.set(`${encoderId}/${feature}`, text);
      world.emit({ type: 'feature.noteChanged', encoderId, feature, text });
    },
  };
}

type AnyHandler = (input: unknown, signal: AbortSignal) => unknown;

/** Adds the options' failures and delay in front of every procedure. */
function wrapped(handlers: Handlers, options: FakeOptions): Handlers {
  const result: Record<string, Record<string, AnyHandler>> = {};
  for (const [subject, procedures] of Object.entries(handlers)) {
    const group: Record<string, AnyHandler> = {};
    for (const [verb, run] of Object.entries(procedures) as [string, AnyHandler][]) {
      group[verb] = async (input, signal) => {
        if (options.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, options.delayMs));
        const failure = options.failing?.[`${subject}.${verb}`];
        if (failure !== undefined) throw failure;
        return run(input, signal);
      };
    }
    result[subject] = group;
  }
  return result as unknown as Handlers;
}
