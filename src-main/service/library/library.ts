/** @file The library as a person steers it: folders in and out, scans, problems, waveforms. */
import { resolve, sep } from 'node:path';
import { stat } from 'node:fs/promises';
import { AppError, breather, toAppError, toSystemPath } from '../../base/index.ts';
import { toBase64 } from '../../contract/index.ts';
import type { Folder, FolderId, JobId, Peaks, Problem, TrackId } from '../../contract/index.ts';
import { peaksPerSecond } from '../../audio/about.ts';
import type { StoredFolder } from '../../store/index.ts';
import type { JobContext, JobOutcome, StartedJob } from '../jobs/jobs.ts';
import type { Tools } from '../tools.ts';
import { demoFolder, followDemo } from './demo.ts';
import { folderThatMovedTo, relocateTracks } from './folder-moves.ts';
import type { FolderMove } from './folder-moves.ts';
import { passedOverSays } from './passed-over.ts';
import { Scan } from './scan.ts';
import type { ScanResult } from './scan.ts';
import { FolderWatcher } from './watcher.ts';

/** What a scan job is asked to do. Null: every folder. `move`: a folder whose tracks are taken to its new place first. */
type ScanParams = { folderIds: FolderId[] | null; again: string[]; move?: FolderMove };

const changedEveryMs = 1_000;

/** Use cases of the library. */
export class Library {
  readonly #tools: Tools;
  readonly #watcher: FolderWatcher;
  readonly #pendingPeaks = new Map<TrackId, Promise<Peaks>>();
  readonly #afterScan: (result: ScanResult) => unknown;
  readonly #closing = new AbortController();
  #warming: Promise<void> = Promise.resolve();
  #hasDemoMoved = false;
  /** The scan that adding the demo library began, until it ends. */
  #demoScan: StartedJob | null = null;

  /** @param afterScan hears of every scan that ended well */
  constructor(tools: Tools, afterScan: (result: ScanResult) => unknown) {
    this.#tools = tools;
    this.#afterScan = afterScan;
    this.#watcher = new FolderWatcher((folderId) => void this.#scanQuietly(folderId));
    const { arrivals } = tools;
    tools.jobs.define('scan', (params, context) => this.#runScan(params as ScanParams, context), {
      changed: (job) => arrivals.hear(job),
      ended: (job) => arrivals.hear(job),
    });
  }

  /** Folders with their state. */
  folders(): Folder[] {
    return this.#tools.store.folders.list().map((folder) => this.#withWatch(folder));
  }

  /**
   * Adds a folder and scans it. A folder below one that is in the library already stands for that one; where a folder of the library moved here, it
   * goes on as that one.
   * @throws AppError FOLDER_GONE, BAD_INPUT (a file, or Earmark's own data)
   */
  async addFolder(path: string): Promise<{ folder: Folder; jobId: JobId; settled: Promise<JobOutcome> }> {
    const { store } = this.#tools;
    const full = withoutSeparator(resolve(path));
    await checkFolder(full);
    this.#checkOwn(full);
    if (full === this.#tools.demoDirectory) return this.#startDemo(full);
    const around = store.folders.list().find((folder) => full === folder.path || full.startsWith(withSeparator(folder.path)));
    const moved = around === undefined ? await folderThatMovedTo(store, full) : null;
    if (moved !== null) return { ...this.#move(moved, full), folder: this.#withWatch(store.folders.get(moved.id)) };
    const folder = around ?? store.folders.add(full);
    this.#tools.events.emit({ type: 'library.changed' });
    return { folder: this.#withWatch(folder), ...this.scan([folder.id]) };
  }

  /**
   * Says where a folder is now; its tracks go there with all that is attached to them, and are looked at by a scan.
   * @throws AppError NOT_FOUND, FOLDER_GONE, BAD_INPUT (a file, Earmark's own data, or where it is already)
   */
  async moveFolder(folderId: FolderId, path: string): Promise<StartedJob> {
    const folder = this.#tools.store.folders.get(folderId);
    if (folder.isDemo)
      throw new AppError(
        'BAD_INPUT',
        'The demo library is a part of Earmark and lies where that is installed. Remove it, or add your own folder.',
      );
    const full = withoutSeparator(resolve(path));
    if (full === folder.path) throw new AppError('BAD_INPUT', `${full} is where the folder is already. Choose the one that it moved to.`);
    await checkFolder(full);
    this.#checkOwn(full);
    return this.#move(folder, full);
  }

  /** Takes a folder out of the library; everything attached to its tracks is kept. */
  removeFolder(folderId: FolderId): void {
    this.#tools.store.folders.remove(folderId);
    this.#watcher.unwatch(folderId);
    this.#changed();
  }

  /** Brings a folder back that was taken out. */
  restoreFolder(folderId: FolderId): void {
    this.#tools.store.folders.restore(folderId);
    this.#changed();
    this.scan([folderId]);
  }

  /**
   * Adds the music that comes with Earmark, or brings it back. `scan`: null where it is there already, and read to its end; the one under way where it is being read.
   * @throws AppError NOT_FOUND where this installation has none
   */
  addDemo(): { folder: Folder; scan: StartedJob | null } {
    const path = demoFolder(this.#tools.demoDirectory);
    const known = this.#tools.store.folders.demo();
    const isIn = known !== null && known.removedAt === null;
    if (isIn && (this.#demoScan !== null || known.scannedAt !== null)) return { folder: this.#withWatch(known), scan: this.#demoScan };
    const { folder, ...scan } = this.#startDemo(path);
    return { folder, scan };
  }

  /** Takes the music that comes with Earmark out of the library, as {@link removeFolder} does; null where it was not in. */
  removeDemo(): Folder | null {
    const demo = this.#tools.store.folders.demo();
    if (demo === null || demo.removedAt !== null) return null;
    this.removeFolder(demo.id);
    return this.#withWatch(demo);
  }

  /** Looks where this installation has the demo library; to be called before anything else is done with the tracks. */
  followDemo(): void {
    this.#hasDemoMoved = followDemo(this.#tools);
  }

  /**
   * Scans folders, or all.
   * @param again files that are read even when they did not change
   * @param isAsked whether a person wants it; else a scan that a person paused stays so
   */
  scan(folderIds: FolderId[] | null, again: string[] = [], isAsked = true): StartedJob {
    const { store, jobs } = this.#tools;
    const named = folderIds?.map((id) => store.folders.get(id)) ?? [];
    const title = named.length === 1 ? `Scan ${named[0]?.isDemo === true ? 'the demo library' : named[0]?.path}` : 'Scan the library';
    return jobs.start({ kind: 'scan', title, params: { folderIds, again } satisfies ScanParams, isAsked });
  }

  /** Reads problem files once more: those named, or all. */
  retry(paths: string[] | null): { jobId: JobId; settled: Promise<JobOutcome> } {
    const { store } = this.#tools;
    const problems = store.problems.list().filter((problem) => paths === null || paths.includes(problem.path));
    if (problems.length === 0) throw new AppError('NOT_FOUND', 'None of these files is in the list of problems any more.');
    for (const problem of problems) if (problem.during === 'index') this.#forgetFailure(problem);
    const folders = store.folders.list();
    const touched = folders.filter((folder) =>
      problems.some(({ path }) => path === folder.path || path.startsWith(withSeparator(folder.path))),
    );
    return this.scan(
      touched.length === 0 ? null : touched.map((folder) => folder.id),
      problems.map((problem) => problem.path),
    );
  }

  /** Lets every track that could not be indexed wait again. */
  forgetIndexFailures(): void {
    for (const problem of this.#tools.store.problems.list()) if (problem.during === 'index') this.#forgetFailure(problem);
  }

  /** A track's waveform; made now if it was not yet. */
  async peaks(trackId: TrackId): Promise<Peaks> {
    const stored = this.#tools.store.peaks.get(trackId);
    const { durationMs } = this.#tools.store.tracks.get(trackId, null);
    if (stored !== null) return { peaksPerSecond: stored.peaksPerSecond, durationMs, peaks: toBase64(stored.bins) };
    const pending = this.#pendingPeaks.get(trackId) ?? this.#makePeaks(trackId).finally(() => this.#pendingPeaks.delete(trackId));
    this.#pendingPeaks.set(trackId, pending);
    return pending;
  }

  /** Begins to watch what settings say, and looks once for what changed while the program was not there. */
  startWatching(): void {
    if (!this.#tools.store.settings.get().watchFolders) {
      this.#watcher.close();
      this.#scanMovedDemo();
      return this.#warmUp();
    }
    const folders = this.#tools.store.folders.list();
    if (folders.length > 0) this.scan(null, [], false);
  }

  /** Stops watching. */
  close(): void {
    this.#closing.abort();
    this.#watcher.close();
  }

  #startDemo(path: string): { folder: Folder } & StartedJob {
    const folder = this.#tools.store.folders.addDemo(path);
    this.#changed();
    const scan = this.scan([folder.id]);
    this.#demoScan = scan;
    const end = (): void => {
      if (this.#demoScan === scan) this.#demoScan = null;
    };
    scan.settled.then(end, end);
    return { folder: this.#withWatch(folder), ...scan };
  }

  /** An update may have brought other tracks, which nobody looks for where folders are not watched. */
  #scanMovedDemo(): void {
    const demo = this.#hasDemoMoved ? this.#tools.store.folders.demo() : null;
    this.#hasDemoMoved = false;
    if (demo !== null && demo.removedAt === null) this.scan([demo.id], [], false);
  }

  #checkOwn(path: string): void {
    const { root } = this.#tools.store.paths;
    if (path === root || path.startsWith(root + sep))
      throw new AppError('BAD_INPUT', `${path} is where Earmark keeps its own data. Choose the folder that your music is in.`);
  }

  /** The folder gets its path at once; its tracks follow in the job, which a later process takes up where this one ends. */
  #move({ id, path: from }: StoredFolder, to: string): StartedJob {
    const { store, jobs } = this.#tools;
    store.folders.move(id, to);
    store.problems.clear(from, 'scan');
    this.#watcher.unwatch(id);
    this.#changed();
    const params: ScanParams = { folderIds: [id], again: [], move: { folderId: id, from, to } };
    return jobs.start({ kind: 'scan', title: `Scan ${to}`, params });
  }

  #withWatch(folder: StoredFolder): Folder {
    return { ...folder, watched: this.#watcher.isWatching(folder.id) };
  }

  #forgetFailure(problem: Problem): void {
    const { store } = this.#tools;
    store.problems.clear(problem.path, 'index');
    if (problem.trackId === null) return;
    for (const encoder of store.encoders.listWithSpaces()) {
      const index = store.index.current(encoder.id);
      if (index !== null) store.index.retryFailed(index.id, [problem.trackId]);
    }
  }

  async #runScan(params: ScanParams, context: JobContext): Promise<JobOutcome> {
    const { store, media, events, arrivals } = this.#tools;
    const watched = (folderId: FolderId, directories: string[] | null): void => {
      if (directories === null) this.#watcher.unwatch(folderId);
      else if (store.settings.get().watchFolders) this.#watcher.watch(folderId, directories);
    };
    const ticker = setInterval(() => {
      this.#changed();
      arrivals.tell();
    }, changedEveryMs);
    try {
      const relocated = params.move === undefined ? new Set<TrackId>() : await relocateTracks(store, params.move, context);
      const folders = store.folders.list().filter((folder) => params.folderIds === null || params.folderIds.includes(folder.id));
      const result = await new Scan({ store, media, watched, added: () => arrivals.note() }, context, {
        again: params.again,
        relocated,
      }).run(folders);
      this.#afterScan(result);
      return { message: describe(result), result };
    } finally {
      clearInterval(ticker);
      this.#changed();
      this.#warmUp();
      for (const encoder of store.encoders.listWithSpaces()) events.emit({ type: 'index.changed', encoderId: encoder.id });
    }
  }

  /** Makes what sorting and searching read, a little at a time, while nobody waits for it. What fails here is told to who sorts or searches. */
  #warmUp(): void {
    const pause = breather(async () => this.#closing.signal.throwIfAborted());
    const warmUp = async (): Promise<void> => {
      await pause();
      await this.#tools.store.tracks.warmUp(pause);
    };
    this.#warming = this.#warming.then(warmUp).catch(() => undefined);
  }

  async #scanQuietly(folderId: FolderId): Promise<void> {
    if (!this.#tools.store.folders.list().some((folder) => folder.id === folderId)) return;
    await this.scan([folderId], [], false).settled.catch(() => undefined);
  }

  async #makePeaks(trackId: TrackId): Promise<Peaks> {
    const { store, media } = this.#tools;
    const made = await media.run({ type: 'peaks', path: store.tracks.path(trackId) });
    store.peaks.set(trackId, peaksPerSecond, made.peaks);
    return { peaksPerSecond, durationMs: made.durationMs, peaks: toBase64(made.peaks) };
  }

  #changed(): void {
    this.#tools.events.emit({ type: 'library.changed' });
  }
}

/** A scan's outcome as a sentence. */
export function describe({ added, updated, moved, removed, unchanged, failed, passedOver }: ScanResult): string {
  const parts = [
    [added, 'added'],
    [updated, 'updated'],
    [moved, 'moved'],
    [removed, 'missing'],
    [unchanged, 'unchanged'],
  ] as const;
  const counts = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  const problems = failed.length === 0 ? '' : ` ${failed.length} could not be read.`;
  const passed = passedOverSays(passedOver);
  return `${counts.length === 0 ? 'No audio files were found' : counts.join(', ')}.${problems}${passed === '' ? '' : ` ${passed}`}`;
}

async function checkFolder(path: string): Promise<void> {
  try {
    if (!(await stat(toSystemPath(path))).isDirectory())
      throw new AppError('BAD_INPUT', `${path} is a file, not a folder. Choose the folder that it lies in.`);
  } catch (error) {
    const known = toAppError(error, `open the folder ${path}`);
    if (known.code !== 'FILE_GONE') throw known;
    throw new AppError('FOLDER_GONE', `There is no folder ${path}. Check its spelling, or choose another.`, { cause: error });
  }
}

function withSeparator(path: string): string {
  return path.endsWith(sep) ? path : path + sep;
}

function withoutSeparator(path: string): string {
  return path.length > 1 && path.endsWith(sep) && !/^[A-Za-z]:\\$/.test(path) ? path.slice(0, -1) : path;
}
