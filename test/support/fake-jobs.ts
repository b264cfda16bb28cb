/** @file Synthetic jobs that progress by a step at a time, driven by a timer or by a test. */
import { AppError } from '../../src-main/base/index.ts';
import type { Job, JobId, JobKind } from '../../src-main/contract/index.ts';

/** What a job is to do. */
export type FakeWork = {
  kind: JobKind;
  title: string;
  /** What of its kind it works on, as the contract says. */
  subject?: string;
  total: number;
  unit: 'files' | 'tracks' | 'steps';
  /** Units a second. */
  rate: number;
  failed: number;
  /** The sentence it ends with. */
  summary: string;
  /** What it says it does; without one, that it reads files of music. */
  detail?: string;
  finished?: () => void;
  /** Hears how many units are done, after each step. */
  progressed?: (done: number) => void;
};

type Entry = { job: Job; work: FakeWork };

/** The list of jobs; `changed` hears of every step. */
export class FakeJobs {
  readonly #entries = new Map<JobId, Entry>();
  readonly #changed: (job: Job) => void;
  #next = 1;

  constructor(changed: (job: Job) => void) {
    this.#changed = changed;
  }

  /** Begins a job and returns its id. */
  start(work: FakeWork): JobId {
    const id = this.#next++ as JobId;
    const progress = {
      done: 0,
      total: null,
      unit: work.unit,
      audioSeconds: 0,
      rate: 0,
      secondsLeft: null,
      detail: work.detail ?? 'Looking for files',
      failed: 0,
    };
    const job: Job = {
      id,
      kind: work.kind,
      title: work.title,
      subject: work.subject ?? '',
      waitsFor: null,
      state: 'running',
      progress,
      message: '',
      startedAt: Date.now(),
      endedAt: null,
      seen: false,
    };
    this.#entries.set(id, { job, work });
    this.#changed(job);
    return id;
  }

  /** Jobs that run, wait, or have ended unseen. */
  list(): Job[] {
    return [...this.#entries.values()].map(({ job }) => job).filter((job) => !job.seen);
  }

  /** Moves every running job on by a time. */
  step(seconds: number): void {
    for (const entry of this.#entries.values()) {
      if (entry.job.state !== 'running') continue;
      const { work } = entry;
      const done = Math.min(work.total, entry.job.progress.done + Math.max(1, Math.round(work.rate * seconds)));
      const progress = {
        done,
        total: work.total,
        unit: work.unit,
        audioSeconds: work.detail === undefined ? done * 214 : 0,
        rate: work.rate,
        secondsLeft: Math.round((work.total - done) / work.rate),
        detail: work.detail ?? `Mattias Örn/Harbour 2/${done} Distant Signals.flac`,
        failed: Math.round((work.failed * done) / work.total),
      };
      entry.job = { ...entry.job, progress };
      work.progressed?.(done);
      if (done === work.total) this.#end(entry, 'done', work.summary);
      else this.#changed(entry.job);
    }
  }

  pause(id: JobId): void {
    this.#set(id, { state: 'paused' });
  }

  resume(id: JobId): void {
    this.#set(id, { state: 'running' });
  }

  cancel(id: JobId, message = 'Cancelled; what was done is kept.'): void {
    this.#end(this.#entry(id), 'cancelled', message);
  }

  dismiss(id: JobId): void {
    this.#set(id, { seen: true });
  }

  #entry(id: JobId): Entry {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new AppError('NOT_FOUND', `There is no job ${id}.`);
    return entry;
  }

  #set(id: JobId, change: Partial<Job>): void {
    const entry = this.#entry(id);
    entry.job = { ...entry.job, ...change };
    this.#changed(entry.job);
  }

  #end(entry: Entry, state: 'done' | 'cancelled', message: string): void {
    entry.job = { ...entry.job, state, message, endedAt: Date.now(), progress: { ...entry.job.progress, secondsLeft: null } };
    this.#changed(entry.job);
    if (state === 'done') entry.work.finished?.();
  }
}
