/** @file A scan: compares folders with what is stored, reads what is new or changed, recognises moved files by their audio, notes what is gone. */
import { sep } from 'node:path';
import { AppError, isCancelled, toAppError } from '../../base/index.ts';
import type { Folder, FolderId, TrackId } from '../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import type { FailedPath, JobContext } from '../jobs/jobs.ts';
import type { MediaWorker } from '../processes/media-worker.ts';
import { trackFile } from './track-file.ts';
import type { FoundFile } from './walk.ts';
import { walk } from './walk.ts';

/** What a scan did; the document of the command line's `scan`. */
export type ScanResult = { added: number; updated: number; moved: number; removed: number; unchanged: number; failed: FailedPath[] };

/** What a scan needs. `watched` hears of every folder that was walked. */
export type ScanTools = { store: Store; media: MediaWorker; watched: (folderId: FolderId, directories: string[]) => void };

type Candidate = { file: FoundFile; folderId: FolderId };

/** Files that are read at the same time. */
const inFlight = 4;

/** One run over some folders. */
export class Scan {
  readonly #tools: ScanTools;
  readonly #context: JobContext;
  readonly #result: ScanResult = { added: 0, updated: 0, moved: 0, removed: 0, unchanged: 0, failed: [] };
  readonly #candidates: Candidate[] = [];
  /** Paths that are read again even when they did not change. */
  readonly #again: Set<string>;
  #seenFiles = 0;
  #done = 0;
  #audioSeconds = 0;

  constructor(tools: ScanTools, context: JobContext, again: Iterable<string>) {
    this.#tools = tools;
    this.#context = context;
    this.#again = new Set(again);
  }

  /** Walks the folders, then reads what needs reading. */
  async run(folders: Pick<Folder, 'id' | 'path'>[]): Promise<ScanResult> {
    // All folders are walked before the first file is read: a file that moved from one to the other must be known to be gone.
    for (const folder of folders) await this.#compare(folder);
    await this.#readAll();
    return this.#result;
  }

  async #compare(folder: Pick<Folder, 'id' | 'path'>): Promise<void> {
    const { store } = this.#tools;
    const known = new Map(store.tracks.files(folder.id).map((file) => [file.path, file]));
    const present = new Set<string>();
    const reported = new Set<string>();
    const hidden: string[] = [];
    const directories: string[] = [];
    const except = new Set(store.folders.list().map((other) => other.path));
    try {
      for await (const event of walk(folder.path, { signal: this.#context.signal, except })) {
        await this.#context.gate.passed();
        if (event.type === 'directory') directories.push(event.path);
        else if (event.type === 'file') {
          present.add(event.file.path);
          this.#compareFile(event.file, folder.id, known.get(event.file.path));
        } else {
          reported.add(event.path);
          this.#fail(event.path, event.error);
          if (event.error.code !== 'FOLDER_GONE') hidden.push(event.isDirectory ? event.path + sep : event.path);
        }
      }
    } catch (error) {
      if (isCancelled(error) || this.#context.signal.aborted) throw error;
      this.#failFolder(folder, toAppError(error, `scan ${folder.path}`));
      return;
    }
    if (directories.length === 0 || (present.size === 0 && reported.has(folder.path))) {
      const says = `The folder ${folder.path} could not be read to its end; its tracks are kept as they were. Scan it again when it is back.`;
      this.#failFolder(folder, new AppError('FOLDER_GONE', says));
      return;
    }
    const isHidden = (path: string): boolean => hidden.some((prefix) => path.startsWith(prefix));
    const gone = [...known.values()].filter((file) => !file.isMissing && !present.has(file.path) && !isHidden(file.path));
    store.tracks.markMissing(gone.map((file) => file.id));
    this.#result.removed += gone.length;
    for (const problem of store.problems.list()) {
      const isBelow = problem.path.startsWith(folder.path + sep) || problem.path === folder.path;
      if (problem.during === 'scan' && isBelow && !present.has(problem.path) && !reported.has(problem.path))
        store.problems.clear(problem.path, 'scan');
    }
    store.folders.setState(folder.id, 'ready', '');
    store.folders.setScanned(folder.id, Date.now());
    this.#tools.watched(folder.id, directories);
  }

  #compareFile(
    file: FoundFile,
    folderId: FolderId,
    known: { id: TrackId; size: number; mtimeMs: number; isMissing: boolean } | undefined,
  ): void {
    this.#seenFiles++;
    if (this.#seenFiles % 100 === 0) this.#progress(null, `Looking for music: ${file.path}`);
    const isSame = known !== undefined && known.size === file.size && known.mtimeMs === file.mtimeMs && !this.#again.has(file.path);
    if (!isSame) this.#candidates.push({ file, folderId });
    else if (known.isMissing) {
      this.#tools.store.tracks.markPresent([known.id]);
      this.#result.updated++;
    } else this.#result.unchanged++;
  }

  async #readAll(): Promise<void> {
    const { signal, gate } = this.#context;
    const queue = this.#candidates.values();
    const lane = async (): Promise<void> => {
      for (const candidate of queue) {
        await gate.passed();
        signal.throwIfAborted();
        await this.#read(candidate);
        this.#done++;
        this.#progress(this.#candidates.length, candidate.file.path);
      }
    };
    this.#progress(this.#candidates.length, '');
    await Promise.all(Array.from({ length: inFlight }, lane));
  }

  async #read({ file, folderId }: Candidate): Promise<void> {
    const { store, media } = this.#tools;
    try {
      const { probe, tags } = await media.run({ type: 'read', path: file.path });
      this.#context.signal.throwIfAborted();
      this.#audioSeconds += probe.durationMs / 1000;
      store.transaction(() => {
        const isMoved = this.#adopt({ file, folderId }, probe.audioHash);
        const { isNew } = store.tracks.upsert(trackFile({ file, folderId, probe, tags }));
        store.problems.clear(file.path, 'scan');
        this.#result[isMoved ? 'moved' : isNew ? 'added' : 'updated']++;
      });
    } catch (error) {
      if (isCancelled(error) || this.#context.signal.aborted) throw error;
      const known = toAppError(error, `read ${file.path}`);
      // A full disk is not the file's fault, and no other file will fare better.
      if (known.code === 'DISK_FULL') throw known;
      this.#fail(file.path, known);
    }
  }

  /** Gives a new path the track that lost its file and has the same audio; true when there is one. */
  #adopt({ file, folderId }: Candidate, audioHash: string): boolean {
    const { tracks } = this.#tools.store;
    if (tracks.findByPath(file.path) !== null) return false;
    const lost = tracks.findByHash(audioHash, { missingOnly: true });
    const name = file.path.slice(file.path.lastIndexOf(sep) + 1);
    const match = lost.find((track) => track.path.endsWith(sep + name)) ?? lost[0];
    if (match === undefined) return false;
    tracks.move(match.id, { folderId, ...file });
    this.#result.removed = Math.max(0, this.#result.removed - 1);
    return true;
  }

  #fail(path: string, error: AppError): void {
    const { code, message } = error;
    this.#result.failed.push({ path, code, message });
    this.#tools.store.problems.set({ path, code, message, during: 'scan', trackId: this.#tools.store.tracks.findByPath(path)?.id ?? null });
  }

  #failFolder(folder: Pick<Folder, 'id' | 'path'>, error: AppError): void {
    this.#tools.store.folders.setState(folder.id, 'unavailable', error.message);
    if (!this.#result.failed.some((failed) => failed.path === folder.path)) this.#fail(folder.path, error);
  }

  #progress(total: number | null, detail: string): void {
    const done = total === null ? this.#seenFiles : this.#done;
    this.#context.report({ done, total, unit: 'files', audioSeconds: this.#audioSeconds, detail, failed: this.#result.failed.length });
  }
}
