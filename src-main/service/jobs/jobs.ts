/** @file Jobs: one lane a kind, first come first served; each can be paused, resumed and cancelled, and its row outlives the process. */
import { AppError, isCancelled, toAppError } from '../../base/index.ts';
import type { ErrorData } from '../../base/index.ts';
import type { Job, JobId, JobKind, JobProgress, JobState } from '../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import type { EventHub } from '../event-hub.ts';
import { Gate } from './gate.ts';
import { ProgressMeter } from './progress-meter.ts';
import type { ProgressReport } from './progress-meter.ts';

/** What running work is given. */
export type JobContext = {
  /** Fires on cancel and on closing. */
  signal: AbortSignal;
  gate: Gate;
  /** Whether the signal fired because the program is closing: the work is taken up again. */
  isClosing(): boolean;
  report(progress: ProgressReport): void;
};

/** What a finished job says: a sentence for people, a result for programs. */
export type JobOutcome = { message: string; result: unknown };

/** Does the work of a kind. Its parameters are plain data, so that a later process can take the job up again. */
export type JobWork = (params: unknown, context: JobContext) => Promise<JobOutcome>;

/** Hears about jobs of a kind, also about those whose work never began. */
export type JobWatcher = { queued?(job: Job, params: unknown): void; ended?(job: Job, params: unknown): void };

/** A job, and how it ends: `settled` resolves with its outcome, or rejects with why it ended. */
export type StartedJob = { jobId: JobId; settled: Promise<JobOutcome> };

type Live = {
  job: Job;
  params: unknown;
  abort: AbortController;
  gate: Gate;
  meter: ProgressMeter;
  isClosing: boolean;
  settled: Promise<JobOutcome>;
};

const publishEveryMs = 200;
const storeEveryMs = 2_000;
const noProgress: JobProgress = { done: 0, total: null, unit: '', audioSeconds: 0, rate: 0, secondsLeft: null, detail: '', failed: 0 };

/** Starts and steers jobs. */
export class Jobs {
  readonly #store: Store;
  readonly #events: EventHub;
  readonly #report: (error: unknown) => void;
  readonly #works = new Map<JobKind, JobWork>();
  readonly #watchers = new Map<JobKind, JobWatcher>();
  readonly #live = new Map<JobId, Live>();
  readonly #lanes = new Map<JobKind, Promise<unknown>>();

  constructor({ store, events, report }: { store: Store; events: EventHub; report: (error: unknown) => void }) {
    this.#store = store;
    this.#events = events;
    this.#report = report;
  }

  /** Says how the work of a kind is done. */
  define(kind: JobKind, work: JobWork, watcher: JobWatcher = {}): void {
    this.#works.set(kind, work);
    this.#watchers.set(kind, watcher);
  }

  /** Queues new work. */
  start({ kind, title, params }: { kind: JobKind; title: string; params: unknown }): StartedJob {
    const { params: _, ...job } = this.#store.jobs.insert({ kind, title, params, state: 'queued', progress: noProgress });
    return { jobId: job.id, settled: this.#queue(job, params) };
  }

  /** Every job that runs, waits, or has not been seen since it ended; newest first. */
  list(): Job[] {
    return this.#store.jobs.list().map((row) => this.#live.get(row.id)?.job ?? row);
  }

  /** Jobs that a former process left unfinished. */
  interrupted(): Job[] {
    return this.#store.jobs.list().filter((job) => job.state === 'interrupted');
  }

  pause(id: JobId): void {
    const live = this.#find(id);
    if (live.job.state !== 'running' && live.job.state !== 'queued') return;
    live.gate.close();
    live.meter.stop();
    this.#change(live, { state: 'paused' });
  }

  /** Goes on with a paused job, or takes up one that was interrupted. */
  resume(id: JobId): void {
    const live = this.#live.get(id);
    if (live === undefined) return void this.takeUp(id)?.settled.catch(() => undefined);
    if (live.job.state !== 'paused') return;
    live.meter.start();
    this.#change(live, { state: 'running' });
    live.gate.open();
  }

  /** Queues an ended job again; null when it is done or has not ended. */
  takeUp(id: JobId): StartedJob | null {
    const { params, ...row } = this.#store.jobs.get(id);
    if (row.state !== 'interrupted' && row.state !== 'failed' && row.state !== 'cancelled') return null;
    const job: Job = { ...row, state: 'queued', endedAt: null, message: '', seen: false };
    return { jobId: id, settled: this.#queue(job, params) };
  }

  /** Ends a job; what it finished stays. */
  async cancel(id: JobId): Promise<void> {
    const live = this.#live.get(id);
    if (live === undefined) {
      const { params: _, ...row } = this.#store.jobs.get(id);
      if (row.state === 'interrupted') this.#publish({ ...row, state: 'cancelled', message: 'Cancelled.', endedAt: Date.now() });
      return;
    }
    live.abort.abort();
    live.gate.open();
    await live.settled.catch(() => undefined);
  }

  /** Takes an ended job out of the list. */
  dismiss(id: JobId): void {
    this.#store.jobs.dismiss(id);
    const { params: _, ...job } = this.#store.jobs.get(id);
    this.#events.emit({ type: 'job.updated', job });
  }

  /** Ends everything so that the next process can go on where this one stops. */
  async close(): Promise<void> {
    const all = [...this.#live.values()];
    for (const live of all) {
      live.isClosing = true;
      live.abort.abort();
      live.gate.open();
    }
    await Promise.allSettled(all.map((live) => live.settled));
  }

  #queue(job: Job, params: unknown): Promise<JobOutcome> {
    const meter = new ProgressMeter(() => performance.now());
    const live: Live = {
      job,
      params,
      abort: new AbortController(),
      gate: new Gate(),
      meter,
      isClosing: false,
      settled: Promise.resolve({ message: '', result: null }),
    };
    this.#live.set(job.id, live);
    this.#publish(job);
    this.#watchers.get(job.kind)?.queued?.(job, params);
    const before = this.#lanes.get(job.kind) ?? Promise.resolve();
    // A job that is cancelled while it waits ends at once; those behind it still wait for those before it.
    live.settled = Promise.race([before, aborted(live.abort.signal)]).then(() => this.#run(live));
    this.#lanes.set(job.kind, Promise.allSettled([before, live.settled]));
    return live.settled;
  }

  async #run(live: Live): Promise<JobOutcome> {
    const { abort, gate, meter } = live;
    const work = this.#works.get(live.job.kind);
    let publishedAt = 0;
    let storedAt = 0;
    const report = (progress: ProgressReport): void => {
      const now = performance.now();
      live.job = { ...live.job, progress: meter.measure(progress) };
      if (now - publishedAt < publishEveryMs) return;
      publishedAt = now;
      this.#events.emit({ type: 'job.updated', job: live.job });
      if (now - storedAt < storeEveryMs) return;
      storedAt = now;
      this.#save(live.job);
    };
    try {
      await gate.passed();
      abort.signal.throwIfAborted();
      if (work === undefined) throw new AppError('INTERNAL', `Nothing is known to do for a ${live.job.kind} job.`);
      meter.start();
      this.#change(live, { state: 'running' });
      const outcome = await work(live.params, { signal: abort.signal, gate, isClosing: () => live.isClosing, report });
      this.#end(live, 'done', outcome.message);
      return outcome;
    } catch (error) {
      throw this.#fail(live, error);
    }
  }

  #fail(live: Live, error: unknown): AppError {
    if (live.isClosing) {
      this.#end(live, 'interrupted', 'Earmark was closed; this can be resumed.');
      return new AppError('CANCELLED', 'Earmark was closed.');
    }
    if (isCancelled(error)) {
      this.#end(live, 'cancelled', 'Cancelled. What was finished is kept.');
      return new AppError('CANCELLED', 'The job was cancelled.');
    }
    const known = toAppError(error, `finish "${live.job.title}"`);
    if (known.code === 'INTERNAL') this.#report(error);
    this.#end(live, 'failed', known.message);
    return known;
  }

  #end(live: Live, state: JobState, message: string): void {
    live.meter.stop();
    this.#live.delete(live.job.id);
    const { progress } = live.job;
    const job = { ...live.job, state, message, endedAt: Date.now(), progress: { ...progress, secondsLeft: null } };
    this.#publish(job);
    this.#watchers.get(job.kind)?.ended?.(job, live.params);
  }

  #change(live: Live, change: Partial<Job>): void {
    live.job = { ...live.job, ...change };
    this.#publish(live.job);
  }

  #publish(job: Job): void {
    try {
      this.#save(job);
    } catch (error) {
      // A full disk must not keep the job's end from the people who watch it.
      this.#report(error);
    }
    this.#events.emit({ type: 'job.updated', job });
  }

  #find(id: JobId): Live {
    const live = this.#live.get(id);
    if (live === undefined) throw new AppError('NOT_FOUND', 'This job is not running any more.', { details: { jobId: id } });
    return live;
  }

  #save({ id, state, progress, message, endedAt, seen }: Job): void {
    this.#store.jobs.update(id, { state, progress, message, endedAt, seen });
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** A problem as scripts get it. */
export type FailedPath = { path: string; code: ErrorData['code']; message: string };
