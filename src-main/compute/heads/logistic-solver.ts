/** @file Finds the weights of logistic heads at one penalty after another, with every label and fold at once, on graphs of one size. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import { heads, lbfgsSlots } from '../../learn/index.ts';
import type { OnnxGraph, OnnxValue } from '../onnx/graph.ts';
import { record } from '../record/record.ts';
import type { SessionArray } from '../session.ts';
import { nextPrefix, Residents } from '../training/resident.ts';
import { headThreads } from './fold-problem.ts';
import type { FoldProblem, OnShare } from './fold-problem.ts';

/** Rows that are gone through at a time. */
const mostRows = 4096;

type Sizes = { rows: number; inputs: number; parts: number; labels: number };
type Feeds = Readonly<Record<string, SessionArray>>;
type Run = (feeds: Feeds) => Promise<Record<string, SessionArray>>;
type Runs = { part: Run; step: Run; product: Run };

/** Solves a problem for any penalties. */
export class LogisticSolver {
  readonly #problem: FoldProblem;
  readonly #sizes: Sizes;
  readonly #residents: Residents;
  readonly #runs: Runs;
  readonly #feeds: Feeds[];

  private constructor(problem: FoldProblem, { sizes, residents, runs }: { sizes: Sizes; residents: Residents; runs: Runs }) {
    this.#problem = problem;
    this.#sizes = sizes;
    this.#residents = residents;
    this.#runs = runs;
    this.#feeds = [];
    for (let from = 0; from < problem.count; from += sizes.rows) this.#feeds.push(feedOf(problem, sizes, from));
  }

  /** Records and opens the graphs. @throws AppError DEVICE_FAILED, OUT_OF_MEMORY */
  static async open(problem: FoldProblem): Promise<LogisticSolver> {
    const { count, dimensions, labels, balanced } = problem;
    const rows = Math.ceil(count / Math.ceil(count / mostRows));
    const sizes: Sizes = { rows, inputs: dimensions + 1, parts: balanced.parts, labels };
    const residents = new Residents('cpu', headThreads());
    try {
      await begin(residents, sizes);
      const runs = {
        part: await residents.open(partGraph(sizes)),
        step: await residents.open(stepGraph(sizes)),
        product: await residents.open(productGraph(sizes)),
      };
      return new LogisticSolver(problem, { sizes, residents, runs });
    } catch (error) {
      await residents.close();
      throw error;
    }
  }

  /**
   * The best weights at a penalty.
   * @param start where to begin, `[dimensions + 1, parts, labels]`; zeros when absent
   * @returns weights of the same shape, and of each example the logits by the part that did not learn from it, `[count, labels]`
   */
  async solve(penalty: number, start: Float32Array | null, onShare: OnShare): Promise<{ point: Float32Array; heldOut: Float32Array }> {
    await begin(this.#residents, this.#sizes, start);
    await this.#minimise(penalty, onShare);
    const { data } = await this.#residents.get('point');
    return { point: data, heldOut: await this.#heldOutLogits() };
  }

  /** Frees everything. */
  close(): Promise<void> {
    return this.#residents.close();
  }

  async #minimise(penalty: number, onShare: OnShare): Promise<void> {
    const strength: SessionArray = { shape: [], data: Float32Array.of(penalty) };
    let first: number | null = null;
    for (let evaluation = 0; evaluation < heads.mostEvaluations; evaluation++) {
      for (const feed of this.#feeds) await this.#runs.part(feed);
      const { steepest } = await this.#runs.step({ penalty: strength });
      const slopes = defined(steepest, 'the slopes').data as Float32Array;
      const worst = slopes.reduce((most, slope) => Math.max(most, slope), 0);
      first ??= Math.max(worst, heads.slopeTolerance * 1.01);
      if (worst < heads.slopeTolerance) return;
      // Slopes fall by about the same share with every step.
      const share = Math.log(first / worst) / Math.log(first / heads.slopeTolerance);
      onShare(Math.min(1, Math.max(0, share)));
    }
  }

  async #heldOutLogits(): Promise<Float32Array> {
    const { count, foldOf } = this.#problem;
    const { rows: size, parts, labels } = this.#sizes;
    const heldOut = new Float32Array(count * labels);
    for (const [piece, { rows }] of this.#feeds.entries()) {
      const { logits } = await this.#runs.product({ rows: defined(rows, 'rows') });
      const data = defined(logits, 'logits').data as Float32Array;
      for (let own = 0; own < size && piece * size + own < count; own++) {
        const row = piece * size + own;
        const from = (own * parts + (foldOf[row] as number)) * labels;
        heldOut.set(data.subarray(from, from + labels), row * labels);
      }
    }
    return heldOut;
  }
}

const value = (name: string, shape: readonly number[]): OnnxValue => ({ name, type: 'float32', shape });
const resident = (tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${nextPrefix}${name}`, tensor]));
const at = (given: Readonly<Record<string, Tensor>>, name: string): Tensor2D => defined(given[name], name) as Tensor2D;

/** Adds what some rows say to the sums of losses and gradients. */
function partGraph({ rows, inputs, parts, labels }: Sizes): OnnxGraph {
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
function stepGraph({ inputs, parts, labels }: Sizes): OnnxGraph {
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

function productGraph({ rows, inputs, parts, labels }: Sizes): OnnxGraph {
  return record({
    name: 'logits of rows',
    inputs: [value('rows', [rows, inputs]), value('point', [inputs, parts * labels])],
    run: (given) => ({ logits: tf.matMul(at(given, 'rows'), at(given, 'point')) }),
  });
}

/** Puts everything that stays on the device at the beginning of a problem. */
async function begin(residents: Residents, { inputs, parts, labels }: Sizes, start: Float32Array | null = null): Promise<void> {
  const columns = parts * labels;
  const filled = (name: string, shape: readonly number[], first: number): Promise<void> =>
    residents.put(name, { shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(first) });
  await filled('loss', [1, columns], 0);
  await filled('gradient', [inputs, columns], 0);
  for (const { name, shape, first } of lbfgsSlots([inputs, columns])) await filled(name, shape, first);
  for (const name of ['weights', 'point'])
    await residents.put(name, { shape: [inputs, columns], data: start?.slice() ?? new Float32Array(inputs * columns) });
}

/** Some rows as a session takes them; behind the last row are rows that count for nothing. */
function feedOf(problem: FoldProblem, { rows: size, inputs, parts, labels }: Sizes, from: number): Feeds {
  const { count, rows, answers } = problem;
  const take = (array: Float32Array, width: number): Float32Array => {
    const part = array.subarray(from * width, Math.min(count, from + size) * width);
    if (part.length === size * width) return part;
    const padded = new Float32Array(size * width);
    padded.set(part);
    return padded;
  };
  const counts = new Float32Array(size * parts * labels);
  for (let row = from; row < Math.min(count, from + size); row++)
    for (let part = 0; part < parts; part++)
      heads.partWeights(problem, { row, part }, { into: counts, at: ((row - from) * parts + part) * labels });
  return {
    rows: { shape: [size, inputs], data: take(rows, inputs) },
    answers: { shape: [size, labels], data: take(answers, labels) },
    counts: { shape: [size, parts, labels], data: counts },
  };
}
