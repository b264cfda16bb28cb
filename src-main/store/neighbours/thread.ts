/**
 * @file The door for scanning threads: everything that they can be asked to do. Nothing behind it loads the database.
 */
import { codeRecords, findDirections, meanRecords } from './build-tasks.ts';
import { codeTracks, nearestTracks } from './bound-tasks.ts';
import { centreTracks, inspectFile, loadCodes, loadMeans, loadRows } from './load-tasks.ts';
import { nearestByCodes, scoreRows, topFiles, topRows } from './scan-tasks.ts';
import type { Space } from './space.ts';
import { ThreadState } from './thread-state.ts';

const tasks = {
  open: (state: ThreadState, space: Space): void => state.open(space),
  close: (state: ThreadState, { spaceId }: { spaceId: number }): void => state.close(spaceId),
  closeFiles: (state: ThreadState, _: null): void => state.closeFiles(),
  meanRecords,
  findDirections,
  codeRecords,
  inspectFile,
  loadMeans,
  loadCodes,
  loadRows,
  centreTracks,
  scoreRows,
  topRows,
  topFiles,
  nearestByCodes,
  codeTracks,
  nearestTracks,
};

/** Everything that a thread can be asked, by name. */
export type ScanTasks = {
  [Name in keyof typeof tasks]: { input: Parameters<(typeof tasks)[Name]>[1]; output: ReturnType<(typeof tasks)[Name]> };
};

/** Makes the one that answers a thread's tasks, one after the other. `thread`: its number, from 0. */
export function scanThread(
  thread: number,
): <Name extends keyof ScanTasks>(name: Name, input: ScanTasks[Name]['input']) => ScanTasks[Name]['output'] {
  const state = new ThreadState(thread);
  return <Name extends keyof ScanTasks>(name: Name, input: ScanTasks[Name]['input']) => {
    const task = tasks[name] as (state: ThreadState, input: ScanTasks[Name]['input']) => ScanTasks[Name]['output'];
    return task(state, input);
  };
}
