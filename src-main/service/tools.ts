/** @file What every service works with. */
import type { Store } from '../store/index.ts';
import type { EventHub } from './event-hub.ts';
import type { Jobs } from './jobs/jobs.ts';
import type { ProcessEntries } from './processes/child.ts';
import type { MediaWorker } from './processes/media-worker.ts';

/** Shared by the services; made once when the core starts. `codeVersion`: Earmark's own. */
export type Tools = { store: Store; events: EventHub; jobs: Jobs; media: MediaWorker; entries: ProcessEntries; codeVersion: string };
