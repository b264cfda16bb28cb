/** @file Evaluating encoders on labelled data sets: a job whose ends are kept one by one, so that it goes on where it was interrupted. */
import { join } from 'node:path';
import { AppError, countOf, defined } from '../../base/index.ts';
import { ownTags, protocols } from '../../contract/index.ts';
import type {
  DatasetCheck,
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
import { EventHub } from '../event-hub.ts';
import type { JobContext, JobOutcome, StartedJob } from '../jobs/jobs.ts';
import type { Tools } from '../tools.ts';
import { askedOf, isOfKeys } from './asked.ts';
import { entrantsOf, untrainedSeed } from './contestants.ts';
import type { Entrant } from './contestants.ts';
import { DatasetLibrary, libraryName } from './dataset-library.ts';
import type { HeardLibrary, OpenLibrary } from './dataset-library.ts';
import { documentOf, keyOf } from './document.ts';
import type { Heard } from './document.ts';
import { evaluateFromScratch } from './from-scratch.ts';
import { OwnLibrary } from './own-library.ts';
import { ownFolds, ownManifest, ownTagsSet, readOwnTags } from './own-tags.ts';
import { runProbeSession } from './probe-session.ts';
import { checkScratch } from './scratch-settings.ts';
import { packSaid, unpackSaid } from './said.ts';
import { trainingOf } from './training-of.ts';
import { whyUnheard } from './unheard.ts';
import type { Encoders } from '../encoders/encoders.ts';

/** A data set as a wish names it, and its folder as a whole path. */
type Named = { dataset: Pick<Dataset, 'name' | 'title'>; table: DatasetReading; folder: string };

/** What one job goes by. */
type Course = Omit<Named, 'folder'> & {
  wish: FullEvaluationWish;
  head: ProbeHead;
  trials: probes.ProbeTrial[];
  library: HeardLibrary;
  context: JobContext;
};

/** Use cases of evaluations. */
export class Evaluating {
  readonly #tools: Tools;
  readonly #encoders: Encoders;
  readonly #open: OpenLibrary;

  constructor(tools: Tools, encoders: Encoders, open: OpenLibrary) {
    this.#tools = tools;
    this.#encoders = encoders;
    this.#open = open;
    tools.jobs.define('evaluate', (params, context) => this.#run(evaluationWishSchema.parse(params), context));
  }

  /**
   * Begins, after a look at the data set's tables.
   * @throws AppError FOLDER_GONE, BAD_INPUT for tables that cannot be used, a task or split that there is not, or a protocol that says nothing of the task; NOT_FOUND
   */
  async start(asked: EvaluationWish): Promise<StartedJob> {
    const wish = evaluationWishSchema.parse(asked);
    const { dataset, table, folder } = await this.#named(wish);
    trialsOf(wish, table);
    checkScratch(wish, table);
    entrantsOf(this.#encoders, wish, isOfKeys(table));
    const title = wish.indexOnly ? `Index ${dataset.title}` : `Evaluate on ${dataset.title}, ${table.task.title}`;
    return this.#tools.jobs.start({
      kind: 'evaluate',
      title,
      // Whole, since the job may be taken up by a process in another folder.
      params: { ...wish, folder, task: table.task.name, split: table.split, dataset: dataset.name },
    });
  }

  /** The person's own tags, as a data set is told of; null where there is too little to learn and to judge. */
  ownTags(): DatasetCheck | null {
    try {
      const manifest = ownManifest(readOwnTags(this.#tools.store), this.#tools.codeVersion);
      const { counts, dataset } = manifest;
      return { dataset, path: ownTags.folder, decoded: false, ok: true, counts, missing: [], broken: [], manifest };
    } catch (error) {
      if (error instanceof AppError && error.code === 'BAD_INPUT') return null;
      throw error;
    }
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
    const { dataset, table, folder } = await this.#named(wish);
    const { head, trials } = trialsOf(wish, table);
    const library = this.#library(dataset.name, folder, context);
    const all = entrantsOf(this.#encoders, wish, isOfKeys(table));
    const entrants = library instanceof OwnLibrary ? withTwins(library, all) : all;
    const evaluations: Evaluation[] = [];
    const heard: HeardClips[] = [];
    const unheard: string[] = [];
    try {
      const part = (done: number) => (detail: string, share: number) => report(context, { done, all: entrants.length, detail, share });
      await library.scan(part(0));
      const course: Course = { dataset, table, wish, head, trials, library, context };
      for (const [at, entrant] of entrants.entries()) {
        await context.gate.passed();
        context.signal.throwIfAborted();
        if (wish.indexOnly) heard.push(...(await this.#index(course, entrant, part(at))));
        else {
          const one = await this.#evaluate(course, entrant, part(at));
          if (typeof one === 'string') unheard.push(one);
          else evaluations.push(one);
        }
      }
    } finally {
      await library.close();
    }
    if (wish.indexOnly) return { message: heardText(heard, dataset.title), result: { dataset: dataset.name, folder, indexed: heard } };
    const [first] = evaluations;
    if (first === undefined && unheard.length > 0) throw new AppError('BAD_INPUT', unheard.join(' '));
    const left = first === undefined || first.leftOut === 0 ? '' : ` ${countOf(first.leftOut, 'clip')} could not be used.`;
    const message = [
      `${countOf(evaluations.length, 'contestant')} evaluated on ${dataset.title}, ${table.task.title}.${left}`,
      ...unheard,
    ].join(' ');
    return { message, result: { evaluationIds: evaluations.map(({ id }) => id), unheard } };
  }

  /** @returns the evaluation, or why there is none of this contestant */
  async #evaluate(course: Course, entrant: Entrant, onPart: (detail: string, share: number) => void): Promise<Evaluation | string> {
    const { store, entries } = this.#tools;
    const { wish, trials, context, library, table } = course;
    if (entrant.kind === 'supervised') return this.#fromScratch(course, entrant, onPart);
    const spaces = await this.#hear(course, entrant, (detail, share) => onPart(detail, share * 0.7));
    const [seed = 1] = wish.seeds;
    const paths = table.clips.map(({ path }) => path);
    const runs = spaces.map((space) => library.runs(space, paths));
    for (const [at, space] of spaces.entries()) {
      const why = whyUnheard(table, { counts: runs[at]?.counts ?? [], name: entrant.name, encoder: space });
      if (why !== null) return why;
    }
    const problems = runs.map((one) => askedOf(table, one, { percent: wish.percent, seed }));
    const problem = defined(problems[0], 'an output');
    if (problems.some(({ manifest }) => manifest !== problem.manifest))
      throw new AppError(
        'NOT_FOUND',
        `Not every layer of ${entrant.name} has heard the same clips. Start again: what is missing is indexed.`,
      );
    const { asked, reading } = problem;
    if (course.dataset.name === ownTags.name) asked.folds = ownFolds(reading, asked.groups, wish.seeds);
    const heard: Heard = { entrant, spaces, problem };
    const key = keyOf(wish, course.head, heard);
    const known = store.evaluations.find(key);
    if (known !== null) return known;
    const isStandardised = entrant.encoder === null || entrant.encoder.source === 'built-in';
    const wished = { trials, reading: protocols[wish.protocol].reading, seeds: wish.seeds, isStandardised };
    const answer = await runProbeSession({
      entry: entries.probeProcess,
      request: {
        type: 'probe',
        rows: problems.map(({ rows }) => ({ ...rows, columns: entrant.columns })),
        ...{ layers: entrant.layers === null ? 'one' : wish.layers, asked: problem.asked, wish: wished },
      },
      signal: context.signal,
      onShare: (share) => onPart(`${entrant.name}: probes`, 0.7 + 0.3 * share),
    });
    if (answer.type !== 'probed') throw new AppError('INTERNAL', 'The process that probes answered something else.');
    const document = documentOf(course, heard, { probed: answer.probed, isStandardised, training: trainingOf(store, entrant) });
    return this.#keep(key, document, packSaid(problem.asked, answer.probed));
  }

  async #fromScratch(
    { library, context: { signal }, ...course }: Course,
    entrant: Entrant,
    onPart: (detail: string, share: number) => void,
  ): Promise<Evaluation> {
    const { store, entries } = this.#tools;
    if (!(library instanceof DatasetLibrary)) throw new AppError('BAD_INPUT', 'Your own library is not trained on from scratch here.');
    const known = (key: string): Evaluation | null => store.evaluations.find(key);
    const found = await evaluateFromScratch({ ...course, library, signal, entrant, entry: entries.probeProcess, known, onPart });
    return 'known' in found ? found.known : this.#keep(found.key, found.document, found.said);
  }

  #keep(key: string, document: Omit<Evaluation, 'id' | 'at'>, said: Uint8Array): Evaluation {
    const kept = this.#tools.store.evaluations.save(key, document, said);
    this.#tools.events.emit({ type: 'evaluations.changed' });
    return kept;
  }

  /** Reads the tables. @throws AppError as {@link start} */
  async #named({ folder, dataset: name, task, split, percent }: FullEvaluationWish): Promise<Named> {
    if (name === ownTags.name) {
      if (percent !== 100) throw new AppError('BAD_INPUT', 'Your own tags are learnt from as a whole: leave the share of labels at 100 %.');
      return { dataset: ownTagsSet, table: readOwnTags(this.#tools.store), folder: ownTags.folder };
    }
    const opened = await OpenDatasetFolder.open(folder);
    const dataset = name === null ? await datasetIn(opened) : datasetNamed(name);
    return { dataset, table: await dataset.read(opened, { task, split }), folder: opened.path };
  }

  #library(dataset: string, folder: string, context: JobContext): HeardLibrary {
    const { store } = this.#tools;
    if (dataset === ownTags.name) return new OwnLibrary(store, this.#encoders);
    const directory = join(store.paths.dataSets, libraryName(dataset, folder));
    return DatasetLibrary.open(directory, { open: this.#open, events: new EventHub(), folder, context });
  }

  async #index(
    { library, table, ...course }: Course,
    entrant: Entrant,
    onPart: (detail: string, share: number) => void,
  ): Promise<HeardClips[]> {
    const spaces = await this.#hear({ library, table, ...course }, entrant, onPart);
    const paths = table.clips.map(({ path }) => path);
    return spaces.map((space) => {
      const { counts, dimensions } = library.runs(space, paths);
      const clips = counts.filter((count) => count > 0).length;
      const segments = counts.reduce((sum, count) => sum + count, 0);
      return { name: space.name, clips, missing: paths.length - clips, segments, dimensions };
    });
  }

  async #hear(
    { library }: Course,
    { kind, encoder, output, pooling, layers }: Entrant,
    onPart: (detail: string, share: number) => void,
  ): Promise<StoredEncoder[]> {
    const { store } = this.#tools;
    const outputs = layers ?? [output];
    if (encoder === null)
      return library.index(kind === 'chroma' ? await library.chroma() : library.statistics(), { outputs, pooling }, onPart);
    const own = kind === 'untrained' ? await library.untrained(encoder, untrainedSeed) : await library.bring(store, encoder);
    return library.index(own, { outputs, pooling }, onPart);
  }
}

/** How far the clips of a table are indexed by an output. */
type HeardClips = { name: string; clips: number; missing: number; segments: number; dimensions: number };

function heardText(heard: readonly HeardClips[], title: string): string {
  const [first] = heard;
  if (first === undefined) return `Nothing of ${title} was indexed.`;
  const missing = first.missing === 0 ? '' : ` ${countOf(first.missing, 'clip')} could not be heard.`;
  return `${countOf(first.clips, 'clip')} of ${title} indexed by ${countOf(heard.length, 'output')}.${missing}`;
}

function report(context: JobContext, { done, all, detail, share }: { done: number; all: number; detail: string; share: number }): void {
  context.report({ done, total: all, unit: 'contestants', audioSeconds: 0, detail, failed: 0, share: (done + share) / all });
}

/** Untrained twins as far as the library has them: none is added to it. */
function withTwins(library: OwnLibrary, entrants: readonly Entrant[]): Entrant[] {
  return entrants.filter(({ kind, encoder }) => kind !== 'untrained' || encoder === null || library.hasTwin(encoder));
}

/** @throws AppError BAD_INPUT for a head or task that the protocol says nothing of */
function trialsOf(
  { protocol, head: wanted, layers }: FullEvaluationWish,
  { dataset, task }: DatasetReading,
): { head: ProbeHead; trials: probes.ProbeTrial[] } {
  const { title, heads, trials, layers: known } = protocols[protocol];
  if (!known.includes(layers))
    throw new AppError('BAD_INPUT', `The protocol ${title} probes one layer. MARBLE’s probe every layer, or a weighted sum of them.`);
  const head = wanted ?? defined(heads[0], 'a head');
  if (!heads.includes(head)) throw new AppError('BAD_INPUT', `The protocol ${title} has no ${head} head. It has ${heads.join(' and ')}.`);
  const all = trials({ dataset, task: task.name, kind: task.kind }, head);
  if (all.length > 0) return { head, trials: all };
  throw new AppError(
    'BAD_INPUT',
    `The protocol ${title} says nothing of ${task.title}. Choose another one: marble and jukemir take every task.`,
  );
}
