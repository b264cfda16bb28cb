/** @file What is kept of a contestant's evaluation, and the key that says whether it was made before. */
import { createHash } from 'node:crypto';
import { AppError, countOf, defined } from '../../base/index.ts';
import { protocols } from '../../contract/index.ts';
import type { Contestant, Evaluation, FullEvaluationWish, ProbeHead, Scratch } from '../../contract/index.ts';
import type { Dataset, DatasetReading } from '../../datasets/index.ts';
import type { probes } from '../../learn/index.ts';
import type { StoredEncoder } from '../../store/index.ts';
import { encoderSettings } from '../encoders/encoder-settings.ts';
import type { Probed } from '../processes/probe-messages.ts';
import type { AskedProblem } from './asked.ts';
import { parametersOf } from './contestants.ts';
import type { Entrant } from './contestants.ts';

/** A contestant as its data set's library heard it: the space of each of its outputs. */
export type Heard = { entrant: Entrant; spaces: readonly StoredEncoder[]; problem: AskedProblem };

/** What one was evaluated by. */
export type Documented = {
  dataset: Pick<Dataset, 'name' | 'title'>;
  table: DatasetReading;
  wish: FullEvaluationWish;
  head: ProbeHead;
  trials: readonly probes.ProbeTrial[];
};

/** How a contestant was trained from scratch, in the place of what a probe chose and says. */
export type Taught = { scratch: Scratch; chosen: Pick<Evaluation['chosen'], 'learningRate' | 'batch' | 'dropout'>; notes: string[] };

/** How one was judged. */
type Judged = { probed: Probed; isStandardised: boolean; training: Contestant['training']; taught?: Taught };

/** Evaluations of the same clips, settings and weights are one. */
export function keyOf(wish: FullEvaluationWish, head: ProbeHead, { entrant, spaces, problem }: Heard): string {
  const { kind, output, pooling, columns, layers } = entrant;
  const { protocol, seeds, percent } = wish;
  const space = defined(spaces[0], 'an output');
  const settings = encoderSettings(space);
  const asked = { manifest: problem.manifest, protocol, head, seeds, percent };
  const heard = {
    kind,
    output,
    pooling,
    columns: columns === null ? null : [...columns],
    settings,
    weights: space.weightsSha256,
    hop: space.index?.hopSamples,
  };
  return createHash('sha256')
    .update(JSON.stringify([asked, heard, ...(layers === null ? [] : [wish.layers, layers])]))
    .digest('hex');
}

/** An evaluation without its number. @throws AppError BAD_INPUT where its figures are not defined */
export function documentOf(
  { dataset, table, wish, head, trials }: Documented,
  { entrant, spaces, problem }: Heard,
  { probed, isStandardised, training, taught }: Judged,
): Omit<Evaluation, 'id' | 'at'> {
  const { reading, manifest, asked } = problem;
  const space = defined(spaces[probed.layer], 'an output');
  const countOfPart = (part: number): number => asked.parts.reduce((sum, own) => sum + (own === part ? 1 : 0), 0);
  const [first] = probed.seeds;
  const trial = defined(trials[first?.trial ?? 0], 'a trial');
  const contestant: Contestant = {
    ...{ kind: entrant.kind, name: entrant.name, encoderId: entrant.encoder?.id ?? null, architecture: space.architecture },
    ...{ output: outputOf(entrant, wish, probed), pooling: entrant.pooling, dimensions: entrant.columns?.length ?? space.dimensions },
    parameters: entrant.columns === null ? parametersOf(space) : 0,
    training,
  };
  return {
    contestant,
    ...{ dataset: dataset.name, datasetTitle: dataset.title, folder: wish.folder },
    ...{ task: table.task.name, taskTitle: table.task.title, kind: table.task.kind, split: table.split, manifest },
    ...{ protocol: wish.protocol, head, seeds: wish.seeds, percent: wish.percent },
    counts: asked.folds === null ? { train: countOfPart(0), validation: countOfPart(1), test: countOfPart(2) } : foldCounts(asked.folds),
    ...{ leftOut: reading.leftOut.length, notes: [...reading.notes, ...(taught?.notes ?? stepNotes(wish, probed))] },
    figures: probed.figures.map(({ value, each, ...figure }) => ({ ...figure, value: finite(value), each: each.map(finite) })),
    labels: probed.labels.map((label, at) => ({ name: table.task.labels[at] ?? `${at}`, ...label })),
    layers: layersOf(entrant, wish, probed),
    chosen: {
      ...(taught?.chosen ?? { learningRate: trial.learningRate, batch: trial.batch, dropout: trial.dropout }),
      ...{
        isStandardised: taught === undefined && (trial.isStandardised || isStandardised),
        epochs: first?.epochs ?? 0,
        steps: first?.steps ?? 0,
      },
    },
    ...{ scratch: taught?.scratch ?? null, isStandardised, seconds: probed.seconds },
  };
}

/** Clips that a probe learnt from and that were validated, of the first seed and fold; all were judged. */
function foldCounts([first]: readonly Uint8Array[]): Evaluation['counts'] {
  const folds = first ?? new Uint8Array();
  const test = folds.length;
  const judged = folds.filter((fold) => fold === 0).length;
  const validation = folds.filter((fold) => fold === 1).length;
  return { train: test - judged - validation, validation, test };
}

/** Of every layer the best one of the first seed; `sum` of a sum. */
function outputOf({ output, layers }: Entrant, wish: FullEvaluationWish, { layer }: Probed): string {
  return layers === null ? output : wish.layers === 'sum' ? 'sum' : defined(layers[layer], 'a layer');
}

function layersOf({ layers }: Entrant, { layers: use }: FullEvaluationWish, { layers: told }: Probed): Evaluation['layers'] {
  if (layers === null || use === 'one' || told === null) return null;
  return { use, each: layers.map((output, at) => ({ output, ...defined(told[at], 'a layer') })) };
}

/** A probe that has taken fewer steps has hardly begun. */
const fewSteps = 100;

function stepNotes({ protocol }: FullEvaluationWish, { seeds }: Probed): string[] {
  const fewest = Math.min(...seeds.map(({ steps }) => steps));
  if (fewest >= fewSteps) return [];
  return [
    `A probe ended after ${countOf(fewest, 'step')}: ${protocols[protocol].title} was made for thousands of clips, and on so few its probes hardly begin to learn. JukeMIR’s and MARBLE’s protocols suit small sets.`,
  ];
}

/** What is not defined is no number in a document: 0 would be a figure. */
function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new AppError(
    'BAD_INPUT',
    'The figures of this task are not defined on its test clips: no label has both answers there. Check the data set.',
  );
}
