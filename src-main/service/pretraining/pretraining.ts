/** @file Pre-training as a person steers it: begin, go on, stop, look back, keep what was learnt. */
import { AppError, countOf } from '../../base/index.ts';
import { pretraining } from '../../contract/index.ts';
import type { EncoderId, Job } from '../../contract/index.ts';
import { chosenEncoder, isFedEmbeddings } from '../../learn/index.ts';
import type { WeightArrays } from '../../learn/index.ts';
import type { StoredRun } from '../../store/index.ts';
import type { TrainLabels, TrainTrack } from '../processes/train-messages.ts';
import { checkDevice } from '../encoders/check-device.ts';
import { stoodUpon } from '../encoders/stood-upon.ts';
import type { JobContext, JobOutcome, StartedJob } from '../jobs/jobs.ts';
import type { Tools } from '../tools.ts';
import { TrainerQuestions } from './ask-trainer.ts';
import { encoderOfCheckpoint, readCheckpoint } from './checkpoint-encoder.ts';
import { exportRun } from './export-run.ts';
import type { RunExport } from './export-run.ts';
import { deleteRunFolder, describeQuietly, makeRunFolder } from './run-folder.ts';
import { feedable, fitted, rowsInParts } from './known-rows.ts';
import { findLabels, withNames } from './labels/find-labels.ts';
import type { MissingRow } from './labels/known-labels.ts';
import { checkPlan } from './labels/plan-labels.ts';
import { readTable } from './labels/table-file.ts';
import { labelColumns } from './labels/table-labels.ts';
import { isRefusal } from './refusal.ts';
import { checkBatch, checkParts, selectTracks } from './selection.ts';
import { trainRun } from './train-run.ts';
import type { LiveRun } from './train-run.ts';

type RunId = pretraining.RunId;
type Settings = pretraining.PretrainSettings;

/** What to learn from, how, and where. */
export type PretrainWork = { settings: Settings; selection: pretraining.TrackSelection; device: string };

/** What a recipe that learns labels needs besides: the tracks that it learns from, and what is known of them. */
type Labelled = { labels: TrainLabels; taught: TrainTrack[]; missing?: readonly MissingRow[]; overview?: pretraining.LabelOverview } | null;

/** A run to begin. `continues`: begins with a checkpoint's weights. */
export type NewRunOptions = PretrainWork & {
  name?: string | undefined;
  continues?: { runId: RunId; step: number } | undefined;
  /** Of a run that learns from an index: whether it begins once what is being heard has been; else it learns from what was heard by now. */
  waits?: boolean | undefined;
};

/** A run, its job, and how it ends. */
export type StartedRun = StartedJob & { runId: RunId };

/** A run that began; with labels, what there is of them. */
export type BegunRun = StartedRun & { labels: pretraining.LabelOverview | null };

/** What a job is asked to do. `heardBy`: the run learns from the index of this encoder, and begins when that is not being made any more. */
type PretrainParams = { runId: RunId; heardBy?: EncoderId };

/** Removed runs can be brought back for this long. */
const keptRemovedMs = 7 * 24 * 60 * 60 * 1000;

const noLabels = { names: [], isExclusive: false, labelled: 0, taught: 0, heldOut: 0, leftOut: 0, notFound: 0, notFoundRows: [], each: [] };

/** Use cases of pre-training. */
export class Pretraining {
  readonly #tools: Tools;
  readonly #questions: TrainerQuestions;
  readonly #live = new Map<RunId, LiveRun>();
  /** Runs whose process would not begin with them. */
  readonly #refused = new Set<RunId>();

  constructor(tools: Tools) {
    this.#tools = tools;
    this.#questions = new TrainerQuestions(tools.entries.trainProcess);
    const runIdOf = (params: unknown): RunId => (params as PretrainParams).runId;
    tools.jobs.define('pretrain', (params, context) => this.#run(runIdOf(params), context), {
      queued: (job, params) => this.#queued(runIdOf(params), job),
      changed: (job, params) => this.#moved(runIdOf(params), job),
      ended: (job, params) => this.#ended(runIdOf(params), job),
    });
  }

  /** Measures a step in a process of its own. @throws AppError as the training process; CANCELLED */
  async estimate({ settings, selection, device }: PretrainWork, signal: AbortSignal): Promise<pretraining.Estimate> {
    checkDevice(device);
    const { store } = this.#tools;
    const chosen = feedable(store, settings, selectTracks(store, selection));
    const { settings: named, labelled } = await this.#labelled(fitted(settings, chosen.length), chosen);
    const tracks = labelled?.taught ?? chosen;
    checkBatch(tracks.length, named);
    checkParts(named);
    const labels = labelled?.labels ?? null;
    const work = { settings: named, device, tracks, labels, heldOut: [], ...this.#cache() };
    const rows = rowsInParts(store, named, tracks);
    const { estimate } = await this.#questions.ask({ type: 'estimate', ...work }, signal, rows).finally(() => rows.close());
    if (!this.#isTraining()) return estimate;
    const beside = 'Another run is under way, so the step was measured slower than it is alone.';
    return { ...estimate, warnings: [...estimate.warnings, beside] };
  }

  /** Two augmented views of a track. @throws AppError as the training process; CANCELLED */
  async hear(
    { settings, selection, seed }: Pick<PretrainWork, 'settings' | 'selection'> & { seed: number },
    signal: AbortSignal,
  ): Promise<pretraining.ViewPair> {
    const { store } = this.#tools;
    const tracks = selectTracks(store, selection);
    const work = { settings, device: 'cpu', tracks, labels: null, heldOut: [], ...this.#cache() };
    const { pair } = await this.#questions.ask({ type: 'hear', seed, ...work }, signal);
    const [meta] = store.tracks.meta([pair.trackId]);
    return { ...pair, title: meta?.title ?? '', artist: meta?.artist ?? '' };
  }

  /** What there is to learn with labels, and the columns of a table to choose from. @throws AppError as {@link begin} */
  async labels({
    settings,
    selection,
  }: Omit<PretrainWork, 'device'>): Promise<pretraining.LabelOverview & { columns: pretraining.LabelColumn[] }> {
    const { store } = this.#tools;
    const from = settings.labels?.from;
    const columns = from?.kind === 'table' ? labelColumns(await readTable(from.path)) : [];
    try {
      const { overview } = await findLabels(store, { settings, tracks: selectTracks(store, selection) });
      return { ...overview, columns };
    } catch (error) {
      // A table of which it has to be said what is meant is shown with its columns.
      if (!(error instanceof AppError) || error.code !== 'BAD_INPUT' || columns.length === 0) throw error;
      return { ...noLabels, problem: error.message, columns };
    }
  }

  /**
   * Finds the labels that settings name, if any, and begins a run.
   * @throws AppError as {@link start}; BAD_INPUT for labels that cannot be learnt or measured; codes of the file system for a table
   */
  async begin(options: NewRunOptions): Promise<BegunRun> {
    const { settings, labelled } = await this.#labelled(options.settings, selectTracks(this.#tools.store, options.selection));
    return { ...this.start({ ...options, settings }, labelled), labels: labelled?.overview ?? null };
  }

  /**
   * Begins a run whose labels, if it needs any, were found.
   * @throws AppError NOT_FOUND (no tracks, no checkpoint), BAD_INPUT, DEVICE_UNAVAILABLE, NOT_ALLOWED, DISK_FULL
   */
  start(options: NewRunOptions, labelled: Labelled = null): StartedRun {
    const { settings: wanted, selection, device, name, continues, waits = true } = options;
    const { store, codeVersion } = this.#tools;
    checkDevice(device);
    const heardBy = waits ? this.#hears(wanted) : undefined;
    const chosen = labelled?.taught ?? selectTracks(store, selection);
    // Which of them can be learnt from shows when they have been heard.
    const tracks = heardBy === undefined ? feedable(store, wanted, chosen) : chosen;
    const settings = fitted(wanted, tracks.length);
    checkBatch(tracks.length, settings);
    checkParts(settings);
    if (continues !== undefined) this.#checkContinues(continues, settings);
    const run = store.runs.add({
      ...{
        name: name ?? pretraining.runName(settings, tracks.length),
        settings,
        selection,
        deviceWanted: device,
        tracks: tracks.length,
        codeVersion,
      },
      ...{ continuesRunId: continues?.runId ?? null, continuesStep: continues?.step ?? null },
    });
    try {
      makeRunFolder(store.paths, run, { tracks, labels: labelled?.labels ?? null, missing: labelled?.missing });
    } catch (error) {
      store.runs.delete(run.id);
      throw error;
    }
    try {
      return this.#launch(run, heardBy);
    } catch (error) {
      store.runs.delete(run.id);
      deleteRunFolder(store.paths, run.id);
      throw error;
    }
  }

  /** Runs that were not taken out, newest first. */
  list(): StoredRun[] {
    return this.#tools.store.runs.list();
  }

  /** One run. @throws AppError NOT_FOUND, also for one that was removed */
  get(runId: RunId): StoredRun {
    const run = this.#tools.store.runs.get(runId);
    if (run.removedAt === null) return run;
    throw new AppError('NOT_FOUND', `Run ${runId} was removed. Restore it first.`, { details: { runId } });
  }

  /** Curves of at most `points` points, up to the step that was told of last. @throws AppError NOT_FOUND */
  curves(runId: RunId, points: number): pretraining.Curves {
    this.get(runId);
    this.#live.get(runId)?.flush();
    return this.#tools.store.runPoints.curves(runId, points);
  }

  rename(runId: RunId, name: string): StoredRun {
    this.get(runId);
    return this.#changed(this.#tools.store.runs.update(runId, { name }));
  }

  /** Goes on from the last checkpoint. @throws AppError ALREADY_RUNNING, BAD_INPUT for a run that is at its end */
  resume({ runId, device, length }: { runId: RunId; device?: string | undefined; length?: Settings['length'] | undefined }): StartedRun {
    const { store, jobs, codeVersion } = this.#tools;
    const run = this.get(runId);
    if (isActive(run)) throw new AppError('ALREADY_RUNNING', `“${run.name}” is under way already.`, { details: { runId } });
    if (run.state === 'done' && length === undefined)
      throw new AppError('BAD_INPUT', `“${run.name}” has come to its end. Give it a greater length to go on.`, { details: { runId } });
    if (length !== undefined && hasCome(run, length))
      throw new AppError('BAD_INPUT', `“${run.name}” has come as far already: ${doneText(run)}. Give it a greater length to go on.`, {
        details: { runId },
      });
    if (device !== undefined) checkDevice(device);
    const settings = { ...run.settings, length: length ?? run.settings.length };
    const changed = store.runs.update(runId, { settings, deviceWanted: device ?? run.deviceWanted, codeVersion });
    const again = run.jobId === null ? null : jobs.takeUp(run.jobId);
    return again === null ? this.#launch(changed) : { runId, ...again };
  }

  /** Ends a run with a checkpoint. @throws AppError NOT_FOUND for one that is not under way */
  async stop(runId: RunId): Promise<void> {
    const run = this.get(runId);
    const live = this.#live.get(runId);
    if (live !== undefined) return live.stop();
    if (!isActive(run) || run.jobId === null) throw new AppError('NOT_FOUND', `“${run.name}” is not under way.`, { details: { runId } });
    await this.#tools.jobs.cancel(run.jobId);
  }

  /** Takes a run out of the list. @throws AppError ALREADY_RUNNING for one that is under way */
  async remove(runId: RunId): Promise<void> {
    const { store, jobs, events } = this.#tools;
    const run = this.get(runId);
    if (isActive(run)) throw new AppError('ALREADY_RUNNING', `“${run.name}” is under way. Stop it first.`, { details: { runId } });
    // The next start shall not take it up.
    if (run.jobId !== null) await jobs.cancel(run.jobId);
    store.runs.remove(runId);
    events.emit({ type: 'run.updated', runId, run: null });
  }

  /** Brings a removed run back. @throws AppError NOT_FOUND when its files were deleted */
  restore(runId: RunId): void {
    this.#tools.store.runs.restore(runId);
    this.#changed(this.#tools.store.runs.get(runId));
  }

  /** Deletes what was removed days ago. */
  deleteRemoved(): void {
    const { store } = this.#tools;
    for (const runId of store.runs.removedBefore(Date.now() - keptRemovedMs)) {
      deleteRunFolder(store.paths, runId);
      store.runs.delete(runId);
    }
  }

  /** Makes a checkpoint an encoder. @throws AppError NOT_FOUND, FILE_GONE, WEIGHTS_UNREADABLE */
  async makeEncoder(runId: RunId, step: number): Promise<EncoderId> {
    return encoderOfCheckpoint(this.#tools, this.get(runId), step);
  }

  /** The head that a checkpoint holds beside its encoder. @throws AppError as {@link makeEncoder} */
  async head(runId: RunId, step: number): Promise<WeightArrays> {
    return (await readCheckpoint(this.#tools, this.get(runId), step)).head;
  }

  /** See {@link exportRun}. */
  async export({ runId, ...wanted }: Omit<RunExport, 'run'> & { runId: RunId }): Promise<{ path: string; bytes: number }> {
    this.#live.get(runId)?.flush();
    return exportRun(this.#tools, { ...wanted, run: this.get(runId) });
  }

  /** Ends questions; runs end with their jobs. */
  async close(): Promise<void> {
    await this.#questions.close();
  }

  /** The encoder whose index a run learns from, while that index is being made. */
  #hears(settings: Settings): EncoderId | undefined {
    const base = isFedEmbeddings(settings) ? stoodUpon(this.#tools.store, settings.encoder) : undefined;
    return base !== undefined && this.#tools.jobs.underWay('index', String(base.id)) !== null ? base.id : undefined;
  }

  /** A run that learns from an index and has not begun takes what has been heard by now; one that has begun keeps its own. */
  #withHeard(run: StoredRun): StoredRun {
    if (!isFedEmbeddings(run.settings) || run.totalSteps !== null || run.checkpoints.length > 0) return run;
    const { store } = this.#tools;
    const tracks = feedable(store, run.settings, selectTracks(store, run.selection));
    const settings = fitted(run.settings, tracks.length);
    const isNamed = run.name !== pretraining.runName(run.settings, run.tracks);
    const name = isNamed ? run.name : pretraining.runName(settings, tracks.length);
    const changed = store.runs.update(run.id, { settings, name, tracks: tracks.length });
    makeRunFolder(store.paths, changed, { tracks, labels: null });
    return this.#changed(changed);
  }

  #launch(run: StoredRun, heardBy?: EncoderId): StartedRun {
    const params: PretrainParams = { runId: run.id, ...(heardBy === undefined ? {} : { heardBy }) };
    return { runId: run.id, ...this.#tools.jobs.start({ kind: 'pretrain', title: `Pre-train ${run.name}`, params }) };
  }

  async #run(runId: RunId, context: JobContext): Promise<JobOutcome> {
    const tools = this.#tools;
    try {
      const onSession = (live: LiveRun): void => void this.#live.set(runId, live);
      const result = await trainRun({ tools, context, run: this.#withHeard(this.get(runId)), onSession });
      return { message: tools.store.runs.get(runId).message, result };
    } catch (error) {
      if (isRefusal(error, tools.store.runs.get(runId))) this.#refused.add(runId);
      throw error;
    } finally {
      this.#live.delete(runId);
    }
  }

  #queued(runId: RunId, job: Job): void {
    const { store } = this.#tools;
    if (!store.runs.has(runId)) return;
    const state = job.state === 'paused' ? 'paused' : 'waiting';
    this.#changed(store.runs.update(runId, { state, jobId: job.id, message: '', endedAt: null }));
  }

  /** A run that waits may be paused, and one that is resumed may have to wait. That it works, and rests in the middle, its process says. */
  #moved(runId: RunId, job: Job): void {
    const { store } = this.#tools;
    if (!store.runs.has(runId)) return;
    const { state } = store.runs.get(runId);
    if (job.state === 'queued' && state !== 'waiting') this.#changed(store.runs.update(runId, { state: 'waiting' }));
    else if (job.state === 'paused' && state === 'waiting') this.#changed(store.runs.update(runId, { state: 'paused' }));
  }

  /** A job that did not end by itself takes its run along. */
  #ended(runId: RunId, { id, state, message, endedAt }: Job): void {
    const { store } = this.#tools;
    if (this.#refused.delete(runId)) return this.#forget(runId, id);
    if (state === 'done' || !store.runs.has(runId) || !isActive(store.runs.get(runId))) return;
    const ended = state === 'cancelled' ? 'stopped' : state === 'failed' ? 'failed' : 'interrupted';
    this.#changed(store.runs.update(runId, { state: ended, message, endedAt }));
  }

  /** Nothing stays of a run that never began: who watches was told why, and later lists do not show it. */
  #forget(runId: RunId, jobId: Job['id']): void {
    const { store, events } = this.#tools;
    store.runs.delete(runId);
    store.jobs.update(jobId, { seen: true });
    deleteRunFolder(store.paths, runId);
    events.emit({ type: 'run.updated', runId, run: null });
  }

  #changed(run: StoredRun): StoredRun {
    describeQuietly(this.#tools.store.paths, run);
    this.#tools.events.emit({ type: 'run.updated', runId: run.id, run: run.removedAt === null ? run : null });
    return run;
  }

  #checkContinues({ runId, step }: { runId: RunId; step: number }, { encoder }: Settings): void {
    const from = this.get(runId);
    this.#tools.store.checkpoints.get(runId, step);
    const [before, after] = [from.settings.encoder, encoder].map(chosenEncoder);
    if (JSON.stringify(before?.settings) === JSON.stringify(after?.settings)) return;
    throw new AppError(
      'BAD_INPUT',
      `Run ${runId} trains a ${before?.title} at ${before?.sampleRate} Hz and the new one a ${after?.title} at ${after?.sampleRate} Hz. Choose the same encoder.`,
    );
  }

  /** Settings with the names of their labels, and what is known of which tracks; as they are for recipes that need none. */
  async #labelled(settings: Settings, tracks: readonly TrainTrack[]): Promise<{ settings: Settings; labelled: Labelled }> {
    if (!pretraining.learnsLabels(settings.objective)) return { settings, labelled: null };
    const plan = await findLabels(this.#tools.store, { settings, tracks });
    checkPlan(plan);
    return { settings: withNames(settings, plan), labelled: plan };
  }

  #cache(): { cacheDirectory: string } {
    return { cacheDirectory: this.#tools.store.paths.cached('pretraining') };
  }

  #isTraining(): boolean {
    return this.#tools.jobs.list().some((job) => job.kind === 'pretrain' && job.state === 'running');
  }
}

/** Whether a run has come to the end that a length would give it. */
function hasCome({ step, activeSeconds, last }: StoredRun, { unit, amount }: Settings['length']): boolean {
  return { steps: step, epochs: last?.epoch ?? 0, minutes: activeSeconds / 60 }[unit] >= amount;
}

function doneText({ step, activeSeconds, last }: StoredRun): string {
  return `${countOf(step, 'step')}, ${(last?.epoch ?? 0).toFixed(1)} epochs, ${(activeSeconds / 60).toFixed(1)} minutes`;
}

function isActive({ state }: StoredRun): boolean {
  return state === 'waiting' || state === 'running' || state === 'paused';
}
