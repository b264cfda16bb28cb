/** @file The core of the program: services behind the contract. Every host starts one. */
import { createRouter } from '../rpc/index.ts';
import type { Router } from '../rpc/index.ts';
import { createServices } from '../service/index.ts';
import type { HostActions, MediaSource, ProcessEntries, Services } from '../service/index.ts';
import type { Job } from '../contract/index.ts';

export type { HostActions } from '../service/index.ts';

/** Where child processes and threads start from. */
export type WorkerEntries = ProcessEntries;

/** What a core is started with. `report` hears of defects. */
export type CoreOptions = { dataDirectory: string; host: HostActions; entries: WorkerEntries; report: (error: unknown) => void };

/** A running core. */
export type Core = {
  router: Router;
  media: Pick<MediaSource, 'open'>;
  services: Services;
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
  weightsProcess: new URL('../worker/weights-process.ts', import.meta.url),
  scanThread: new URL('../worker/scan-thread.ts', import.meta.url),
};

/** Opens the data directory and starts the core. @throws AppError DATA_DIRECTORY_IN_USE, NEWER_DATABASE, DATABASE_DAMAGED */
export async function startCore(options: CoreOptions): Promise<Core> {
  const services = createServices(options);
  services.goOn();
  return {
    router: createRouter(services.handlers, options.report),
    media: services.media,
    services,
    activeJobs: () => services.activeJobs(),
    pauseAll: async () => {
      for (const job of services.activeJobs()) services.jobs.pause(job.id);
    },
    close: () => services.close(),
  };
}
