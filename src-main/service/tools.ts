/** @file What every service works with. */
import type { Store } from '../store/index.ts';
import type { EventHub } from './event-hub.ts';
import type { Jobs } from './jobs/jobs.ts';
import type { Arrivals } from './library/arrivals.ts';
import type { ProcessEntries } from './processes/child.ts';
import type { MediaWorker } from './processes/media-worker.ts';
import type { WeightsReader } from './processes/weights-reader.ts';

/** Shared by the services; made once when the core starts. `codeVersion`: Earmark's own; `demoDirectory`: where its demo library lies, null without one. */
export type Tools = {
  store: Store;
  events: EventHub;
  jobs: Jobs;
  /** Tracks as a scan brings them. */
  arrivals: Arrivals;
  media: MediaWorker;
  weights: WeightsReader;
  entries: ProcessEntries;
  codeVersion: string;
  demoDirectory: string | null;
};
