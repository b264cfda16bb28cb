/** @file The contract's procedures, each one line to the service that carries it out. */
import { AppError, breather } from '../base/index.ts';
import type { Check, Device, Handlers, Settings } from '../contract/index.ts';
import { dataHandlers } from './data/data-handlers.ts';
import type { DataKeeper } from './data/data-keeper.ts';
import { datasetHandlers } from './datasets/dataset-handlers.ts';
import type { Datasets } from './datasets/datasets.ts';
import { duplicateHandlers } from './duplicates/duplicate-handlers.ts';
import type { Duplicates } from './duplicates/duplicates.ts';
import type { Encoders } from './encoders/encoders.ts';
import { browse } from './host/browse.ts';
import { evaluateHandlers } from './evaluating/evaluate-handlers.ts';
import type { Evaluating } from './evaluating/evaluating.ts';
import { experimentHandlers } from './experimenting/experiment-handlers.ts';
import type { ExperimentJobs } from './experimenting/experiment-jobs.ts';
import type { Experimenting } from './experimenting/experimenting.ts';
import { inspectHandlers } from './inspecting/inspect-handlers.ts';
import type { Inspecting } from './inspecting/inspecting.ts';
import type { Library } from './library/library.ts';
import type { Listening } from './listening/listening.ts';
import type { MediaSource } from './media/media-source.ts';
import { playlistHandlers } from './playlists/playlist-handlers.ts';
import type { Playlists } from './playlists/playlists.ts';
import type { Pretraining } from './pretraining/pretraining.ts';
import type { Published } from './published/published.ts';
import { publishedHandlers } from './published/published-handlers.ts';
import type { StartedJob } from './jobs/jobs.ts';
import type { StartedRun } from './pretraining/pretraining.ts';
import { headHandlers } from './tagging/head-handlers.ts';
import type { TagHeads } from './tagging/heads.ts';
import type { Suggesting } from './tagging/suggesting.ts';
import { tagHandlers } from './tagging/tag-handlers.ts';
import type { Taggrams } from './tagging/taggrams.ts';
import type { Tagging } from './tagging/tagging.ts';
import { writingHandlers } from './tagging/writing-handlers.ts';
import type { TagWriting } from './tagging/writing.ts';
import type { Similar } from './similar/similar.ts';
import { similarHandlers } from './similar/similar-handlers.ts';
import type { Tools } from './tools.ts';

/** What the program around the core can do. */
export type HostActions = {
  kind: 'electron' | 'serve';
  version: string;
  /** Null when the person closes the dialog. */
  chooseFolder(): Promise<string | null>;
  chooseWeights(): Promise<string | null>;
  /** Shows a file in the system's file manager. */
  reveal(path: string): Promise<void>;
};

/** The use cases, each of one subject. */
export type UseCases = {
  library: Library;
  encoders: Encoders;
  published: Published;
  listening: Listening;
  inspecting: Inspecting;
  evaluating: Evaluating;
  experimenting: Experimenting;
  experiments: ExperimentJobs;
  pretraining: Pretraining;
  playlists: Playlists;
  duplicates: Duplicates;
  tagging: Tagging;
  writing: TagWriting;
  heads: TagHeads;
  suggesting: Suggesting;
  taggrams: Taggrams;
  similar: Similar;
  media: MediaSource;
  data: DataKeeper;
  datasets: Datasets;
};

/** Everything that the handlers reach. */
export type HandlerParts = UseCases & {
  tools: Tools;
  host: HostActions;
  devices: () => Promise<Device[]>;
  doctor: (signal: AbortSignal) => Promise<Check[]>;
};

/** Makes the handlers. */
export function createHandlers(parts: HandlerParts): Handlers {
  const { tools, tagging, devices } = parts;
  const { jobs, events } = tools;
  return {
    host: hostHandlers(parts),
    library: libraryHandlers(parts),
    jobs: {
      list: () => jobs.list(),
      pause: ({ jobId }) => jobs.pause(jobId),
      resume: ({ jobId }) => jobs.resume(jobId),
      cancel: ({ jobId }) => jobs.cancel(jobId),
      dismiss: ({ jobId }) => jobs.dismiss(jobId),
    },
    encoders: encoderHandlers(parts),
    listen: listenHandlers(parts),
    inspect: inspectHandlers(parts.inspecting),
    evaluate: evaluateHandlers(parts.evaluating),
    experiments: experimentHandlers(parts.experiments),
    pretrain: pretrainHandlers(parts),
    runs: runHandlers(parts),
    tags: tagHandlers(tools, tagging),
    ...headHandlers(parts.heads, parts, started),
    writing: writingHandlers(parts.writing),
    similar: similarHandlers(parts.similar),
    duplicates: duplicateHandlers(parts.duplicates),
    playlists: playlistHandlers(parts.playlists),
    data: dataHandlers(parts.data),
    settings: settingsHandlers(parts),
    published: publishedHandlers(parts.published),
    datasets: datasetHandlers(parts.datasets, events),
    devices: { list: () => devices() },
    events: { subscribe: (_, signal) => events.subscribe(signal) },
  };
}

function started({ jobId, settled }: StartedJob): { jobId: StartedJob['jobId'] } {
  // Who watches the job learns how it ends.
  settled.catch(() => undefined);
  return { jobId };
}

function libraryHandlers({ tools: { store }, library, media }: HandlerParts): Handlers['library'] {
  const chosen = (): Settings['encoderId'] => store.settings.get().encoderId;
  return {
    summary: () => store.tracks.summary(),
    folders: () => library.folders(),
    addFolder: async ({ path }) => {
      const { folder, jobId, settled } = await library.addFolder(path);
      return { folder, ...started({ jobId, settled }) };
    },
    removeFolder: ({ folderId }) => library.removeFolder(folderId),
    restoreFolder: ({ folderId }) => library.restoreFolder(folderId),
    addDemo: () => {
      const { folder, scan } = library.addDemo();
      return { folder, jobId: scan === null ? null : started(scan).jobId };
    },
    removeDemo: () => ({ folder: library.removeDemo() }),
    moveFolder: async ({ folderId, path }) => started(await library.moveFolder(folderId, path)),
    scan: ({ folderIds }) => started(library.scan(folderIds ?? null)),
    tracks: async (query) => {
      await store.tracks.prepare(query, chosen(), breather());
      return store.tracks.query(query, chosen());
    },
    track: ({ trackId }) => store.tracks.get(trackId, chosen()),
    problems: () => store.problems.list(),
    retry: ({ paths }) => started(library.retry(paths ?? null)),
    peaks: ({ trackId }) => library.peaks(trackId),
    hasPicture: ({ trackId }) => media.hasPicture(trackId),
  };
}

function encoderHandlers({ encoders, similar, tools: { store } }: HandlerParts): Handlers['encoders'] {
  return {
    list: async () => {
      await store.encoders.prepare(breather());
      return encoders.list();
    },
    outputs: ({ encoderId }) => encoders.outputs(encoderId),
    importBrought: ({ fileId }, signal) =>
      similar.files.lend(fileId, (path, name) => encoders.importWeights(path, { origin: name, isBrought: true, signal })),
    export: (wish) => encoders.export(wish),
    inspectOnnx: ({ path }, signal) => encoders.inspectOnnx(path, signal),
    importWeights: ({ path, ...wish }, signal) => encoders.importWeights(path, { ...wish, signal }),
    createUntrained: ({ architecture, sampleRate, seed, name }) => encoders.createUntrained({ architecture, sampleRate, seed, name }),
    bringBuiltIn: () => encoders.bringBuiltIn(),
    rename: ({ encoderId, name }) => encoders.rename(encoderId, name),
    remove: ({ encoderId }) => encoders.remove(encoderId),
    restore: ({ encoderId }) => encoders.restore(encoderId),
    index: (input) => started(encoders.index(input)),
  };
}

function listenHandlers({ tools: { store }, listening }: HandlerParts): Handlers['listen'] {
  return {
    segments: (query) => listening.segments(query),
    summary: ({ encoderId }) => listening.summary(encoderId),
    profile: (input) => listening.profile(input),
    clearest: (input) => listening.clearest(input),
    notes: ({ encoderId }) => store.notes.list(encoderId),
    setNote: (input) => listening.setNote(input),
  };
}

function pretrainHandlers({ pretraining }: HandlerParts): Handlers['pretrain'] {
  return {
    estimate: (work, signal) => pretraining.estimate(work, signal),
    labels: (work) => pretraining.labels(work),
    start: async (options) => startedRun(await pretraining.begin(options)),
    hear: (work, signal) => pretraining.hear(work, signal),
  };
}

function startedRun(run: StartedRun): { runId: StartedRun['runId']; jobId: StartedRun['jobId'] } {
  return { runId: run.runId, ...started(run) };
}

function runHandlers({ pretraining }: HandlerParts): Handlers['runs'] {
  return {
    list: () => pretraining.list(),
    get: ({ runId }) => pretraining.get(runId),
    curves: ({ runId, points }) => pretraining.curves(runId, points),
    rename: ({ runId, name }) => pretraining.rename(runId, name),
    resume: (options) => startedRun(pretraining.resume(options)),
    stop: ({ runId }) => pretraining.stop(runId),
    remove: ({ runId }) => pretraining.remove(runId),
    restore: ({ runId }) => pretraining.restore(runId),
    makeEncoder: async ({ runId, step }) => ({ encoderId: await pretraining.makeEncoder(runId, step) }),
    export: (options) => pretraining.export(options),
  };
}

function hostHandlers({ tools, host, doctor }: HandlerParts): Handlers['host'] {
  return {
    capabilities: () => ({
      host: host.kind,
      nativeDialogs: host.kind === 'electron',
      revealsFiles: host.kind === 'electron',
      version: host.version,
      platform: process.platform,
      dataDirectory: tools.store.paths.root,
    }),
    browse: ({ path, files }) => browse(path, files),
    chooseFolder: () => host.chooseFolder(),
    chooseWeights: () => host.chooseWeights(),
    revealTrack: ({ trackId }) => host.reveal(tools.store.tracks.path(trackId)),
    doctor: (_, signal) => doctor(signal),
  };
}

function settingsHandlers({ tools: { store, events }, library }: HandlerParts): Handlers['settings'] {
  return {
    get: () => store.settings.get(),
    set: (changes) => {
      const { encoderId } = changes;
      if (typeof encoderId === 'number' && store.encoders.get(encoderId).removedAt !== null)
        throw new AppError('NOT_FOUND', 'This encoder was removed. Restore it first.');
      const before = store.settings.get();
      const settings = store.settings.set(changes);
      if (before.watchFolders !== settings.watchFolders) library.startWatching();
      events.emit({ type: 'settings.changed' });
      return settings;
    },
    getView: ({ view }) => store.settings.getView(view),
    setView: ({ view, state }) => store.settings.setView(view, state),
  };
}
