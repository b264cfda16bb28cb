/** @file What encoders reached on labelled data sets. */
import type { Contestant, Evaluation, EvaluationId } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { change, rows, values } from './statement.ts';

type Row = { id: EvaluationId; at: number; document: string };

/** An evaluation without its number. */
export type NewEvaluation = Omit<Evaluation, 'id' | 'at'>;

/** Keeps evaluations. */
export class Evaluations {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Keeps one under a key, in place of what was kept under it. @param said what its probes said, as bytes */
  save(key: string, evaluation: NewEvaluation, said: Uint8Array): Evaluation {
    const at = Date.now();
    const sql = `INSERT INTO evaluations (key, at, document, said) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE
      SET at = excluded.at, document = excluded.document, said = excluded.said, removed_at = NULL`;
    change(this.#connection, sql).run(key, at, JSON.stringify(evaluation), said);
    return this.find(key) as Evaluation;
  }

  /** The one under a key; null where there is none, or where it was removed. */
  find(key: string): Evaluation | null {
    const sql = 'SELECT id, at, document FROM evaluations WHERE key = ? AND removed_at IS NULL';
    const row = rows<[string], Row>(this.#connection, sql).get(key);
    return row === undefined ? null : told(row);
  }

  /** All that were not removed, the newest first. */
  list(): Evaluation[] {
    const sql = 'SELECT id, at, document FROM evaluations WHERE removed_at IS NULL ORDER BY at DESC, id DESC';
    return rows<[], Row>(this.#connection, sql).all().map(told);
  }

  /** What the probes said of the clips; null without such an evaluation. */
  said(id: EvaluationId): Uint8Array | null {
    return values<[number], Uint8Array>(this.#connection, 'SELECT said FROM evaluations WHERE id = ?').get(id) ?? null;
  }

  /** Takes some out of every list, or brings them back. */
  setRemoved(ids: readonly EvaluationId[], isRemoved: boolean): void {
    const at = isRemoved ? Date.now() : null;
    for (const id of ids) change(this.#connection, 'UPDATE evaluations SET removed_at = ? WHERE id = ?').run(at, id);
  }
}

function told({ id, at, document }: Row): Evaluation {
  return { id, at, ...upToDate(JSON.parse(document) as Told) };
}

/** A document as some version wrote it: those that probed one layer alone knew no intervals of labels, and nothing of runs. */
type Told = Omit<NewEvaluation, 'layers' | 'scratch' | 'contestant' | 'labels'> & {
  layers?: NewEvaluation['layers'];
  scratch?: NewEvaluation['scratch'];
  contestant: Omit<Contestant, 'training'> & Partial<Contestant>;
  labels: (Omit<Label, 'low' | 'high'> & Partial<Label>)[];
};
type Label = NewEvaluation['labels'][number];

function upToDate({ layers = null, scratch = null, contestant, labels, ...told }: Told): NewEvaluation {
  return {
    ...told,
    ...{ layers, scratch },
    contestant: { ...contestant, training: contestant.training ?? null },
    labels: labels.map((label) => ({ ...label, low: label.low ?? null, high: label.high ?? null })),
  };
}
