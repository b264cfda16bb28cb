/** @file What a probe says of clips, put together from their segments, and its figures. */
import { defined } from '../../base/index.ts';
import { metrics } from '../../learn/index.ts';
import type { probes } from '../../learn/index.ts';
import { writeAnswers } from './probe-problem.ts';
import type { ProbeAnswers, ProbeProblem } from './probe-problem.ts';

/**
 * Of each whole that was asked about, in the order of their numbers: a clip of it, and outputs `[wholes, outputs]`: logits, of `probabilities` their mean, of
 * numbers the numbers.
 */
export type ClipOutputs = { clips: Int32Array; outputs: Float32Array };

/** Segments' logits `[segments, outputs]`, each of a clip. */
export type SegmentLogits = { clips: ArrayLike<number>; logits: Float32Array };

/** The mean over the segments of each whole. */
export function clipOutputs(
  problem: ProbeProblem,
  { judgedBy }: Pick<probes.ProbeReading, 'judgedBy'>,
  { clips, logits }: SegmentLogits,
): ClipOutputs {
  const { outputs, kind } = problem;
  const places = new Map<number, number>();
  for (const whole of [...new Set(Array.from(clips, (clip) => problem.wholes[clip] as number))].toSorted((a, b) => a - b))
    places.set(whole, places.size);
  const sums = new Float64Array(places.size * outputs);
  const counts = new Int32Array(places.size);
  const clipOf = new Int32Array(places.size).fill(-1);
  const isProbability = judgedBy === 'probabilities' && kind !== 'numbers';
  for (let segment = 0; segment < clips.length; segment++) {
    const clip = clips[segment] as number;
    const place = defined(places.get(problem.wholes[clip] as number), 'a whole');
    counts[place] = (counts[place] as number) + 1;
    if (clipOf[place] === -1) clipOf[place] = clip;
    const own = logits.subarray(segment * outputs, (segment + 1) * outputs);
    const said = isProbability ? probabilities(kind, own) : own;
    for (let at = 0; at < outputs; at++) sums[place * outputs + at] = (sums[place * outputs + at] as number) + (said[at] as number);
  }
  const means = new Float32Array(sums.length);
  for (const [at, sum] of sums.entries()) means[at] = sum / (counts[Math.floor(at / outputs)] as number);
  return { clips: clipOf, outputs: means };
}

function probabilities(kind: probes.ProbeKind, logits: Float32Array): Float64Array {
  if (kind === 'tags') return Float64Array.from(logits, (logit) => 1 / (1 + Math.exp(-logit)));
  const most = Math.max(...logits);
  const parts = Float64Array.from(logits, (logit) => Math.exp(logit - most));
  const sum = parts.reduce((total, part) => total + part, 0);
  return parts.map((part) => part / sum);
}

/** Answers of the clips of {@link ClipOutputs}, `[wholes, outputs]`; of classes 1 at the own. */
export function truthOf(problem: ProbeAnswers, { clips }: Pick<ClipOutputs, 'clips'>): Float32Array {
  const { outputs } = problem;
  const truth = new Float32Array(clips.length * outputs);
  for (const [place, clip] of clips.entries()) writeAnswers(problem, clip, truth.subarray(place * outputs, (place + 1) * outputs));
  return truth;
}

/** The score by which evaluations are compared (average precision over labels, accuracy, R²), and the loss. @param said logits, or numbers */
export function scoreOf(problem: ProbeProblem, said: ClipOutputs): { score: number; loss: number } {
  const { kind, outputs } = problem;
  const truth = truthOf(problem, said);
  const examples = said.clips.length;
  if (kind === 'tags')
    return {
      score: metrics.precisionByTag({ examples, tags: outputs, labels: truth, scores: said.outputs }).mean,
      loss: binaryLoss(truth, said.outputs),
    };
  if (kind === 'numbers') return { score: meanRSquared(outputs, truth, said.outputs), loss: squaredError(truth, said.outputs) };
  return classScore(outputs, truth, said.outputs);
}

function binaryLoss(truth: Float32Array, logits: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < logits.length; at++) {
    const logit = logits[at] as number;
    sum += Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit))) - logit * (truth[at] as number);
  }
  return sum / logits.length;
}

function squaredError(truth: Float32Array, said: Float32Array): number {
  return said.reduce((sum, own, at) => sum + (own - (truth[at] as number)) ** 2, 0) / said.length;
}

/** The mean R² of all numbers that differ. */
export function meanRSquared(outputs: number, truth: ArrayLike<number>, said: ArrayLike<number>, weights?: ArrayLike<number>): number {
  const column = (of: ArrayLike<number>, at: number): Float64Array =>
    Float64Array.from({ length: of.length / outputs }, (_, row) => of[row * outputs + at] as number);
  const each = Array.from({ length: outputs }, (_, at) =>
    metrics.rSquared({ truth: column(truth, at), predicted: column(said, at), ...(weights === undefined ? {} : { weights }) }),
  );
  return metrics.macro(Float64Array.from(each)).mean;
}

/** Of each row the place of its greatest number. */
export function greatest(outputs: number, rows: ArrayLike<number>): Int32Array {
  return Int32Array.from({ length: rows.length / outputs }, (_, row) => {
    let best = 0;
    for (let at = 1; at < outputs; at++) if ((rows[row * outputs + at] as number) > (rows[row * outputs + best] as number)) best = at;
    return best;
  });
}

function classScore(outputs: number, truth: Float32Array, logits: Float32Array): { score: number; loss: number } {
  const [own, said] = [greatest(outputs, truth), greatest(outputs, logits)];
  let [right, loss] = [0, 0];
  for (const [row, one] of own.entries()) {
    if (said[row] === one) right++;
    const of = logits.subarray(row * outputs, (row + 1) * outputs);
    const most = Math.max(...of);
    loss += most + Math.log(of.reduce((sum, logit) => sum + Math.exp(logit - most), 0)) - (of[one] as number);
  }
  return { score: right / own.length, loss: loss / own.length };
}
