/**
 * @file The entries of playlists. A list is never changed where it lies: a new one is written behind it, some entries a step, then the playlist is told
 * in one step where its list is now, and the entries of the former one go. Whoever reads meanwhile has the former list whole.
 */
import { AppError } from '../base/index.ts';
import type { PlaylistId, TrackId } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { change, rows, values } from './statement.ts';

/** Entries that one step writes or takes away; between two steps of a long list others have their turn. */
export const entriesOfStep = 2000;

/** Lists of a playlist begin so far apart: more than a list may have entries. */
const listSpan = 2 ** 24;

/** Entries are numbered without gaps, so that a page is found without the tracks before it. */
export const playlistPageSql = 'SELECT track_id FROM playlist_tracks WHERE playlist_id = ? AND position >= ? ORDER BY position LIMIT ?';

/** Positions of a list. */
type Span = { first: number; end: number };

/** What else changes in the step in which a new list takes the former one's place. */
type Publish = () => void;

/** Reads and writes entries; every `next` of a generator is a step, to be carried out in a transaction. */
export class PlaylistLists {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** A page of a list; with a `limit` below 0 all that follows. */
  page(id: PlaylistId, { offset, limit }: { offset: number; limit: number }): TrackId[] {
    const { first, end } = this.#span(id);
    const left = Math.max(0, end - first - offset);
    const count = limit < 0 ? left : Math.min(limit, left);
    return values<[number, number, number], TrackId>(this.#connection, playlistPageSql).all(id, first + offset, count);
  }

  /**
   * Gives a playlist these tracks in place of those it had.
   * @throws AppError `NOT_FOUND` for an unknown track: what was written is to be taken away by {@link PlaylistLists.forgetting}
   */
  *replacing(id: PlaylistId, trackIds: readonly TrackId[], publish: Publish): Generator<void, void> {
    const first = this.#behind(id);
    for (let at = 0; at < trackIds.length; at += entriesOfStep) {
      this.#append(id, first + at, trackIds.slice(at, at + entriesOfStep));
      yield;
    }
    const former = this.#span(id);
    const sql = 'UPDATE playlists SET first_position = ?, end_position = ?, is_open = 0 WHERE id = ?';
    change(this.#connection, sql).run(first, first + trackIds.length, id);
    publish();
    yield* this.#clearing(id, former);
  }

  /** Takes away all entries of a playlist but its list: also those of a list that is being written. */
  *forgetting(id: PlaylistId): Generator<void, void> {
    const { first, end } = this.#span(id);
    yield* this.#clearing(id, { first: 0, end: first });
    yield* this.#clearing(id, { first: end, end: Number.MAX_SAFE_INTEGER });
  }

  *#clearing(id: PlaylistId, { first, end }: Span): Generator<void, void> {
    const sql = `DELETE FROM playlist_tracks WHERE playlist_id = ? AND position IN
      (SELECT position FROM playlist_tracks WHERE playlist_id = ? AND position >= ? AND position < ? LIMIT ${entriesOfStep})`;
    while (change(this.#connection, sql).run(id, id, first, end).changes === entriesOfStep) yield;
  }

  /** Playlists with entries that do not belong to their lists: an earlier process ended while it wrote. */
  unsettled(): PlaylistId[] {
    const bound = (which: 'min' | 'max'): string => `(SELECT ${which}(position) FROM playlist_tracks pt WHERE pt.playlist_id = p.id)`;
    const sql = `SELECT id FROM playlists p WHERE ${bound('min')} < first_position OR ${bound('max')} >= end_position`;
    return values<[], PlaylistId>(this.#connection, sql).all();
  }

  #span(id: PlaylistId): Span {
    const sql = 'SELECT first_position AS first, end_position AS "end" FROM playlists WHERE id = ?';
    return rows<[number], Span>(this.#connection, sql).get(id) ?? { first: 0, end: 0 };
  }

  /** Where a list can be written behind all others of the playlist. */
  #behind(id: PlaylistId): number {
    const sql = 'SELECT max(position) FROM playlist_tracks WHERE playlist_id = ?';
    const last = values<[number], number | null>(this.#connection, sql).get(id) ?? null;
    return last === null ? 0 : (Math.floor(last / listSpan) + 1) * listSpan;
  }

  #append(id: PlaylistId, first: number, trackIds: readonly TrackId[]): void {
    const list = JSON.stringify(trackIds);
    const unknownSql = 'SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM tracks) LIMIT 1';
    const unknown = values<[string], number>(this.#connection, unknownSql).get(list);
    if (unknown !== undefined)
      throw new AppError('NOT_FOUND', `There is no track ${unknown} in the library.`, { details: { trackId: unknown } });
    const sql = 'INSERT INTO playlist_tracks (playlist_id, position, track_id) SELECT ?, ? + key, value FROM json_each(?)';
    change(this.#connection, sql).run(id, first, list);
  }
}
