/** @file The library: its folders, its size, and the files that could not be read. */
import type { Api } from '../client/index.ts';
import type { Folder, JobId, LibrarySummary, Problem } from '../../src-main/contract/index.ts';
import type { UndoState } from './undo.svelte.ts';

/** What is used of the core. */
type LibraryApi = Pick<Api, 'library'>;

/** Folders, summary and problems as last heard of. */
export class LibraryState {
  readonly #api: LibraryApi;
  readonly #undo: UndoState;
  #folders = $state.raw<Folder[] | null>(null);
  #summary = $state.raw<LibrarySummary | null>(null);
  #problems = $state.raw<Problem[]>([]);
  #error = $state.raw<unknown>(null);

  constructor(api: LibraryApi, undo: UndoState) {
    this.#api = api;
    this.#undo = undo;
  }

  /** Null until they are loaded. */
  get folders(): readonly Folder[] | null {
    return this.#folders;
  }

  /** Null until it is loaded. */
  get summary(): LibrarySummary | null {
    return this.#summary;
  }

  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /** Why the library could not be loaded; null when it could. */
  get error(): unknown {
    return this.#error;
  }

  /** True when nothing was ever added. */
  get isEmpty(): boolean {
    return this.#folders?.length === 0;
  }

  /** Whether all tracks came after a time, in ms since 1970; also true while there are none. */
  beganAfter(time: number): boolean {
    return this.#summary !== null && (this.#summary.firstAddedAt ?? Infinity) >= time;
  }

  /** Loads all of it. A first load that fails leaves its reason in `error`; a later one keeps what was there and throws. */
  async load(): Promise<void> {
    try {
      const { library } = this.#api;
      [this.#folders, this.#summary, this.#problems] = await Promise.all([library.folders(), library.summary(), library.problems()]);
      this.#error = null;
    } catch (error) {
      this.#error = error;
      if (this.#folders !== null) throw error;
    }
  }

  /** Adds a folder; its scan begins. */
  async addFolder(path: string): Promise<JobId> {
    const { jobId } = await this.#api.library.addFolder({ path });
    await this.load();
    return jobId;
  }

  /** The demo library's folder; undefined while it is not in the library. */
  get demo(): Folder | undefined {
    return this.#folders?.find(({ isDemo }) => isDemo);
  }

  /** Adds the music that comes with Earmark; null where it is there already. */
  async addDemo(): Promise<JobId | null> {
    const { jobId } = await this.#api.library.addDemo();
    await this.load();
    return jobId;
  }

  /** Takes the music that comes with Earmark out again. */
  async removeDemo(): Promise<void> {
    const { folder } = await this.#api.library.removeDemo();
    await this.load();
    if (folder !== null) this.#undoRemoving(folder);
  }

  async removeFolder(folder: Folder): Promise<void> {
    await this.#api.library.removeFolder({ folderId: folder.id });
    await this.load();
    this.#undoRemoving(folder);
  }

  /** Says where a folder is now; its tracks go there with all that is attached to them. */
  async moveFolder(folder: Pick<Folder, 'id' | 'path'>, path: string): Promise<JobId> {
    const { jobId } = await this.#api.library.moveFolder({ folderId: folder.id, path });
    await this.load();
    this.#undo.did(`Folder ${folder.path} moved to ${path}`, async () => {
      await this.#api.library.moveFolder({ folderId: folder.id, path: folder.path });
      await this.load();
    });
    return jobId;
  }

  /** The folder that a problem is about, when it is one of the library's that is gone. */
  goneFolder(problem: Problem): Folder | undefined {
    return problem.code === 'FOLDER_GONE' ? this.#folders?.find(({ path }) => path === problem.path) : undefined;
  }

  /** Scans one folder, or all. */
  async scan(folder?: Folder): Promise<JobId> {
    return (await this.#api.library.scan(folder === undefined ? {} : { folderIds: [folder.id] })).jobId;
  }

  /** Tries problem files again: the given ones, or all. */
  async retry(paths?: readonly string[]): Promise<JobId> {
    return (await this.#api.library.retry(paths === undefined ? {} : { paths: [...paths] })).jobId;
  }

  #undoRemoving(folder: Folder): void {
    const says = folder.isDemo ? 'Demo library removed' : `Folder ${folder.path} removed from the library`;
    this.#undo.did(says, async () => {
      await this.#api.library.restoreFolder({ folderId: folder.id });
      await this.load();
    });
  }
}
