/** @file The table of indexes: one an encoder, its rows that are committed, and the statistics over them. */
import { AppError, defined } from '../../base/index.ts';
import type { EncoderId } from '../../contract/index.ts';
import type { Connection } from '../connection.ts';
import { giveUpTo, lastGiven } from '../numbers.ts';
import { change, rows, values } from '../statement.ts';
import { FeatureStatistics } from './feature-statistics.ts';

/** Identifies an index; a new one is made, never the same again, when the hop changes or the files are compacted. */
export type IndexId = number & { readonly indexId: unique symbol };

/** An index of activations. */
export type ActivationIndexInfo = {
  id: IndexId;
  encoderId: EncoderId;
  /** Samples from one segment's start to the next's, at the encoder's rate. */
  hopSamples: number;
  /** Features. */
  dimensions: number;
  /** Rows that are safely stored, dead ones among them. */
  committedRows: number;
};

const columns = 'id, encoder_id AS encoderId, hop_samples AS hopSamples, dimensions, committed_rows AS committedRows';

type StatisticsRow = { rows: number; minima: Uint8Array | null; maxima: Uint8Array | null; sums: Uint8Array | null };

/** An encoder's index; null while it has none. */
export function indexOf(connection: Connection, encoderId: EncoderId): ActivationIndexInfo | null {
  return rows<[number], ActivationIndexInfo>(connection, `SELECT ${columns} FROM indexes WHERE encoder_id = ?`).get(encoderId) ?? null;
}

/** An index by its number. @throws AppError `NOT_FOUND` when there is none any more */
export function indexById(connection: Connection, id: IndexId): ActivationIndexInfo {
  const index = rows<[number], ActivationIndexInfo>(connection, `SELECT ${columns} FROM indexes WHERE id = ?`).get(id);
  if (index === undefined)
    throw new AppError('NOT_FOUND', `The index ${id} was replaced by a newer one. Start the work on the encoder again.`, {
      details: { indexId: id },
    });
  return index;
}

/** The number that the next index will get; numbers are never used twice, since folders are named by them. */
export function nextIndexId(connection: Connection): IndexId {
  return (lastGiven(connection, 'indexes') + 1) as IndexId;
}

/** The same, given at once: a folder of that number is known for this database's own even if no index of it ever comes to be. */
export function takeIndexId(connection: Connection): IndexId {
  const id = nextIndexId(connection);
  giveUpTo(connection, 'indexes', id);
  return id;
}

/** Numbers of all indexes. */
export function allIndexIds(connection: Connection): number[] {
  return values<[], number>(connection, 'SELECT id FROM indexes').all();
}

/** Makes an index of an encoder in place of the one it had; to be called in a transaction. */
export function replaceIndex(connection: Connection, index: ActivationIndexInfo): void {
  change(connection, 'DELETE FROM indexes WHERE encoder_id = ?').run(index.encoderId);
  const sql =
    'INSERT INTO indexes (id, encoder_id, hop_samples, dimensions, committed_rows, created_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id';
  const id = values<number[], number>(connection, sql).get(
    ...[index.id, index.encoderId, index.hopSamples, index.dimensions, index.committedRows, Date.now()],
  );
  defined(id, 'the added index');
}

/** Says that an index's rows up to `committedRows` are on the disk, and what the statistics over them are. */
export function commitRows(connection: Connection, id: IndexId, committedRows: number, statistics: FeatureStatistics): void {
  const sql = 'UPDATE indexes SET committed_rows = ?, statistic_rows = ?, minima = ?, maxima = ?, sums = ? WHERE id = ?';
  const { minima, maxima, sums } = statistics;
  change(connection, sql).run(committedRows, statistics.rows, toBytes(minima), toBytes(maxima), toBytes(sums), id);
}

/** The statistics as they were committed. */
export function readStatistics(connection: Connection, index: ActivationIndexInfo): FeatureStatistics {
  const sql = 'SELECT statistic_rows AS rows, minima, maxima, sums FROM indexes WHERE id = ?';
  const row = rows<[number], StatisticsRow>(connection, sql).get(index.id);
  const statistics = new FeatureStatistics(index.dimensions);
  if (row?.minima && row.maxima && row.sums) {
    toBytes(statistics.minima).set(row.minima);
    toBytes(statistics.maxima).set(row.maxima);
    toBytes(statistics.sums).set(row.sums);
    statistics.rows = row.rows;
  }
  return statistics;
}

function toBytes(array: Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
