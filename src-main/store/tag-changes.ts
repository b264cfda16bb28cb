/**
 * @file Changes of tags and marks, each of which can be taken back. Before a change alters rows it copies them as they are, with nulls for those
 * that are not there yet; taking a change back puts the copies in place, and is a change itself. Tags are never deleted while a change knows
 * them, only marked as removed, and keep their marks.
 */
import { AppError, defined } from '../base/index.ts';
import type { Change, ChangeId, TagId } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import type { Revisions } from './revisions.ts';
import { change, rows, tuples, values } from './statement.ts';
import { inOneStep } from './steps.ts';
import { marksOfStep } from './tag-marks.ts';
import { quotedTag } from './tag-words.ts';
import type { TagWords } from './tag-words.ts';

/** Changes that can be taken back. */
export const keptChanges = 200;

const undone = 'Taken back: ';
const redone = 'Done again: ';

const insertTagHistory = `INSERT OR IGNORE INTO tag_history (change_id, tag_id, kind, name, key, color, created_at, removed_at)
  SELECT ?, j.value, t.kind, t.name, t.key, t.color, t.created_at, t.removed_at FROM json_each(?) j LEFT JOIN tags t ON t.id = j.value`;

/** Tags that are not as they were before a change; one that was not there counts as removed. */
const differingTags = `SELECT h.tag_id FROM tag_history h JOIN tags t ON t.id = h.tag_id WHERE h.change_id = ? AND CASE WHEN h.kind IS NULL
  THEN t.removed_at IS NULL ELSE (t.kind, t.name, t.color, t.removed_at) IS NOT (h.kind, h.name, h.color, h.removed_at) END`;

/** Marks of a change that lie between two keys, so that a large one is taken back in steps. */
const rangeSql = `(tag_id, track_id, start_ms, end_ms) > (?, ?, ?, ?) AND (tag_id, track_id, start_ms, end_ms) <= (?, ?, ?, ?)`;

const lastOfStep = (offset: number): string => `SELECT tag_id, track_id, start_ms, end_ms FROM tag_mark_history WHERE change_id = ?
  AND (tag_id, track_id, start_ms, end_ms) > (?, ?, ?, ?) ORDER BY tag_id, track_id, start_ms, end_ms LIMIT 1 OFFSET ${offset}`;
const lastOfAll = `SELECT tag_id, track_id, start_ms, end_ms FROM tag_mark_history WHERE change_id = ?
  AND (tag_id, track_id, start_ms, end_ms) > (?, ?, ?, ?) ORDER BY tag_id DESC, track_id DESC, start_ms DESC, end_ms DESC LIMIT 1`;

/** Tag, track, start and end of a mark. */
type MarkKey = [number, number, number, number];
const beforeAll: MarkKey = [-1, -1, -2, -2];

const copyDifferingMarks = `INSERT OR IGNORE INTO tag_mark_history (change_id, tag_id, track_id, start_ms, end_ms, answer, source, at)
  SELECT ?, h.tag_id, h.track_id, h.start_ms, h.end_ms, m.answer, m.source, m.at FROM tag_mark_history h LEFT JOIN tag_marks m
  ON (m.tag_id, m.track_id, m.start_ms, m.end_ms) = (h.tag_id, h.track_id, h.start_ms, h.end_ms)
  WHERE h.change_id = ? AND (m.answer, m.source) IS NOT (h.answer, h.source) AND ${rangeSql.replace(/tag_id, track_id, start_ms, end_ms/g, 'h.tag_id, h.track_id, h.start_ms, h.end_ms')}`;

const deleteNewMarks = `DELETE FROM tag_marks WHERE (tag_id, track_id, start_ms, end_ms) IN
  (SELECT tag_id, track_id, start_ms, end_ms FROM tag_mark_history WHERE change_id = ? AND answer IS NULL AND ${rangeSql})`;

const restoreMarks = `INSERT INTO tag_marks (tag_id, track_id, start_ms, end_ms, answer, source, at)
  SELECT tag_id, track_id, start_ms, end_ms, answer, source, at FROM tag_mark_history WHERE change_id = ? AND answer IS NOT NULL AND ${rangeSql}
  ON CONFLICT DO UPDATE SET answer = excluded.answer, source = excluded.source, at = excluded.at`;

const takenKeys = `SELECT t.kind, t.name FROM tag_history h JOIN tags t ON t.key = h.key AND t.removed_at IS NULL
  WHERE h.change_id = ? AND h.removed_at IS NULL AND t.id NOT IN (SELECT tag_id FROM tag_history WHERE change_id = ?) LIMIT 1`;

/** Tags that were removed and that no change knows any more. */
const forgetRemovedTags = `DELETE FROM tags WHERE removed_at IS NOT NULL AND id NOT IN (SELECT tag_id FROM tag_history)
  AND id NOT IN (SELECT tag_id FROM tag_mark_history)`;

/** Records changes and takes them back. */
export class TagChanges {
  readonly #connection: Connection;
  readonly #revisions: Revisions;
  #open: ChangeId | null = null;
  /** Large changes are made one after the other. */
  #turn: Promise<void> = Promise.resolve();

  constructor(connection: Connection, revisions: Revisions) {
    this.#connection = connection;
    this.#revisions = revisions;
  }

  /**
   * Carries out a change whole or not at all. Changes within a change become part of it.
   * @param work is given the change's number, keeps what it is about to alter, and returns the change's title
   * @returns null when nothing was kept, so that nothing is different, and for a change within another
   */
  record(work: (changeId: ChangeId) => string): Change | null {
    if (this.#open !== null) {
      work(this.#open);
      return null;
    }
    try {
      return this.#connection.transaction(() => this.#recordOne(work))();
    } catch (error) {
      this.#revisions.tagsChanged();
      throw error;
    } finally {
      this.#open = null;
    }
  }

  /**
   * Carries out a change step by step, each in a transaction of its own, so that others have their turn between two steps. It is taken back as a
   * whole when a step throws, and at the next start when the process ends before the last one.
   * @param work as of {@link record}; every `next` is a step
   * @param pause is waited for between two steps
   */
  async recordInSteps(work: (changeId: ChangeId) => Generator<void, string>, pause: () => Promise<void>): Promise<Change | null> {
    const before = this.#turn;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#turn = promise;
    await before;
    try {
      return await this.#recordSteps(work, pause);
    } finally {
      resolve();
    }
  }

  /** Takes back changes that a process did not come to the end of. */
  takeBackUnfinished(): void {
    for (const id of values<[], ChangeId>(this.#connection, 'SELECT id FROM tag_changes WHERE is_open = 1 ORDER BY id DESC').all())
      this.#takeBack(id);
  }

  /** Steps within the change that is under way. */
  within<Result>(steps: (changeId: ChangeId) => Generator<void, Result>): Generator<void, Result> {
    return steps(defined(this.#open ?? undefined, 'the change under way'));
  }

  /** Copies tags as they are now. */
  keepTags(changeId: ChangeId, tagIds: readonly TagId[]): void {
    change(this.#connection, insertTagHistory).run(changeId, JSON.stringify(tagIds));
  }

  /** Notes that a tag was not there before. */
  keepNewTag(changeId: ChangeId, tagId: TagId): void {
    change(this.#connection, 'INSERT OR IGNORE INTO tag_history (change_id, tag_id) VALUES (?, ?)').run(changeId, tagId);
  }

  /** Changes that were not taken back, newest first. */
  list(): Change[] {
    return rows<[], Change>(
      this.#connection,
      'SELECT id, title, at FROM tag_changes WHERE taken_back_at IS NULL AND is_open = 0 ORDER BY id DESC',
    ).all();
  }

  /** Number of the latest change; null before the first. */
  last(): ChangeId | null {
    return values<[], ChangeId | null>(this.#connection, 'SELECT max(id) FROM tag_changes WHERE is_open = 0').get() ?? null;
  }

  /**
   * Takes a change back.
   * @returns the change that this is; null when everything is already as it was before
   * @throws AppError NOT_FOUND for one that is no longer kept, BAD_INPUT for one that was taken back, or when a name has another owner meanwhile
   */
  undo(changeId: ChangeId): Change | null {
    const title = this.#titleOfUndoing(changeId);
    return this.record((id) => inOneStep(this.#undoing(changeId, { id, title })));
  }

  /** As {@link undo}, in steps. */
  undoInSteps(changeId: ChangeId, pause: () => Promise<void>): Promise<Change | null> {
    const title = this.#titleOfUndoing(changeId);
    return this.recordInSteps((id) => this.#undoing(changeId, { id, title }), pause);
  }

  *#undoing(changeId: ChangeId, { id, title }: { id: ChangeId; title: string }): Generator<void, string> {
    this.#restoreTags(changeId, id);
    for (const range of this.#rangesOf(changeId)) {
      change(this.#connection, copyDifferingMarks).run(id, changeId, ...range);
      change(this.#connection, deleteNewMarks).run(changeId, ...range);
      change(this.#connection, restoreMarks).run(changeId, ...range);
      yield;
    }
    change(this.#connection, 'UPDATE tag_changes SET taken_back_at = ? WHERE id = ?').run(Date.now(), changeId);
    return title;
  }

  /** Bounds of a change's marks, a step's worth each. */
  *#rangesOf(changeId: ChangeId): Generator<[...MarkKey, ...MarkKey]> {
    const find = (sql: string, after: MarkKey): MarkKey | undefined =>
      tuples<[number, ...MarkKey], MarkKey>(this.#connection, sql).get(changeId, ...after);
    let after = beforeAll;
    for (let last; (last = find(lastOfStep(marksOfStep - 1), after) ?? find(lastOfAll, after)) !== undefined; after = last)
      yield [...after, ...last];
  }

  #recordOne(work: (changeId: ChangeId) => string): Change | null {
    const at = Date.now();
    const id = this.#begin(at, false);
    this.#open = id;
    return this.#finish(id, work(id), at);
  }

  async #recordSteps(work: (changeId: ChangeId) => Generator<void, string>, pause: () => Promise<void>): Promise<Change | null> {
    const at = Date.now();
    const id = this.#begin(at, true);
    try {
      const steps = work(id);
      for (;;) {
        const { done, value } = this.#within(id, () => steps.next());
        if (done === true) return this.#within(id, () => this.#finish(id, value, at));
        await pause();
      }
    } catch (error) {
      this.#revisions.tagsChanged();
      this.#takeBack(id);
      throw error;
    }
  }

  #within<Result>(id: ChangeId, work: () => Result): Result {
    this.#open = id;
    try {
      return this.#connection.transaction(work)();
    } finally {
      this.#open = null;
    }
  }

  /** Puts everything back as it was before an unfinished change, and forgets it. */
  #takeBack(id: ChangeId): void {
    this.#connection.transaction(() => {
      const all = values<[], number>(this.#connection, 'SELECT max(id) FROM tags').get() ?? 0;
      const range = [...beforeAll, all + 1, 0, 0, 0];
      this.#putTagsBack(id);
      change(this.#connection, deleteNewMarks).run(id, ...range);
      change(this.#connection, restoreMarks).run(id, ...range);
      change(this.#connection, 'DELETE FROM tag_changes WHERE id = ?').run(id);
    })();
  }

  #begin(at: number, isOpen: boolean): ChangeId {
    const sql = `INSERT INTO tag_changes (title, at, is_open) VALUES ('', ?, ?) RETURNING id`;
    return defined(values<[number, number], ChangeId>(this.#connection, sql).get(at, isOpen ? 1 : 0), 'the change');
  }

  #finish(id: ChangeId, title: string, at: number): Change | null {
    const kept = `SELECT EXISTS (SELECT 1 FROM tag_history WHERE change_id = ?) OR EXISTS (SELECT 1 FROM tag_mark_history WHERE change_id = ?)`;
    if (values<[number, number], number>(this.#connection, kept).get(id, id) !== 1) {
      change(this.#connection, 'DELETE FROM tag_changes WHERE id = ?').run(id);
      return null;
    }
    change(this.#connection, 'UPDATE tag_changes SET title = ?, is_open = 0 WHERE id = ?').run(title, id);
    this.#revisions.tagsChanged(this.#tagsOf(id));
    this.#prune();
    return { id, title, at };
  }

  /** Tags that a change touched. A step of the index a tag: a change may have kept a hundred thousand marks of each. */
  #tagsOf(id: ChangeId): TagId[] {
    const tagIds = values<[number], TagId>(this.#connection, 'SELECT tag_id FROM tag_history WHERE change_id = ?').all(id);
    const next = values<[number, number], TagId | null>(
      this.#connection,
      'SELECT min(tag_id) FROM tag_mark_history WHERE change_id = ? AND tag_id > ?',
    );
    for (let tagId = next.get(id, 0) ?? null; tagId !== null; tagId = next.get(id, tagId) ?? null) tagIds.push(tagId);
    return tagIds;
  }

  #titleOfUndoing(changeId: ChangeId): string {
    const sql = 'SELECT title, taken_back_at AS takenBackAt FROM tag_changes WHERE id = ?';
    const row = rows<[number], { title: string; takenBackAt: number | null }>(this.#connection, sql).get(changeId);
    if (row === undefined)
      throw new AppError('NOT_FOUND', `There is no change ${changeId} that could be taken back: only the last ${keptChanges} are kept.`, {
        details: { changeId },
      });
    if (row.takenBackAt !== null)
      throw new AppError('BAD_INPUT', `“${row.title}” was taken back already. To do it again, take that back.`, { details: { changeId } });
    if (row.title.startsWith(undone)) return redone + row.title.slice(undone.length);
    return undone + (row.title.startsWith(redone) ? row.title.slice(redone.length) : row.title);
  }

  #restoreTags(changeId: ChangeId, into: ChangeId): void {
    const taken = rows<[number, number], TagWords>(this.#connection, takenKeys).get(changeId, changeId);
    if (taken !== undefined)
      throw new AppError(
        'BAD_INPUT',
        `There is another tag ${quotedTag(taken)} by now. Rename or merge that one, then take this back again.`,
      );
    const differing = values<[number], TagId>(this.#connection, differingTags).all(changeId);
    if (differing.length === 0) return;
    this.keepTags(into, differing);
    this.#putTagsBack(changeId);
  }

  #putTagsBack(changeId: ChangeId): void {
    // All of them leave first, so that two tags can have swapped their names.
    const leave = 'UPDATE tags SET removed_at = coalesce(removed_at, ?) WHERE id IN (SELECT tag_id FROM tag_history WHERE change_id = ?)';
    change(this.#connection, leave).run(Date.now(), changeId);
    const restore = `UPDATE tags SET (kind, name, key, color, removed_at) = (h.kind, h.name, h.key, h.color, h.removed_at)
      FROM tag_history h WHERE h.change_id = ? AND h.tag_id = tags.id AND h.kind IS NOT NULL`;
    change(this.#connection, restore).run(changeId);
  }

  #prune(): void {
    const sql = 'DELETE FROM tag_changes WHERE id <= (SELECT id FROM tag_changes ORDER BY id DESC LIMIT 1 OFFSET ?)';
    if (change(this.#connection, sql).run(keptChanges).changes > 0) change(this.#connection, forgetRemovedTags).run();
  }
}
