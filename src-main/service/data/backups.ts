/**
 * @file Backups of an open library: at a start, daily, and when asked. A process of its own copies and checks, so that nothing waits for it; what it finds
 * damaged is told at once, and from then on nothing is written.
 */
import { statSync } from 'node:fs';
import { AppError } from '../../base/index.ts';
import type { DataState } from '../../contract/index.ts';
import { backupFiles, newBackupFile, readDamage, rotateBackups } from '../../store/index.ts';
import type { BackupFile, CopyReport } from '../../store/index.ts';
import { runDatabaseTask } from '../processes/database-worker.ts';
import type { Tools } from '../tools.ts';
import { WorkMeter } from './work-meter.ts';

/** Between two backups of a library that stays open. */
const dayMs = 24 * 60 * 60 * 1000;
/** How often it is looked whether one is due. */
const lookEveryMs = 60 * 60 * 1000;

/** Makes backups of the library that is open. */
export class Backups {
  readonly #tools: Tools;
  readonly #work: WorkMeter;
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #underWay: Promise<CopyReport> | null = null;
  #failure = '';

  constructor(tools: Tools) {
    this.#tools = tools;
    this.#work = new WorkMeter(() => tools.events.emit({ type: 'data.changed' }));
  }

  /** How the database stands. */
  state(): DataState {
    const { store } = this.#tools;
    const damage = readDamage(store.paths);
    return {
      ...{ state: damage === null ? 'open' : 'read', found: damage?.found ?? '', path: store.paths.database, backups: this.list() },
      ...{ notice: store.notice() ?? '', failure: this.#failure, work: this.#work.state },
    };
  }

  /** All backups, newest first. */
  list(): BackupFile[] {
    return backupFiles(this.#tools.store.paths);
  }

  /** Makes one now; asked twice at once, one. @throws AppError DATABASE_DAMAGED (nothing is written from then on), DISK_FULL … */
  backUp(): Promise<CopyReport> {
    this.#underWay ??= this.#backUp().finally(() => (this.#underWay = null));
    return this.#underWay;
  }

  /** Makes one if anything may be different since the last one of its kind and, with `after`, if that is so old. */
  async backUpIfDue({ now = Date.now(), after = 0 }: { now?: number; after?: number } = {}): Promise<void> {
    const { store } = this.#tools;
    if (readDamage(store.paths) !== null || isUntouched(this.#tools)) return;
    const last = this.list().find(({ kind }) => kind === 'regular')?.at ?? Number.NEGATIVE_INFINITY;
    if (now - last < after || lastChange(store.paths.database) <= last) return;
    await this.backUp().catch(() => undefined);
  }

  /** Makes the backup of a start, and looks from time to time whether another is due. */
  start(): void {
    void this.backUpIfDue();
    this.#timer = setInterval(() => void this.backUpIfDue({ after: dayMs }), lookEveryMs);
    this.#timer.unref();
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#closing.abort();
    await this.#underWay?.catch(() => undefined);
  }

  async #backUp(): Promise<CopyReport> {
    const { store, entries } = this.#tools;
    const { signal } = this.#closing;
    try {
      const task = { type: 'copy' as const, source: store.paths.database, target: newBackupFile(store.paths, 'regular') };
      const report = await this.#work.run('backup', (onShare) => runDatabaseTask(entries.databaseProcess, task, { signal, onShare }));
      rotateBackups(store.paths);
      this.#failure = '';
      return report;
    } catch (error) {
      if (!signal.aborted) this.#failure = `The last backup failed: ${error instanceof Error ? error.message : String(error)}`;
      if (error instanceof AppError && error.code === 'DATABASE_DAMAGED') await this.#lookCloser(error);
      throw error;
    } finally {
      if (!signal.aborted) this.#tools.events.emit({ type: 'data.changed' });
    }
  }

  /** A copy that is not whole may be the copy's fault: the database itself is looked through before nothing may be written to it. */
  async #lookCloser(copying: AppError): Promise<void> {
    const { store, entries } = this.#tools;
    const { signal } = this.#closing;
    const found = await runDatabaseTask(entries.databaseProcess, { type: 'check', path: store.paths.database }, { signal });
    if (found !== null) throw store.stopWriting(found);
    throw new AppError('FILE_UNREADABLE', `The backup could not be read back as it was written. Is the drive sound? ${copying.message}`);
  }
}

/** When a database or its log was last written to, ms since 1970. */
function lastChange(path: string): number {
  return Math.max(...[path, `${path}-wal`].map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0));
}

/** A library in which nobody did anything yet. */
function isUntouched({ store }: Tools): boolean {
  return (
    store.folders.list({ includeRemoved: true }).length === 0 &&
    store.encoders.list({ includeRemoved: true }).every(({ source }) => source === 'built-in') &&
    store.tags.list().length === 0 &&
    store.playlists.list().length === 0
  );
}
