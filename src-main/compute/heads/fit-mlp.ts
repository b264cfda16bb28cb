/** @file Fits heads with a hidden layer by Adam, all folds at once; where to stop, and which penalty, is decided by what is held out. */
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { defined, seededRandom } from '../../base/index.ts';
import type { Random } from '../../base/index.ts';
import { createOptimizer, heads, training } from '../../learn/index.ts';
import type { WeightArray } from '../../learn/index.ts';
import type { OnnxValue } from '../onnx/graph.ts';
import { keptUnits } from '../dropout.ts';
import { record } from '../record/record.ts';
import type { SessionArray } from '../session.ts';
import { nextPrefix, Residents } from '../training/resident.ts';
import { headThreads, heldOutLosses } from './fold-problem.ts';
import type { FoldFit, FoldProblem, OnShare } from './fold-problem.ts';

type Run = (feeds: Readonly<Record<string, SessionArray>>) => Promise<Record<string, SessionArray>>;
type Best = { loss: number; penalty: number; weights: Map<string, WeightArray>; heldOut: Float32Array };

/** PyTorch's settings of Adam; the penalty is part of the loss, so that it leaves biases alone. */
const optimizer = createOptimizer({ kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 });

const value = (name: string, shape: readonly number[]): OnnxValue => ({ name, type: 'float32', shape });

/** Fits a head. @throws AppError DEVICE_FAILED, OUT_OF_MEMORY */
export async function fitMlp(problem: FoldProblem, onShare: OnShare): Promise<FoldFit> {
  const { dimensions, labels, balanced, settings } = problem;
  const shape: heads.MlpShape = { dimensions, hidden: heads.hiddenUnits, parts: balanced.parts, labels };
  const residents = new Residents('cpu', headThreads());
  try {
    await begin(residents, shape, settings.seed);
    const batch = Math.min(heads.batchRows, problem.count);
    const runs = { step: await residents.open(stepGraph(shape, batch)), predict: await residents.open(predictGraph(shape, batch)) };
    let best: Best | null = null;
    for (const [index, penalty] of settings.penalties.entries()) {
      if (index > 0) await begin(residents, shape, settings.seed);
      const found = await fitWith(problem, { residents, shape, batch, penalty, ...runs }, (share) =>
        onShare((index + share) / settings.penalties.length),
      );
      if (best === null || found.loss < best.loss) best = found;
    }
    return kept(defined(best ?? undefined, 'a fit'), shape);
  } finally {
    await residents.close();
  }
}

async function begin(residents: Residents, shape: heads.MlpShape, seed: number): Promise<void> {
  for (const [name, array] of heads.mlpInitialise(shape, seed)) {
    await residents.put(name, array);
    for (const slot of optimizer.slots) await residents.put(`${slot}:${name}`, { ...array, data: new Float32Array(array.data.length) });
  }
}

function stepGraph(shape: heads.MlpShape, batch: number): ReturnType<typeof record> {
  const parameters = heads.mlpParameters(shape);
  const { dimensions, hidden, parts, labels } = shape;
  return record({
    name: 'head step',
    inputs: [
      ...[value('rows', [batch, dimensions]), value('answers', [batch, labels]), value('counts', [parts, batch, labels])],
      ...[value('kept', [batch, 1, hidden]), value('penalty', []), value('learningRate', []), value('step', [])],
      ...parameters.map((own) => value(own.name, own.shape)),
      ...optimizer.slots.flatMap((slot) => parameters.map((own) => value(`${slot}:${own.name}`, own.shape))),
    ],
    run: (given) => {
      const at = (name: string): Tensor => defined(given[name], name);
      const weights = Object.fromEntries(parameters.map(({ name }) => [name, at(name)]));
      const batchOf = {
        rows: at('rows') as Tensor2D,
        answers: at('answers'),
        counts: at('counts'),
        kept: at('kept'),
        penalty: at('penalty'),
      };
      const { loss, gradients } = heads.mlpGradients(weights, batchOf);
      const rate = { learningRate: at('learningRate') as never, step: at('step') as never };
      const applied = training.applyGradients({ optimizer }, { trained: Object.keys(weights), weights, gradients, state: given, ...rate });
      const next = Object.entries({ ...applied.weights, ...applied.state }).map(([name, tensor]) => [`${nextPrefix}${name}`, tensor]);
      return { loss, ...(Object.fromEntries(next) as Record<string, Tensor>) };
    },
  });
}

function predictGraph(shape: heads.MlpShape, batch: number): ReturnType<typeof record> {
  const parameters = heads.mlpParameters(shape);
  return record({
    name: 'logits of a head',
    inputs: [value('rows', [batch, shape.dimensions]), ...parameters.map((own) => value(own.name, own.shape))],
    run: (given) => ({ logits: heads.mlpLogits(given, defined(given['rows'], 'rows') as Tensor2D) }),
  });
}

type Fitting = { residents: Residents; shape: heads.MlpShape; batch: number; penalty: number; step: Run; predict: Run };

/** Epoch after epoch until held-out losses have not fallen for some. */
async function fitWith(problem: FoldProblem, fitting: Fitting, onShare: OnShare): Promise<Best> {
  const { residents, shape, penalty } = fitting;
  const random = seededRandom(problem.settings.seed ^ 0x5bd1e995);
  const names = heads.mlpParameters(shape).map(({ name }) => name);
  let best: Best | null = null;
  let [steps, since] = [0, 0];
  for (let epoch = 0; epoch < heads.mostEpochs && since < heads.patience; epoch++) {
    steps = await epochOf(problem, fitting, { random, steps });
    const heldOut = await heldOutLogits(problem, fitting);
    const losses = heldOutLosses(problem, heldOut);
    const loss = losses.reduce((sum, own) => sum + own, 0) / losses.length;
    since++;
    if (best === null || loss < best.loss) {
      best = { loss, penalty, heldOut, weights: await residents.read(names) };
      since = 0;
    }
    onShare((epoch + 1) / heads.mostEpochs);
  }
  return defined(best ?? undefined, 'an epoch');
}

async function epochOf(
  problem: FoldProblem,
  { shape, batch, penalty, step }: Fitting,
  { random, steps }: { random: Random; steps: number },
): Promise<number> {
  const order = shuffled(problem.count, random);
  let taken = steps;
  for (let from = 0; from < order.length; from += batch) {
    taken++;
    const scalars = { penalty, learningRate: heads.learningRate, step: taken };
    const numbers = Object.entries(scalars).map(([name, number]) => [name, { shape: [], data: Float32Array.of(number) }] as const);
    await step({
      ...batchOf(problem, shape, { rows: order.subarray(from, from + batch), batch }),
      ...keptInParts(shape, batch, random),
      ...Object.fromEntries(numbers),
    });
  }
  return taken;
}

/** A batch with the weights of its rows, scaled so that a whole epoch's sum to one for every part, and averaged over labels. */
export function batchOf(
  problem: FoldProblem,
  { dimensions, parts, labels }: heads.MlpShape,
  { rows, batch }: { rows: Uint32Array; batch: number },
): Record<string, SessionArray> {
  const feed = {
    rows: new Float32Array(batch * dimensions),
    answers: new Float32Array(batch * labels),
    counts: new Float32Array(parts * batch * labels),
  };
  const scale = problem.count / rows.length / labels;
  for (const [place, row] of rows.entries()) {
    feed.rows.set(problem.rows.subarray(row * (dimensions + 1), row * (dimensions + 1) + dimensions), place * dimensions);
    feed.answers.set(problem.answers.subarray(row * labels, (row + 1) * labels), place * labels);
    for (let part = 0; part < parts; part++)
      heads.partWeights(problem, { row, part }, { into: feed.counts, at: (part * batch + place) * labels, scale });
  }
  return {
    rows: { shape: [batch, dimensions], data: feed.rows },
    answers: { shape: [batch, labels], data: feed.answers },
    counts: { shape: [parts, batch, labels], data: feed.counts },
  };
}

/** What dropout leaves, the same in every part. */
export function keptInParts({ hidden }: heads.MlpShape, batch: number, random: Random): { kept: SessionArray } {
  return { kept: { shape: [batch, 1, hidden], data: keptUnits(batch * hidden, heads.dropout, random) } };
}

function shuffled(count: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, row) => row);
  for (let last = count - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [order[last], order[other]] = [order[other] as number, order[last] as number];
  }
  return order;
}

async function heldOutLogits(problem: FoldProblem, { shape, batch, predict }: Fitting): Promise<Float32Array> {
  const { dimensions, labels } = shape;
  const heldOut = new Float32Array(problem.count * labels);
  for (let from = 0; from < problem.count; from += batch) {
    const rows = new Float32Array(batch * dimensions);
    const size = Math.min(batch, problem.count - from);
    for (let own = 0; own < size; own++)
      rows.set(problem.rows.subarray((from + own) * (dimensions + 1), (from + own) * (dimensions + 1) + dimensions), own * dimensions);
    const { logits } = await predict({ rows: { shape: [batch, dimensions], data: rows } });
    const data = defined(logits, 'logits').data as Float32Array;
    for (let own = 0; own < size; own++) {
      const at = ((problem.foldOf[from + own] as number) * batch + own) * labels;
      heldOut.set(data.subarray(at, at + labels), (from + own) * labels);
    }
  }
  return heldOut;
}

/** The last part, which learnt from everything, with its layers as `[units, inputs]`. */
function kept({ weights, heldOut, penalty }: Best, { dimensions, hidden, parts, labels }: heads.MlpShape): FoldFit {
  const at = (name: string): Float32Array => defined(weights.get(name), name).data;
  const last = parts - 1;
  const wide = at('hidden.weight');
  const first = new Float32Array(hidden * dimensions);
  for (let unit = 0; unit < hidden; unit++)
    for (let input = 0; input < dimensions; input++)
      first[unit * dimensions + input] = wide[(input * parts + last) * hidden + unit] as number;
  const deep = at('fc.weight').subarray(last * hidden * labels);
  const second = new Float32Array(labels * hidden);
  for (let label = 0; label < labels; label++)
    for (let unit = 0; unit < hidden; unit++) second[label * hidden + unit] = deep[unit * labels + label] as number;
  return {
    hidden: { weight: first, bias: at('hidden.bias').slice(last * hidden) },
    fc: { weight: second, bias: at('fc.bias').slice(last * labels) },
    heldOut,
    penalties: new Array<number>(labels).fill(penalty),
  };
}
