/** @file Restoring and salvaging a library that is not open: the directory's lock is held, a process of its own does the work. */
import { mkdirSync } from 'node:fs';
import { AppError } from '../../base/index.ts';
import type { DataState } from '../../contract/index.ts';
import { backupFiles, DataPaths, lockDirectory, readDamage } from '../../store/index.ts';
import type { BackupFile, RestoreReport, SalvageReport } from '../../store/index.ts';
import type { DatabaseAnswers, DatabaseTask } from '../processes/database-messages.ts';
import { runDatabaseTask } from '../processes/database-worker.ts';

/** Where, with which process (`worker/database-process`), and who watches. */
export type MendOptions = { dataDirectory: string; entry: URL; signal?: AbortSignal; onShare?: (share: number) => void };

/** Puts a backup in the database's place. @throws AppError as the store's `restoreDatabase`; DATA_DIRECTORY_IN_USE */
export function restoreLibrary(file: string, options: MendOptions): Promise<RestoreReport> {
  return mend({ type: 'restore', root: new DataPaths(options.dataDirectory).root, file }, options);
}

/** Saves what can be read of a damaged database. @throws AppError as the store's `salvageDatabase`; DATA_DIRECTORY_IN_USE */
export function salvageLibrary(options: MendOptions): Promise<SalvageReport> {
  return mend({ type: 'salvage', root: new DataPaths(options.dataDirectory).root }, options);
}

/**
 * The newest backup that is whole; those that were replaced by a restored one do not count.
 * @throws AppError NOT_FOUND
 */
export async function newestGoodBackup({ dataDirectory, entry, signal }: MendOptions): Promise<BackupFile> {
  const paths = new DataPaths(dataDirectory);
  for (const backup of backupFiles(paths).filter(({ kind }) => kind !== 'replaced')) {
    const found = await runDatabaseTask(entry, { type: 'check', path: backup.file }, signal === undefined ? {} : { signal });
    if (found === null) return backup;
  }
  throw new AppError(
    'NOT_FOUND',
    `There is no backup that is whole in ${paths.backups}. \`earmark restore --salvage\` saves what can be read.`,
  );
}

/** The database that the last restored backup replaced. @throws AppError NOT_FOUND */
export function lastReplaced(dataDirectory: string): BackupFile {
  const paths = new DataPaths(dataDirectory);
  const last = backupFiles(paths).find(({ kind }) => kind === 'replaced');
  if (last === undefined)
    throw new AppError('NOT_FOUND', `No backup was restored yet, so there is nothing to take back in ${paths.backups}.`);
  return last;
}

/** How a database stands that cannot be opened. */
export function damagedState(dataDirectory: string, work: DataState['work']): DataState {
  const paths = new DataPaths(dataDirectory);
  const found = readDamage(paths)?.found ?? '';
  return { state: 'damaged', found, path: paths.database, backups: backupFiles(paths), notice: '', failure: '', work };
}

async function mend<Task extends DatabaseTask>(
  task: Task,
  { dataDirectory, entry, signal, onShare }: MendOptions,
): Promise<DatabaseAnswers[Task['type']]> {
  const paths = new DataPaths(dataDirectory);
  mkdirSync(paths.root, { recursive: true });
  const lock = lockDirectory(paths.lock, paths.root);
  try {
    return await runDatabaseTask(entry, task, {
      ...(signal === undefined ? {} : { signal }),
      ...(onShare === undefined ? {} : { onShare }),
    });
  } finally {
    lock.release();
  }
}
