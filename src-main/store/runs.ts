/** @file Pre-training runs. Taking one out only marks it, until its files are deleted days later. */
import { AppError, defined } from '../base/index.ts';
import { pretraining } from '../contract/index.ts';
import { Checkpoints } from './checkpoints.ts';
import type { Connection } from './connection.ts';
import { RunPoints } from './run-points.ts';
import { change, rows, values } from './statement.ts';

type Run = pretraining.Run;
type RunId = pretraining.RunId;

/** A run to add. */
export type NewRun = Pick<
  Run,
  'name' | 'settings' | 'selection' | 'deviceWanted' | 'tracks' | 'codeVersion' | 'continuesRunId' | 'continuesStep'
>;

/** A run with what only the core needs to know. */
export type StoredRun = Run & { removedAt: number | null };

/** What may change in a run. */
export type RunChange = Partial<
  Pick<
    Run,
    | ('name' | 'state' | 'settings' | 'deviceWanted' | 'device' | 'deviceReason' | 'tracks' | 'step' | 'totalSteps')
    | ('comparison' | 'activeSeconds' | 'last' | 'message' | 'codeVersion' | 'jobId' | 'endedAt')
  >
>;

type RunRow = Omit<StoredRun, 'settings' | 'selection' | 'last' | 'health' | 'comparison' | 'checkpoints'> & {
  settings: string;
  selection: string;
  last: string | null;
  comparison: string | null;
};

const columns = `id, name, state, settings, selection, device_wanted AS deviceWanted, device, device_reason AS deviceReason, tracks, step,
  total_steps AS totalSteps, active_seconds AS activeSeconds, last_point AS last, message, code_version AS codeVersion,
  continues_run_id AS continuesRunId, continues_step AS continuesStep, (SELECT j.id FROM jobs j WHERE j.id = runs.job_id) AS jobId,
  comparison, created_at AS createdAt, ended_at AS endedAt, removed_at AS removedAt`;

/** Reads and writes the table of runs; their points and checkpoints have classes of their own. */
export class Runs {
  readonly #connection: Connection;
  readonly #points: RunPoints;
  readonly #checkpoints: Checkpoints;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#points = new RunPoints(connection);
    this.#checkpoints = new Checkpoints(connection);
  }

  /** Adds a run that waits. */
  add(run: NewRun): StoredRun {
    const sql = `INSERT INTO runs (name, state, settings, selection, device_wanted, tracks, code_version, continues_run_id, continues_step,
      created_at, updated_at) VALUES (?, 'waiting', ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`;
    const now = Date.now();
    const id = values<(string | number | null)[], RunId>(this.#connection, sql).get(
      ...[run.name, JSON.stringify(run.settings), JSON.stringify(run.selection), run.deviceWanted, run.tracks, run.codeVersion],
      ...[run.continuesRunId, run.continuesStep, now, now],
    );
    return this.get(defined(id, 'the added run'));
  }

  /** Runs that were not taken out, newest first. */
  list(): StoredRun[] {
    return rows<[], RunRow>(this.#connection, `SELECT ${columns} FROM runs WHERE removed_at IS NULL ORDER BY id DESC`)
      .all()
      .map((row) => this.#complete(row));
  }

  /** One run, removed or not. @throws AppError `NOT_FOUND` */
  get(id: RunId): StoredRun {
    const row = rows<[number], RunRow>(this.#connection, `SELECT ${columns} FROM runs WHERE id = ?`).get(id);
    if (row === undefined)
      throw new AppError('NOT_FOUND', `There is no run with the number ${id}. List the runs and choose one of them.`, {
        details: { runId: id },
      });
    return this.#complete(row);
  }

  /** Whether a run is there, removed or not. */
  has(id: RunId): boolean {
    return values<[number], number>(this.#connection, 'SELECT 1 FROM runs WHERE id = ?').get(id) !== undefined;
  }

  /** Changes the given fields. @throws AppError `NOT_FOUND` */
  update(id: RunId, changes: RunChange): StoredRun {
    const run = { ...this.get(id), ...changes };
    const sql = `UPDATE runs SET name = ?, state = ?, settings = ?, device_wanted = ?, device = ?, device_reason = ?, tracks = ?, step = ?,
      total_steps = ?, active_seconds = ?, last_point = ?, message = ?, code_version = ?, job_id = ?, ended_at = ?, updated_at = ?,
      comparison = ? WHERE id = ?`;
    change(this.#connection, sql).run(
      ...[run.name, run.state, JSON.stringify(run.settings), run.deviceWanted, run.device, run.deviceReason, run.tracks, run.step],
      ...[run.totalSteps, run.activeSeconds, run.last === null ? null : JSON.stringify(run.last), run.message, run.codeVersion],
      ...[run.jobId, run.endedAt, Date.now(), asJson(run.comparison), id],
    );
    return run;
  }

  /** Takes a run out of the list. @throws AppError `NOT_FOUND` */
  remove(id: RunId): void {
    this.get(id);
    change(this.#connection, 'UPDATE runs SET removed_at = coalesce(removed_at, ?) WHERE id = ?').run(Date.now(), id);
  }

  /** Brings a removed run back. @throws AppError `NOT_FOUND` */
  restore(id: RunId): void {
    this.get(id);
    change(this.#connection, 'UPDATE runs SET removed_at = NULL WHERE id = ?').run(id);
  }

  /** Runs that were taken out before a time, in ms since 1970. */
  removedBefore(time: number): RunId[] {
    return values<[number], RunId>(this.#connection, 'SELECT id FROM runs WHERE removed_at < ? ORDER BY id').all(time);
  }

  /** Forgets a run with everything that was measured. Its number is never given again. */
  delete(id: RunId): void {
    change(this.#connection, 'DELETE FROM runs WHERE id = ?').run(id);
  }

  /** Runs that a process before this one left unfinished become `interrupted`, ended when they were last heard of. */
  interruptRunning(): void {
    const sql = `UPDATE runs SET state = 'interrupted', message = 'Earmark was closed while this ran. Resume goes on from the last checkpoint.',
      ended_at = updated_at WHERE state IN ('waiting', 'running', 'paused')`;
    change(this.#connection, sql).run();
  }

  #complete(row: RunRow): StoredRun {
    return {
      ...row,
      settings: completeSettings(JSON.parse(row.settings)),
      selection: JSON.parse(row.selection) as Run['selection'],
      last: row.last === null ? null : (JSON.parse(row.last) as Run['last']),
      health: this.#points.lastHealth(row.id),
      comparison: row.comparison === null ? null : (JSON.parse(row.comparison) as Run['comparison']),
      checkpoints: this.#checkpoints.list(row.id),
    };
  }
}

function asJson(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}

/** Settings as this version knows them: what a run of an earlier one does not have is as it would have been then. Others stay as they are. */
function completeSettings(stored: unknown): Run['settings'] {
  return pretraining.pretrainSettingsSchema.safeParse(stored).data ?? (stored as Run['settings']);
}
