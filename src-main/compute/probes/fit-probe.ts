/** @file Trains a probe as a protocol's trial says, and tells what it says of the clips that are judged. */
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { defined, seededRandom } from '../../base/index.ts';
import type { Random } from '../../base/index.ts';
import { createOptimizer, probes, training } from '../../learn/index.ts';
import type { WeightArray } from '../../learn/index.ts';
import type { OnnxValue } from '../onnx/graph.ts';
import { keptUnits } from '../dropout.ts';
import { record } from '../record/record.ts';
import type { SessionArray } from '../session.ts';
import { nextPrefix, Residents } from '../training/resident.ts';
import { clipOutputs, scoreOf } from './judge-probe.ts';
import type { ClipOutputs } from './judge-probe.ts';
import { copyRows, meansOf, segmentsOf } from './asked-rows.ts';
import type { AskedRows } from './asked-rows.ts';
import { clipsOf, firstRows, probeParts, writeAnswers } from './probe-problem.ts';
import type { ProbeProblem } from './probe-problem.ts';

type Run = (feeds: Readonly<Record<string, SessionArray>>) => Promise<Record<string, SessionArray>>;

/** A trained probe: what it says of validated and of judged clips, and how it came there. `value`: of the best evaluation, the higher the better. */
export type FittedProbe = {
  value: number;
  loss: number;
  epochs: number;
  steps: number;
  evaluations: number;
  outputs: ClipOutputs;
  weights: Map<string, WeightArray>;
};

/** How a probe is trained. `first`: its first weights; the seed draws them where there are none. */
export type ProbeFit = {
  problem: ProbeProblem;
  trial: probes.ProbeTrial;
  reading: probes.ProbeReading;
  seed: number;
  first?: ReadonlyMap<string, WeightArray>;
  signal?: AbortSignal;
};

/** So many rows go through the probe at once where it is only asked, of few clips fewer. */
const mostAskedRows = 2048;

function askedRowsOf(problem: ProbeProblem): number {
  const rowsOf = (part: number): number => clipsOf(problem, part).reduce((sum, clip) => sum + (problem.counts[clip] as number), 0);
  return Math.min(mostAskedRows, Math.max(1, rowsOf(probeParts.validation), rowsOf(probeParts.test)));
}

const value = (name: string, shape: readonly number[]): OnnxValue => ({ name, type: 'float32', shape });

/**
 * Trains a probe; its best evaluation counts.
 * @param onShare told how much of the most that it may take is done
 * @throws AppError DEVICE_FAILED, OUT_OF_MEMORY, CANCELLED
 */
export async function fitProbe(fit: ProbeFit, onShare: (share: number) => void = () => undefined): Promise<FittedProbe> {
  const { problem, trial, seed } = fit;
  const shape = shapeOf(problem, trial);
  const optimizer = createOptimizer(trial.optimizer);
  const residents = new Residents('cpu');
  try {
    for (const [name, array] of fit.first ?? probes.probeWeights(shape, seed)) {
      await residents.put(name, array);
      for (const slot of optimizer.slots) await residents.put(`${slot}:${name}`, { ...array, data: new Float32Array(array.data.length) });
    }
    const runs = {
      step: await residents.open(stepGraph(problem, trial, shape)),
      ask: await residents.open(askGraph(shape, askedRowsOf(problem))),
    };
    return await new Fitting(fit, residents, { shape, ...runs }).run(onShare);
  } finally {
    await residents.close();
  }
}

/** Sizes of a trial's probe on a problem. */
function shapeOf({ dimensions, layers, outputs }: ProbeProblem, { hidden }: probes.ProbeTrial): probes.ProbeShape {
  return layers === undefined ? { dimensions, hidden, outputs } : { dimensions: dimensions / layers, hidden, outputs, layers };
}

/** How many numbers a row has. */
const widthOf = ({ dimensions, layers = 1 }: probes.ProbeShape): number => dimensions * layers;

function stepGraph(
  { kind }: ProbeProblem,
  { optimizer: settings, batch }: probes.ProbeTrial,
  shape: probes.ProbeShape,
): ReturnType<typeof record> {
  const own = probes.probeParameters(shape);
  const optimizer = createOptimizer(settings);
  const { hidden, outputs } = shape;
  return record({
    name: 'step of a probe',
    inputs: [
      ...[value('rows', [batch, widthOf(shape)]), value('answers', [batch, outputs]), value('counts', [batch])],
      ...(hidden === null ? [] : [value('kept', [batch, hidden])]),
      ...[value('learningRate', []), value('step', [])],
      ...own.map((one) => value(one.name, one.shape)),
      ...optimizer.slots.flatMap((slot) => own.map((one) => value(`${slot}:${one.name}`, one.shape))),
    ],
    run: (given) => {
      const at = (name: string): Tensor => defined(given[name], name);
      const weights = Object.fromEntries(own.map(({ name }) => [name, at(name)]));
      const batchOf = { rows: at('rows') as Tensor2D, answers: at('answers') as Tensor2D, counts: at('counts'), kept: given['kept'] };
      const { loss, gradients } = probes.probeGradients(kind, weights, batchOf);
      const rate = { learningRate: at('learningRate') as never, step: at('step') as never };
      const applied = training.applyGradients({ optimizer }, { trained: Object.keys(weights), weights, gradients, state: given, ...rate });
      const next = Object.entries({ ...applied.weights, ...applied.state }).map(([name, tensor]) => [`${nextPrefix}${name}`, tensor]);
      return { loss, ...(Object.fromEntries(next) as Record<string, Tensor>) };
    },
  });
}

function askGraph(shape: probes.ProbeShape, askedRows: number): ReturnType<typeof record> {
  const own = probes.probeParameters(shape);
  return record({
    name: 'logits of a probe',
    inputs: [value('rows', [askedRows, widthOf(shape)]), ...own.map((one) => value(one.name, one.shape))],
    run: (given) => ({ logits: probes.probeLogits(given, defined(given['rows'], 'rows') as Tensor2D) }),
  });
}

/** Rows that are learnt from, and the clip of each. */
export type TaughtRows = { clips: Int32Array; rows: Int32Array };

/** Draws the order of epochs. */
export function orderRandom(seed: number): Random {
  return seededRandom(seed ^ 0x5bd1e995);
}

/** Clips and rows of an epoch, in a new order. */
export function taughtOrder(problem: ProbeProblem, { taughtBy }: Pick<probes.ProbeReading, 'taughtBy'>, random: Random): TaughtRows {
  const starts = firstRows(problem.counts);
  const first = (clip: number): number => starts[clip] as number;
  const taught = clipsOf(problem, probeParts.train);
  const total = taughtBy === 'random' ? taught.length : taught.reduce((sum, clip) => sum + (problem.counts[clip] as number), 0);
  const [clips, rows] = [new Int32Array(total), new Int32Array(total)];
  let place = 0;
  for (const clip of taught) {
    const count = problem.counts[clip] as number;
    const isOne = taughtBy === 'random';
    const from = isOne ? first(clip) + random.below(count) : first(clip);
    for (let row = from; row < (isOne ? from + 1 : from + count); row++, place++) {
      clips[place] = clip;
      rows[place] = row;
    }
  }
  for (let last = total - 1; last > 0; last--) {
    const other = random.below(last + 1);
    swap(clips, last, other);
    swap(rows, last, other);
  }
  return { clips, rows };
}

function swap(all: Int32Array, one: number, other: number): void {
  const kept = all[one] as number;
  all[one] = all[other] as number;
  all[other] = kept;
}

type Parts = { shape: probes.ProbeShape; step: Run; ask: Run };
type Best = { value: number; loss: number; weights: Map<string, WeightArray> };
type Judging = Pick<probes.ProbeReading, 'judgedBy' | 'isLastDropped'>;

/** One probe while it learns. */
class Fitting {
  readonly #fit: ProbeFit;
  readonly #residents: Residents;
  readonly #parts: Parts;
  readonly #order: Random;
  readonly #dropout: Random;
  readonly #course: probes.ProbeCourse;
  readonly #names: readonly string[];
  readonly #validated: AskedRows;
  /** What every step and every question is given, filled anew. */
  readonly #feeds: Readonly<Record<'rows' | 'answers' | 'counts' | 'kept' | 'asked', Float32Array>>;
  #best: Best | undefined;
  #steps = 0;
  #evaluations = 0;

  constructor(fit: ProbeFit, residents: Residents, parts: Parts) {
    this.#fit = fit;
    this.#residents = residents;
    this.#parts = parts;
    this.#order = orderRandom(fit.seed);
    this.#dropout = seededRandom(fit.seed ^ 0x2545f491);
    this.#course = new probes.ProbeCourse(fit.trial);
    this.#names = probes.probeParameters(parts.shape).map(({ name }) => name);
    this.#validated = this.#askedOf(clipsOf(fit.problem, probeParts.validation), { judgedBy: 'logits', isLastDropped: false });
    const { batch } = fit.trial;
    const { outputs, hidden } = parts.shape;
    const dimensions = widthOf(parts.shape);
    this.#feeds = {
      ...{ rows: new Float32Array(batch * dimensions), answers: new Float32Array(batch * outputs), counts: new Float32Array(batch) },
      ...{ kept: new Float32Array(batch * (hidden ?? 0)).fill(1), asked: new Float32Array(askedRowsOf(fit.problem) * dimensions) },
    };
  }

  async run(onShare: (share: number) => void): Promise<FittedProbe> {
    const { mostEpochs } = this.#fit.trial;
    let epoch = 0;
    for (; epoch < mostEpochs && !this.#course.isOver; epoch++) {
      await this.#epoch(this.#course.rateAt(epoch / mostEpochs));
      onShare((epoch + 1) / mostEpochs);
    }
    // What is not trained is judged as it begins.
    if (mostEpochs === 0) await this.#evaluate();
    const { weights, ...best } = defined(this.#best, 'an evaluation');
    for (const [name, array] of weights) await this.#residents.put(name, array);
    const { reading } = this.#fit;
    const outputs = await this.#outputsOf(this.#askedOf(clipsOf(this.#fit.problem, probeParts.test), reading), reading);
    return { ...best, epochs: epoch, steps: this.#steps, evaluations: this.#evaluations, outputs, weights };
  }

  async #epoch(rate: number): Promise<void> {
    const { batch, evaluatedEvery } = this.#fit.trial;
    const order = taughtOrder(this.#fit.problem, this.#fit.reading, this.#order);
    for (let from = 0; from < order.rows.length && !this.#course.isOver; from += batch) {
      this.#fit.signal?.throwIfAborted();
      const taken = { clips: order.clips.subarray(from, from + batch), rows: order.rows.subarray(from, from + batch) };
      await this.#step(taken, evaluatedEvery === null ? rate : this.#course.rateAt(0));
      if (evaluatedEvery !== null && this.#steps % evaluatedEvery === 0) await this.#evaluate();
    }
    if (evaluatedEvery === null) await this.#evaluate();
  }

  /** What an earlier batch left behind the last row does not count. */
  async #step(taken: TaughtRows, rate: number): Promise<void> {
    const { problem, trial } = this.#fit;
    const { outputs, hidden } = this.#parts.shape;
    const dimensions = widthOf(this.#parts.shape);
    const { rows, answers, counts, kept } = this.#feeds;
    counts.fill(0).fill(1, 0, taken.rows.length);
    copyRows(problem.rows, taken.rows, { dimensions, into: rows });
    for (const [place, clip] of taken.clips.entries())
      writeAnswers(problem, clip, answers.subarray(place * outputs, (place + 1) * outputs));
    if (hidden !== null && trial.dropout > 0) kept.set(keptUnits(kept.length, trial.dropout, this.#dropout));
    this.#steps++;
    await this.#parts.step({
      rows: { shape: [trial.batch, dimensions], data: rows },
      answers: { shape: [trial.batch, outputs], data: answers },
      counts: { shape: [trial.batch], data: counts },
      ...(hidden === null ? {} : { kept: { shape: [trial.batch, hidden], data: kept } }),
      learningRate: { shape: [], data: Float32Array.of(rate) },
      step: { shape: [], data: Float32Array.of(this.#steps) },
    });
  }

  async #evaluate(): Promise<void> {
    const { problem, trial } = this.#fit;
    const { score, loss } = scoreOf(problem, await this.#outputsOf(this.#validated, { judgedBy: 'logits' }));
    const value = trial.watched === 'loss' ? -loss : score;
    this.#evaluations++;
    const isBest = this.#course.evaluated(value, loss);
    // Where no score is defined, as of labels that nothing validated has, the last one is kept.
    if (isBest || this.#best === undefined || Number.isNaN(value))
      this.#best = { value, loss, weights: await this.#residents.read(this.#names) };
  }

  #askedOf(clips: readonly number[], reading: Judging): AskedRows {
    const isOfMeans = this.#parts.shape.hidden === null && reading.judgedBy !== 'probabilities';
    const asked = segmentsOf(this.#fit.problem, clips, reading);
    return isOfMeans ? meansOf(this.#fit.problem, asked) : asked;
  }

  async #outputsOf(asked: AskedRows, reading: Pick<Judging, 'judgedBy'>): Promise<ClipOutputs> {
    const { problem } = this.#fit;
    const { dimensions, outputs } = problem;
    const logits = new Float32Array(asked.rows.length * outputs);
    const askedRows = this.#feeds.asked.length / dimensions;
    for (let from = 0; from < asked.rows.length; from += askedRows) {
      this.#fit.signal?.throwIfAborted();
      const some = asked.rows.subarray(from, from + askedRows);
      copyRows(asked.data, some, { dimensions, into: this.#feeds.asked });
      const { logits: own } = await this.#parts.ask({ rows: { shape: [askedRows, dimensions], data: this.#feeds.asked } });
      logits.set((defined(own, 'logits').data as Float32Array).subarray(0, some.length * outputs), from * outputs);
    }
    return clipOutputs(problem, reading, { clips: asked.clips, logits });
  }
}
