/** @file A run's folder: enough to understand the run without Earmark. `run.json` tells what it is, `tracks.json` what it learns from, `labels.json` which labels. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, toAppError, writeWholeNow } from '../../base/index.ts';
import type { DataPaths, StoredRun } from '../../store/index.ts';
import type { TrainLabels, TrainTrack } from '../processes/train-messages.ts';
import type { MissingRow } from './labels/known-labels.ts';
import { writeLabels } from './labels/label-file.ts';

/** What a run learns from. */
export type RunMusic = { tracks: readonly TrainTrack[]; labels: TrainLabels | null; missing?: readonly MissingRow[] | undefined };

/** Makes a run's folder and writes the tracks that it learns from. @throws AppError NOT_ALLOWED, DISK_FULL: nothing was left behind */
export function makeRunFolder(paths: DataPaths, run: StoredRun, { tracks, labels, missing }: RunMusic): void {
  const folder = paths.run(run.id);
  try {
    mkdirSync(paths.checkpoints(run.id), { recursive: true });
    writeWholeNow(join(folder, 'tracks.json'), JSON.stringify(tracks));
    if (labels !== null) writeLabels(paths, run.id, { labels, missing });
    describeRun(paths, run);
  } catch (error) {
    removeQuietly(folder);
    const known = toAppError(error, `make the run’s folder ${folder}`);
    const code = known.code === 'INTERNAL' ? 'NOT_ALLOWED' : known.code;
    const way = 'Free space or permissions there, or choose another data directory with --data.';
    throw new AppError(code, `${known.message} ${way}`, { details: { folder }, cause: error });
  }
}

/** Writes `run.json` anew where that can be done: a run does not end for want of its description. */
export function describeQuietly(paths: DataPaths, run: StoredRun): void {
  try {
    describeRun(paths, run);
  } catch {
    // A checkpoint that cannot be written says why; the description is written again at the next one.
  }
}

function describeRun(paths: DataPaths, run: StoredRun): void {
  const { id, name, state, message, codeVersion, createdAt, endedAt, device, tracks, step, totalSteps, activeSeconds } = run;
  const document = {
    about:
      'A pre-training run of Earmark. Each checkpoint is a safetensors file: encoder.* are the weights of the encoder; the others (a projector, predictor or head, a teacher, optimizer.*, memory.*: what is remembered of tracks) belong to its training.',
    ...{ run: id, name, state, message, codeVersion, device, tracks, step, totalSteps, activeSeconds },
    ...{ createdAt: new Date(createdAt).toISOString(), endedAt: endedAt === null ? null : new Date(endedAt).toISOString() },
    continues: run.continuesRunId === null ? null : { run: run.continuesRunId, step: run.continuesStep },
    checkpoints: run.checkpoints.map((one) => ({
      file: `checkpoints/step-${one.step}.safetensors`,
      ...{ step: one.step, loss: one.loss, rank: one.rank, isBest: one.isBest },
    })),
    settings: run.settings,
    selection: run.selection.kind === 'tracks' ? { kind: 'tracks', count: run.selection.trackIds.length } : run.selection,
  };
  writeWholeNow(join(paths.run(run.id), 'run.json'), `${JSON.stringify(document, null, 2)}\n`);
}

function isTrack(value: unknown): value is TrainTrack {
  if (typeof value !== 'object' || value === null) return false;
  const { trackId, path, audioHash, durationMs } = value as Partial<Record<keyof TrainTrack, unknown>>;
  return Number.isInteger(trackId) && [path, audioHash].every((text) => typeof text === 'string') && Number.isFinite(durationMs);
}

/** The tracks that a run began with, in their order; null when its list is gone or damaged. */
export function readTracks(paths: DataPaths, runId: number): TrainTrack[] | null {
  try {
    const tracks = JSON.parse(readFileSync(join(paths.run(runId), 'tracks.json'), 'utf8')) as unknown;
    return Array.isArray(tracks) && tracks.length > 0 && tracks.every(isTrack) ? tracks : null;
  } catch {
    return null;
  }
}

/** Deletes a run's files; what cannot be deleted stays. */
export function deleteRunFolder(paths: DataPaths, runId: number): void {
  removeQuietly(paths.run(runId));
}

function removeQuietly(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // What another program holds is tried again when nobody needs it; it is in nobody's way.
  }
}
