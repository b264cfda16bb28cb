/** @file Use cases of the library as a whole: its backups, what brings one back, and all that people made as one file. */
import { AppError, checkTarget, openRegularFile } from '../../base/index.ts';
import type { DataState, LibraryReport } from '../../contract/index.ts';
import type { CopyReport, RestoreReport, SalvageReport } from '../../store/index.ts';
import type { Tools } from '../tools.ts';
import { Backups } from './backups.ts';
import { exportLibrary } from './library-export.ts';
import { importLibrary } from './library-import.ts';

/** Puts another database in place of the one that is open; whoever opened the services can. */
export type Mender = {
  restore(file: string): Promise<RestoreReport>;
  salvage(): Promise<SalvageReport>;
};

/** See the file's header. */
export class DataKeeper {
  /** Backups of the library that is open. */
  readonly backups: Backups;
  readonly #tools: Tools;
  readonly #mender: Mender | null;

  constructor(tools: Tools, mender: Mender | null) {
    this.#tools = tools;
    this.#mender = mender;
    this.backups = new Backups(tools);
  }

  /** How the database stands. */
  state(): DataState {
    return this.backups.state();
  }

  /** @throws AppError DATABASE_DAMAGED, DISK_FULL … */
  backUp(): Promise<CopyReport> {
    return this.backups.backUp();
  }

  /** Puts a backup in the database's place; these services end with that. @throws AppError as the store's `restoreDatabase` */
  restore(file: string): Promise<RestoreReport> {
    return this.#asked.restore(file);
  }

  /** Saves what can be read of the database, which was found damaged while it was open. @throws AppError BAD_INPUT for a sound one */
  async salvage(): Promise<SalvageReport> {
    if (this.state().state === 'open') throw new AppError('BAD_INPUT', 'The database is sound; there is nothing to save it from.');
    return this.#asked.salvage();
  }

  /** The notice of the start was seen. */
  dismissNotice(): void {
    this.#tools.store.dismissNotice();
    this.#tools.events.emit({ type: 'data.changed' });
  }

  /** All that people made, as a text, also written where a path is given. @throws AppError of the file system */
  async exportLibrary(path: string | undefined): ReturnType<typeof exportLibrary> {
    if (path !== undefined) await refuseTarget(path);
    return exportLibrary(this.#tools, path);
  }

  /** Reads such a file into this library. @throws AppError BAD_INPUT, of the file system */
  importLibrary(path: string): Promise<LibraryReport> {
    return importLibrary(this.#tools, path);
  }

  /** Makes the backup of a start, and one a day from then on. */
  start(): void {
    this.backups.start();
  }

  /** Ends what is under way. */
  close(): Promise<void> {
    return this.backups.close();
  }

  get #asked(): Mender {
    if (this.#mender !== null) return this.#mender;
    throw new AppError('BAD_INPUT', 'Close Earmark and use `earmark restore`.');
  }
}

/** An export replaces nothing but an export. */
async function refuseTarget(path: string): Promise<void> {
  checkTarget(path, ['.json']);
  const before = await firstCharacters(path);
  if (before !== null && !/^\s*\{\s*"format":\s*"earmark-library"/.test(before))
    throw new AppError('BAD_INPUT', `${path} is there and no exported library, so it is not replaced. Choose another name.`);
}

/** How a file begins; null when there is none. @throws AppError BAD_INPUT for what is no file; NOT_ALLOWED … */
async function firstCharacters(path: string): Promise<string | null> {
  try {
    const { file } = await openRegularFile(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(200), 0, 200, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof AppError && error.code === 'FILE_GONE') return null;
    throw error;
  }
}
