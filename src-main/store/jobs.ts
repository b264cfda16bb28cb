/** @file Jobs and how far they came, so that a later process can show and resume them. */
import { AppError, defined } from '../base/index.ts';
import type { Job, JobId, JobKind, JobProgress, JobState } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { change, rows, values } from './statement.ts';

/** A job with what it was asked to do, as JSON can hold it. */
export type StoredJob = Omit<Job, 'subject' | 'waitsFor'> & { params: unknown };

/** A job to add. */
export type NewJob = { kind: JobKind; title: string; state: JobState; params: unknown; progress: JobProgress };

/** What may change in a job. */
export type JobChange = Partial<Pick<Job, 'title' | 'state' | 'progress' | 'message' | 'startedAt' | 'endedAt' | 'seen'>> & {
  params?: unknown;
};

type JobRow = Omit<StoredJob, 'params' | 'progress' | 'seen'> & { params: string; progress: string; seen: number };

const columns = 'id, kind, title, state, params, progress, message, started_at AS startedAt, ended_at AS endedAt, seen';

/** Ended jobs that are remembered after they were seen. */
const keptJobs = 200;

/** Reads and writes the table of jobs. */
export class Jobs {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Adds a job that starts, or is queued, now. */
  insert(job: NewJob): StoredJob {
    const now = Date.now();
    const sql = 'INSERT INTO jobs (kind, title, state, params, progress, started_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id';
    const id = values<(string | number)[], JobId>(this.#connection, sql).get(
      ...[job.kind, job.title, job.state, JSON.stringify(job.params ?? null), JSON.stringify(job.progress), now, now],
    );
    return this.get(defined(id, 'the added job'));
  }

  /** @throws AppError `NOT_FOUND` */
  get(id: JobId): StoredJob {
    const row = rows<[number], JobRow>(this.#connection, `SELECT ${columns} FROM jobs WHERE id = ?`).get(id);
    if (row === undefined)
      throw new AppError('NOT_FOUND', `There is no job with the number ${id}. Look at the list of jobs again.`, { details: { jobId: id } });
    return toJob(row);
  }

  /** Changes the given fields. @throws AppError `NOT_FOUND` */
  update(id: JobId, changes: JobChange): StoredJob {
    const job = { ...this.get(id), ...changes };
    const sql = `UPDATE jobs SET title = ?, state = ?, params = ?, progress = ?, message = ?, started_at = ?, ended_at = ?, seen = ?, updated_at = ?
      WHERE id = ?`;
    change(this.#connection, sql).run(
      ...[job.title, job.state, JSON.stringify(job.params ?? null), JSON.stringify(job.progress), job.message],
      ...[job.startedAt, job.endedAt, job.seen ? 1 : 0, Date.now(), id],
    );
    return job;
  }

  /** Jobs that have not ended or were not seen yet, newest first; with `all` every job that is remembered. */
  list(options: { all?: boolean } = {}): StoredJob[] {
    const where = options.all === true ? '' : 'WHERE seen = 0';
    return rows<[], JobRow>(this.#connection, `SELECT ${columns} FROM jobs ${where} ORDER BY id DESC`).all().map(toJob);
  }

  /** Marks an ended job as seen. @throws AppError `NOT_FOUND`, `ALREADY_RUNNING` for one that has not ended */
  dismiss(id: JobId): void {
    const { state, title } = this.get(id);
    if (state === 'queued' || state === 'running' || state === 'paused')
      throw new AppError('ALREADY_RUNNING', `The job “${title}” has not ended. Cancel it first.`, { details: { jobId: id } });
    this.update(id, { seen: true });
  }

  /**
   * Jobs that a process before this one left running or queued become `interrupted`, ended when they were last heard of; what was paused stays paused.
   * Old ones are forgotten.
   */
  interruptRunning(): StoredJob[] {
    const sql = `UPDATE jobs SET state = 'interrupted', message = 'Earmark was closed while this ran. Resume it to go on where it stopped.',
      ended_at = updated_at WHERE state IN ('queued', 'running') RETURNING ${columns}`;
    const interrupted = rows<[], JobRow>(this.#connection, sql).all().map(toJob);
    change(this.#connection, 'DELETE FROM jobs WHERE seen = 1 AND id <= (SELECT max(id) FROM jobs) - ?').run(keptJobs);
    return interrupted;
  }
}

function toJob(row: JobRow): StoredJob {
  const progress = JSON.parse(row.progress) as JobProgress;
  return { ...row, params: JSON.parse(row.params) as unknown, progress, seen: row.seen === 1 };
}
