/** @file What was measured at a run's steps: curves and health. */
import type { pretraining } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { change, rows, values } from './statement.ts';

type RunId = pretraining.RunId;

/** A point with the time that the run had trained, in seconds. */
export type TimedPoint = { point: pretraining.RunPoint; activeSeconds: number };

/** So many points of a run are kept at most; half as many right after the stride doubled. */
const mostPoints = 100_000;

type CurveRow = Omit<pretraining.RunPoint, 'parts' | 'stepsPerSecond'> & { seconds: number; parts: string };
type HeldOutRow = { step: number; loss: number; score: number };
type HealthRow = { step: number; rank: number; deviationMean: number; positive: number; negative: number };

/** Reads and writes the tables of points and of health. */
export class RunPoints {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Adds points of growing steps, those of the run's stride; a step that is there already is replaced. */
  add(runId: RunId, points: readonly TimedPoint[]): void {
    const stride = this.#stride(runId);
    const sql = `INSERT OR REPLACE INTO run_points (run_id, step, epoch, seconds, loss, parts, learning_rate, gradient_norm, clips_per_second,
      steps_per_second) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
    for (const { point, activeSeconds } of points) {
      if (point.step !== 1 && point.step % stride !== 0) continue;
      change(this.#connection, sql).run(
        ...[runId, point.step, point.epoch, activeSeconds, point.loss, JSON.stringify(point.parts)],
        ...[point.learningRate, point.gradientNorm, point.clipsPerSecond, point.stepsPerSecond],
      );
    }
    const last = points.at(-1);
    if (last !== undefined && last.point.step / stride > mostPoints) this.#thin(runId, last.point.step);
  }

  /** What was known of the embeddings at a step. */
  addHealth(runId: RunId, step: number, health: pretraining.Health): void {
    const sql = `INSERT OR REPLACE INTO run_health (run_id, step, rank, deviation_mean, positive, negative, health) VALUES (?, ?, ?, ?, ?, ?, ?)`;
    const { rank, deviationMean, positive, negative } = health;
    change(this.#connection, sql).run(runId, step, rank, deviationMean, positive, negative, JSON.stringify(health));
  }

  /** The health that was measured last; null before. */
  lastHealth(runId: RunId): pretraining.Health | null {
    const sql = 'SELECT health FROM run_health WHERE run_id = ? ORDER BY step DESC LIMIT 1';
    const text = values<[number], string>(this.#connection, sql).get(runId);
    return text === undefined ? null : (JSON.parse(text) as pretraining.Health);
  }

  /** The last point that is stored; null before the first. */
  last(runId: RunId): pretraining.RunPoint | null {
    const sql = `SELECT step, epoch, loss, parts, learning_rate AS learningRate, gradient_norm AS gradientNorm, clips_per_second AS clipsPerSecond,
      steps_per_second AS stepsPerSecond FROM run_points WHERE run_id = ? ORDER BY step DESC LIMIT 1`;
    const row = rows<[number], Omit<pretraining.RunPoint, 'parts'> & { parts: string }>(this.#connection, sql).get(runId);
    return row === undefined ? null : { ...row, parts: JSON.parse(row.parts) as Record<string, number> };
  }

  /** Forgets everything beyond a step. */
  deleteAfter(runId: RunId, step: number): void {
    change(this.#connection, 'DELETE FROM run_points WHERE run_id = ? AND step > ?').run(runId, step);
    change(this.#connection, 'DELETE FROM run_health WHERE run_id = ? AND step > ?').run(runId, step);
  }

  /** Columns of at most `most` points each, evenly chosen, the first and the last among them. */
  curves(runId: RunId, most: number): pretraining.Curves {
    const sql = `SELECT p.step, epoch, seconds, loss, parts, learning_rate AS learningRate, gradient_norm AS gradientNorm,
      clips_per_second AS clipsPerSecond FROM json_each(?) j CROSS JOIN run_points p ON p.run_id = ? AND p.step = j.value ORDER BY j.key`;
    const healthSql = `SELECT h.step, rank, deviation_mean AS deviationMean, positive, negative
      FROM json_each(?) j CROSS JOIN run_health h ON h.run_id = ? AND h.step = j.value ORDER BY j.key`;
    const points = rows<[string, number], CurveRow>(this.#connection, sql).all(this.#steps('run_points', runId, most), runId);
    const health = rows<[string, number], HealthRow>(this.#connection, healthSql).all(this.#steps('run_health', runId, most), runId);
    const heldOut = this.#heldOut(runId);
    const column = (name: Exclude<keyof CurveRow, 'parts'>): number[] => points.map((point) => point[name]);
    return {
      ...{ step: column('step'), epoch: column('epoch'), seconds: column('seconds'), loss: column('loss') },
      ...{ learningRate: column('learningRate'), gradientNorm: column('gradientNorm'), clipsPerSecond: column('clipsPerSecond') },
      parts: partColumns(points.map(({ parts }) => JSON.parse(parts) as Record<string, number>)),
      healthStep: health.map(({ step }) => step),
      rank: health.map(({ rank }) => rank),
      deviationMean: health.map(({ deviationMean }) => deviationMean),
      positive: health.map(({ positive }) => positive),
      negative: health.map(({ negative }) => negative),
      heldOutStep: heldOut.map(({ step }) => step),
      heldOutLoss: heldOut.map(({ loss }) => loss),
      heldOutScore: heldOut.map(({ score }) => score),
    };
  }

  /** What held-out tracks said; health repeats it until they are measured again. */
  #heldOut(runId: RunId): HeldOutRow[] {
    const at = (path: string): string => `json_extract(health, '$.heldOut.${path}')`;
    const score = `coalesce(${at('scores.accuracy.value')}, ${at('scores.averagePrecision.value')}, 0)`;
    const sql = `SELECT DISTINCT ${at('step')} AS step, ${at('loss')} AS loss, ${score} AS score FROM run_health
      WHERE run_id = ? AND ${at('step')} IS NOT NULL ORDER BY 1`;
    return rows<[number], HeldOutRow>(this.#connection, sql).all(runId);
  }

  /** At most `most` of a table's steps as JSON, evenly chosen, the first and the last among them. */
  #steps(table: 'run_points' | 'run_health', runId: RunId, most: number): string {
    const all = values<[number], number>(this.#connection, `SELECT step FROM ${table} WHERE run_id = ? ORDER BY step`).all(runId);
    if (all.length <= most) return JSON.stringify(all);
    const every = (all.length - 1) / (most - 1);
    return JSON.stringify(Array.from({ length: most }, (_, i) => all[Math.round(i * every)]));
  }

  #stride(runId: RunId): number {
    return values<[number], number>(this.#connection, 'SELECT point_stride FROM runs WHERE id = ?').get(runId) ?? 1;
  }

  #thin(runId: RunId, lastStep: number): void {
    let stride = this.#stride(runId);
    while (lastStep / stride > mostPoints) stride *= 2;
    change(this.#connection, 'UPDATE runs SET point_stride = ? WHERE id = ?').run(stride, runId);
    change(this.#connection, 'DELETE FROM run_points WHERE run_id = ? AND step <> 1 AND step % ? <> 0').run(runId, stride);
  }
}

/** One column a part; a part that a point does not have is 0 there. */
function partColumns(parts: readonly Record<string, number>[]): Record<string, number[]> {
  const names = new Set(parts.flatMap((part) => Object.keys(part)));
  return Object.fromEntries([...names].map((name) => [name, parts.map((part) => part[name] ?? 0)]));
}
