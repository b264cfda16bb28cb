/** @file Jobs: long work that goes on while other things are done. */
import { SvelteMap } from 'svelte/reactivity';
import type { Api } from '../client/index.ts';
import type { Job, JobId, JobKind } from '../../src-main/contract/index.ts';

/** What is used of the core. */
type JobsApi = Pick<Api, 'jobs'>;

const over: readonly Job['state'][] = ['done', 'failed', 'cancelled'];

/** True while a job can still go on, by itself or by "Resume". */
export function isUnderWay(job: Job): boolean {
  return !over.includes(job.state);
}

/** True for a job that stands still until it is resumed. */
export function isHalted(job: Job): boolean {
  return job.state === 'paused' || job.state === 'interrupted';
}

function isOf(job: Job, kind: JobKind, subject: number | undefined): boolean {
  return job.kind === kind && (subject === undefined || job.subject === String(subject));
}

/** Jobs that run, wait, or ended unseen; newest first. */
export class JobsState {
  readonly #api: JobsApi;
  readonly #jobs = new SvelteMap<JobId, Job>();

  constructor(api: JobsApi) {
    this.#api = api;
  }

  get list(): readonly Job[] {
    return [...this.#jobs.values()].toSorted((a, b) => b.id - a.id);
  }

  /** Those that are not over. */
  get underWay(): readonly Job[] {
    return this.list.filter(isUnderWay);
  }

  /** Those that ended and that nobody has looked at. */
  get unseen(): readonly Job[] {
    return this.list.filter((job) => !isUnderWay(job));
  }

  get(jobId: JobId): Job | undefined {
    return this.#jobs.get(jobId);
  }

  /** The job of a kind that runs, else the newest that is not over; with a subject (an encoder's number, say), of those that work on it. */
  current(kind: JobKind, subject?: number): Job | undefined {
    const ofKind = this.underWay.filter((job) => isOf(job, kind, subject));
    return ofKind.find((job) => job.state === 'running') ?? ofKind[0];
  }

  /** True while a job of a kind, or of one subject of it, runs or waits for its turn. */
  isBusy(kind: JobKind, subject?: number): boolean {
    return this.underWay.some((job) => isOf(job, kind, subject) && !isHalted(job));
  }

  async load(): Promise<void> {
    const jobs = await this.#api.jobs.list();
    for (const id of [...this.#jobs.keys()]) if (!jobs.some((job) => job.id === id)) this.#jobs.delete(id);
    for (const job of jobs) this.update(job);
  }

  /** Takes a job as the core tells it. */
  update(job: Job): void {
    if (job.seen) this.#jobs.delete(job.id);
    else this.#jobs.set(job.id, job);
  }

  async pause(jobId: JobId): Promise<void> {
    await this.#api.jobs.pause({ jobId });
  }

  async resume(jobId: JobId): Promise<void> {
    await this.#api.jobs.resume({ jobId });
  }

  async cancel(jobId: JobId): Promise<void> {
    await this.#api.jobs.cancel({ jobId });
  }

  async dismiss(jobId: JobId): Promise<void> {
    await this.#api.jobs.dismiss({ jobId });
  }

  /** Marks every ended job as seen. */
  async dismissEnded(): Promise<void> {
    await Promise.all(this.unseen.map((job) => this.dismiss(job.id)));
  }
}
