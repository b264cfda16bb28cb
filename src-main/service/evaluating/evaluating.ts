/** @file Evaluating encoders on labelled data sets: a job whose ends are kept one by one, so that it goes on where it was interrupted. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { AppError, countOf, defined } from '../../base/index.ts';
import { protocols } from '../../contract/index.ts';
import type {
  Contestant,
  Difference,
  Evaluation,
  EvaluationId,
  EvaluationWish,
  FullEvaluationWish,
  ProbeHead,
} from '../../contract/index.ts';
import { evaluationWishSchema } from '../../contract/index.ts';
import { datasetIn, datasetNamed } from '../../datasets/index.ts';
import type { Dataset, DatasetReading } from '../../datasets/index.ts';
import type { probes } from '../../learn/index.ts';
import type { StoredEncoder } from '../../store/index.ts';
import { OpenDatasetFolder } from '../datasets/index.ts';
import { encoderSettings } from '../encoders/encoder-settings.ts';
import { EventHub } from '../event-hub.ts';
import type { JobContext, JobOutcome, StartedJob } from '../jobs/jobs.ts';
import type { Probed } from '../processes/probe-messages.ts';
import type { Tools } from '../tools.ts';
import { askedOf } from './asked.ts';
import type { AskedProblem } from './asked.ts';
import { entrantsOf, parametersOf, untrainedSeed } from './contestants.ts';
import type { Entrant } from './contestants.ts';
import { DatasetLibrary, libraryName } from './dataset-library.ts';
import type { OpenLibrary } from './dataset-library.ts';
import { runProbeSession } from './probe-session.ts';
import { packSaid, unpackSaid } from './said.ts';
import type { Encoders } from '../encoders/encoders.ts';

/** A data set as a wish names it, and its folder as a whole path. */
type Named = { dataset: Dataset; table: DatasetReading; folder: string };

/** What one job goes by. */
type Course = Omit<Named, 'folder'> & {
  wish: FullEvaluationWish;
  head: ProbeHead;
  trials: probes.ProbeTrial[];
  library: DatasetLibrary;
  context: JobContext;
};

/** A contestant as its data set's library heard it. */
type Heard = { entrant: Entrant; space: StoredEncoder; problem: AskedProblem };

/** Use cases of evaluations. */
export class Evaluating {
  readonly #tools: Tools;
  readonly #encoders: Encoders;
  readonly #open: OpenLibrary;

  constructor(tools: Tools, encoders: Encoders, open: OpenLibrary) {
    this.#tools = tools;
    this.#encoders = encoders;
    this.#open = open;
    tools.jobs.define('evaluate', (params, context) => this.#run(params as FullEvaluationWish, context));
  }

  /**
   * Begins, after a look at the data set's tables.
   * @throws AppError FOLDER_GONE, BAD_INPUT for tables that cannot be used, a task or split that there is not, or a protocol that says nothing of the task; NOT_FOUND
   */
  async start(asked: EvaluationWish): Promise<StartedJob> {
    const wish = evaluationWishSchema.parse(asked);
    const { dataset, table, folder } = await named(wish);
    trialsOf(wish, table);
    entrantsOf(this.#encoders, wish);
    const title = `Evaluate on ${dataset.title}, ${table.task.title}`;
    return this.#tools.jobs.start({
      kind: 'evaluate',
      title,
      // Whole, since the job may be taken up by a process in another folder.
      params: { ...wish, folder, task: table.task.name, split: table.split, dataset: dataset.name },
    });
  }

  /** The newest first. */
  list(): Evaluation[] {
    return this.#tools.store.evaluations.list();
  }

  /** Each beside another one by what is compared; those of other clips are left out. @throws AppError NOT_FOUND */
  async compare({ ids, against }: { ids: readonly EvaluationId[]; against: EvaluationId }, signal: AbortSignal): Promise<Difference[]> {
    const { store, entries } = this.#tools;
    const saidOf = (id: EvaluationId): Promise<Awaited<ReturnType<typeof unpackSaid>>> => {
      const bytes = store.evaluations.said(id);
      if (bytes === null) throw new AppError('NOT_FOUND', `There is no evaluation ${id}. List them with \`earmark evaluate --list\`.`);
      return unpackSaid(bytes);
    };
    const known = new Map(this.list().map((one) => [one.id, one]));
    const others = ids.filter((id) => id !== against && known.get(id)?.manifest === known.get(against)?.manifest);
    if (others.length === 0) return [];
    const request = { type: 'compare' as const, ones: await Promise.all(others.map(saidOf)), against: await saidOf(against) };
    const answer = await runProbeSession({ entry: entries.probeProcess, request, signal, onShare: () => undefined });
    if (answer.type !== 'compared') throw new AppError('INTERNAL', 'The process that compares answered something else.');
    return answer.differences.flatMap((one, at) => {
      const id = defined(others[at], 'an evaluation');
      const name = known.get(id)?.figures[0]?.name;
      if (one === null || name === undefined || !Number.isFinite(one.difference.value)) return [];
      return [{ id, against, name, difference: one.difference, isBeyondChance: one.isBeyondChance }];
    });
  }

  /** Takes some out of the list, or brings them back. */
  setRemoved(ids: readonly EvaluationId[], isRemoved: boolean): void {
    this.#tools.store.evaluations.setRemoved(ids, isRemoved);
    this.#tools.events.emit({ type: 'evaluations.changed' });
  }

  async #run(wish: FullEvaluationWish, context: JobContext): Promise<JobOutcome> {
    const { store } = this.#tools;
    const { dataset, table, folder } = await named(wish);
    const { head, trials } = trialsOf(wish, table);
    const entrants = entrantsOf(this.#encoders, wish);
    const directory = join(store.paths.dataSets, libraryName(dataset.name, folder));
    const library = DatasetLibrary.open(directory, { open: this.#open, events: new EventHub(), folder, context });
    const evaluations: Evaluation[] = [];
    try {
      const part = (done: number) => (detail: string, share: number) => report(context, { done, all: entrants.length, detail, share });
      await library.scan(part(0));
      const course: Course = { dataset, table, wish, head, trials, library, context };
      for (const [at, entrant] of entrants.entries()) {
        await context.gate.passed();
        context.signal.throwIfAborted();
        evaluations.push(await this.#evaluate(course, entrant, part(at)));
      }
    } finally {
      await library.close();
    }
    const [first] = evaluations;
    const left = first === undefined || first.leftOut === 0 ? '' : ` ${countOf(first.leftOut, 'clip')} could not be used.`;
    const message = `${countOf(evaluations.length, 'contestant')} evaluated on ${dataset.title}, ${table.task.title}.${left}`;
    return { message, result: { evaluationIds: evaluations.map(({ id }) => id) } };
  }

  async #evaluate(course: Course, entrant: Entrant, onPart: (detail: string, share: number) => void): Promise<Evaluation> {
    const { store, entries, events } = this.#tools;
    const { wish, trials, context, library, table } = course;
    const heardSpace = await this.#hear(course, entrant, (detail, share) => onPart(detail, share * 0.7));
    const [first = 1] = wish.seeds;
    const problem = askedOf(
      table,
      library.runs(
        heardSpace,
        table.clips.map(({ path }) => path),
      ),
      { percent: wish.percent, seed: first },
    );
    const heard: Heard = { entrant, space: heardSpace, problem };
    const key = keyOf(course, heard);
    const known = store.evaluations.find(key);
    if (known !== null) return known;
    const isStandardised = entrant.kind === 'statistics' || entrant.kind === 'cepstra' || entrant.encoder?.source === 'built-in';
    const wished = { trials, reading: protocols[wish.protocol].reading, seeds: wish.seeds, isStandardised };
    const answer = await runProbeSession({
      entry: entries.probeProcess,
      request: { type: 'probe', rows: { ...problem.rows, columns: entrant.columns }, asked: problem.asked, wish: wished },
      signal: context.signal,
      onShare: (share) => onPart(`${entrant.name}: probes`, 0.7 + 0.3 * share),
    });
    if (answer.type !== 'probed') throw new AppError('INTERNAL', 'The process that probes answered something else.');
    const document = documentOf(course, heard, { probed: answer.probed, isStandardised });
    const kept = store.evaluations.save(key, document, packSaid(problem.asked, answer.probed));
    events.emit({ type: 'evaluations.changed' });
    return kept;
  }

  async #hear(
    { library }: Course,
    { kind, encoder, output, pooling }: Entrant,
    onPart: (detail: string, share: number) => void,
  ): Promise<StoredEncoder> {
    const { store } = this.#tools;
    if (encoder === null) return library.index(library.statistics(), { output, pooling }, onPart);
    const own = kind === 'untrained' ? await library.untrained(encoder, untrainedSeed) : await library.bring(store, encoder);
    return library.index(own, { output, pooling }, onPart);
  }
}

function report(context: JobContext, { done, all, detail, share }: { done: number; all: number; detail: string; share: number }): void {
  context.report({ done, total: all, unit: 'contestants', audioSeconds: 0, detail, failed: 0, share: (done + share) / all });
}

/** Reads the tables. @throws AppError as {@link Evaluating.start} */
async function named({ folder, dataset: name, task, split }: FullEvaluationWish): Promise<Named> {
  const opened = await OpenDatasetFolder.open(folder);
  const dataset = name === null ? await datasetIn(opened) : datasetNamed(name);
  return { dataset, table: await dataset.read(opened, { task, split }), folder: opened.path };
}

/** @throws AppError BAD_INPUT for a head or task that the protocol says nothing of */
function trialsOf(
  { protocol, head: wanted }: FullEvaluationWish,
  { dataset, task }: DatasetReading,
): { head: ProbeHead; trials: probes.ProbeTrial[] } {
  const { title, heads, trials } = protocols[protocol];
  const head = wanted ?? defined(heads[0], 'a head');
  if (!heads.includes(head)) throw new AppError('BAD_INPUT', `The protocol ${title} has no ${head} head. It has ${heads.join(' and ')}.`);
  const all = trials({ dataset, task: task.name, kind: task.kind }, head);
  if (all.length > 0) return { head, trials: all };
  throw new AppError(
    'BAD_INPUT',
    `The protocol ${title} says nothing of ${task.title}. Choose another one: marble and jukemir take every task.`,
  );
}

/** Evaluations of the same clips, settings and weights are one. */
function keyOf({ wish, head }: Course, { entrant, space, problem }: Heard): string {
  const { kind, output, pooling, columns } = entrant;
  const { protocol, seeds, percent } = wish;
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
    .update(JSON.stringify([asked, heard]))
    .digest('hex');
}

function documentOf(
  { dataset, table, wish, head, trials }: Course,
  { entrant, space, problem }: Heard,
  { probed, isStandardised }: { probed: Probed; isStandardised: boolean },
): Omit<Evaluation, 'id' | 'at'> {
  const { reading, manifest, asked } = problem;
  const countOfPart = (part: number): number => asked.parts.reduce((sum, own) => sum + (own === part ? 1 : 0), 0);
  const [first] = probed.seeds;
  const trial = defined(trials[first?.trial ?? 0], 'a trial');
  const contestant: Contestant = {
    ...{ kind: entrant.kind, name: entrant.name, encoderId: entrant.encoder?.id ?? null, architecture: space.architecture },
    ...{ output: entrant.output, pooling: entrant.pooling, dimensions: entrant.columns?.length ?? space.dimensions },
    parameters: entrant.columns === null ? parametersOf(space) : 0,
  };
  return {
    contestant,
    ...{ dataset: dataset.name, datasetTitle: dataset.title, folder: wish.folder },
    ...{ task: table.task.name, taskTitle: table.task.title, kind: table.task.kind, split: table.split, manifest },
    ...{ protocol: wish.protocol, head, seeds: wish.seeds, percent: wish.percent },
    counts: { train: countOfPart(0), validation: countOfPart(1), test: countOfPart(2) },
    ...{ leftOut: reading.leftOut.length, notes: [...reading.notes, ...stepNotes(wish, probed)] },
    figures: probed.figures.map(({ value, each, ...figure }) => ({ ...figure, value: finite(value), each: each.map(finite) })),
    labels: probed.labels.map((label, at) => ({ name: table.task.labels[at] ?? `${at}`, ...label })),
    chosen: {
      ...{ learningRate: trial.learningRate, batch: trial.batch, dropout: trial.dropout },
      ...{ isStandardised: trial.isStandardised || isStandardised, epochs: first?.epochs ?? 0, steps: first?.steps ?? 0 },
    },
    ...{ isStandardised, seconds: probed.seconds },
  };
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
