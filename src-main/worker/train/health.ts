/** @file Whether embeddings still tell clips apart: their spread, the number of dimensions they use, and how similar views are. */
import { defined, seededRandom } from '../../base/index.ts';
import { spreadOf, spreadText } from '../../contract/index.ts';
import type { pretraining } from '../../contract/index.ts';
import type { BatchPart } from '../../learn/index.ts';
import { symmetricEigenvalues } from './eigenvalues.ts';

/** Rows at most that are looked at; more say nothing new. */
const mostRows = 128;
const bins = 40;

type Rows = { count: number; width: number; data: Float32Array };

type Judgement = Pick<pretraining.Health, 'verdict' | 'says'>;

/** What the health of a batch is told of: by whose method it was made. */
export type HealthMethod = { encoder: { dimensions: number }; parts: readonly Pick<BatchPart, 'content'>[] };

/** Similarities of what belongs together and of what does not; `isTold` where the two differ by more than chance. */
type Similarities = { positives: number[]; negatives: number[]; isTold: () => boolean };

/**
 * Measures a batch.
 * @param watched `embeddings` `[clips, dimensions]` of the encoder, and `projections` `[2 · batch, …]`: what the objective compares, of two views or of what
 *   is predicted and what came; in their place `labels` `[batch, outputs]` where these are learnt: tracks that share one belong together; `deviations` of targets
 *   and predictions, where a teacher sets them
 */
export function measureHealth(watched: Readonly<Record<string, Float32Array>>, method: HealthMethod, batch: number): pretraining.Health {
  const { dimensions } = method.encoder;
  const embeddings = defined(watched['embeddings'], 'embeddings');
  const rows = { count: embeddings.length / dimensions, width: dimensions, data: embeddings };
  const deviations = deviationsOf(unit(rows));
  const { labels } = watched;
  const similarities =
    labels === undefined ? pairsOf(defined(watched['projections'], 'projections'), batch) : sharedLabels(unit(rows), labels);
  const rank = effectiveRank(rows);
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
  const teaching = watched['deviations'];
  // Layer norms give all embeddings of a Transformer a large part in common; what it learns from a teacher collapses where the teaching does.
  const spread = teaching === undefined ? deviationMean * Math.sqrt(dimensions) : 1;
  const judged = judgeTeaching(teaching) ?? judge(spread, rank, measured.negative);
  if (judged.verdict !== 'healthy' || similarities.isTold()) return { ...measured, ...judged };
  const figures = `${measured.positive.toFixed(3)} and ${measured.negative.toFixed(3)}`;
  return {
    ...measured,
    verdict: 'unlearnt',
    says: `Has not learnt anything yet: ${alikeness(method)} (${figures} on average).`,
  };
}

/** Below these data2vec's code stops a run, of the predictions after 5 000 steps (fairseq, `min_target_var`, `min_pred_var`). */
const [leastTarget, leastPrediction] = [0.1, 0.01];

/**
 * What to make of a teacher and of who learns from it; undefined when there is none, or all is well.
 * @param deviations over the masked positions of a batch, of targets and of predictions
 */
export function judgeTeaching(deviations?: ArrayLike<number>): Judgement | undefined {
  if (deviations === undefined) return undefined;
  const [target = 0, prediction = 0] = Array.from(deviations);
  if (target < leastTarget)
    return {
      verdict: 'collapsed',
      says: `Collapsed: the teacher makes the same of every moment (deviation ${target.toFixed(3)}, healthy from ${leastTarget}). Stop, and lower the learning rate.`,
    };
  if (prediction < leastPrediction)
    return {
      verdict: 'collapsing',
      says: `Close to collapse: it predicts the same at every moment (deviation ${prediction.toFixed(4)}, healthy from ${leastPrediction}). It may recover in the first steps.`,
    };
  return undefined;
}

function alikeness({ parts }: HealthMethod): string {
  return parts.some(({ content }) => content.kind === 'view')
    ? 'two views of a track are hardly more alike than views of different tracks'
    : 'what is predicted of a track is hardly more like it than like other tracks';
}

/** Orders of the second views that are tried; a difference counts when no more than one in five hundred of them shows as large a one. */
const orders = 999;
const mostAsLarge = 1;
/** Of pairs with another track's view, those that are less alike than the track's own: one half by chance, at least so many to speak of. */
const leastShareBelow = 0.65;

/**
 * Whether a track's two views are more alike than views of different tracks by more than the measure's own noise: a permutation test of the mean
 * similarity of pairs (Good 2005, section 3), and a difference that is large enough to be of use.
 * @param matrix similarities `[tracks, tracks]` of first and second views
 */
export function tellsApart(matrix: Float64Array): boolean {
  const tracks = Math.round(Math.sqrt(matrix.length));
  const at = (a: number, b: number): number => matrix[a * tracks + b] ?? 0;
  let below = 0;
  for (let a = 0; a < tracks; a++)
    for (let b = 0; b < tracks; b++) if (b !== a) below += at(a, b) < at(a, a) ? 1 : at(a, b) === at(a, a) ? 0.5 : 0;
  if (tracks < 2 || below / (tracks * (tracks - 1)) < leastShareBelow) return false;
  const random = seededRandom(1);
  const order = Array.from({ length: tracks }, (_, track) => track);
  const sumOf = (): number => order.reduce((sum, b, a) => sum + at(a, b), 0);
  const own = sumOf();
  let asLarge = 0;
  for (let draw = 0; draw < orders && asLarge <= mostAsLarge; draw++) {
    for (let i = tracks - 1; i > 0; i--) {
      const j = random.below(i + 1);
      [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
    }
    if (sumOf() >= own) asLarge++;
  }
  return asLarge <= mostAsLarge;
}

/** Health with what held-out tracks say: nothing is learnt where their score may be chance, and nothing is known of too few artists. */
export function withHeldOut(health: pretraining.Health, heldOut: pretraining.HeldOut | null): pretraining.Health {
  if (heldOut === null) return health;
  const { isExclusive, scores, chance, groupedBy = 'artist' } = heldOut;
  const score = isExclusive ? scores.accuracy : scores.rocAuc;
  const guess = (isExclusive ? chance.accuracy : chance.rocAuc) ?? 0;
  const figures =
    score === null ? '' : ` (${score.value.toFixed(3)}, ${spreadText(score, { digits: 3, groupedBy })}; guessing: ${guess.toFixed(3)})`;
  const named = isExclusive ? 'accuracy' : 'ROC-AUC';
  if (health.verdict !== 'healthy') return { ...health, heldOut };
  const spread = score === null ? null : spreadOf(score);
  if (score !== null && spread === null)
    return {
      ...health,
      heldOut,
      verdict: 'unlearnt',
      says: `Held-out tracks do not show yet whether anything was learnt: ${named}${figures}.`,
    };
  if (spread !== null && spread.low > guess)
    return { ...health, heldOut, says: `Healthy: held-out tracks are told apart better than by guessing, ${named}${figures}.` };
  return {
    ...health,
    heldOut,
    verdict: 'unlearnt',
    says: `Has not learnt anything yet that held-out tracks would show: ${named}${figures}.`,
  };
}

/**
 * What to make of it.
 * @param spread 0 when all embeddings point the same way, 1 when they point everywhere
 */
export function judge(spread: number, rank: number, negative: number): Judgement {
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

/** Cosine similarities of tracks of a batch that share a label, and of those that share none. What held-out tracks say is judged apart. */
function sharedLabels({ count, width, data }: Rows, labels: Float32Array): Similarities {
  const [positives, negatives]: [number[], number[]] = [[], []];
  const outputs = labels.length / count;
  const tracks = Math.min(count, mostRows);
  const row = (of: Float32Array, at: number, size: number): Float32Array => of.subarray(at * size, (at + 1) * size);
  for (let a = 0; a < tracks; a++)
    for (let b = 0; b < a; b++) {
      const other = row(labels, b, outputs);
      const isShared = row(labels, a, outputs).some((label, at) => label === 1 && other[at] === 1);
      const second = row(data, b, width);
      (isShared ? positives : negatives).push(row(data, a, width).reduce((sum, value, at) => sum + value * (second[at] ?? 0), 0));
    }
  return { positives, negatives, isTold: () => true };
}

/** Cosine similarities of the two views of a track, and of views of different tracks. */
function pairsOf(projections: Float32Array, batch: number): Similarities {
  const { width, data } = unit({ count: 2 * batch, width: projections.length / (2 * batch), data: projections });
  const positives: number[] = [];
  const negatives: number[] = [];
  const tracks = Math.min(batch, mostRows / 2);
  const matrix = new Float64Array(tracks * tracks);
  for (let a = 0; a < tracks; a++) {
    for (let b = 0; b < tracks; b++) {
      let product = 0;
      for (let i = 0; i < width; i++) product += (data[a * width + i] ?? 0) * (data[(batch + b) * width + i] ?? 0);
      (a === b ? positives : negatives).push(product);
      matrix[a * tracks + b] = product;
    }
  }
  return { positives, negatives, isTold: () => tellsApart(matrix) };
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
