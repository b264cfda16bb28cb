/** @file The core of the program: services behind the contract. Every host starts one. */
import { createRouter } from '../rpc/index.ts';
import type { Router } from '../rpc/index.ts';
import type { MediaSource, ProcessEntries, Services } from '../service/index.ts';
import type { Handlers, Job, Settings } from '../contract/index.ts';
import { CoreLife } from './core-life.ts';
import type { CoreOptions } from './core-life.ts';
import { limitHeapGrowth } from './heap-growth.ts';

export type { HostActions } from '../service/index.ts';
export type { CoreOptions } from './core-life.ts';

/** Where child processes and threads start from. */
export type WorkerEntries = ProcessEntries;

/** A running core. */
export type Core = {
  router: Router;
  media: Pick<MediaSource, 'open'>;
  /** Every procedure, whatever the library's state. */
  handlers: Handlers;
  /** @throws AppError DATABASE_DAMAGED while the library cannot be opened */
  readonly services: Services;
  /** The page's colours; those of the system while they cannot be read. */
  theme(): Settings['theme'];
  /** Jobs that run, wait or are paused. */
  activeJobs(): Job[];
  /** Pauses every running job. */
  pauseAll(): Promise<void>;
  close(): Promise<void>;
};

/** Entries of a checkout, where the sources run as they are. */
export const sourceEntries: WorkerEntries = {
  indexProcess: new URL('../worker/index-process.ts', import.meta.url),
  mediaProcess: new URL('../worker/media-process.ts', import.meta.url),
  trainProcess: new URL('../worker/train-process.ts', import.meta.url),
  headProcess: new URL('../worker/head-process.ts', import.meta.url),
  probeProcess: new URL('../worker/probe-process.ts', import.meta.url),
  conceptsProcess: new URL('../worker/concepts-process.ts', import.meta.url),
  spectraProcess: new URL('../worker/spectra-process.ts', import.meta.url),
  weightsProcess: new URL('../worker/weights-process.ts', import.meta.url),
  databaseProcess: new URL('../worker/database-process.ts', import.meta.url),
  scanThread: new URL('../worker/scan-thread.ts', import.meta.url),
  inspectThread: new URL('../worker/inspect-thread.ts', import.meta.url),
  mapThread: new URL('../worker/map-thread.ts', import.meta.url),
};

/**
 * Opens the data directory and starts the core. A damaged database is offered to be mended instead of opened.
 * @throws AppError DATA_DIRECTORY_IN_USE, NEWER_DATABASE
 */
export async function startCore(options: CoreOptions): Promise<Core> {
  const endWatching = limitHeapGrowth();
  const life = new CoreLife(options);
  life.open();
  const activeJobs = (): Job[] => (life.isOpen ? life.services.activeJobs() : []);
  return {
    router: createRouter(life.handlers, options.report),
    media: { open: (request) => life.services.media.open(request) },
    handlers: life.handlers,
    get services() {
      return life.services;
    },
    theme: () => (life.isOpen ? life.services.store.settings.get().theme : 'system'),
    activeJobs,
    pauseAll: async () => {
      for (const job of activeJobs()) life.services.jobs.pause(job.id);
    },
    close: () => {
      endWatching();
      return life.close();
    },
  };
}
