/**
 * @file Writes a planned batch to its files, or puts it back. After every file the database says what became of it; a process that is killed in between
 * leaves a file that is old or new, and whoever goes on reads in the file which.
 */
import { isCancelled, toAppError } from '../../base/index.ts';
import type { FieldState } from '../../audio/index.ts';
import type { FileChange, WritingId } from '../../contract/index.ts';
import type { FileToChange } from '../../store/index.ts';
import type { FailedPath, JobContext } from '../jobs/jobs.ts';
import { checkNoDemoFile } from '../library/demo.ts';
import { trackFile } from '../library/track-file.ts';
import type { MediaWorker } from '../processes/media-worker.ts';
import type { Tools } from '../tools.ts';
import { removeLeftovers } from './leftovers.ts';
import { fieldOf } from './writing-plan.ts';

/** What a batch is asked to do, as plain data. */
export type WritingParams = { writingId: WritingId; direction: 'write' | 'restore' };

/** What a batch did; the document of the command line's `tag write`. */
export type WritingResult = { changed: number; failed: FailedPath[] };

/** What a run needs. `changed` hears of every file. */
export type RunTools = Pick<Tools, 'store' | 'demoDirectory'> & { media: Pick<MediaWorker, 'run'>; changed: () => void };

/** Files that are gone through; planned ones may have been written when the process was killed. */
const states: Record<WritingParams['direction'], FileChange['state'][]> = {
  write: ['planned'],
  restore: ['written', 'undoFailed', 'planned'],
};

/** Goes through the files of a batch. @throws AppError DISK_FULL; CANCELLED; what was done before stays */
export async function runWriting({ writingId, direction }: WritingParams, tools: RunTools, context: JobContext): Promise<WritingResult> {
  const { store } = tools;
  const field = fieldOf(store.writings.get(writingId).wish);
  const files = store.writings.filesIn(writingId, states[direction]);
  await removeLeftovers(files.map(({ path }) => path));
  const result: WritingResult = { changed: 0, failed: [] };
  const report = (done: number, detail: string): void =>
    context.report({ done, total: files.length, unit: 'files', audioSeconds: 0, detail, failed: result.failed.length });
  for (const [i, file] of files.entries()) {
    await context.gate.passed();
    context.signal.throwIfAborted();
    report(i, file.path);
    const failure = await changeFile(file, { writingId, direction, field, tools });
    if (failure === null) result.changed++;
    else if (failure !== 'untouched') result.failed.push(failure);
    tools.changed();
  }
  report(files.length, '');
  return result;
}

type FileTools = WritingParams & { field: ReturnType<typeof fieldOf>; tools: RunTools };

async function changeFile(file: FileToChange, { writingId, direction, field, tools }: FileTools): Promise<FailedPath | 'untouched' | null> {
  const { store, media } = tools;
  const { trackId, after } = file;
  // A file may have moved since.
  const path = store.tracks.path(trackId);
  try {
    if (direction === 'write') checkNoDemoFile(tools, { trackId, path });
    const change = { field, before: file.former as FieldState, after, direction };
    const { isNew, size, mtimeMs, probe, tags } = await media.run({ type: 'changeField', path, change });
    const folderId = store.tracks.findByPath(path)?.folderId;
    store.transaction(() => {
      // The next scan finds the file as it is known.
      if (folderId !== undefined) store.tracks.upsert(trackFile({ file: { path, size, mtimeMs }, folderId, probe, tags }));
      if (direction === 'write') store.writings.setFile(writingId, trackId, { state: 'written' });
      else if (isNew || file.state !== 'planned') store.writings.setFile(writingId, trackId, { state: 'undone' });
    });
    return direction === 'restore' && !isNew && file.state === 'planned' ? 'untouched' : null;
  } catch (error) {
    const known = toAppError(error, `write ${path}`);
    // A full disk is not the file's fault, and no other file will fare better.
    if (isCancelled(error) || known.code === 'DISK_FULL') throw error;
    // What was never written needs no putting back.
    if (direction === 'restore' && file.state === 'planned') return 'untouched';
    store.writings.setFile(writingId, trackId, { state: direction === 'write' ? 'failed' : 'undoFailed', message: known.message });
    return { path, code: known.code, message: known.message };
  }
}
