/** @file Experiments in the application: files as they stand, and a job that does what is left of one. */
import { resolve } from 'node:path';
import { AppError } from '../../base/index.ts';
import { experimentWishSchema } from '../../contract/index.ts';
import type { Experiment, ExperimentPlan, ExperimentWish, ListedExperiment, OpenedExperiment } from '../../contract/index.ts';
import type { JobContext, JobOutcome, StartedJob } from '../jobs/jobs.ts';
import { resolveSettings } from '../pretraining/settings-options.ts';
import { selectionOf } from '../pretraining/track-selection.ts';
import type { Tools } from '../tools.ts';
import { carriedText } from './experimenting.ts';
import type { Experimenting } from './experimenting.ts';
import type { Plan } from './plan.ts';
import { readExperiment } from './read-experiment.ts';
import { experimentPath, shippedExperiments } from './shipped.ts';
import { unfold } from './unfold.ts';
import type { Resolver, Unfolded } from './unfold.ts';

/** Where the experiments of papers lie; null: none came along. */
type Place = { directory: string | null };

/** A file that was read, and everything that is in it. */
export type ReadExperiment = { experiment: Experiment; unfolded: Unfolded; path: string };

/** Use cases of experiments' files. */
export class ExperimentJobs {
  readonly #tools: Tools;
  readonly #experimenting: Experimenting;
  readonly #directory: string | null;

  constructor(tools: Tools, experimenting: Experimenting, { directory }: Place) {
    this.#tools = tools;
    this.#experimenting = experimenting;
    this.#directory = directory;
    tools.jobs.define('experiment', (params, context) => this.#run(experimentWishSchema.parse(params), context));
  }

  /** Those that come with Earmark, by their names. */
  async list(): Promise<ListedExperiment[]> {
    const { directory } = { directory: this.#directory };
    return Promise.all(
      shippedExperiments(directory).map(async (name) => {
        const { title, about, source } = await readExperiment(experimentPath(directory, name));
        return { name, title, about, source };
      }),
    );
  }

  /**
   * Reads a file, with the folders that a person has named for it.
   * @throws AppError BAD_INPUT with the place in the file, also for a folder's name that the file does not use; codes of the file system
   */
  async read({ file, folders = {} }: ExperimentWish): Promise<ReadExperiment> {
    const path = experimentPath(this.#directory, file);
    const experiment = await readExperiment(path);
    const unknown = Object.keys(folders).find((name) => !Object.hasOwn(experiment.folders, name));
    if (unknown !== undefined) {
      const known = Object.keys(experiment.folders).join(', ');
      throw new AppError('BAD_INPUT', `${file} names no folder “${unknown}”. It names ${known === '' ? 'none' : known}.`);
    }
    const places = Object.fromEntries(Object.entries(folders).map(([name, own]) => [name, resolve(own)]));
    const placed = { ...experiment, folders: { ...experiment.folders, ...places } };
    return { experiment: placed, path, unfolded: unfold(placed, path, this.#resolver()) };
  }

  /** As it stands. @throws AppError as {@link read} */
  async open(wish: ExperimentWish): Promise<OpenedExperiment> {
    const { experiment, unfolded } = await this.read(wish);
    const { title, about, source, notes, folders } = experiment;
    const plan = planned(await this.#experimenting.plan(unfolded, null));
    return { file: wish.file, title, about, source, notes, folders, plan, results: this.#experimenting.results(unfolded) };
  }

  /** What is left, measured. @throws AppError as {@link read}, CANCELLED */
  async plan(wish: ExperimentWish, signal: AbortSignal): Promise<ExperimentPlan> {
    const { unfolded } = await this.read(wish);
    const device = this.#tools.store.settings.get().device;
    return planned(await this.#experimenting.plan(unfolded, { device, signal, onUnit: () => undefined }));
  }

  /** Begins, after a look at the file and its folders. @throws AppError as {@link read}, and where a folder, music or an encoder is missing */
  async start(wish: ExperimentWish): Promise<StartedJob> {
    const { experiment, unfolded, path } = await this.read(wish);
    this.#experimenting.check(unfolded);
    const isShipped = shippedExperiments(this.#directory).includes(wish.file);
    // A file by its whole path, since the job may be taken up by a process in another folder.
    const params = { file: isShipped ? wish.file : resolve(path), folders: wish.folders ?? {} };
    return this.#tools.jobs.start({ kind: 'experiment', title: `Experiment “${experiment.title}”`, params });
  }

  async #run(wish: ExperimentWish, context: JobContext): Promise<JobOutcome> {
    const { unfolded } = await this.read(wish);
    const { signal } = context;
    const report = (detail: string): void => {
      const { done, all } = this.#experimenting.results(unfolded);
      context.report({ done, total: all, unit: 'evaluations', audioSeconds: 0, detail, failed: 0 });
    };
    report('Looks at what is done');
    const carried = await this.#experimenting.run(unfolded, {
      ...{ device: this.#tools.store.settings.get().device, signal, say: report },
      follow: (job) => this.#follow(job, context),
    });
    const { done, all } = this.#experimenting.results(unfolded);
    const failures = carried.failures.map(({ what, message }) => `${what}: ${message}`).join(' ');
    return { message: `${carriedText(carried)} ${failures}`.trim(), result: { ...carried, done, all } };
  }

  /** Waits for a run or an evaluation as a part of the experiment: it pauses and is cancelled with it. */
  async #follow({ jobId, settled }: StartedJob, { signal, gate, isClosing }: JobContext): Promise<JobOutcome> {
    const { jobs } = this.#tools;
    const cancel = (): void => void (isClosing() ? undefined : jobs.cancel(jobId));
    const stopListening = gate.onChange((isClosed) => (isClosed ? jobs.pause(jobId) : jobs.resume(jobId)));
    signal.addEventListener('abort', cancel);
    if (signal.aborted) cancel();
    try {
      return await settled;
    } finally {
      stopListening();
      signal.removeEventListener('abort', cancel);
    }
  }

  #resolver(): Resolver {
    return {
      settings: ({ recipe, preset, changes }) =>
        resolveSettings({
          ...{ recipe, set: [...changes].map(([path, value]) => `${path}=${JSON.stringify(value)}`) },
          ...(preset === undefined ? {} : { preset }),
        }),
      selection: (folder) => selectionOf(this.#tools, [folder ?? 'library']),
    };
  }
}

function planned({ columns, ...plan }: Plan): ExperimentPlan {
  const told = columns.map(({ column, ...own }) => {
    const { name, dataset, task, split, protocol, head, percent, place, folder } = column;
    return { name, dataset, task, split, protocol, head, percent, place, folder, ...own };
  });
  return { ...plan, columns: told };
}
