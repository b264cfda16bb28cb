/** @file The services of one core, wired together. */
import { contained } from '../base/index.ts';
import { listDevices, pickAutomatically } from '../compute/index.ts';
import type { Check, Device, Handlers, Job } from '../contract/index.ts';
import { openStore } from '../store/index.ts';
import type { Store } from '../store/index.ts';
import { runDoctor } from './host/doctor.ts';
import type { DoctorOptions } from './host/doctor.ts';
import { DataKeeper } from './data/data-keeper.ts';
import type { Mender } from './data/data-keeper.ts';
import { Datasets } from './datasets/datasets.ts';
import { Duplicates } from './duplicates/duplicates.ts';
import { Encoders } from './encoders/encoders.ts';
import { EventHub } from './event-hub.ts';
import { createHandlers } from './handlers.ts';
import type { HostActions, UseCases } from './handlers.ts';
import type { OpenLibrary } from './evaluating/dataset-library.ts';
import { Evaluating } from './evaluating/evaluating.ts';
import { ExperimentJobs } from './experimenting/experiment-jobs.ts';
import { Experimenting } from './experimenting/experimenting.ts';
import { Inspecting } from './inspecting/inspecting.ts';
import { Jobs } from './jobs/jobs.ts';
import { Arrivals } from './library/arrivals.ts';
import { Library } from './library/library.ts';
import { Listening } from './listening/listening.ts';
import { MediaSource } from './media/media-source.ts';
import { Playlists } from './playlists/playlists.ts';
import { Pretraining } from './pretraining/pretraining.ts';
import type { ProcessEntries } from './processes/child.ts';
import { endLeftBehind, keepRegister } from './processes/child-register.ts';
import { MediaWorker } from './processes/media-worker.ts';
import { HeadWorker } from './processes/head-worker.ts';
import { WeightsReader } from './processes/weights-reader.ts';
import { Published } from './published/published.ts';
import { TagHeads } from './tagging/heads.ts';
import { TrackMeans } from './tagging/track-means.ts';
import { HeadPredictions } from './tagging/predictions.ts';
import { Suggesting } from './tagging/suggesting.ts';
import { Taggrams } from './tagging/taggrams.ts';
import { Tagging } from './tagging/tagging.ts';
import { TagWriting } from './tagging/writing.ts';
import { NeighbourEngine } from './similar/engine.ts';
import { passingTracks } from './similar/filter.ts';
import { Similar } from './similar/similar.ts';
import type { Tools } from './tools.ts';

/** What the services are made from. `report` hears of defects. */
export type ServiceOptions = {
  dataDirectory: string;
  host: HostActions;
  entries: ProcessEntries;
  report: (error: unknown) => void;
  /** Windows that stay while another database is put in place hear of it here. */
  events?: EventHub;
  /** Puts another database in place of the one that is open; without it that can only be done from outside. */
  mend?: Mender;
  /** The address of a server that holds what others have published, in place of theirs. */
  publishedFrom?: string | undefined;
  /** Where the demo library of this installation lies. */
  demoDirectory?: string | undefined;
  /** Where the experiments of papers lie that come with it. */
  experimentsDirectory?: string | undefined;
};

/** Everything that a host uses of the core. */
export type Services = UseCases & {
  store: Store;
  jobs: Jobs;
  neighbours: NeighbourEngine;
  /** Checks of the installation and the data. */
  doctor: (options: DoctorOptions) => Promise<Check[]>;
  handlers: Handlers;
  /** Takes up what a former process left unfinished, begins to watch folders, and gives a new library its built-in encoder. */
  goOn(): void;
  /** Jobs that run or wait. */
  activeJobs(): Job[];
  /** Ends everything so that the next start goes on where this one stops. */
  close(): Promise<void>;
};

/** Opens the data directory and makes the services. @throws AppError DATA_DIRECTORY_IN_USE, NEWER_DATABASE, DATABASE_DAMAGED */
export function createServices(options: ServiceOptions): Services {
  const { dataDirectory, host, entries, report, events = new EventHub(), mend = null } = options;
  const store = openStore(dataDirectory, { onDamage: () => events.emit({ type: 'data.changed' }) });
  endLeftBehind(store.paths.processes);
  const forgetRegister = keepRegister(store.paths.processes);
  const jobs = new Jobs({ store, events, report });
  const media = new MediaWorker(entries.mediaProcess);
  const weights = new WeightsReader(entries.weightsProcess);
  let isStaying = false;
  const arrivals = new Arrivals(contained(() => isStaying && useCases.encoders.indexComing(), report));
  const about = { codeVersion: host.version, demoDirectory: options.demoDirectory ?? null };
  const tools: Tools = { store, events, jobs, arrivals, media, weights, entries, ...about };
  const maker = new HeadWorker(entries.headProcess);
  const neighbours = new NeighbourEngine(tools);
  const open: OpenLibrary = (directory, own) => createServices({ dataDirectory: directory, host, entries, report, events: own });
  const places = { publishedFrom: options.publishedFrom ?? null, experimentsDirectory: options.experimentsDirectory ?? null };
  const useCases = createUseCases(tools, { open, maker, neighbours, mend, ...places, isStaying: () => isStaying });
  const { library, pretraining, writing, similar, data } = useCases;
  contained(() => library.followDemo(), report)();
  const doctor = (options: DoctorOptions): Promise<Check[]> => runDoctor({ store, media, neighbours }, options);
  const doctorTold = (signal: AbortSignal): Promise<Check[]> =>
    doctor({ signal, onProgress: (doctoring) => events.emit({ type: 'doctor.checking', doctoring }) });
  return {
    ...useCases,
    store,
    jobs,
    neighbours,
    doctor,
    handlers: createHandlers({ ...useCases, tools, host, devices, doctor: doctorTold }),
    goOn: () => {
      isStaying = true;
      contained(() => useCases.encoders.ensureBuiltIn(), report)();
      pretraining.deleteRemoved();
      void writing.finishLeft();
      jobs.goOn();
      library.startWatching();
      data.start();
    },
    activeJobs: () => jobs.list().filter((job) => job.state === 'running' || job.state === 'queued' || job.state === 'paused'),
    close: async () => {
      library.close();
      await Promise.all([data.close(), jobs.close(), pretraining.close(), neighbours.close(), similar.close(), weights.close()]);
      useCases.inspecting.close();
      media.close();
      maker.close();
      forgetRegister();
      store.close();
    },
  };
}

/** Devices as they were found, and which of them `auto` takes. */
async function devices(): Promise<Device[]> {
  const found = await listDevices();
  const automatic = pickAutomatically(found).id;
  return found.map(({ id, name, available, reason }) => ({ id, name, available, reason, isAutomatic: id === automatic }));
}

/** What the use cases share besides the tools. */
type Shared = {
  /** Opens the library of a data set. */
  open: OpenLibrary;
  maker: HeadWorker;
  neighbours: NeighbourEngine;
  mend: Mender | null;
  publishedFrom: string | null;
  experimentsDirectory: string | null;
  /** Whether the core stays for more than one command, so that it may begin work by itself. */
  isStaying: () => boolean;
};

function createUseCases(tools: Tools, shared: Shared): UseCases {
  const { open, maker, neighbours, mend, publishedFrom, experimentsDirectory, isStaying } = shared;
  const { store, media } = tools;
  const encoders = new Encoders(tools, maker);
  const means = new TrackMeans(store, neighbours);
  const heads = new TagHeads(tools, maker, means);
  const similar = new Similar(tools, neighbours);
  const predictions = new HeadPredictions({ store, maker, means, heads });
  const playlists = new Playlists(tools, {
    passing: (filter) => passingTracks(store, filter),
    nearest: async (query) => (await similar.find(query)).rows.map(({ trackId }) => trackId),
  });
  const evaluating = new Evaluating(tools, encoders, open);
  const pretraining = new Pretraining(tools);
  const experimenting = new Experimenting(tools, { pretraining, evaluating });
  return {
    library: new Library(tools, () => isStaying() && encoders.indexNew()),
    encoders,
    published: new Published(tools, encoders, publishedFrom),
    listening: new Listening(tools, { predictions, playlistTracks: (playlistId) => playlists.trackIds(playlistId) }),
    inspecting: new Inspecting(tools),
    datasets: new Datasets(tools),
    evaluating,
    experimenting,
    experiments: new ExperimentJobs(tools, experimenting, { directory: experimentsDirectory }),
    pretraining,
    playlists,
    duplicates: new Duplicates(tools),
    tagging: new Tagging(tools),
    writing: new TagWriting(tools),
    heads,
    suggesting: new Suggesting({ tools, maker, heads, predictions }),
    taggrams: new Taggrams({ store, heads, maker }),
    similar,
    media: new MediaSource(store, media),
    data: new DataKeeper(tools, mend),
  };
}
