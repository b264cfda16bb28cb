/** @file Which tracks lie in an index and where, and which are still to be encoded, in SQL. */
import type { TrackId } from '../../contract/index.ts';
import type { Connection } from '../connection.ts';
import { change, rows, values } from '../statement.ts';

/** How a track came out: whole, as far as it could be decoded, or not at all. */
export type IndexOutcome = 'indexed' | 'partial' | 'failed';

/** A track's place in an index. */
export type IndexedTrack = {
  trackId: TrackId;
  firstRow: number;
  segments: number;
  audioHash: string;
  outcome: IndexOutcome;
  /** Error code of a failed track, else empty. */
  code: string;
  message: string;
};

/** A track that an index does not hold yet. */
export type WaitingTrack = { trackId: TrackId; path: string; audioHash: string; durationMs: number };

const waitingSql = `SELECT t.id AS trackId, t.path, t.audio_hash AS audioHash, t.duration_ms AS durationMs FROM tracks t
  WHERE t.missing_since IS NULL AND +t.folder_id IN (SELECT id FROM folders WHERE removed_at IS NULL) AND NOT EXISTS
    (SELECT 1 FROM index_tracks it WHERE it.index_id = ? AND it.track_id = t.id AND it.audio_hash = t.audio_hash)
  ORDER BY t.library_key`;

const columns = 'track_id AS trackId, first_row AS firstRow, segments, audio_hash AS audioHash, outcome, code, message';

/** Present tracks whose audio, as it is now, was never tried, in the library's order. */
export function waitingTracks(connection: Connection, indexId: number): WaitingTrack[] {
  return rows<[number], WaitingTrack>(connection, waitingSql).all(indexId);
}

/** Where a track lies; undefined when the index has not seen it. */
export function indexedTrack(connection: Connection, indexId: number, trackId: number): IndexedTrack | undefined {
  return rows<[number, number], IndexedTrack>(connection, `SELECT ${columns} FROM index_tracks WHERE index_id = ? AND track_id = ?`).get(
    indexId,
    trackId,
  );
}

/** Where a track that can be shown lies: it is present, and its audio is the one that was encoded. */
export type LiveRun = { trackId: TrackId; firstRow: number; segments: number; audioHash: string };

const liveSql = `SELECT it.track_id AS trackId, it.first_row AS firstRow, it.segments, it.audio_hash AS audioHash
  FROM index_tracks it CROSS JOIN tracks t ON t.id = it.track_id AND t.audio_hash = it.audio_hash AND t.missing_since IS NULL
  WHERE it.index_id = ? AND it.track_id > ? AND it.segments > 0 AND t.folder_id IN (SELECT id FROM folders WHERE removed_at IS NULL)
  ORDER BY it.track_id LIMIT ?`;

/** Tracks that can be shown, by id, those after `after`, `limit` at most. */
export function liveRuns(connection: Connection, indexId: number, { after, limit }: { after: number; limit: number }): LiveRun[] {
  return rows<[number, number, number], LiveRun>(connection, liveSql).all(indexId, after, limit);
}

/** All tracks of an index by their first row. */
export function indexedTracks(connection: Connection, indexId: number): IndexedTrack[] {
  return rows<[number], IndexedTrack>(connection, `SELECT ${columns} FROM index_tracks WHERE index_id = ? ORDER BY first_row`).all(indexId);
}

/** Notes where a track lies, in place of what was noted before. */
export function putIndexedTrack(connection: Connection, indexId: number, track: IndexedTrack): void {
  const sql = `INSERT INTO index_tracks (index_id, track_id, first_row, segments, audio_hash, outcome, code, message, at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (index_id, track_id) DO UPDATE SET first_row = excluded.first_row,
      segments = excluded.segments, audio_hash = excluded.audio_hash, outcome = excluded.outcome, code = excluded.code,
      message = excluded.message, at = excluded.at`;
  change(connection, sql).run(
    ...[indexId, track.trackId, track.firstRow, track.segments, track.audioHash, track.outcome, track.code, track.message, Date.now()],
  );
}

/** Forgets that tracks failed, the given ones or all, so that they wait again. */
export function forgetFailures(connection: Connection, indexId: number, trackIds?: readonly TrackId[]): void {
  const which = trackIds === undefined ? '' : 'AND track_id IN (SELECT value FROM json_each(?))';
  const sql = `DELETE FROM index_tracks WHERE index_id = ? AND outcome = 'failed' ${which}`;
  change(connection, sql).run(indexId, ...(trackIds === undefined ? [] : [JSON.stringify(trackIds)]));
}

/** Forgets that tracks were encoded, so that they wait again. */
export function forgetTracks(connection: Connection, indexId: number, trackIds: readonly TrackId[]): void {
  if (trackIds.length === 0) return;
  // Hashes over rows that are lost would never agree again.
  change(connection, 'DELETE FROM index_blocks WHERE index_id = ?').run(indexId);
  const sql = 'DELETE FROM index_tracks WHERE index_id = ? AND track_id IN (SELECT value FROM json_each(?))';
  change(connection, sql).run(indexId, JSON.stringify(trackIds));
}

/** The track that each row belongs to; 0 for rows that no track names. */
export function ownersOf(tracks: readonly IndexedTrack[], rows: number): Int32Array {
  const owners = new Int32Array(rows);
  for (const { trackId, firstRow, segments } of tracks) owners.fill(trackId, firstRow, firstRow + segments);
  return owners;
}

/** Rows that some track of the index names; the others of its committed rows are dead. */
export function namedRows(connection: Connection, indexId: number): number {
  return values<[number], number>(connection, 'SELECT coalesce(sum(segments), 0) FROM index_tracks WHERE index_id = ?').get(indexId) ?? 0;
}
