/** @file Whether embeddings still tell clips apart: their spread, the number of dimensions they use, and how similar views are. */
import type { pretraining } from '../../contract/index.ts';
import { symmetricEigenvalues } from './eigenvalues.ts';

/** Rows at most that are looked at; more say nothing new. */
const mostRows = 128;
const bins = 40;

type Rows = { count: number; width: number; data: Float32Array };

/**
 * Measures a batch.
 * @param embeddings `[2 · batch, dimensions]` of the encoder
 * @param projections `[2 · batch, …]` of the projector: what the objective compares
 */
export function measureHealth(embeddings: Float32Array, projections: Float32Array, batch: number): pretraining.Health {
  const dimensions = embeddings.length / (2 * batch);
  const deviations = deviationsOf(unit({ count: 2 * batch, width: dimensions, data: embeddings }));
  const similarities = similaritiesOf(unit({ count: 2 * batch, width: projections.length / (2 * batch), data: projections }), batch);
  const rank = effectiveRank({ count: 2 * batch, width: dimensions, data: embeddings });
  const deviationMean = mean(deviations);
  const measured = {
    deviationLeast: Math.min(...deviations),
    deviationMean,
    rank,
    dimensions,
    positives: histogram(similarities.positives),
    negatives: histogram(similarities.negatives),
    positive: mean(similarities.positives),
    negative: mean(similarities.negatives),
  };
  return { ...measured, ...judge(deviationMean * Math.sqrt(dimensions), rank, measured.negative) };
}

/**
 * What to make of it.
 * @param spread 0 when all embeddings point the same way, 1 when they point everywhere
 */
export function judge(spread: number, rank: number, negative: number): Pick<pretraining.Health, 'verdict' | 'says'> {
  const dimensions = `${rank.toFixed(rank < 10 ? 1 : 0)} dimensions in use`;
  if (spread < 0.02 || rank < 1.5)
    return {
      verdict: 'collapsed',
      says: `Collapsed: every clip gets nearly the same embedding (${dimensions}). Stop, and lower the learning rate.`,
    };
  if (spread < 0.1 || rank < 3 || negative > 0.98)
    return {
      verdict: 'collapsing',
      says: `Close to collapse: different tracks look almost alike (${dimensions}). It may recover in the first steps.`,
    };
  return { verdict: 'healthy', says: `Healthy: embeddings tell tracks apart (${dimensions}).` };
}

function unit({ count, width, data }: Rows): Rows {
  const rows = new Float32Array(data.length);
  for (let row = 0; row < count; row++) {
    const own = data.subarray(row * width, (row + 1) * width);
    const length = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0));
    for (let i = 0; i < width; i++) rows[row * width + i] = (own[i] ?? 0) / Math.max(length, 1e-12);
  }
  return { count, width, data: rows };
}

function deviationsOf({ count, width, data }: Rows): number[] {
  return Array.from({ length: width }, (_, column) => {
    let [sum, squares] = [0, 0];
    for (let row = 0; row < count; row++) sum += data[row * width + column] ?? 0;
    for (let row = 0; row < count; row++) squares += ((data[row * width + column] ?? 0) - sum / count) ** 2;
    return Math.sqrt(squares / count);
  });
}

/** Cosine similarities of the two views of a track, and of views of different tracks. */
function similaritiesOf({ width, data }: Rows, batch: number): { positives: number[]; negatives: number[] } {
  const positives: number[] = [];
  const negatives: number[] = [];
  const tracks = Math.min(batch, mostRows / 2);
  for (let a = 0; a < tracks; a++) {
    for (let b = 0; b < tracks; b++) {
      let product = 0;
      for (let i = 0; i < width; i++) product += (data[a * width + i] ?? 0) * (data[(batch + b) * width + i] ?? 0);
      (a === b ? positives : negatives).push(product);
    }
  }
  return { positives, negatives };
}

/** exp of the entropy of the covariance's eigenvalues (Roy and Vetterli 2007); those of the rows' products are the same and fewer. */
function effectiveRank({ count, width, data }: Rows): number {
  const rows = Math.min(count, mostRows);
  const step = count / rows;
  const centre = new Float64Array(width);
  const at = (row: number, i: number): number => data[Math.floor(row * step) * width + i] ?? 0;
  for (let row = 0; row < rows; row++) for (let i = 0; i < width; i++) centre[i] = (centre[i] ?? 0) + at(row, i) / rows;
  const products = new Float64Array(rows * rows);
  for (let a = 0; a < rows; a++) {
    for (let b = a; b < rows; b++) {
      let product = 0;
      for (let i = 0; i < width; i++) product += (at(a, i) - (centre[i] ?? 0)) * (at(b, i) - (centre[i] ?? 0));
      products[a * rows + b] = product;
      products[b * rows + a] = product;
    }
  }
  const values = symmetricEigenvalues(products, rows).map((value) => Math.max(0, value));
  const total = values.reduce((sum, value) => sum + value, 0);
  if (total === 0) return 1;
  return Math.exp(values.reduce((entropy, value) => (value <= 0 ? entropy : entropy - (value / total) * Math.log(value / total)), 0));
}

function histogram(values: readonly number[]): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor(((value + 1) / 2) * bins)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
