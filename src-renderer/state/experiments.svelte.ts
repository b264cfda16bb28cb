/** @file Experiments: those that come with Earmark, and one as it stands with its folders, its plan and its table. */
import type { Api } from '../client/index.ts';
import type { ExperimentPlan, ExperimentWish, ListedExperiment, OpenedExperiment } from '../../src-main/contract/index.ts';

/** What is used of the core. */
type ExperimentsApi = { experiments: Pick<Api['experiments'], 'list' | 'open' | 'plan' | 'run'> };

/** The list, and the experiment that is open. */
export class ExperimentsState {
  readonly #api: ExperimentsApi;
  #list = $state.raw<readonly ListedExperiment[] | null>(null);
  #opened = $state.raw<OpenedExperiment | null>(null);
  #measured = $state.raw<ExperimentPlan | null>(null);
  #error = $state.raw<unknown>(null);
  #isMeasuring = $state(false);
  #wish: Required<ExperimentWish> | null = null;
  #abort = new AbortController();

  constructor(api: ExperimentsApi) {
    this.#api = api;
  }

  /** Null until they are loaded. */
  get list(): readonly ListedExperiment[] | null {
    return this.#list;
  }

  /** Null while the list is shown. */
  get opened(): OpenedExperiment | null {
    return this.#opened;
  }

  /** What is left and what it takes: as it was measured, else as far as it is known without. */
  get plan(): ExperimentPlan | null {
    return this.#measured ?? this.#opened?.plan ?? null;
  }

  /** Why a file could not be opened; null when it could. */
  get error(): unknown {
    return this.#error;
  }

  get isMeasuring(): boolean {
    return this.#isMeasuring;
  }

  async load(): Promise<void> {
    this.#list = await this.#api.experiments.list();
  }

  /** Opens a file, or one that comes with Earmark by its name. */
  async open(file: string): Promise<void> {
    this.stop();
    await this.#look({ file, folders: {} });
  }

  /** Back to the list. */
  close(): void {
    this.stop();
    this.#wish = null;
    this.#opened = null;
    this.#measured = null;
    this.#error = null;
  }

  /** Says where a folder lies that the file leaves open. */
  async place(name: string, path: string): Promise<void> {
    if (this.#wish === null) return;
    this.#measured = null;
    await this.#look({ ...this.#wish, folders: { ...this.#wish.folders, [name]: path } });
  }

  /** Looks again at what is done; what was measured of runs stays until one has ended. */
  async refresh(): Promise<void> {
    if (this.#wish === null) return;
    this.#measured = null;
    await this.#look(this.#wish);
  }

  /** Measures a step of every run that is left. */
  async measure(): Promise<void> {
    if (this.#wish === null) return;
    this.stop();
    const abort = new AbortController();
    this.#abort = abort;
    this.#isMeasuring = true;
    try {
      const plan = await this.#api.experiments.plan(this.#wish, { signal: abort.signal });
      if (this.#abort === abort) this.#measured = plan;
    } finally {
      if (this.#abort === abort) this.#isMeasuring = false;
    }
  }

  /** Ends the measuring. */
  stop(): void {
    this.#abort.abort();
    this.#isMeasuring = false;
  }

  /** Does what is left, as a job. */
  async run(): Promise<void> {
    if (this.#wish !== null) await this.#api.experiments.run(this.#wish);
  }

  async #look(wish: Required<ExperimentWish>): Promise<void> {
    this.#error = null;
    try {
      const opened = await this.#api.experiments.open(wish);
      this.#wish = wish;
      this.#opened = opened;
    } catch (error) {
      this.#error = error;
    }
  }
}
