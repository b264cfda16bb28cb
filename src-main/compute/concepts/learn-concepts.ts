/** @file Learning concepts from rows of an index on the processor: steps as recorded graphs, then the threshold, and what was found. */
import { availableParallelism } from 'node:os';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { AppError, countOf, defined } from '../../base/index.ts';
import { concepts, heads } from '../../learn/index.ts';
import type { WeightArray } from '../../learn/index.ts';
import type { OnnxGraph, OnnxValue } from '../onnx/graph.ts';
import { record } from '../record/record.ts';
import type { SessionArray } from '../session.ts';
import { nextPrefix, Residents } from '../training/resident.ts';
import { BatchOrder, gathered } from './batch-order.ts';
import { measureConcepts } from './measure.ts';
import type { Sizes } from './measure.ts';

/** Where learning stands between two steps. `idle` `[latents]`: steps since each was active. */
export type ConceptState = { step: number; tensors: Map<string, WeightArray>; idle: Float32Array; loss: number };

/** What was found. Shares are between 0 and 1; `active`: concepts of a segment on average. */
export type LearntConcepts = {
  /** The autoencoder's, with `mean` and `deviation` `[dimensions]` of the index and `threshold` `[1]`. */
  tensors: Map<string, WeightArray>;
  explained: number;
  active: number;
  dead: number;
  loss: number;
};

/** How learning is watched and steered. `passed` holds it up and may throw; `saved` is given the state every so often. */
export type ConceptListeners = {
  from?: ConceptState | undefined;
  passed(): Promise<void>;
  onStep(done: number, loss: number): void;
  saved?(state: ConceptState): Promise<void>;
};

type Run = (feeds: Readonly<Record<string, SessionArray>>) => Promise<Record<string, SessionArray>>;

/** With fewer segments there is nothing to find. */
export const leastSegments = 64;
const saveEverySteps = 250;
const value = (name: string, shape: readonly number[]): OnnxValue => ({ name, type: 'float32', shape });

/**
 * Learns concepts of rows `[segments, dimensions]`, which are standardised in place.
 * @throws AppError BAD_INPUT for rows from which nothing can be learnt, DEVICE_FAILED, OUT_OF_MEMORY, what `passed` throws
 */
export async function learnConcepts(
  given: { rows: Float32Array; dimensions: number; settings: concepts.ConceptSettings },
  listeners: ConceptListeners,
): Promise<LearntConcepts> {
  const { dimensions, settings } = given;
  const standard = standardise(given.rows, dimensions);
  const sizes = { batch: Math.min(concepts.mostBatch, given.rows.length / dimensions), dimensions, settings };
  const residents = new Residents('cpu', Math.max(1, availableParallelism()));
  try {
    const state = listeners.from ?? begin(sizes);
    for (const [name, array] of state.tensors) await residents.put(name, array);
    const last = await steps(given.rows, sizes, { residents, state, listeners });
    const names = concepts.autoencoderParameters(dimensions, settings.latents).map(({ name }) => name);
    const found = await measureConcepts(given.rows, sizes, { residents, passed: () => listeners.passed() });
    const tensors = new Map<string, WeightArray>([
      ...(await residents.read(names)),
      ['mean', { shape: [dimensions], data: standard.mean }],
      ['deviation', { shape: [dimensions], data: standard.deviation }],
      ['threshold', { shape: [1], data: Float32Array.of(found.threshold) }],
    ]);
    return { tensors, ...found.told, loss: last };
  } finally {
    await residents.close();
  }
}

/** Brings rows to mean 0 and deviation 1. @throws AppError BAD_INPUT where they are too few, or all alike */
function standardise(rows: Float32Array, dimensions: number): heads.Standard {
  const count = rows.length / dimensions;
  if (count < leastSegments)
    throw new AppError(
      'BAD_INPUT',
      `The index holds ${countOf(count, 'segment')}, and concepts are learnt from ${leastSegments} or more. Add music, and let it be indexed.`,
      { details: { segments: count } },
    );
  const standard = heads.standardOf(rows, dimensions);
  rows.set(heads.standardised(rows, standard));
  if (rows.every((one) => Math.abs(one) < 1e-3))
    throw new AppError(
      'BAD_INPUT',
      'Every segment of the index has the same numbers: there is nothing to learn from. Choose another encoder.',
    );
  return standard;
}

function begin({ dimensions, settings }: Sizes): ConceptState {
  const { latents, seed } = settings;
  const tensors = new Map(concepts.drawAutoencoder(dimensions, latents, seed));
  for (const [name, { shape, data }] of [...tensors])
    for (const slot of concepts.conceptOptimizer.slots) tensors.set(`${slot}:${name}`, { shape, data: new Float32Array(data.length) });
  return { step: 0, tensors, idle: new Float32Array(latents), loss: NaN };
}

type Learning = { residents: Residents; state: ConceptState; listeners: ConceptListeners };

/** All steps that are left. @returns the mean loss of the last tenth of them */
async function steps(rows: Float32Array, sizes: Sizes, { residents, state, listeners }: Learning): Promise<number> {
  const { batch, dimensions, settings } = sizes;
  const plain = await residents.open(stepGraph(sizes, false));
  let reviving: Run | undefined;
  const idle = state.idle.slice();
  const order = new BatchOrder(rows.length / dimensions, batch, settings.seed);
  let { loss } = state;
  for (let step = state.step; step < settings.steps; step++) {
    await listeners.passed();
    const dead = Float32Array.from(idle, (since) => (since >= concepts.deadAfterSteps ? 1 : 0));
    const hasDead = dead.includes(1);
    if (hasDead) reviving ??= await residents.open(stepGraph(sizes, true));
    const result = await (hasDead && reviving !== undefined ? reviving : plain)({
      rows: { shape: [batch, dimensions], data: gathered(rows, dimensions, order.at(step)) },
      learningRate: { shape: [], data: Float32Array.of(concepts.conceptRate(settings, step)) },
      step: { shape: [], data: Float32Array.of(step + 1) },
      ...(hasDead ? { dead: { shape: [settings.latents], data: dead } } : {}),
    });
    const own = result['loss']?.data[0] ?? NaN;
    if (!Number.isFinite(own))
      throw new AppError('NOT_FINITE', `The loss was no finite number after ${countOf(step, 'step')}. Choose a lower learning rate.`);
    for (const [latent, fired] of (result['fired']?.data ?? []).entries()) idle[latent] = fired > 0 ? 0 : (idle[latent] ?? 0) + 1;
    loss = Number.isNaN(loss) ? own : loss + 0.02 * (own - loss);
    listeners.onStep(step + 1, loss);
    if ((step + 1) % saveEverySteps === 0 && step + 1 < settings.steps)
      await listeners.saved?.({ step: step + 1, tensors: await residents.read([...state.tensors.keys()]), idle: idle.slice(), loss });
  }
  return loss;
}

function stepGraph({ batch, dimensions, settings }: Sizes, isReviving: boolean): OnnxGraph {
  const { latents, active } = settings;
  const parameters = concepts.autoencoderParameters(dimensions, latents);
  return record({
    name: 'concept step',
    inputs: [
      ...[value('rows', [batch, dimensions]), value('learningRate', []), value('step', [])],
      ...(isReviving ? [value('dead', [latents])] : []),
      ...parameters.map((own) => value(own.name, own.shape)),
      ...concepts.conceptOptimizer.slots.flatMap((slot) => parameters.map((own) => value(`${slot}:${own.name}`, own.shape))),
    ],
    run: (given) => {
      const at = (name: string): Tensor => defined(given[name], name);
      const revived = isReviving ? { revived: { most: concepts.mostRevived(dimensions, latents), dead: at('dead') as Tensor1D } } : {};
      const { next, loss, fired } = concepts.conceptStep(Object.fromEntries(parameters.map(({ name }) => [name, at(name)])), {
        rows: at('rows') as Tensor2D,
        sparsity: { active, ...revived },
        state: given,
        learningRate: at('learningRate') as never,
        step: at('step') as never,
      });
      return { loss, fired, ...Object.fromEntries(Object.entries(next).map(([name, tensor]) => [`${nextPrefix}${name}`, tensor])) };
    },
  });
}
