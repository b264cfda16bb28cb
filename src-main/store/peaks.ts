/** @file Waveforms of tracks, one byte a bin. */
import type { TrackId } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { change, rows, values } from './statement.ts';

/** A stored waveform: `bins` holds the largest absolute amplitude of each bin, 255 = full scale. */
export type StoredPeaks = { peaksPerSecond: number; bins: Uint8Array };

/** Reads and writes waveforms. */
export class Peaks {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Stores a track's waveform in place of the one before. */
  set(trackId: TrackId, peaksPerSecond: number, bins: Uint8Array): void {
    const sql = `INSERT INTO track_peaks (track_id, peaks_per_second, bins) VALUES (?, ?, ?)
      ON CONFLICT (track_id) DO UPDATE SET peaks_per_second = excluded.peaks_per_second, bins = excluded.bins`;
    change(this.#connection, sql).run(trackId, peaksPerSecond, bins);
  }

  /** A track's waveform; null while it has none. */
  get(trackId: TrackId): StoredPeaks | null {
    const sql = 'SELECT peaks_per_second AS peaksPerSecond, bins FROM track_peaks WHERE track_id = ?';
    return rows<[number], StoredPeaks>(this.#connection, sql).get(trackId) ?? null;
  }

  /** Bins a second of a track's waveform; null while it has none. */
  rate(trackId: TrackId): number | null {
    return values<[number], number>(this.#connection, 'SELECT peaks_per_second FROM track_peaks WHERE track_id = ?').get(trackId) ?? null;
  }

  /** `count` bins from `startBin` on, fewer at the end; empty without a waveform. Reads no more than that part. */
  slice(trackId: TrackId, startBin: number, count: number): Uint8Array {
    const sql = 'SELECT substr(bins, ?, ?) FROM track_peaks WHERE track_id = ?';
    return values<[number, number, number], Uint8Array>(this.#connection, sql).get(startBin + 1, count, trackId) ?? new Uint8Array(0);
  }
}
