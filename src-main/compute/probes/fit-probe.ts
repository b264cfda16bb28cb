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

/** So many rows go through the probe at once where it is only asked. */
const askedRows = 2048;

const value = (name: string, shape: readonly number[]): OnnxValue => ({ name, type: 'float32', shape });

/**
 * Trains a probe; its best evaluation counts.
 * @param onShare told how much of the most that it may take is done
 * @throws AppError DEVICE_FAILED, OUT_OF_MEMORY, CANCELLED
 */
export async function fitProbe(fit: ProbeFit, onShare: (share: number) => void = () => undefined): Promise<FittedProbe> {
  const { problem, trial, seed } = fit;
  const shape: probes.ProbeShape = { dimensions: problem.dimensions, hidden: trial.hidden, outputs: problem.outputs };
  const optimizer = createOptimizer(trial.optimizer);
  const residents = new Residents('cpu');
  try {
    for (const [name, array] of fit.first ?? probes.probeWeights(shape, seed)) {
      await residents.put(name, array);
      for (const slot of optimizer.slots) await residents.put(`${slot}:${name}`, { ...array, data: new Float32Array(array.data.length) });
    }
    const runs = { step: await residents.open(stepGraph(problem, trial, shape)), ask: await residents.open(askGraph(shape)) };
    return await new Fitting(fit, residents, { shape, ...runs }).run(onShare);
  } finally {
    await residents.close();
  }
}

function stepGraph(
  { kind }: ProbeProblem,
  { optimizer: settings, batch }: probes.ProbeTrial,
  shape: probes.ProbeShape,
): ReturnType<typeof record> {
  const own = probes.probeParameters(shape);
  const optimizer = createOptimizer(settings);
  const { dimensions, hidden, outputs } = shape;
  return record({
    name: 'step of a probe',
    inputs: [
      ...[value('rows', [batch, dimensions]), value('answers', [batch, outputs]), value('counts', [batch])],
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

function askGraph(shape: probes.ProbeShape): ReturnType<typeof record> {
  const own = probes.probeParameters(shape);
  return record({
    name: 'logits of a probe',
    inputs: [value('rows', [askedRows, shape.dimensions]), ...own.map((one) => value(one.name, one.shape))],
    run: (given) => ({ logits: probes.probeLogits(given, defined(given['rows'], 'rows') as Tensor2D) }),
  });
}

/** A row that is learnt from, and its clip. */
export type TaughtRow = { clip: number; row: number };

/** Draws the order of epochs. */
export function orderRandom(seed: number): Random {
  return seededRandom(seed ^ 0x5bd1e995);
}

/** Clips and rows of an epoch, in a new order. */
export function taughtOrder(problem: ProbeProblem, { taughtBy }: Pick<probes.ProbeReading, 'taughtBy'>, random: Random): TaughtRow[] {
  const starts = firstRows(problem.counts);
  const first = (clip: number): number => starts[clip] as number;
  const rows = clipsOf(problem, probeParts.train).flatMap((clip): TaughtRow[] => {
    const count = problem.counts[clip] as number;
    if (taughtBy === 'random') return [{ clip, row: first(clip) + random.below(count) }];
    return Array.from({ length: count }, (_, segment) => ({ clip, row: first(clip) + segment }));
  });
  for (let last = rows.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [rows[last], rows[other]] = [defined(rows[other], 'a row'), defined(rows[last], 'a row')];
  }
  return rows;
}

type Parts = { shape: probes.ProbeShape; step: Run; ask: Run };
type Best = { value: number; loss: number; weights: Map<string, WeightArray> };

/** One probe while it learns. */
class Fitting {
  readonly #fit: ProbeFit;
  readonly #residents: Residents;
  readonly #parts: Parts;
  readonly #order: Random;
  readonly #dropout: Random;
  readonly #first: Int32Array;
  readonly #course: probes.ProbeCourse;
  readonly #names: readonly string[];
  readonly #validated: readonly number[];
  #best: Best | undefined;
  #steps = 0;
  #evaluations = 0;

  constructor(fit: ProbeFit, residents: Residents, parts: Parts) {
    this.#fit = fit;
    this.#residents = residents;
    this.#parts = parts;
    this.#order = orderRandom(fit.seed);
    this.#dropout = seededRandom(fit.seed ^ 0x2545f491);
    this.#first = firstRows(fit.problem.counts);
    this.#course = new probes.ProbeCourse(fit.trial);
    this.#names = probes.probeParameters(parts.shape).map(({ name }) => name);
    this.#validated = clipsOf(fit.problem, probeParts.validation);
  }

  async run(onShare: (share: number) => void): Promise<FittedProbe> {
    const { mostEpochs } = this.#fit.trial;
    let epoch = 0;
    for (; epoch < mostEpochs && !this.#course.isOver; epoch++) {
      await this.#epoch(this.#course.rateAt(epoch / mostEpochs));
      onShare((epoch + 1) / mostEpochs);
    }
    const { weights, ...best } = defined(this.#best, 'an evaluation');
    for (const [name, array] of weights) await this.#residents.put(name, array);
    const outputs = await this.#outputsOf(clipsOf(this.#fit.problem, probeParts.test), this.#fit.reading);
    return { ...best, epochs: epoch, steps: this.#steps, evaluations: this.#evaluations, outputs, weights };
  }

  async #epoch(rate: number): Promise<void> {
    const { batch, evaluatedEvery } = this.#fit.trial;
    const order = taughtOrder(this.#fit.problem, this.#fit.reading, this.#order);
    for (let from = 0; from < order.length && !this.#course.isOver; from += batch) {
      this.#fit.signal?.throwIfAborted();
      await this.#step(order.slice(from, from + batch), evaluatedEvery === null ? rate : this.#course.rateAt(0));
      if (evaluatedEvery !== null && this.#steps % evaluatedEvery === 0) await this.#evaluate();
    }
    if (evaluatedEvery === null) await this.#evaluate();
  }

  async #step(taken: readonly TaughtRow[], rate: number): Promise<void> {
    const { problem, trial } = this.#fit;
    const { dimensions, outputs, hidden } = this.#parts.shape;
    const feed = {
      rows: new Float32Array(trial.batch * dimensions),
      answers: new Float32Array(trial.batch * outputs),
      counts: new Float32Array(trial.batch).fill(1, 0, taken.length),
    };
    for (const [place, { clip, row }] of taken.entries()) {
      feed.rows.set(problem.rows.subarray(row * dimensions, (row + 1) * dimensions), place * dimensions);
      writeAnswers(problem, clip, feed.answers.subarray(place * outputs, (place + 1) * outputs));
    }
    this.#steps++;
    await this.#parts.step({
      rows: { shape: [trial.batch, dimensions], data: feed.rows },
      answers: { shape: [trial.batch, outputs], data: feed.answers },
      counts: { shape: [trial.batch], data: feed.counts },
      ...(hidden === null ? {} : { kept: this.#kept(trial.batch, hidden) }),
      learningRate: { shape: [], data: Float32Array.of(rate) },
      step: { shape: [], data: Float32Array.of(this.#steps) },
    });
  }

  #kept(batch: number, hidden: number): SessionArray {
    return { shape: [batch, hidden], data: keptUnits(batch * hidden, this.#fit.trial.dropout, this.#dropout) };
  }

  async #evaluate(): Promise<void> {
    const { problem, trial } = this.#fit;
    const { score, loss } = scoreOf(problem, await this.#outputsOf(this.#validated, { judgedBy: 'logits', isLastDropped: false }));
    const value = trial.watched === 'loss' ? -loss : score;
    this.#evaluations++;
    const isBest = this.#course.evaluated(value, loss);
    // Where no score is defined, as of labels that nothing validated has, the last one is kept.
    if (isBest || this.#best === undefined || Number.isNaN(value))
      this.#best = { value, loss, weights: await this.#residents.read(this.#names) };
  }

  async #outputsOf(clips: readonly number[], reading: Pick<probes.ProbeReading, 'judgedBy' | 'isLastDropped'>): Promise<ClipOutputs> {
    const { problem } = this.#fit;
    const { dimensions, outputs } = problem;
    const rows = clips.flatMap((clip) => {
      const count = problem.counts[clip] as number;
      const used = reading.isLastDropped && count > 1 ? count - 1 : count;
      return Array.from({ length: used }, (_, segment) => ({ clip, row: (this.#first[clip] as number) + segment }));
    });
    const logits = new Float32Array(rows.length * outputs);
    for (let from = 0; from < rows.length; from += askedRows) {
      this.#fit.signal?.throwIfAborted();
      const some = rows.slice(from, from + askedRows);
      const data = new Float32Array(askedRows * dimensions);
      for (const [place, { row }] of some.entries())
        data.set(problem.rows.subarray(row * dimensions, (row + 1) * dimensions), place * dimensions);
      const { logits: own } = await this.#parts.ask({ rows: { shape: [askedRows, dimensions], data } });
      logits.set((defined(own, 'logits').data as Float32Array).subarray(0, some.length * outputs), from * outputs);
    }
    return clipOutputs(problem, reading, { clips: rows.map(({ clip }) => clip), logits });
  }
}
