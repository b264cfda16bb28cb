/** @file Marks: which tags fit, or do not fit, which tracks and passages. */
import { AppError } from '../base/index.ts';
import type { ChangeId, Mark, MarkSource, MarkTarget, TagAnswer, TagId, TrackId } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { change, rows, tuples, values } from './statement.ts';
import { shownTrackSql } from './tag-tracks.ts';
import { unknownTrack } from './track-writes.ts';

/** The answer for every one of some targets. `none` takes answers back. */
export type MarkWish = {
  tagIds: readonly TagId[];
  targets: readonly MarkTarget[];
  answer: TagAnswer | 'none';
  source: MarkSource;
  /** Only where there is no answer yet. */
  onlyNew?: boolean;
};

/** A mark as training reads it; times are null for a whole track. */
export type PlainMark = Pick<Mark, 'tagId' | 'trackId' | 'startMs' | 'endMs' | 'answer'>;

type MarkTuple = [TagId, TrackId, startMs: number, endMs: number, TagAnswer];

/** Start and end of a mark of a whole track, in the table. */
const whole = -1;

/** Answers that one change may give; more would not be a person's wish. */
const mostMarks = 2_000_000;

const timesSql = `CASE WHEN m.start_ms < 0 THEN NULL ELSE m.start_ms END AS startMs, CASE WHEN m.end_ms < 0 THEN NULL ELSE m.end_ms END AS endMs`;

/** Marks that are changed in one step; between two steps of a large change others have their turn. */
export const marksOfStep = 500;
/** Numbers of tracks that one step of a merge walks over. */
const tracksOfStep = 2000;

/** Targets are kept in a table of the connection's own: as text, times would lose their last bit. */
const targetsTable = `CREATE TEMP TABLE IF NOT EXISTS mark_targets (track_id INTEGER NOT NULL, start_ms REAL NOT NULL, end_ms REAL NOT NULL,
  PRIMARY KEY (track_id, start_ms, end_ms)) WITHOUT ROWID`;

const wantedSql = `json_each(?) g CROSS JOIN temp.mark_targets w LEFT JOIN tag_marks m
  ON (m.tag_id, m.track_id, m.start_ms, m.end_ms) = (g.value, w.track_id, w.start_ms, w.end_ms) WHERE m.answer IS NOT ? AND (m.answer IS NULL OR ?)`;

const keepSql = `INSERT OR IGNORE INTO tag_mark_history (change_id, tag_id, track_id, start_ms, end_ms, answer, source, at)
  SELECT ?, g.value, w.track_id, w.start_ms, w.end_ms, m.answer, m.source, m.at FROM ${wantedSql}`;

const setSql = `INSERT INTO tag_marks (tag_id, track_id, start_ms, end_ms, answer, source, at)
  SELECT g.value, w.track_id, w.start_ms, w.end_ms, ?, ?, ? FROM ${wantedSql}
  ON CONFLICT DO UPDATE SET answer = excluded.answer, source = excluded.source, at = excluded.at`;

const deleteSql = `DELETE FROM tag_marks WHERE tag_id IN (SELECT value FROM json_each(?))
  AND (track_id, start_ms, end_ms) IN (SELECT track_id, start_ms, end_ms FROM temp.mark_targets)`;

const mergeFrom = `tag_marks o WHERE o.tag_id IN (SELECT value FROM json_each(?)) AND o.track_id > ? AND o.track_id <= ? AND NOT EXISTS (SELECT 1 FROM tag_marks m
  WHERE (m.tag_id, m.track_id, m.start_ms, m.end_ms) = (?, o.track_id, o.start_ms, o.end_ms))`;

/** Reads and changes the table of marks; changes are made within a recorded change. */
export class TagMarks {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Gives every tag the same answer on every target, some at a step; keeps what was before under `changeId`.
   * @returns how many marks are different now
   * @throws AppError NOT_FOUND for an unknown track, BAD_INPUT for more marks than a change may have
   */
  *set(changeId: ChangeId, wish: MarkWish): Generator<void, number> {
    const { tagIds, targets } = wish;
    if (tagIds.length * targets.length > mostMarks)
      throw new AppError(
        'BAD_INPUT',
        `That would be ${tagIds.length * targets.length} answers at once. Choose fewer tags or fewer tracks.`,
      );
    const tags = JSON.stringify([...new Set(tagIds)]);
    const count = Math.max(1, Math.floor(marksOfStep / tagIds.length));
    let changed = 0;
    for (let first = 0; first < targets.length; first += count) {
      if (first > 0) yield;
      this.#fillTargets(targets.slice(first, first + count));
      changed += this.#setOnTargets(changeId, tags, wish);
    }
    return changed;
  }

  #setOnTargets(changeId: ChangeId, tags: string, { answer, source, onlyNew = false }: MarkWish): number {
    const given = answer === 'none' ? null : answer;
    const mayDiffer = onlyNew ? 0 : 1;
    change(this.#connection, keepSql).run(changeId, tags, given, mayDiffer);
    if (given === null) return change(this.#connection, deleteSql).run(tags).changes;
    return change(this.#connection, setSql).run(given, source, Date.now(), tags, given, mayDiffer).changes;
  }

  /** Gives a tag the marks of others where it has none of its own; among those the latest counts. */
  *merge(changeId: ChangeId, tagIds: readonly TagId[], into: TagId): Generator<void, void> {
    const highest = values<[], number | null>(this.#connection, 'SELECT max(id) FROM tracks').get() ?? 0;
    for (let after = 0; after < highest; after += tracksOfStep) {
      if (after > 0) yield;
      this.#mergeTracks(changeId, { others: JSON.stringify(tagIds), into, after });
    }
  }

  #mergeTracks(changeId: ChangeId, { others, into, after }: { others: string; into: TagId; after: number }): void {
    const range = [after, after + tracksOfStep];
    const keep = `INSERT OR IGNORE INTO tag_mark_history (change_id, tag_id, track_id, start_ms, end_ms)
      SELECT ?, ?, o.track_id, o.start_ms, o.end_ms FROM ${mergeFrom}`;
    change(this.#connection, keep).run(changeId, into, others, ...range, into);
    const copy = `INSERT OR IGNORE INTO tag_marks (tag_id, track_id, start_ms, end_ms, answer, source, at)
      SELECT ?, o.track_id, o.start_ms, o.end_ms, o.answer, o.source, o.at FROM ${mergeFrom} ORDER BY o.at DESC`;
    change(this.#connection, copy).run(into, others, ...range, into);
  }

  /** Every mark of some tracks, by track, tag and time. */
  of(trackIds: readonly TrackId[]): Mark[] {
    const sql = `SELECT m.tag_id AS tagId, m.track_id AS trackId, ${timesSql}, m.answer, m.source, m.at FROM tag_marks m
      JOIN tags g ON g.id = m.tag_id AND g.removed_at IS NULL WHERE m.track_id IN (SELECT value FROM json_each(?))
      ORDER BY m.track_id, m.tag_id, m.start_ms, m.end_ms`;
    return rows<[string], Mark>(this.#connection, sql).all(JSON.stringify(trackIds));
  }

  /** Every mark of one tag, by track and time; none of a removed one. */
  with(tagId: TagId): PlainMark[] {
    const sql = `SELECT m.tag_id, m.track_id, m.start_ms, m.end_ms, m.answer FROM tag_marks m
      JOIN tags g ON g.id = m.tag_id AND g.removed_at IS NULL WHERE m.tag_id = ? ORDER BY m.track_id, m.start_ms, m.end_ms`;
    return tuples<[number], MarkTuple>(this.#connection, sql).all(tagId).map(plain);
  }

  /** Every mark of tracks that can be shown, by tag and track: what there is to learn from. */
  all(): PlainMark[] {
    // The sign keeps SQLite to one walk over the marks, which lie in this order.
    const sql = `SELECT m.tag_id, m.track_id, m.start_ms, m.end_ms, m.answer FROM tag_marks m
      WHERE m.tag_id IN (SELECT id FROM tags WHERE removed_at IS NULL) AND +m.track_id IN (SELECT t.id FROM tracks t WHERE ${shownTrackSql})
      ORDER BY m.tag_id, m.track_id, m.start_ms, m.end_ms`;
    return tuples<[], MarkTuple>(this.#connection, sql).all().map(plain);
  }

  #fillTargets(targets: readonly MarkTarget[]): void {
    this.#connection.exec(targetsTable);
    change(this.#connection, 'DELETE FROM temp.mark_targets').run();
    const insert = change(this.#connection, 'INSERT OR IGNORE INTO temp.mark_targets VALUES (?, ?, ?)');
    for (const { trackId, startMs, endMs } of targets) insert.run(trackId, startMs ?? whole, endMs ?? whole);
    const sql = 'SELECT track_id FROM temp.mark_targets WHERE track_id NOT IN (SELECT id FROM tracks) LIMIT 1';
    const unknown = values<[], number>(this.#connection, sql).get();
    if (unknown !== undefined) throw unknownTrack(unknown);
  }
}

function plain([tagId, trackId, start, end, answer]: MarkTuple): PlainMark {
  const isWhole = start === whole;
  return { tagId, trackId, startMs: isWhole ? null : start, endMs: isWhole ? null : end, answer };
}
