/** @file Files and folders that could not be read, and why. */
import type { Problem } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import type { Revisions } from './revisions.ts';
import { change, rows } from './statement.ts';

/** Reads and writes the list of problems: one a path and stage of the work. */
export class Problems {
  readonly #connection: Connection;
  readonly #revisions: Revisions;

  constructor(connection: Connection, revisions: Revisions) {
    this.#connection = connection;
    this.#revisions = revisions;
  }

  /** Notes a problem in place of the one before at this path and stage. */
  set(problem: Omit<Problem, 'at'>, at = Date.now()): void {
    const sql = `INSERT INTO problems (path, during, code, message, track_id, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (path, during)
      DO UPDATE SET code = excluded.code, message = excluded.message, track_id = excluded.track_id, at = excluded.at`;
    change(this.#connection, sql).run(problem.path, problem.during, problem.code, problem.message, problem.trackId, at);
    this.#revisions.libraryChanged();
  }

  /** Forgets what was noted at a path, of one stage or of all. */
  clear(path: string, during?: Problem['during']): void {
    const stage = during === undefined ? '' : 'AND during = ?';
    const { changes } = change(this.#connection, `DELETE FROM problems WHERE path = ? ${stage}`).run(
      path,
      ...(during === undefined ? [] : [during]),
    );
    if (changes > 0) this.#revisions.libraryChanged();
  }

  /** All problems by path. */
  list(): Problem[] {
    const sql = 'SELECT path, code, message, during, track_id AS trackId, at FROM problems ORDER BY path, during';
    return rows<[], Problem>(this.#connection, sql).all();
  }
}
