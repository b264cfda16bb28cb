/** @file Batches of tags written to files: what was planned, each file's former values, and how far it came. */
import { AppError, defined } from '../base/index.ts';
import type { FileChange, JobId, TrackId, Writing, WritingId, WritingWish } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { change, rows, values } from './statement.ts';

/** A file of a batch. `former`: all that is needed to put its field back, as JSON can hold it; null where it could not be read. */
export type PlannedFile = FileChange & { audioHash: string; former: unknown };

/** A file that something is to be done with. */
export type FileToChange = Pick<PlannedFile, 'trackId' | 'path' | 'after' | 'state' | 'former'>;

type WritingRow = Omit<Writing, 'wish'> & { wish: string };
type FileRow = { trackId: TrackId; path: string; before: string; after: string; state: FileChange['state']; message: string };
/** What the column `before` holds. */
type Before = { values: string[]; former: unknown };

const columns = `w.id, w.wish, w.state, w.created_at AS createdAt, (SELECT j.id FROM jobs j WHERE j.id = w.job_id) AS jobId,
  count(f.track_id) AS files, count(CASE WHEN f.state = 'written' THEN 1 END) AS written,
  count(CASE WHEN f.state IN ('failed', 'undoFailed') THEN 1 END) AS failed, count(CASE WHEN f.state = 'undone' THEN 1 END) AS undone`;
const from = 'FROM writings w LEFT JOIN writing_files f ON f.writing_id = w.id';
const fileColumns = 'track_id AS trackId, path, before, after, state, message';

/** Reads and changes batches. */
export class Writings {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Keeps a plan. */
  add(wish: WritingWish, files: readonly PlannedFile[]): Writing {
    const id = this.#connection.transaction(() => {
      const sql = `INSERT INTO writings (wish, state, created_at) VALUES (?, 'planned', ?) RETURNING id`;
      const made = defined(values<[string, number], WritingId>(this.#connection, sql).get(JSON.stringify(wish), Date.now()), 'the plan');
      const insert = change(
        this.#connection,
        `INSERT INTO writing_files (writing_id, track_id, path, before, after, audio_hash, state, message, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      );
      for (const { trackId, path, before, after, audioHash, state, message, former } of files)
        insert.run(
          ...[made, trackId, path, JSON.stringify({ values: before, former } satisfies Before), JSON.stringify(after), audioHash],
          ...[state, message, Date.now()],
        );
      return made;
    })();
    return this.get(id);
  }

  /** Batches, newest first. */
  list(): Writing[] {
    const sql = `SELECT ${columns} ${from} WHERE w.removed_at IS NULL GROUP BY w.id ORDER BY w.id DESC`;
    return rows<[], WritingRow>(this.#connection, sql).all().map(toWriting);
  }

  /** @throws AppError `NOT_FOUND` */
  get(id: WritingId): Writing {
    const row = rows<[number], WritingRow>(this.#connection, `SELECT ${columns} ${from} WHERE w.id = ? GROUP BY w.id`).get(id);
    if (row === undefined)
      throw new AppError('NOT_FOUND', `There is no batch of changes to files with the number ${id}. Plan it again.`, {
        details: { writingId: id },
      });
    return toWriting(row);
  }

  /** A page of a batch's files by path: what will happen first, then what cannot, then what stays. */
  files(id: WritingId, { offset, limit }: { offset: number; limit: number }): { total: number; rows: FileChange[] } {
    const sql = `SELECT ${fileColumns} FROM writing_files WHERE writing_id = ? ORDER BY state = 'unchanged', path LIMIT ? OFFSET ?`;
    const found = rows<[number, number, number], FileRow>(this.#connection, sql).all(id, limit, offset);
    return {
      total: this.get(id).files,
      rows: found.map(({ before, after, ...row }) => ({
        ...row,
        before: (JSON.parse(before) as Before).values,
        after: JSON.parse(after) as string[],
      })),
    };
  }

  /** The files of a batch that are in one of these states, by path. */
  filesIn(id: WritingId, states: readonly FileChange['state'][]): FileToChange[] {
    const sql = `SELECT ${fileColumns} FROM writing_files WHERE writing_id = ? AND state IN (SELECT value FROM json_each(?)) ORDER BY path`;
    return rows<[number, string], FileRow>(this.#connection, sql)
      .all(id, JSON.stringify(states))
      .map(({ trackId, path, before, after, state }) => ({
        ...{ trackId, path, state, after: JSON.parse(after) as string[] },
        former: (JSON.parse(before) as Before).former,
      }));
  }

  /** Notes what became of a file. */
  setFile(id: WritingId, trackId: TrackId, { state, message = '' }: { state: FileChange['state']; message?: string }): void {
    const sql = 'UPDATE writing_files SET state = ?, message = ?, at = ? WHERE writing_id = ? AND track_id = ?';
    change(this.#connection, sql).run(state, message, Date.now(), id, trackId);
  }

  /** Notes how far a batch came, and the job that works on it. */
  setState(id: WritingId, state: Writing['state'], jobId?: JobId): void {
    change(this.#connection, 'UPDATE writings SET state = ?, job_id = coalesce(?, job_id) WHERE id = ?').run(state, jobId ?? null, id);
  }

  /** Forgets a batch. */
  remove(id: WritingId): void {
    change(this.#connection, 'DELETE FROM writings WHERE id = ?').run(id);
  }

  /** Batches that a process before this one left unfinished are `partial`. */
  interruptRunning(): void {
    change(this.#connection, `UPDATE writings SET state = 'partial' WHERE state = 'running'`).run();
  }
}

function toWriting({ wish, ...row }: WritingRow): Writing {
  return { ...row, wish: JSON.parse(wish) as WritingWish };
}
