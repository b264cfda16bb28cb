/**
 * @file Jobs: each can be paused, resumed and cancelled, and its row outlives the process. When a job works is decided by `schedule.ts` alone; this
 * carries out what the schedule says.
 */
import { AppError, isCancelled, toAppError } from '../../base/index.ts';
import type { ErrorData } from '../../base/index.ts';
import type { Job, JobId, JobKind, JobProgress, JobState } from '../../contract/index.ts';
import type { Store, StoredJob } from '../../store/index.ts';
import type { EventHub } from '../event-hub.ts';
import { Gate } from './gate.ts';
import { ProgressMeter } from './progress-meter.ts';
import type { ProgressReport } from './progress-meter.ts';
import { jobRules, subjectOf } from './rules.ts';
import { advance, blockerOf, isWaitedFor, jobToJoin } from './schedule.ts';
import type { Entry, Schedule, ScheduleEvent } from './schedule.ts';

/** What running work is given. */
export type JobContext = {
  /** Fires on cancel and on closing. */
  signal: AbortSignal;
  gate: Gate;
  /** Whether the signal fired because the program is closing: the work is taken up again. */
  isClosing(): boolean;
  /** Whether another job of its kind waits for this one to end. */
  isWaitedFor(): boolean;
  report(progress: ProgressReport): void;
};

/** What a finished job says: a sentence for people, a result for programs. */
export type JobOutcome = { message: string; result: unknown };

/** Does the work of a kind. Its parameters are plain data, so that a later process can take the job up again. */
export type JobWork = (params: unknown, context: JobContext) => Promise<JobOutcome>;

/** Hears about jobs of a kind, also about those whose work never began. */
export type JobWatcher = {
  queued?(job: Job, params: unknown): void;
  /** It works, rests, or waits again. */
  changed?(job: Job, params: unknown): void;
  ended?(job: Job, params: unknown): void;
};

/** A job, and how it ends: `settled` resolves with its outcome, or rejects with why it ended. */
export type StartedJob = { jobId: JobId; settled: Promise<JobOutcome> };

/** A wish for work. `isAsked`: a person wants it now; what the program begins by itself does not resume what a person paused. */
export type JobWish = { kind: JobKind; title: string; params: unknown; isAsked?: boolean };

type Live = {
  job: Job;
  params: unknown;
  abort: AbortController;
  gate: Gate;
  meter: ProgressMeter;
  end: PromiseWithResolvers<JobOutcome>;
};

const publishEveryMs = 200;
const storeEveryMs = 2_000;
const noProgress: JobProgress = { done: 0, total: null, unit: '', audioSeconds: 0, rate: 0, secondsLeft: null, detail: '', failed: 0 };
const cancelledSays = 'Cancelled. What was finished is kept.';

/** Starts and steers jobs. */
export class Jobs {
  readonly #store: Store;
  readonly #events: EventHub;
  readonly #report: (error: unknown) => void;
  readonly #works = new Map<JobKind, JobWork>();
  readonly #watchers = new Map<JobKind, JobWatcher>();
  readonly #live = new Map<JobId, Live>();
  #schedule: Schedule = [];
  #isClosing = false;

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

  /** Queues new work, or joins a job that does the same (see `rules.ts`), resuming it when a person asks. */
  start({ kind, title, params, isAsked = true }: JobWish): StartedJob {
    const known = jobToJoin(this.#schedule, kind, subjectOf(kind, params));
    const live = known === null ? undefined : this.#live.get(known.id);
    if (live === undefined) {
      const stored = this.#store.jobs.insert({ kind, title, params, state: 'queued', progress: noProgress });
      return this.#add(stored, { isPaused: false });
    }
    if (isAsked) this.resume(live.job.id);
    return { jobId: live.job.id, settled: live.end.promise };
  }

  /** The job under way on a subject, with what it was asked to do. */
  underWay(kind: JobKind, subject: string): { jobId: JobId; params: unknown } | null {
    const entry = this.#schedule.find((one) => one.kind === kind && one.subject === subject && one.place !== 'ending');
    const live = entry === undefined ? undefined : this.#live.get(entry.id);
    return live === undefined ? null : { jobId: live.job.id, params: live.params };
  }

  /** Every job that runs, waits, or has not been seen since it ended; newest first. */
  list(): Job[] {
    return this.#store.jobs.list().map((row) => this.#live.get(row.id)?.job ?? shown(row));
  }

  /** Takes up what a former process left, in the order in which it was begun; what was paused stays so. */
  goOn(): void {
    const left = this.#store.jobs.list().filter(({ id, state }) => !this.#live.has(id) && (state === 'interrupted' || state === 'paused'));
    for (const row of left.toReversed()) this.#add(row, { isPaused: row.state === 'paused' });
  }

  /** Holds a job up. @throws AppError NOT_FOUND for one that is not under way */
  pause(id: JobId): void {
    this.#find(id);
    this.#apply({ type: 'pause', id });
  }

  /** Goes on with a paused job when its turn comes, or takes up one that ended before its time. */
  resume(id: JobId): void {
    if (this.#live.has(id)) this.#apply({ type: 'resume', id });
    else this.takeUp(id);
  }

  /** Queues an ended job again; null when it is done or has not ended. */
  takeUp(id: JobId): StartedJob | null {
    const row = this.#store.jobs.get(id);
    const canGoOn = row.state === 'interrupted' || row.state === 'failed' || row.state === 'cancelled' || row.state === 'paused';
    if (this.#live.has(id) || !canGoOn) return null;
    // Something else may do the same by now.
    const known = jobToJoin(this.#schedule, row.kind, subjectOf(row.kind, row.params));
    const other = known === null ? undefined : this.#live.get(known.id);
    if (other === undefined) return this.#add(row, { isPaused: false });
    this.resume(other.job.id);
    return { jobId: other.job.id, settled: other.end.promise };
  }

  /** Ends a job; what it finished stays. */
  async cancel(id: JobId): Promise<void> {
    const live = this.#live.get(id);
    if (live === undefined) {
      const row = this.#store.jobs.get(id);
      const isLeft = row.state === 'interrupted' || row.state === 'paused';
      if (isLeft) this.#publish({ ...shown(row), state: 'cancelled', message: 'Cancelled.', endedAt: Date.now() });
      return;
    }
    // Written before it has ended: should the program die while it lets go, the next start does not take it up.
    this.#keep(() => this.#store.jobs.update(id, { state: 'cancelled', message: cancelledSays, endedAt: Date.now() }));
    const hasBegun = this.#schedule.some((one) => one.id === id && one.hasBegun);
    live.abort.abort();
    this.#apply({ type: 'cancel', id });
    if (hasBegun) live.gate.open();
    else this.#fail(live, new AppError('CANCELLED', 'The job was cancelled.'));
    await live.end.promise.catch(() => undefined);
  }

  /** Takes an ended job out of the list. */
  dismiss(id: JobId): void {
    this.#store.jobs.dismiss(id);
    this.#events.emit({ type: 'job.updated', job: shown(this.#store.jobs.get(id)) });
  }

  /** Ends everything so that the next process can go on where this one stops. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const all = [...this.#live.values()];
    for (const live of all) {
      live.abort.abort();
      live.gate.open();
      if (this.#schedule.some((one) => one.id === live.job.id && !one.hasBegun)) this.#fail(live, new AppError('CANCELLED', ''));
    }
    await Promise.allSettled(all.map((live) => live.end.promise));
  }

  #add(row: StoredJob, { isPaused }: { isPaused: boolean }): StartedJob {
    const { id, kind, params } = row;
    const state = isPaused ? 'paused' : 'queued';
    const job: Job = { ...shown(row), state, endedAt: null, message: '', seen: false };
    const meter = new ProgressMeter(() => performance.now());
    const live: Live = { job, params, abort: new AbortController(), gate: new Gate(), meter, end: Promise.withResolvers() };
    // Whoever wants to know how it ends asks; that nobody does is no defect.
    live.end.promise.catch(() => undefined);
    this.#live.set(id, live);
    this.#publish(job);
    this.#watchers.get(kind)?.queued?.(job, params);
    this.#apply({ type: 'add', id, kind, subject: job.subject, isPaused, after: jobRules[kind].waitsFor?.(params) ?? null });
    return { jobId: id, settled: live.end.promise };
  }

  #apply(event: ScheduleEvent): void {
    const before = new Map(this.#schedule.map((entry) => [entry.id, entry]));
    this.#schedule = advance(this.#schedule, event);
    // Those that stop working do so before others begin.
    const moved = this.#schedule.filter((entry) => before.get(entry.id)?.place !== entry.place);
    for (const entry of moved) if (entry.place === 'resting') this.#rest(entry);
    for (const entry of this.#schedule) this.#showWait(entry);
    for (const entry of moved) if (entry.place === 'working') this.#work(entry, before.get(entry.id)?.hasBegun === true);
  }

  #rest({ id }: Entry): void {
    const live = this.#live.get(id);
    if (live === undefined) return;
    live.gate.close();
    live.meter.stop();
    if (live.job.state !== 'paused') this.#change(live, { state: 'paused', waitsFor: null });
  }

  #work({ id }: Entry, hasBegun: boolean): void {
    const live = this.#live.get(id);
    if (live === undefined || this.#isClosing) return;
    live.meter.start();
    this.#change(live, { state: 'running', waitsFor: null });
    live.gate.open();
    if (!hasBegun) void this.#run(live);
  }

  /** What a job waits for changes when others come, go and are paused. */
  #showWait({ id, place }: Entry): void {
    const live = this.#live.get(id);
    if (live === undefined || place !== 'waiting') return;
    const blocker = blockerOf(this.#schedule, id);
    const title = blocker === null ? undefined : this.#live.get(blocker.id)?.job.title;
    const waitsFor = blocker === null || title === undefined ? null : { jobId: blocker.id, title, isPaused: blocker.place === 'resting' };
    const known = live.job;
    if (known.state !== 'queued' || JSON.stringify(known.waitsFor) !== JSON.stringify(waitsFor))
      this.#change(live, { state: 'queued', waitsFor });
  }

  async #run(live: Live): Promise<void> {
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
      // Whoever started it has its number before it does anything.
      await Promise.resolve();
      abort.signal.throwIfAborted();
      if (work === undefined) throw new AppError('INTERNAL', `Nothing is known to do for a ${live.job.kind} job.`);
      const outcome = await work(live.params, {
        ...{ signal: abort.signal, gate, report },
        isClosing: () => this.#isClosing,
        isWaitedFor: () => isWaitedFor(this.#schedule, live.job.id),
      });
      this.#end(live, 'done', outcome.message);
      live.end.resolve(outcome);
    } catch (error) {
      this.#fail(live, error);
    }
  }

  #fail(live: Live, error: unknown): void {
    if (this.#isClosing) {
      // What a person paused stays paused.
      if (live.job.state === 'paused') this.#end(live, 'paused', '');
      else this.#end(live, 'interrupted', 'Earmark was closed; this can be resumed.');
      return live.end.reject(new AppError('CANCELLED', 'Earmark was closed.'));
    }
    if (isCancelled(error)) {
      this.#end(live, 'cancelled', cancelledSays);
      return live.end.reject(new AppError('CANCELLED', 'The job was cancelled.'));
    }
    const known = toAppError(error, `finish "${live.job.title}"`);
    if (known.code === 'INTERNAL') this.#report(error);
    this.#end(live, 'failed', known.message);
    live.end.reject(known);
  }

  #end(live: Live, state: JobState, message: string): void {
    live.meter.stop();
    const { id, kind, progress } = live.job;
    this.#live.delete(id);
    const endedAt = state === 'paused' ? null : Date.now();
    const job = { ...live.job, state, message, endedAt, waitsFor: null, progress: { ...progress, secondsLeft: null } };
    this.#publish(job);
    this.#watchers.get(kind)?.ended?.(job, live.params);
    this.#apply({ type: 'end', id });
  }

  #change(live: Live, change: Partial<Job>): void {
    live.job = { ...live.job, ...change };
    this.#publish(live.job);
    this.#watchers.get(live.job.kind)?.changed?.(live.job, live.params);
  }

  #publish(job: Job): void {
    this.#keep(() => this.#save(job));
    this.#events.emit({ type: 'job.updated', job });
  }

  /** A full disk must not keep a job's state from the people who watch it. */
  #keep(save: () => void): void {
    try {
      save();
    } catch (error) {
      this.#report(error);
    }
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

/** A row as people see it while its job is not under way. */
function shown({ params, ...row }: StoredJob): Job {
  return { ...row, subject: subjectOf(row.kind, params), waitsFor: null };
}

/** A problem as scripts get it. */
export type FailedPath = { path: string; code: ErrorData['code']; message: string };
