/** @file A scan: compares folders with what is stored, reads what is new or changed, recognises moved files by their audio, notes what is gone. */
import { sep } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { AppError, isCancelled, toAppError } from '../../base/index.ts';
import type { FolderId, TrackId } from '../../contract/index.ts';
import type { KnownFile, Store, StoredFolder } from '../../store/index.ts';
import type { FailedPath, JobContext } from '../jobs/jobs.ts';
import type { MediaWorker } from '../processes/media-worker.ts';
import { settleLeftover } from '../tagging/leftovers.ts';
import { driveOf, isAttached } from './drives.ts';
import { suggestMoves } from './folder-moves.ts';
import { FoundElsewhere } from './found-elsewhere.ts';
import { Identities } from './identities.ts';
import type { Decision } from './identities.ts';
import { trackFile } from './track-file.ts';
import { addPassedOver } from './passed-over.ts';
import type { FoundFile, PassedOver } from './walk.ts';
import { walk } from './walk.ts';

/** What a scan did; the document of the command line's `scan`. */
export type ScanResult = {
  added: number;
  updated: number;
  moved: number;
  removed: number;
  unchanged: number;
  failed: FailedPath[];
  /** What lies in the folders and was not looked at, by kind; folders count once, with all that is in them. */
  passedOver: (PassedOver & { count: number })[];
};

/** What a scan needs. `watched` hears of every folder that was walked; with null of one that became part of another. `added`: of every track that is new. */
export type ScanTools = {
  store: Store;
  media: MediaWorker;
  watched: (folderId: FolderId, directories: string[] | null) => void;
  added: () => void;
};

/** What is special about a scan: files that are read even when they did not change, and tracks that came along with a folder that moved. */
export type ScanWish = { again: Iterable<string>; relocated: ReadonlySet<TrackId> };

type Candidate = { file: FoundFile; folderId: FolderId };

/** Files that are read at the same time. */
const inFlight = 4;

/** One run over some folders. */
export class Scan {
  readonly #tools: ScanTools;
  readonly #context: JobContext;
  readonly #result: ScanResult = { added: 0, updated: 0, moved: 0, removed: 0, unchanged: 0, failed: [], passedOver: [] };
  readonly #candidates: Candidate[] = [];
  /** Paths that are read again even when they did not change. */
  readonly #again: Set<string>;
  readonly #relocated: ReadonlySet<TrackId>;
  readonly #walked = new Map<FolderId, string[]>();
  readonly #gone = new Set<TrackId>();
  /** Tracks that this scan found to be gone. */
  readonly #goneNow = new Set<TrackId>();
  readonly #changed = new Set<TrackId>();
  #seenFiles = 0;
  #done = 0;
  #audioSeconds = 0;

  constructor(tools: ScanTools, context: JobContext, { again, relocated }: ScanWish) {
    this.#tools = tools;
    this.#context = context;
    this.#again = new Set(again);
    this.#relocated = relocated;
  }

  /** Walks the folders, reads what needs reading, and decides who is who. */
  async run(folders: StoredFolder[]): Promise<ScanResult> {
    const { store, watched } = this.#tools;
    // All folders are walked before the first file is read: a file that moved from one to the other must be known to be gone.
    for (const folder of folders) await this.#compare(folder);
    const elsewhere = new FoundElsewhere(store);
    const candidates = this.#candidates.map(({ file }) => file);
    const walked = { folders: new Set(this.#walked.keys()), gone: this.#gone, candidates, changed: this.#changed };
    const identities = new Identities(store, walked);
    await this.#readAll(identities, elsewhere);
    await this.#settle(identities, elsewhere);
    for (const { from, into } of await elsewhere.finish()) {
      watched(from, null);
      watched(into, this.#walked.get(from) ?? []);
    }
    suggestMoves(store);
    return this.#result;
  }

  async #compare(folder: StoredFolder): Promise<void> {
    const { store } = this.#tools;
    const known = new Map(store.tracks.files(folder.id).map((file) => [file.path, file]));
    const present = new Set<string>();
    const reported = new Set<string>();
    const hidden: string[] = [];
    const directories: string[] = [];
    const except = new Set(store.folders.list().map((other) => other.path));
    const sameFiles: { id: TrackId; inode: string }[] = [];
    try {
      for await (const event of walk(folder.path, { signal: this.#context.signal, except })) {
        await this.#context.gate.passed();
        if (event.type === 'directory') directories.push(event.path);
        else if (event.type === 'leftover') await settleLeftover(event.path);
        else if (event.type === 'passedOver') addPassedOver(this.#result.passedOver, event.item, 1);
        else if (event.type === 'file') {
          present.add(event.file.path);
          const before = known.get(event.file.path);
          if (this.#compareFile(event.file, folder.id, before) && before !== undefined && event.file.inode !== before.inode)
            sameFiles.push({ id: before.id, inode: event.file.inode ?? '' });
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
    const isDetached = present.size === 0 && folder.drive !== null && !(await isAttached(folder.drive));
    if (directories.length === 0 || isDetached || (present.size === 0 && reported.has(folder.path))) {
      const says = `The folder ${folder.path} could not be read to its end; its tracks are kept as they were. Scan it again when it is back.`;
      this.#failFolder(folder, new AppError('FOLDER_GONE', says));
      return;
    }
    const isHidden = (path: string): boolean => hidden.some((prefix) => path.startsWith(prefix));
    this.#markGone([...known.values()].filter((file) => !present.has(file.path) && !isHidden(file.path)));
    store.tracks.setInodes(sameFiles);
    this.#clearProblems(folder.path, (path) => present.has(path) || reported.has(path));
    store.folders.setState(folder.id, 'ready', '');
    store.folders.setScanned(folder.id, Date.now(), await driveOf(folder.path));
    this.#walked.set(folder.id, directories);
    this.#tools.watched(folder.id, directories);
  }

  #markGone(absent: readonly KnownFile[]): void {
    const gone = absent.filter((file) => !file.isMissing);
    for (const { id } of absent) this.#gone.add(id);
    for (const { id } of gone) this.#goneNow.add(id);
    this.#tools.store.tracks.markMissing(gone.map((file) => file.id));
    this.#result.removed += gone.length;
  }

  /** Forgets problems of files below a folder that are not there any more. */
  #clearProblems(folder: string, isThere: (path: string) => boolean): void {
    const { problems } = this.#tools.store;
    for (const { path, during } of problems.list())
      if (during === 'scan' && (path === folder || path.startsWith(folder + sep)) && !isThere(path)) problems.clear(path, 'scan');
  }

  /** True when the file is as it was; else it is read. */
  #compareFile(file: FoundFile, folderId: FolderId, known: KnownFile | undefined): boolean {
    this.#seenFiles++;
    if (this.#seenFiles % 100 === 0) this.#progress(null, `Looking for music: ${file.path}`);
    const isSame = known !== undefined && known.size === file.size && known.mtimeMs === file.mtimeMs && !this.#again.has(file.path);
    if (!isSame) {
      this.#candidates.push({ file, folderId });
      if (known !== undefined) this.#changed.add(known.id);
      return false;
    }
    if (known.isMissing) this.#tools.store.tracks.markPresent([known.id]);
    this.#result[this.#relocated.has(known.id) ? 'moved' : known.isMissing ? 'updated' : 'unchanged']++;
    return true;
  }

  async #readAll(identities: Identities, elsewhere: FoundElsewhere): Promise<void> {
    const { signal, gate } = this.#context;
    const queue = this.#candidates.values();
    const lane = async (): Promise<void> => {
      for (const candidate of queue) {
        await gate.passed();
        signal.throwIfAborted();
        await this.#read(candidate, identities, elsewhere);
        this.#done++;
        this.#progress(this.#candidates.length, candidate.file.path);
      }
    };
    this.#progress(this.#candidates.length, '');
    await Promise.all(Array.from({ length: inFlight }, lane));
  }

  async #read({ file, folderId }: Candidate, identities: Identities, elsewhere: FoundElsewhere): Promise<void> {
    const { media } = this.#tools;
    try {
      const { probe, tags } = await media.run({ type: 'read', path: file.path });
      this.#context.signal.throwIfAborted();
      this.#audioSeconds += probe.durationMs / 1000;
      const decision = await identities.decide(trackFile({ file, folderId, probe, tags }));
      if (decision !== null) this.#keep(decision, elsewhere);
    } catch (error) {
      if (isCancelled(error) || this.#context.signal.aborted) throw error;
      const known = toAppError(error, `read ${file.path}`);
      // A full disk is not the file's fault, and no other file will fare better.
      if (known.code === 'DISK_FULL') throw known;
      this.#fail(file.path, known);
    }
  }

  async #settle(identities: Identities, elsewhere: FoundElsewhere): Promise<void> {
    const { signal, gate } = this.#context;
    for await (const decision of identities.settle()) {
      await gate.passed();
      signal.throwIfAborted();
      this.#keep(decision, elsewhere);
      await breathe();
    }
  }

  /** Stores what was read of a file, as the track that it is. */
  #keep({ row, isTrack }: Decision, elsewhere: FoundElsewhere): void {
    const { store } = this.#tools;
    const isAdded = store.transaction(() => {
      const displaced = isTrack === null ? null : store.tracks.findByPath(row.path);
      if (isTrack !== null) store.tracks.move(isTrack.id, row);
      const { id, isNew } = store.tracks.upsert(row);
      store.problems.clear(row.path, 'scan');
      this.#result[isTrack !== null || this.#relocated.has(id) ? 'moved' : isNew ? 'added' : 'updated']++;
      // A track whose place another one takes is gone, until its own file is found.
      if (displaced !== null && !displaced.isMissing) this.#countGone(displaced.id);
      if (isTrack === null) return isNew;
      if (this.#goneNow.delete(isTrack.id)) this.#result.removed--;
      elsewhere.note(isTrack, row);
      return false;
    });
    if (isAdded) this.#tools.added();
  }

  #countGone(trackId: TrackId): void {
    this.#goneNow.add(trackId);
    this.#result.removed++;
  }

  #fail(path: string, error: AppError): void {
    const { code, message } = error;
    this.#result.failed.push({ path, code, message });
    this.#tools.store.problems.set({ path, code, message, during: 'scan', trackId: this.#tools.store.tracks.findByPath(path)?.id ?? null });
  }

  #failFolder(folder: Pick<StoredFolder, 'id' | 'path'>, error: AppError): void {
    this.#tools.store.folders.setState(folder.id, 'unavailable', error.message);
    if (!this.#result.failed.some((failed) => failed.path === folder.path)) this.#fail(folder.path, error);
  }

  #progress(total: number | null, detail: string): void {
    const done = total === null ? this.#seenFiles : this.#done;
    this.#context.report({ done, total, unit: 'files', audioSeconds: this.#audioSeconds, detail, failed: this.#result.failed.length });
  }
}
