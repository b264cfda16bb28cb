/** @file The runs: what each is, how far it is, and what can be done with it. */
import type { Api } from '../client/index.ts';
import type { AppEvent, EncoderId, pretraining } from '../../src-main/contract/index.ts';
import type { StartRequest } from './pretrain-form.svelte.ts';
import type { UndoState } from './undo.svelte.ts';

type Run = pretraining.Run;
type RunId = pretraining.RunId;

/** What is used of the core. */
type RunsApi = Pick<Api, 'pretrain' | 'runs' | 'jobs'>;

/** A step as the core tells of it. */
export type StepEvent = Extract<AppEvent, { type: 'run.stepped' }>;

const underWayStates: readonly pretraining.RunState[] = ['waiting', 'running', 'paused'];
const resumableStates: readonly pretraining.RunState[] = ['interrupted', 'stopped', 'failed'];

/** True while a run waits, runs or is paused. */
export function isRunUnderWay(run: Pick<Run, 'state'>): boolean {
  return underWayStates.includes(run.state);
}

/** True for a run that ended before its length and can go on from its last checkpoint. */
export function isResumable(run: Pick<Run, 'state'>): boolean {
  return resumableStates.includes(run.state);
}

/** The checkpoint an encoder is made of: the best, else the last; null when there is none. */
export function bestCheckpoint({ checkpoints }: Pick<Run, 'checkpoints'>): pretraining.Checkpoint | null {
  return checkpoints.find(({ isBest }) => isBest) ?? checkpoints.toSorted((a, b) => b.step - a.step)[0] ?? null;
}

/** All runs that were not removed, newest first. */
export class RunsState {
  readonly #api: RunsApi;
  readonly #undo: UndoState;
  #list = $state.raw<readonly Run[] | null>(null);
  #error = $state.raw<unknown>(null);

  constructor(api: RunsApi, undo: UndoState) {
    this.#api = api;
    this.#undo = undo;
  }

  /** Null until they are loaded. */
  get list(): readonly Run[] | null {
    return this.#list;
  }

  /** Why they could not be loaded; null when they could. */
  get error(): unknown {
    return this.#error;
  }

  /** The run that is under way; the one that runs before those that wait. */
  get current(): Run | null {
    const all = this.#list?.filter(isRunUnderWay) ?? [];
    return all.find(({ state }) => state !== 'waiting') ?? all[0] ?? null;
  }

  get(runId: RunId): Run | undefined {
    return this.#list?.find(({ id }) => id === runId);
  }

  async load(): Promise<void> {
    try {
      this.#list = await this.#api.runs.list();
      this.#error = null;
    } catch (error) {
      this.#error = error;
      if (this.#list !== null) throw error;
    }
  }

  /** Takes a run as the core tells it; null when it is gone. */
  update(runId: RunId, run: Run | null): void {
    if (this.#list === null) return;
    const others = this.#list.filter(({ id }) => id !== runId);
    this.#list = run === null ? others : [...others, run].toSorted((a, b) => b.createdAt - a.createdAt || b.id - a.id);
  }

  /** Takes a step. */
  step({ runId, point, health }: StepEvent): void {
    const run = this.get(runId);
    if (run === undefined || this.#list === null) return;
    const seconds = point.stepsPerSecond > 0 ? Math.max(0, point.step - run.step) / point.stepsPerSecond : 0;
    const moved = { ...run, step: point.step, last: point, health: health ?? run.health, activeSeconds: run.activeSeconds + seconds };
    this.#list = this.#list.map((one) => (one.id === runId ? moved : one));
  }

  async start(request: StartRequest): Promise<RunId> {
    const { runId } = await this.#api.pretrain.start(request);
    await this.load();
    return runId;
  }

  async pause({ jobId }: Run): Promise<void> {
    if (jobId !== null) await this.#api.jobs.pause({ jobId });
  }

  /** Goes on with a paused run, or with one that ended; `length` makes that longer. */
  async resume(run: Run, length?: pretraining.PretrainSettings['length']): Promise<void> {
    if (run.state === 'paused' && run.jobId !== null) return this.#api.jobs.resume({ jobId: run.jobId });
    await this.#api.runs.resume({ runId: run.id, ...(length === undefined ? {} : { length }) });
    await this.load();
  }

  /** Ends a run after the step under way; it can go on later. */
  async stop({ id }: Run): Promise<void> {
    await this.#api.runs.stop({ runId: id });
  }

  async rename(run: Run, name: string): Promise<void> {
    if (name === run.name) return;
    this.update(run.id, await this.#api.runs.rename({ runId: run.id, name }));
    this.#undo.did(`Run renamed to “${name}”`, async () =>
      this.update(run.id, await this.#api.runs.rename({ runId: run.id, name: run.name })),
    );
  }

  async remove(run: Run): Promise<void> {
    await this.#api.runs.remove({ runId: run.id });
    await this.load();
    this.#undo.did(`Run “${run.name}” removed`, async () => {
      await this.#api.runs.restore({ runId: run.id });
      await this.load();
    });
  }

  /** Makes a checkpoint an encoder; the same checkpoint gives the same one. */
  async makeEncoder(runId: RunId, step: number): Promise<EncoderId> {
    const { encoderId } = await this.#api.runs.makeEncoder({ runId, step });
    await this.load();
    return encoderId;
  }

  /** Writes a checkpoint or the whole run to a new file. */
  async export(request: Parameters<Api['runs']['export']>[0]): Promise<{ path: string; bytes: number }> {
    return this.#api.runs.export(request);
  }
}
