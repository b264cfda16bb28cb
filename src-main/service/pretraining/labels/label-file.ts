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

/** @throws AppError FILE_GONE, or WEIGHTS_UNREADABLE for a file that is not what was written */
export function readLabels(paths: DataPaths, runId: number): TrainLabels {
  const path = labelsPath(paths, runId);
  let value: Partial<TrainLabels>;
  try {
    value = JSON.parse(readFileSync(path, 'utf8')) as Partial<TrainLabels>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw toAppError(error, `read the labels of run ${runId} in ${path}`);
    value = {};
  }
  const { names, isExclusive, tracks } = value;
  if (Array.isArray(names) && typeof isExclusive === 'boolean' && Array.isArray(tracks)) return { names, isExclusive, tracks };
  throw new AppError('CHECKPOINT_UNREADABLE', `The labels of run ${runId} are damaged: ${path}. Begin a new run with them.`, {
    details: { path },
  });
}
