/** @file Acoustic fingerprints of tracks, each with the audio and the version of the method that it was made from. */
import type { TrackId } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { change, rows, tuples } from './statement.ts';

/** A track whose sound has no fingerprint yet. */
export type UnprintedTrack = { trackId: TrackId; path: string; audioHash: string; durationMs: number };

/** Audio that is in the library once or more often. */
export type Recording = { audioHash: string; trackIds: TrackId[]; printedId: TrackId | null };

/** Tracks whose file is there, in folders that are in the library, with their fingerprints. */
const printedSql = `tracks t LEFT JOIN fingerprints f ON f.track_id = t.id AND f.audio_hash = t.audio_hash AND f.version = ?
  WHERE t.missing_since IS NULL AND t.folder_id IN (SELECT id FROM folders WHERE removed_at IS NULL)`;

/** Reads and writes fingerprints as bytes; what is in them is the audio room's. */
export class Fingerprints {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Audio of present tracks that has no fingerprint of this version; of tracks that share their audio the first one is named. */
  waiting(version: number): UnprintedTrack[] {
    const sql = `SELECT min(t.id) AS trackId, t.path, t.audio_hash AS audioHash, t.duration_ms AS durationMs FROM ${printedSql}
      GROUP BY t.audio_hash HAVING count(f.track_id) = 0 ORDER BY 1`;
    return rows<[number], UnprintedTrack>(this.#connection, sql).all(version);
  }

  /** Keeps a track's fingerprint in place of an older one. */
  set(trackId: TrackId, print: { audioHash: string; version: number; words: Uint8Array }): void {
    const sql = 'INSERT OR REPLACE INTO fingerprints (track_id, audio_hash, version, words) VALUES (?, ?, ?, ?)';
    change(this.#connection, sql).run(trackId, print.audioHash, print.version, print.words);
  }

  /** Present tracks by their audio: those that share it, and the one that its fingerprint is kept under; null without one. */
  recordings(version: number): Recording[] {
    const sql = `SELECT t.audio_hash, json_group_array(t.id), max(f.track_id) FROM ${printedSql} GROUP BY t.audio_hash ORDER BY min(t.id)`;
    const found = tuples<[number], [string, string, TrackId | null]>(this.#connection, sql).all(version);
    return found.map(([audioHash, ids, printedId]) => ({ audioHash, trackIds: JSON.parse(ids) as TrackId[], printedId }));
  }

  /** The fingerprint that is kept under a track; null without one. */
  words(trackId: TrackId): Uint8Array | null {
    const sql = 'SELECT words FROM fingerprints WHERE track_id = ?';
    return tuples<[number], [Uint8Array]>(this.#connection, sql).get(trackId)?.[0] ?? null;
  }
}
