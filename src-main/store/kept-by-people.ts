/** @file Everything that people made, read at once, for the export of a library. Tracks whose file is gone are in it too. */
import type { EncoderId, MarkSource, TagAnswer, TagId, TrackId } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import type { StoredDuplicateGroup } from './duplicates.ts';
import { rows, values } from './statement.ts';

/** A mark; times are null for a whole track. */
export type KeptMark = {
  tagId: TagId;
  trackId: TrackId;
  startMs: number | null;
  endMs: number | null;
  answer: TagAnswer;
  source: MarkSource;
  at: number;
};

/** A track as it can be known again elsewhere. */
export type KeptTrack = { id: TrackId; path: string; audioHash: string; title: string; artist: string; album: string; durationMs: number };

/** A note on a neuron. */
export type KeptNote = { encoderId: EncoderId; feature: number; text: string; updatedAt: number };

/** Reads what people made. */
export class KeptByPeople {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Every mark of a tag that is there, by tag, track and time. */
  marks(): KeptMark[] {
    const sql = `SELECT tag_id AS tagId, track_id AS trackId, CASE WHEN start_ms < 0 THEN NULL ELSE start_ms END AS startMs,
      CASE WHEN end_ms < 0 THEN NULL ELSE end_ms END AS endMs, answer, source, at FROM tag_marks
      WHERE tag_id IN (SELECT id FROM tags WHERE removed_at IS NULL) ORDER BY tag_id, track_id, start_ms, end_ms`;
    return rows<[], KeptMark>(this.#connection, sql).all();
  }

  /** Every note on a neuron. */
  notes(): KeptNote[] {
    const sql = 'SELECT encoder_id AS encoderId, feature, text, updated_at AS updatedAt FROM feature_notes ORDER BY encoder_id, feature';
    return rows<[], KeptNote>(this.#connection, sql).all();
  }

  /** Every track, by number. */
  tracks(): KeptTrack[] {
    const sql = 'SELECT id, path, audio_hash AS audioHash, title, artist, album, duration_ms AS durationMs FROM tracks ORDER BY id';
    return rows<[], KeptTrack>(this.#connection, sql).all();
  }

  /** Groups of the last search for duplicates that a person dismissed. */
  dismissedDuplicates(): StoredDuplicateGroup[] {
    const text = values<[], string>(this.#connection, 'SELECT groups FROM duplicate_searches').get();
    const keys = new Set(values<[], string>(this.#connection, 'SELECT key FROM dismissed_duplicates').all());
    return ((text === undefined ? [] : JSON.parse(text)) as StoredDuplicateGroup[]).filter(({ key }) => keys.has(key));
  }

  /** Settings that were ever set, as JSON texts by name. */
  settings(): Map<string, string> {
    const found = rows<[], { key: string; value: string }>(this.#connection, 'SELECT key, value FROM settings ORDER BY key').all();
    return new Map(found.map(({ key, value }) => [key, value]));
  }

  /** How views were left, as JSON texts by name. */
  views(): Map<string, string> {
    const found = rows<[], { view: string; state: string }>(this.#connection, 'SELECT view, state FROM views ORDER BY view').all();
    return new Map(found.map(({ view, state }) => [view, state]));
  }

  /** The library's own number. */
  libraryId(): string {
    return values<[], string>(this.#connection, `SELECT value FROM identity WHERE key = 'id'`).get() ?? '';
  }
}
