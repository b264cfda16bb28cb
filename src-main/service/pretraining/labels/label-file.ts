/** @file The labels that a run began with, in its folder: changes of tags and tables do not reach it, and it goes on with the same. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, toAppError, writeWholeNow } from '../../../base/index.ts';
import type { DataPaths } from '../../../store/index.ts';
import type { TrainLabels } from '../../processes/train-messages.ts';
import type { MissingRow } from './known-labels.ts';

const about =
  'Labels of the tracks that this run learns from (taught) and is measured on (heldOut), in the order of names: 1 fits, 0 does not, −1 not known; between −1 and 0 an answer that counts less. notFound: rows of the table that name no track that was chosen.';

/** Where they lie. */
export const labelsPath = (paths: DataPaths, runId: number): string => join(paths.run(runId), 'labels.json');

/** @param missing rows of the table that name no chosen track @throws codes of the file system */
export function writeLabels(
  paths: DataPaths,
  runId: number,
  { labels, missing = [] }: { labels: TrainLabels; missing?: readonly MissingRow[] | undefined },
): void {
  writeWholeNow(labelsPath(paths, runId), JSON.stringify({ about, ...labels, notFound: missing }));
}

type LabelTrack = TrainLabels['tracks'][number];

/** The labels in a file; null for what is none. */
function labelsIn(value: unknown): TrainLabels | null {
  if (typeof value !== 'object' || value === null) return null;
  const { names, isExclusive, tracks } = value as Partial<Record<keyof TrainLabels, unknown>>;
  if (!Array.isArray(names) || names.length === 0 || typeof isExclusive !== 'boolean' || !Array.isArray(tracks)) return null;
  const isWhole = names.every((name) => typeof name === 'string') && tracks.every((track) => isTrack(track, names.length));
  return isWhole && tracks.length > 0 ? { names, isExclusive, tracks } : null;
}

function isTrack(value: unknown, labels: number): value is LabelTrack {
  if (typeof value !== 'object' || value === null) return false;
  const { trackId, answers, group, role } = value as Partial<Record<keyof LabelTrack, unknown>>;
  const isAnswered =
    Array.isArray(answers) && answers.length === labels && answers.every((one) => typeof one === 'number' && Math.abs(one) <= 1);
  return Number.isInteger(trackId) && Number.isInteger(group) && isAnswered && (role === 'taught' || role === 'heldOut');
}

/** @throws AppError FILE_GONE, or CHECKPOINT_UNREADABLE for a file that is not what was written */
export function readLabels(paths: DataPaths, runId: number): TrainLabels {
  const path = labelsPath(paths, runId);
  const found = labelsIn(readJson(path, runId));
  if (found !== null) return found;
  throw new AppError('CHECKPOINT_UNREADABLE', `The labels of run ${runId} are damaged: ${path}. ${advice}`, { details: { path } });
}

const advice = 'The run cannot go on without them: bring the file back from a copy, or begin a new run with the same labels.';

/** Undefined for what is no JSON. */
function readJson(path: string, runId: number): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const known = toAppError(error, `read the labels of run ${runId} in ${path}`);
    if (known.code !== 'FILE_GONE') throw known;
    throw new AppError('FILE_GONE', `The labels of run ${runId} are gone: ${path}. ${advice}`, { details: { path }, cause: error });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
