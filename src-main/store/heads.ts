/** @file Heads: what was learnt of tags over an encoder's embeddings. Their weights lie in files of their own. */
import { AppError, defined } from '../base/index.ts';
import type { ChangeId, EncoderId, Head, HeadId, HeadLabel, Interval } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { change, rows, values } from './statement.ts';

/** What accepting everything above a probability would mean, by cross-validation. */
export type HeadThreshold = { atLeast: number; precision: number; low: number; recall: number };

/** A label with what its probabilities are made by: `1 / (1 + exp(-(slope · logit + offset)))` (Platt 1999). */
export type StoredLabel = Omit<HeadLabel, 'beside'> & { slope: number; offset: number; thresholds: HeadThreshold[] };

/** A head to keep. `indexed`: what it was trained on, told from what is in the index later. */
export type NewHead = Pick<Head, 'encoderId' | 'source' | 'name' | 'architecture' | 'groupedBy' | 'examples' | 'seconds'> & {
  labels: readonly StoredLabel[];
  /** `beside`: of what learnt nothing the figures of each label, in the order of labels; absent in heads of earlier versions. */
  settings: { l2: number | null; indexed: string; beside?: readonly StoredBeside[] | undefined };
  lastChangeId: ChangeId | null;
  /** Of the weights; null for a head that was trained before there were hashes, or whose weights lie with its tag set. */
  weightsSha256: string | null;
};

/** A head as it is kept. */
export type StoredHead = Omit<NewHead, 'labels'> & { id: HeadId; labels: StoredLabel[]; createdAt: number };

/** What a head on statistics reached of each label of another. */
export type StoredBeside = { name: string; labels: { rocAuc: Interval | null; averagePrecision: Interval | null }[] };

type HeadRow = Omit<StoredHead, 'labels' | 'settings'> & { labels: string; settings: string };

const columns = `id, encoder_id AS encoderId, source, name, architecture, settings, grouped_by AS groupedBy, examples, seconds, labels,
  last_change_id AS lastChangeId, weights_sha256 AS weightsSha256, created_at AS createdAt`;

/** Reads and writes heads. */
export class Heads {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The heads of an encoder: the trained one, then published ones. */
  list(encoderId: EncoderId): StoredHead[] {
    const sql = `SELECT ${columns} FROM heads WHERE encoder_id = ? AND removed_at IS NULL ORDER BY source = 'published', id`;
    return rows<[number], HeadRow>(this.#connection, sql).all(encoderId).map(complete);
  }

  /** One head. @throws AppError NOT_FOUND also for one that another took the place of */
  get(headId: HeadId): StoredHead {
    const row = rows<[number], HeadRow>(this.#connection, `SELECT ${columns} FROM heads WHERE id = ? AND removed_at IS NULL`).get(headId);
    if (row !== undefined) return complete(row);
    throw new AppError('NOT_FOUND', 'This head is gone: tags were trained again since. Look at the suggestions once more.', {
      details: { headId },
    });
  }

  /** Keeps a head in the place of the one of its encoder and source. @returns the new one, and the numbers of those that it replaces */
  put(head: NewHead): { head: StoredHead; replaced: HeadId[] } {
    return this.#connection.transaction(() => {
      const old = 'SELECT id FROM heads WHERE encoder_id = ? AND source = ? AND removed_at IS NULL';
      const replaced = values<[number, string], HeadId>(this.#connection, old).all(head.encoderId, head.source);
      const remove = 'UPDATE heads SET removed_at = ? WHERE encoder_id = ? AND source = ? AND removed_at IS NULL';
      change(this.#connection, remove).run(Date.now(), head.encoderId, head.source);
      const sql = `INSERT INTO heads (encoder_id, source, name, architecture, settings, grouped_by, examples, seconds, labels, last_change_id,
        weights_sha256, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`;
      const id = values<(string | number | null)[], HeadId>(this.#connection, sql).get(
        ...[head.encoderId, head.source, head.name, head.architecture, JSON.stringify(head.settings), head.groupedBy, head.examples],
        ...[head.seconds, JSON.stringify(head.labels), head.lastChangeId, head.weightsSha256, Date.now()],
      );
      return { head: this.get(defined(id, 'the new head')), replaced };
    })();
  }
}

function complete({ labels, settings, ...row }: HeadRow): StoredHead {
  return { ...row, labels: JSON.parse(labels) as StoredLabel[], settings: JSON.parse(settings) as StoredHead['settings'] };
}
