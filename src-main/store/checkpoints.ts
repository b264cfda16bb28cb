/** @file The checkpoints of runs; their files lie in the run's folder. */
import { AppError } from '../base/index.ts';
import type { EncoderId, pretraining } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { change, rows } from './statement.ts';

type RunId = pretraining.RunId;

/** A checkpoint as it was saved. `activeSeconds`: time that the run had trained. */
export type NewCheckpoint = { step: number; loss: number; rank: number; bytes: number; isBest: boolean; activeSeconds: number };

/** A checkpoint with what only the core needs to know. */
export type StoredCheckpoint = pretraining.Checkpoint & { activeSeconds: number };

type CheckpointRow = Omit<StoredCheckpoint, 'isBest' | 'isLast'> & { isBest: number };

const columns = 'step, saved_at AS savedAt, loss, rank, bytes, is_best AS isBest, active_seconds AS activeSeconds, encoder_id AS encoderId';

/** Reads and writes the table of checkpoints. */
export class Checkpoints {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Adds a checkpoint; one of the same step is replaced and its encoder forgotten. The best one is the only best one. */
  add(runId: RunId, checkpoint: NewCheckpoint): void {
    const { step, loss, rank, bytes, isBest, activeSeconds } = checkpoint;
    if (isBest) change(this.#connection, 'UPDATE checkpoints SET is_best = 0 WHERE run_id = ?').run(runId);
    const sql = `INSERT OR REPLACE INTO checkpoints (run_id, step, saved_at, loss, rank, bytes, is_best, active_seconds)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
    change(this.#connection, sql).run(runId, step, Date.now(), loss, rank, bytes, isBest ? 1 : 0, activeSeconds);
  }

  /** Oldest first. */
  list(runId: RunId): StoredCheckpoint[] {
    const found = rows<[number], CheckpointRow>(this.#connection, `SELECT ${columns} FROM checkpoints WHERE run_id = ? ORDER BY step`).all(
      runId,
    );
    return found.map((row, i) => ({ ...row, isBest: row.isBest === 1, isLast: i === found.length - 1 }));
  }

  /** One checkpoint. @throws AppError `NOT_FOUND`, naming those that exist */
  get(runId: RunId, step: number): StoredCheckpoint {
    const all = this.list(runId);
    const found = all.find((checkpoint) => checkpoint.step === step);
    if (found !== undefined) return found;
    const says =
      all.length === 0
        ? 'It has none.'
        : `It has those of step ${all.map((checkpoint) => checkpoint.step).join(', ')}; choose one of them.`;
    throw new AppError('NOT_FOUND', `Run ${runId} has no checkpoint of step ${step}. ${says}`, { details: { runId, step } });
  }

  /** Forgets one whose file is gone. */
  delete(runId: RunId, step: number): void {
    change(this.#connection, 'DELETE FROM checkpoints WHERE run_id = ? AND step = ?').run(runId, step);
  }

  /** Forgets those beyond a step. */
  deleteAfter(runId: RunId, step: number): void {
    change(this.#connection, 'DELETE FROM checkpoints WHERE run_id = ? AND step > ?').run(runId, step);
  }

  /** Notes which encoder was made from a checkpoint. */
  setEncoder(runId: RunId, step: number, encoderId: EncoderId): void {
    change(this.#connection, 'UPDATE checkpoints SET encoder_id = ? WHERE run_id = ? AND step = ?').run(encoderId, runId, step);
  }
}
