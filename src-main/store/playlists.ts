/** @file Playlists: lists of tracks in a person's order, and smart ones, which keep what they ask instead. */
import { AppError, defined } from '../base/index.ts';
import type { Playlist, PlaylistId, SmartQuery, TrackId } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { change, rows, values } from './statement.ts';

/** A playlist that is not there yet. A smart one has no tracks of its own. */
export type NewPlaylist = { name: string; trackIds: readonly TrackId[]; smart: SmartQuery | null };

type PlaylistRow = Omit<Playlist, 'smart'> & { smart: string | null; removedAt: number | null };

const columns = `p.id, p.name, p.smart, p.created_at AS createdAt, p.updated_at AS updatedAt, p.removed_at AS removedAt,
  CASE WHEN p.smart IS NULL THEN (SELECT count(*) FROM playlist_tracks pt WHERE pt.playlist_id = p.id) END AS tracks`;

/** Positions are numbered without gaps, so that a page is found without the tracks before it. */
export const playlistPageSql = 'SELECT track_id FROM playlist_tracks WHERE playlist_id = ? AND position >= ? ORDER BY position LIMIT ?';

/** Reads and writes playlists. Tracks whose file is gone stay in them. */
export class Playlists {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Those that were not removed, by name as people read it. */
  list(): Playlist[] {
    const sql = `SELECT ${columns} FROM playlists p WHERE p.removed_at IS NULL ORDER BY p.id`;
    const byName = new Intl.Collator('en', { numeric: true });
    return rows<[], PlaylistRow>(this.#connection, sql)
      .all()
      .map(complete)
      .sort((a, b) => byName.compare(a.name, b.name));
  }

  /** One playlist. @throws AppError `NOT_FOUND`, also for one that was removed */
  get(id: PlaylistId): Playlist {
    const row = this.#row(id);
    if (row.removedAt !== null) throw new AppError('NOT_FOUND', 'This playlist was removed. Restore it first.', { details: { id } });
    return complete(row);
  }

  /** The tracks of a list in its order, all or a page; none for a smart one. @throws AppError `NOT_FOUND` */
  trackIds(id: PlaylistId, { offset, limit }: { offset: number; limit: number } = { offset: 0, limit: -1 }): TrackId[] {
    this.get(id);
    return values<[number, number, number], TrackId>(this.#connection, playlistPageSql).all(id, offset, limit);
  }

  /** @throws AppError `NOT_FOUND` when a track is not known */
  create({ name, trackIds, smart }: NewPlaylist): Playlist {
    const sql = 'INSERT INTO playlists (name, smart, created_at, updated_at) VALUES (?, ?, ?, ?) RETURNING id';
    const now = Date.now();
    const make = this.#connection.transaction((): PlaylistId => {
      const insert = values<(string | number | null)[], PlaylistId>(this.#connection, sql);
      const id = defined(insert.get(name, textOf(smart), now, now), 'the number of a new playlist');
      if (smart === null) this.#fill(id, trackIds);
      return id;
    });
    return this.get(make());
  }

  /** @throws AppError `NOT_FOUND` */
  rename(id: PlaylistId, name: string): Playlist {
    this.get(id);
    change(this.#connection, 'UPDATE playlists SET name = ?, updated_at = ? WHERE id = ?').run(name, Date.now(), id);
    return this.get(id);
  }

  /** Takes a playlist out of the list; its tracks are kept. @throws AppError `NOT_FOUND` */
  remove(id: PlaylistId): void {
    this.#row(id);
    change(this.#connection, 'UPDATE playlists SET removed_at = coalesce(removed_at, ?) WHERE id = ?').run(Date.now(), id);
  }

  /** @throws AppError `NOT_FOUND` */
  restore(id: PlaylistId): void {
    this.#row(id);
    change(this.#connection, 'UPDATE playlists SET removed_at = NULL WHERE id = ?').run(id);
  }

  /** Gives a list these tracks, in this order, in place of those it had. @throws AppError `NOT_FOUND`, `BAD_INPUT` for a smart playlist */
  setTracks(id: PlaylistId, trackIds: readonly TrackId[]): Playlist {
    const { name, smart } = this.get(id);
    if (smart !== null)
      throw new AppError('BAD_INPUT', `“${name}” is a smart playlist: it finds its tracks itself. Make it a plain list first.`);
    this.#connection.transaction(() => {
      this.#fill(id, trackIds);
      this.#touch(id);
    })();
    return this.get(id);
  }

  /** Changes what a smart playlist asks; null makes a list of the given tracks. @throws AppError `NOT_FOUND` */
  setSmart(id: PlaylistId, smart: SmartQuery | null, trackIds: readonly TrackId[]): Playlist {
    this.get(id);
    this.#connection.transaction(() => {
      change(this.#connection, 'UPDATE playlists SET smart = ? WHERE id = ?').run(textOf(smart), id);
      this.#fill(id, smart === null ? trackIds : []);
      this.#touch(id);
    })();
    return this.get(id);
  }

  #row(id: PlaylistId): PlaylistRow {
    const row = rows<[number], PlaylistRow>(this.#connection, `SELECT ${columns} FROM playlists p WHERE p.id = ?`).get(id);
    if (row === undefined) throw new AppError('NOT_FOUND', `There is no playlist ${id}.`, { details: { id } });
    return row;
  }

  #touch(id: PlaylistId): void {
    change(this.#connection, 'UPDATE playlists SET updated_at = ? WHERE id = ?').run(Date.now(), id);
  }

  #fill(id: PlaylistId, trackIds: readonly TrackId[]): void {
    const list = JSON.stringify(trackIds);
    const unknownSql = 'SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM tracks) LIMIT 1';
    const unknown = values<[string], number>(this.#connection, unknownSql).get(list);
    if (unknown !== undefined)
      throw new AppError('NOT_FOUND', `There is no track ${unknown} in the library.`, { details: { trackId: unknown } });
    change(this.#connection, 'DELETE FROM playlist_tracks WHERE playlist_id = ?').run(id);
    const sql = 'INSERT INTO playlist_tracks (playlist_id, position, track_id) SELECT ?, key, value FROM json_each(?)';
    change(this.#connection, sql).run(id, list);
  }
}

function textOf(smart: SmartQuery | null): string | null {
  return smart === null ? null : JSON.stringify(smart);
}

function complete({ removedAt: _, ...row }: PlaylistRow): Playlist {
  return { ...row, smart: row.smart === null ? null : (JSON.parse(row.smart) as SmartQuery) };
}
