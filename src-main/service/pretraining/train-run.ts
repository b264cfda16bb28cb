/** @file One life of a run as a job: from its last checkpoint, or the beginning, to its end, a stop, or a failure. */
import { existsSync, mkdirSync } from 'node:fs';
import { AppError, countOf } from '../../base/index.ts';
import { pretraining } from '../../contract/index.ts';
import type { Comparison, TrackId } from '../../contract/index.ts';
import { isFedEmbeddings } from '../../learn/index.ts';
import type { StoredRun } from '../../store/index.ts';
import type { FailedPath, JobContext } from '../jobs/jobs.ts';
import type { TrainLabels, TrainTrack } from '../processes/train-messages.ts';
import type { Tools } from '../tools.ts';
import { encoderOfCheckpoint } from './checkpoint-encoder.ts';
import { crashError, withGoingOn } from './crash-sentence.ts';
import { readLabels } from './labels/label-file.ts';
import { judge } from './judge.ts';
import { rowsInParts } from './known-rows.ts';
import type { RowsInParts } from './known-rows.ts';
import { isRefusal } from './refusal.ts';
import { RunRecorder } from './run-recorder.ts';
import { readTracks } from './run-folder.ts';
import { selectTracks } from './selection.ts';
import { startTraining } from './train-session.ts';
import type { TrainEnding, TrainSessionOptions } from './train-session.ts';

/** What a life of a run did; the document of the command line's `pretrain`. `checkpoint`: the file of the last one, or of the best by held-out tracks. */
export type PretrainResult = {
  run: number;
  recipe: pretraining.RecipeName;
  device: string | null;
  deviceReason: string;
  steps: number;
  loss: number;
  clipsPerSecond: number;
  checkpoint: string | null;
  checkpointStep: number | null;
  /** Time spent training, in seconds, over all lives of the run. */
  seconds: number;
  /** The encoder that this checkpoint became. */
  encoder: number | null;
  /** Share of the time that the device waited for data. */
  idleShare: number;
  tracks: number;
  /** `stopped`: before its length was reached. */
  state: 'done' | 'stopped';
  /** What held-out tracks say, of the checkpoint's step where it is the best; null without labels. */
  heldOut: pretraining.HeldOut | null;
  /** Beside the encoder that it stands upon, of runs that were fed with that one's index; null of others. */
  comparison: Comparison | null;
  /** Whether the encoder is the library's own from now on; and what was found, as sentences. */
  isChosen: boolean;
  judgement: string;
  failed: FailedPath[];
};

/** A life that goes on. `stop` ends it with a checkpoint; `flush` stores the points that it told of since they were last stored. */
export type LiveRun = { stop: () => void; flush: () => void };

/** What a life is given. `onSession` gets the reins of it. */
export type TrainRunOptions = { tools: Tools; context: JobContext; run: StoredRun; onSession: (live: LiveRun) => void };

/** Trains until the run ends. @throws AppError CANCELLED; what the training process could not do, with how to go on */
export async function trainRun(options: TrainRunOptions): Promise<PretrainResult> {
  const { tools, context, run } = options;
  const recorder = new RunRecorder({ tools, context, runId: run.id, length: run.settings.length });
  const unlisten = context.gate.onChange((isClosed) => {
    // The process reports when it pauses; that it resumes is seen here.
    if (!isClosed) setRunning(tools, recorder, run.id);
  });
  let rows: RowsInParts | undefined;
  try {
    setRunning(tools, recorder, run.id);
    const begun = sessionOptions(options);
    rows = rowsInParts(tools.store, run.settings, begun.request.tracks);
    const session = startTraining({ ...begun, rows, onReply: (reply) => recorder.take(reply) });
    options.onSession({ stop: session.stop, flush: () => recorder.flushQuietly() });
    const end = await session.ended;
    if (end.type === 'crashed') throw crashError(tools.store.runs.get(run.id), end.how);
    return await finish(options, recorder, end);
  } catch (error) {
    const now = tools.store.runs.get(run.id);
    throw isRefusal(error, now) ? error : withGoingOn(error, now);
  } finally {
    unlisten();
    rows?.close();
    recorder.flushQuietly();
  }
}

function setRunning({ store }: Tools, recorder: RunRecorder, runId: pretraining.RunId): void {
  store.runs.update(runId, { state: 'running', message: '', endedAt: null });
  recorder.changed();
}

async function finish({ tools, context, run: { id } }: TrainRunOptions, recorder: RunRecorder, end: TrainEnding): Promise<PretrainResult> {
  const { store } = tools;
  if (context.isClosing()) throw new AppError('CANCELLED', 'Earmark was closed.');
  const checkpoints = store.checkpoints.list(id);
  const step = pretraining.encoderStep({ settings: store.runs.get(id).settings, checkpoints });
  const encoder = step === null ? null : await encoderOfCheckpoint(tools, store.runs.get(id), step);
  if (context.signal.aborted) throw new AppError('CANCELLED', 'The run was ended.');
  const { settings } = store.runs.get(id);
  const judged = encoder === null || !isFedEmbeddings(settings) ? null : await judge(tools, context, { encoderId: encoder, settings });
  const message = [endSentence(end, recorder.remarks()), judged?.says ?? ''].join(' ').trimEnd();
  const comparison = judged?.comparison ?? null;
  const run = store.runs.update(id, { state: end.why, message, comparison, endedAt: Date.now() });
  recorder.changed();
  const heldOut = store.runs.get(id).health?.heldOut;
  return {
    ...{ run: id, recipe: run.settings.recipe, device: run.device, deviceReason: run.deviceReason, steps: end.step },
    ...{ ...lastFigures(run, end), checkpoint: step === null ? null : store.paths.checkpoint(id, step) },
    ...{ seconds: end.activeSeconds, encoder, idleShare: end.idleShare, tracks: run.tracks, state: end.why, failed: recorder.problems },
    checkpointStep: step,
    ...{ comparison, isChosen: judged?.isChosen ?? false, judgement: judged?.says ?? '' },
    heldOut: heldOut === undefined ? null : pretraining.heldOutAt(heldOut, step),
  };
}

/** Of a life that had no step left to do, since the one before ended after its last, those of that one. */
function lastFigures({ last }: StoredRun, { loss, clipsPerSecond }: TrainEnding): Pick<PretrainResult, 'loss' | 'clipsPerSecond'> {
  return Number.isNaN(loss) && last !== null ? { loss: last.loss, clipsPerSecond: last.clipsPerSecond } : { loss, clipsPerSecond };
}

function endSentence({ why, step, remark = '' }: TrainEnding, remarks: string): string {
  const early = remark === '' ? '' : `${remark} `;
  return `${why === 'done' ? 'Finished' : 'Stopped'} after ${countOf(step, 'step')}. ${early}${remarks}`.trimEnd();
}

function sessionOptions({ tools, context, run }: TrainRunOptions): Omit<TrainSessionOptions, 'onReply' | 'rows'> {
  const { store, entries, codeVersion } = tools;
  const last = run.checkpoints.at(-1);
  const timed = last === undefined ? undefined : store.checkpoints.get(run.id, last.step);
  const cacheDirectory = store.paths.cached('pretraining');
  const labels = pretraining.learnsLabels(run.settings.objective) ? readLabels(store.paths, run.id) : null;
  mkdirSync(store.paths.checkpoints(run.id), { recursive: true });
  if (!isFedEmbeddings(run.settings)) mkdirSync(cacheDirectory, { recursive: true });
  return {
    entry: entries.trainProcess,
    gate: context.gate,
    signal: context.signal,
    request: {
      type: 'train',
      settings: run.settings,
      device: run.deviceWanted,
      tracks: tracksOf(tools, run, labels),
      labels,
      heldOut: heldOutOf(tools, labels),
      cacheDirectory,
      checkpointDirectory: store.paths.checkpoints(run.id),
      fromStep: last?.step ?? null,
      continuesPath: last === undefined ? continuesPath(tools, run) : null,
      activeSeconds: timed?.activeSeconds ?? 0,
      checkpoints: run.checkpoints.map(({ step, loss, rank, isBest }) => ({ step, loss, rank, isBest })),
      codeVersion,
    },
  };
}

/** The tracks that the run began with, where they are now: their order decides what is drawn. Where their list is gone, those that its labels name. */
function tracksOf({ store }: Tools, run: StoredRun, labels: TrainLabels | null): TrainTrack[] {
  const known = readTracks(store.paths, run.id);
  if (known === null) {
    const taught = (labels?.tracks ?? []).flatMap(({ trackId, role }) => (role === 'taught' ? [trackId as TrackId] : []));
    return labels === null ? selectTracks(store, run.selection) : store.tracks.audio({ trackIds: taught });
  }
  const now = new Map(store.tracks.audio().map((track) => [track.trackId, track]));
  return known.map((track) => now.get(track.trackId as never) ?? track);
}

/** Held-out tracks where they are now; those that are gone are not measured. */
function heldOutOf({ store }: Tools, labels: TrainLabels | null): TrainTrack[] {
  const trackIds = (labels?.tracks ?? []).flatMap(({ trackId, role }) => (role === 'heldOut' ? [trackId as TrackId] : []));
  return trackIds.length === 0 ? [] : store.tracks.audio({ trackIds });
}

function continuesPath({ store }: Tools, { continuesRunId, continuesStep }: StoredRun): string | null {
  if (continuesRunId === null || continuesStep === null) return null;
  const path = store.paths.checkpoint(continuesRunId, continuesStep);
  if (existsSync(path)) return path;
  const says = `The checkpoint that this run goes on from (run ${continuesRunId}, step ${continuesStep}) is gone.`;
  throw new AppError('FILE_GONE', `${says} Begin a new run without it, or from another one.`, { details: { path } });
}
