/** @file Changes to tracks as a scan finds them: new, changed, moved, gone and back. */
import { AppError, defined } from '../base/index.ts';
import type { FolderId, TrackId } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import type { Revisions } from './revisions.ts';
import { change, rows, values } from './statement.ts';
import { libraryKey, sortKey } from './text-keys.ts';
import { searchText, titleOf, trackColumns, trackValues } from './track-file.ts';
import type { TrackFile } from './track-file.ts';

/** Where a moved file is now. */
export type MovedFile = { folderId: FolderId; path: string; size: number; mtimeMs: number; inode?: string | null };

type Named = Pick<TrackFile, 'title' | 'path' | 'artist' | 'album' | 'genre' | 'year' | 'discNumber' | 'trackNumber'> & {
  isNamedByFile: number;
};

/** Lengths that differ by less are taken for one: encoders pad, and headers round. */
const sameLengthMs = 250;

const insertSql = `INSERT INTO tracks (${trackColumns.join(', ')}, added_at, updated_at)
  VALUES (${trackColumns.map(() => '?').join(', ')}, ?, ?) RETURNING id`;
const replaceSql = `UPDATE tracks SET ${trackColumns.map((column) => `${column} = ?`).join(', ')}, updated_at = ?, missing_since = NULL
  WHERE id = ?`;
const namedSql = `SELECT title, path, artist, album, genre, year, disc_number AS discNumber, track_number AS trackNumber,
  is_named_by_file AS isNamedByFile FROM tracks WHERE id = ?`;

/** Writes the tables of tracks and their search texts. */
export class TrackWrites {
  readonly #connection: Connection;
  readonly #revisions: Revisions;

  constructor(connection: Connection, revisions: Revisions) {
    this.#connection = connection;
    this.#revisions = revisions;
  }

  /** Takes the length that decoding found, where what the file told at the scan is another. */
  correctLength(trackId: TrackId, durationMs: number): void {
    const sql = 'UPDATE tracks SET duration_ms = ? WHERE id = ? AND abs(duration_ms - ?) > ?';
    const { changes } = change(this.#connection, sql).run(Math.round(durationMs), trackId, durationMs, sameLengthMs);
    if (changes > 0) this.#revisions.tracksChanged();
  }

  /** Stores what a file holds: a new track, or the new state of the one at this path, which is then present. */
  upsert(file: TrackFile): { id: TrackId; isNew: boolean } {
    return this.#transaction(() => {
      const known = this.#idAt(file.path);
      const id = known === undefined ? this.#insert(file) : this.#replace(known, file);
      this.#setSearchText(id, searchText(file));
      this.#revisions.tracksChanged();
      return { id, isNew: known === undefined };
    });
  }

  /** Gives a track the path at which its file was found again; it is then present, and keeps all that is attached to it. */
  move(trackId: TrackId, file: MovedFile): void {
    this.#transaction(() => {
      this.#displace(file.path, trackId);
      const before = this.#named(trackId);
      const title = before.isNamedByFile === 1 ? titleOf({ title: '', path: file.path }) : before.title;
      const now = { ...before, path: file.path, title };
      change(
        this.#connection,
        `UPDATE tracks SET folder_id = ?, path = ?, size = ?, mtime_ms = ?, inode = ?, title = ?, title_key = ?, path_key = ?, library_key = ?,
           missing_since = NULL, updated_at = ? WHERE id = ?`,
      ).run(
        ...[file.folderId, file.path, file.size, file.mtimeMs, file.inode ?? null],
        ...[now.title, sortKey(now.title), sortKey(now.path), libraryKey(now), Date.now(), trackId],
      );
      this.#setSearchText(trackId, searchText(now));
      this.#revisions.tracksChanged();
    });
  }

  /** Gives a track another path in a folder that moved as a whole; nothing else of it changes until a scan has looked. */
  relocate(trackId: TrackId, { folderId, path }: Pick<MovedFile, 'folderId' | 'path'>): void {
    this.#transaction(() => {
      this.#displace(path, trackId);
      const now = { ...this.#named(trackId), path };
      change(this.#connection, 'UPDATE tracks SET folder_id = ?, path = ?, path_key = ?, library_key = ? WHERE id = ?').run(
        ...[folderId, path, sortKey(path), libraryKey(now), trackId],
      );
      this.#setSearchText(trackId, searchText(now));
      this.#revisions.tracksChanged();
    });
  }

  /** Gives what a person attached to a track to another; what that one has already stays with the first. */
  giveAttached(from: TrackId, to: TrackId): void {
    this.#transaction(() => {
      for (const table of ['tag_marks', 'playlist_tracks'])
        change(this.#connection, `UPDATE OR IGNORE ${table} SET track_id = ? WHERE track_id = ?`).run(to, from);
      this.#revisions.everythingChanged();
    });
  }

  /** Notes which files tracks are by the file system's own number; it tells nothing that is shown. */
  setInodes(files: readonly { id: TrackId; inode: string }[]): void {
    const sql = `UPDATE tracks SET inode = j.value ->> 'inode' FROM json_each(?) j WHERE tracks.id = j.value ->> 'id'`;
    change(this.#connection, sql).run(JSON.stringify(files));
  }

  /** Notes that the files of tracks are gone; what is attached to them is kept. */
  markMissing(trackIds: readonly TrackId[], at = Date.now()): void {
    this.#mark(trackIds, 'coalesce(missing_since, ?)', at);
  }

  /** Notes that the files of tracks are back, unchanged. */
  markPresent(trackIds: readonly TrackId[]): void {
    this.#mark(trackIds, '?', null);
  }

  #mark(trackIds: readonly TrackId[], expression: string, value: number | null): void {
    if (trackIds.length === 0) return;
    const sql = `UPDATE tracks SET missing_since = ${expression} WHERE id IN (SELECT value FROM json_each(?))`;
    change(this.#connection, sql).run(value, JSON.stringify(trackIds));
    this.#revisions.tracksChanged();
  }

  #insert(file: TrackFile): TrackId {
    const now = Date.now();
    return defined(values<unknown[], TrackId>(this.#connection, insertSql).get(...trackValues(file), now, now), 'the added track');
  }

  #replace(id: TrackId, file: TrackFile): TrackId {
    change(this.#connection, replaceSql).run(...trackValues(file), Date.now(), id);
    return id;
  }

  /** A track that a moved file has taken the path of is gone; it keeps a path of its own, at which no file lies. */
  #displace(path: string, by: TrackId): void {
    const other = this.#idAt(path);
    if (other === undefined || other === by) return;
    this.markMissing([other]);
    change(this.#connection, 'UPDATE tracks SET path = ? WHERE id = ?').run(`${path} [replaced, track ${other}]`, other);
  }

  #idAt(path: string): TrackId | undefined {
    return values<[string], TrackId>(this.#connection, 'SELECT id FROM tracks WHERE path = ?').get(path);
  }

  #named(trackId: TrackId): Named {
    const named = rows<[number], Named>(this.#connection, namedSql).get(trackId);
    if (named === undefined) throw unknownTrack(trackId);
    return named;
  }

  #setSearchText(id: TrackId, text: string): void {
    const sql = 'INSERT INTO track_search (track_id, text) VALUES (?, ?) ON CONFLICT (track_id) DO UPDATE SET text = excluded.text';
    change(this.#connection, sql).run(id, text);
  }

  #transaction<T>(work: () => T): T {
    return this.#connection.inTransaction ? work() : this.#connection.transaction(work)();
  }
}

/** The error for a track that is not there. */
export function unknownTrack(id: number): AppError {
  return new AppError('NOT_FOUND', `There is no track with the number ${id} in the library. Search for it again.`, {
    details: { trackId: id },
  });
}
