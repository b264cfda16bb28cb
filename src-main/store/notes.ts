/** @file What listeners wrote on the features of an encoder; kept when its index is made anew. */
import type { EncoderId, FeatureNote } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { change, rows } from './statement.ts';

/** Reads and writes notes. */
export class Notes {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The notes on an encoder's features, by feature. */
  list(encoderId: EncoderId): FeatureNote[] {
    const sql = 'SELECT feature, text FROM feature_notes WHERE encoder_id = ? ORDER BY feature';
    return rows<[number], FeatureNote>(this.#connection, sql).all(encoderId);
  }

  /** Writes a note in place of the one before; a blank text removes it. */
  set(encoderId: EncoderId, feature: number, text: string): void {
    if (text.trim() === '') {
      change(this.#connection, 'DELETE FROM feature_notes WHERE encoder_id = ? AND feature = ?').run(encoderId, feature);
      return;
    }
    const sql = `INSERT INTO feature_notes (encoder_id, feature, text, updated_at) VALUES (?, ?, ?, ?)
      ON CONFLICT (encoder_id, feature) DO UPDATE SET text = excluded.text, updated_at = excluded.updated_at`;
    change(this.#connection, sql).run(encoderId, feature, text, Date.now());
  }
}
