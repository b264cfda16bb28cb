/** @file Fits logistic heads: every label and fold at once, penalty after penalty from the strongest on, each beginning where the one before ended. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import { heads, lbfgsSlots } from '../../learn/index.ts';
import type { OnnxValue } from '../onnx/graph.ts';
import { record } from '../record/record.ts';
import type { SessionArray } from '../session.ts';
import { nextPrefix, Residents } from '../training/resident.ts';
import { headThreads, heldOutLosses } from './fold-problem.ts';
import type { FoldFit, FoldProblem, OnShare } from './fold-problem.ts';

/** Rows that are gone through at a time. */
const mostRows = 4096;
/** Columns (labels times parts) that are fitted at a time. */
const mostColumns = 1024;

type Sizes = { rows: number; inputs: number; parts: number; labels: number };
type Run = (feeds: Readonly<Record<string, SessionArray>>) => Promise<Record<string, SessionArray>>;

const value = (name: string, shape: readonly number[]): OnnxValue => ({ name, type: 'float32', shape });
const resident = (tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${nextPrefix}${name}`, tensor]));
const at = (given: Readonly<Record<string, Tensor>>, name: string): Tensor2D => defined(given[name], name) as Tensor2D;

/** Adds what some rows say to the sums of losses and gradients. */
function partGraph({ rows, inputs, parts, labels }: Sizes): ReturnType<typeof record> {
  const columns = parts * labels;
  return record({
    name: 'part of a logistic step',
    inputs: [
      ...[value('rows', [rows, inputs]), value('answers', [rows, labels]), value('counts', [rows, parts, labels])],
      ...[value('weights', [inputs, columns]), value('loss', [1, columns]), value('gradient', [inputs, columns])],
    ],
    run: (given) => {
      const of = { rows: at(given, 'rows'), answers: at(given, 'answers'), counts: at(given, 'counts') };
      const { loss, gradient } = heads.logisticPart(at(given, 'weights'), of);
      return resident({ loss: tf.add(at(given, 'loss'), loss), gradient: tf.add(at(given, 'gradient'), gradient) });
    },
  });
}

/** Takes the step that follows from the sums, and empties them. */
function stepGraph({ inputs, parts, labels }: Sizes): ReturnType<typeof record> {
  const columns = parts * labels;
  const sums = [value('weights', [inputs, columns]), value('loss', [1, columns]), value('gradient', [inputs, columns])];
  const slots = lbfgsSlots([inputs, columns]).map(({ name, shape }) => value(name, shape));
  return record({
    name: 'logistic step',
    inputs: [value('penalty', []), ...sums, ...slots],
    run: (given) => {
      const [weights, loss, gradient] = [at(given, 'weights'), at(given, 'loss'), at(given, 'gradient')];
      const step = heads.logisticStep({ weights, loss, gradient, penalty: at(given, 'penalty'), state: given });
      const empty = { loss: tf.zerosLike(loss), gradient: tf.zerosLike(gradient) };
      return { steepest: step.steepest, ...resident({ weights: step.weights, ...step.state, ...empty }) };
    },
  });
}

function productGraph({ rows, inputs, parts, labels }: Sizes): ReturnType<typeof record> {
  return record({
    name: 'logits of rows',
    inputs: [value('rows', [rows, inputs]), value('point', [inputs, parts * labels])],
    run: (given) => ({ logits: tf.matMul(at(given, 'rows'), at(given, 'point')) }),
  });
}

/** Fits all labels, some at a time where there are many. @throws AppError DEVICE_FAILED, OUT_OF_MEMORY */
export async function fitLogistic(problem: FoldProblem, onShare: OnShare): Promise<FoldFit> {
  const { count, dimensions, labels, balanced } = problem;
  const width = Math.max(1, Math.min(labels, Math.floor(mostColumns / balanced.parts)));
  const blocks = Array.from({ length: Math.ceil(labels / width) }, (_, block) => ({
    from: block * width,
    to: Math.min(labels, (block + 1) * width),
  }));
  const whole: FoldFit = {
    hidden: null,
    fc: { weight: new Float32Array(labels * dimensions), bias: new Float32Array(labels) },
    heldOut: new Float32Array(count * labels),
    penalties: [],
  };
  for (const [index, block] of blocks.entries()) {
    const fit = await fitBlock(blockOf(problem, block), (share) => onShare((index + share) / blocks.length));
    whole.fc.weight.set(fit.fc.weight, block.from * dimensions);
    whole.fc.bias.set(fit.fc.bias, block.from);
    whole.penalties.push(...fit.penalties);
    const own = block.to - block.from;
    for (let row = 0; row < count; row++) whole.heldOut.set(fit.heldOut.subarray(row * own, (row + 1) * own), row * labels + block.from);
  }
  return whole;
}

/** The part of a problem that concerns some of the labels. */
function blockOf(problem: FoldProblem, { from, to }: { from: number; to: number }): FoldProblem {
  const { labels, balanced } = problem;
  if (from === 0 && to === labels) return problem;
  const cut = (array: Float32Array): Float32Array => array.filter((_, place) => place % labels >= from && place % labels < to);
  const isWhole = balanced.isWhole.filter((_, place) => place % labels >= from && place % labels < to);
  return {
    ...problem,
    labels: to - from,
    answers: cut(problem.answers),
    balanced: { ...balanced, weights: cut(balanced.weights), isWhole },
  };
}

async function fitBlock(problem: FoldProblem, onShare: OnShare): Promise<FoldFit> {
  const { count, dimensions, labels, balanced, settings } = problem;
  const pieces = Math.max(1, Math.ceil(count / mostRows));
  const sizes: Sizes = { rows: Math.max(1, Math.ceil(count / pieces)), inputs: dimensions + 1, parts: balanced.parts, labels };
  const residents = new Residents('cpu', headThreads());
  try {
    await putZeros(residents, sizes);
    const runs = {
      part: await residents.open(partGraph(sizes)),
      step: await residents.open(stepGraph(sizes)),
      product: await residents.open(productGraph(sizes)),
    };
    const feeds = Array.from({ length: pieces }, (_, piece) => feedOf(problem, sizes, piece * sizes.rows));
    const penalties = settings.penalties.toSorted((a, b) => b - a);
    const chosen = new Chosen(problem);
    for (const [index, penalty] of penalties.entries()) {
      await minimise({ ...runs, feeds, penalty }, (share) => onShare((index + share) / penalties.length));
      const { data } = await residents.get('point');
      chosen.offer(penalty, data, await heldOutLogits(problem, { sizes, feeds, product: runs.product }));
      await beginAgain(residents, sizes);
    }
    return chosen.fit;
  } finally {
    await residents.close();
  }
}

async function putZeros(residents: Residents, { inputs, parts, labels }: Sizes): Promise<void> {
  const columns = parts * labels;
  const zeros = (name: string, shape: readonly number[], first = 0): Promise<void> =>
    residents.put(name, { shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(first) });
  await zeros('weights', [inputs, columns]);
  await zeros('loss', [1, columns]);
  await zeros('gradient', [inputs, columns]);
  for (const { name, shape, first } of lbfgsSlots([inputs, columns])) await zeros(name, shape, first);
}

/** Another problem from the weights that were found: what was remembered of the slopes is forgotten. */
async function beginAgain(residents: Residents, { inputs, parts, labels }: Sizes): Promise<void> {
  const point = await residents.get('point');
  await residents.put('weights', point);
  for (const { name, shape, first } of lbfgsSlots([inputs, parts * labels]))
    if (name !== 'point') await residents.put(name, { shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(first) });
}

/** Some rows as a session takes them; behind the last row are rows that count for nothing. */
function feedOf(
  { count, rows, answers, balanced }: FoldProblem,
  { rows: size, inputs, parts, labels }: Sizes,
  from: number,
): Record<string, SessionArray> {
  const take = (array: Float32Array, width: number): Float32Array => {
    const part = array.subarray(from * width, Math.min(count, from + size) * width);
    if (part.length === size * width) return part;
    const padded = new Float32Array(size * width);
    padded.set(part);
    return padded;
  };
  return {
    rows: { shape: [size, inputs], data: take(rows, inputs) },
    answers: { shape: [size, labels], data: take(answers, labels) },
    counts: { shape: [size, parts, labels], data: take(balanced.weights, parts * labels) },
  };
}

async function minimise(
  { part, step, feeds, penalty }: { part: Run; step: Run; feeds: readonly Record<string, SessionArray>[]; penalty: number },
  onShare: OnShare,
): Promise<void> {
  const strength: SessionArray = { shape: [], data: Float32Array.of(penalty) };
  let first: number | null = null;
  for (let evaluation = 0; evaluation < heads.mostEvaluations; evaluation++) {
    for (const feed of feeds) await part(feed);
    const { steepest } = await step({ penalty: strength });
    const slopes = defined(steepest, 'the slopes').data as Float32Array;
    const worst = slopes.reduce((most, slope) => Math.max(most, slope), 0);
    first ??= Math.max(worst, heads.slopeTolerance * 1.01);
    if (worst < heads.slopeTolerance) return;
    // Slopes fall by about the same share with every step.
    const share = Math.log(first / worst) / Math.log(first / heads.slopeTolerance);
    onShare(Math.min(1, Math.max(0, share)));
  }
}

/** Of each row the logits by the part that did not learn from it. @returns `[count, labels]` */
async function heldOutLogits(
  { count, foldOf }: FoldProblem,
  { sizes, feeds, product }: { sizes: Sizes; feeds: readonly Record<string, SessionArray>[]; product: Run },
): Promise<Float32Array> {
  const { rows: size, parts, labels } = sizes;
  const heldOut = new Float32Array(count * labels);
  for (const [piece, { rows }] of feeds.entries()) {
    const { logits } = await product({ rows: defined(rows, 'rows') });
    const data = defined(logits, 'logits').data as Float32Array;
    for (let own = 0; own < size && piece * size + own < count; own++) {
      const row = piece * size + own;
      const from = (own * parts + (foldOf[row] as number)) * labels;
      heldOut.set(data.subarray(from, from + labels), row * labels);
    }
  }
  return heldOut;
}

/** Keeps for each label the head whose folds did best. */
class Chosen {
  readonly fit: FoldFit;
  readonly #problem: FoldProblem;
  readonly #least: Float64Array;

  constructor(problem: FoldProblem) {
    const { count, dimensions, labels } = problem;
    this.#problem = problem;
    this.#least = new Float64Array(labels).fill(Infinity);
    this.fit = {
      hidden: null,
      fc: { weight: new Float32Array(labels * dimensions), bias: new Float32Array(labels) },
      heldOut: new Float32Array(count * labels),
      penalties: new Array<number>(labels).fill(NaN),
    };
  }

  /** @param point `[dimensions + 1, parts, labels]` */
  offer(penalty: number, point: Float32Array, heldOut: Float32Array): void {
    const { count, dimensions, labels, balanced } = this.#problem;
    const losses = heldOutLosses(this.#problem, heldOut);
    const columns = balanced.parts * labels;
    for (let label = 0; label < labels; label++) {
      if (!((losses[label] as number) < (this.#least[label] as number))) continue;
      this.#least[label] = losses[label] as number;
      this.fit.penalties[label] = penalty;
      const column = columns - labels + label;
      for (let input = 0; input < dimensions; input++)
        this.fit.fc.weight[label * dimensions + input] = point[input * columns + column] as number;
      this.fit.fc.bias[label] = point[dimensions * columns + column] as number;
      for (let row = 0; row < count; row++) this.fit.heldOut[row * labels + label] = heldOut[row * labels + label] as number;
    }
  }
}
