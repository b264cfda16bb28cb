/**
 * @file Who is who after a walk: a file that is new, or that holds another sound than it did, may be a track whose file is gone. That is decided when
 * every file has been read, for all files of one sound at once; alone where nothing that is still to be read can change the answer.
 */
import { basename } from 'node:path';
import type { FolderId, TrackId } from '../../contract/index.ts';
import type { KnownTrack, Store, StoredFolder, TrackFile, Twin } from '../../store/index.ts';
import { isAbsent, isAttached } from './drives.ts';
import { pairTwins } from './pair-twins.ts';
import type { Evidence } from './pair-twins.ts';
import type { FoundFile } from './walk.ts';

/** What a walk found out. */
export type Walked = {
  /** Folders that were walked to their end. */
  folders: ReadonlySet<FolderId>;
  /** Tracks of those folders whose files are not there. */
  gone: ReadonlySet<TrackId>;
  /** Files that are read, of all folders. */
  candidates: readonly FoundFile[];
  /** Tracks whose files are read again. */
  changed: ReadonlySet<TrackId>;
};

/** A file that was read, as it would be stored. */
type Waiting = { row: string; evidence: Evidence };

type File = Pick<Evidence, 'size' | 'mtimeMs'> & { inode?: string | null };

/** `elsewhere`: on a drive that is not attached where it was. A copy of their file tells nothing; the file itself does. */
type Rivals = { lost: Twin[]; elsewhere: Twin[] };

/** A decision: the file is this track, which lay elsewhere; `null`: it is the track at its own path, or a new one. */
export type Decision = { row: TrackFile; isTrack: Twin | null };

/** Decides for one scan. */
export class Identities {
  readonly #store: Store;
  readonly #walked: Walked;
  readonly #names = new Map<string, number>();
  /** Files that wait for the others of their sound, by its hash. */
  readonly #waiting = new Map<string, Waiting[]>();
  /** Tracks whose path holds another sound now. */
  readonly #displaced = new Set<TrackId>();
  readonly #found = new Set<TrackId>();
  readonly #rivalsOf = new Map<string, Promise<Rivals>>();
  /** Tracks that this scan adds have their files. */
  readonly #newest: TrackId;
  readonly #attached = new Map<FolderId, Promise<boolean>>();
  readonly #folders: Map<FolderId, StoredFolder>;

  constructor(store: Store, walked: Walked) {
    this.#store = store;
    this.#walked = walked;
    this.#newest = store.tracks.newestId();
    this.#folders = new Map(store.folders.list({ includeRemoved: true }).map((folder) => [folder.id, folder]));
    for (const { path } of walked.candidates) this.#names.set(basename(path), (this.#names.get(basename(path)) ?? 0) + 1);
  }

  /** Decides at once where that is safe; null: the file waits for {@link settle}. */
  async decide(row: TrackFile): Promise<Decision | null> {
    const { tracks } = this.#store;
    const holder = tracks.findByPath(row.path);
    if (holder?.audioHash === row.audioHash) return { row, isTrack: null };
    if (holder !== null) this.#displaced.add(holder.id);
    const rivals = (await this.#rivals(row.audioHash, [row])).filter(({ id }) => id !== holder?.id);
    const [only] = rivals;
    if (holder === null && only === undefined) return { row, isTrack: null };
    if (holder === null && only !== undefined && rivals.length === 1 && this.#isCertain(only, row)) return this.#adopted(row, only);
    const waiting = this.#waiting.get(row.audioHash) ?? [];
    this.#waiting.set(row.audioHash, waiting);
    // As text, which takes a fraction of the memory: a library that moved waits here as a whole.
    waiting.push({ row: JSON.stringify(row), evidence: evidenceOf(row) });
    return null;
  }

  /** Decides for all files that wait: first those that are tracks from elsewhere, then the others, whose places are then free. */
  async *settle(): AsyncGenerator<Decision> {
    const alone: Waiting[] = [];
    for (const [audioHash, waiting] of this.#waiting) {
      const found = waiting.map(({ evidence }) => evidence);
      const rivals = await this.#rivals(audioHash, found);
      const lost = rivals.filter(({ id }) => !this.#walked.changed.has(id) || this.#displaced.has(id));
      const tracks = pairTwins(lost, found);
      for (const one of waiting) {
        const twin = tracks.get(one.evidence);
        if (twin === undefined) alone.push(one);
        else yield this.#adopted(JSON.parse(one.row) as TrackFile, twin);
      }
    }
    for (const { row } of alone) yield { row: JSON.parse(row) as TrackFile, isTrack: null };
  }

  #adopted(row: TrackFile, isTrack: Twin): Decision {
    this.#found.add(isTrack.id);
    return { row, isTrack };
  }

  /** Tracks of this sound whose own files are gone, or may turn out to be, so that one of these files may be it. */
  async #rivals(audioHash: string, files: readonly File[]): Promise<Twin[]> {
    const known = this.#rivalsOf.get(audioHash);
    if (known === undefined && this.#store.tracks.twins(audioHash, this.#newest).length === 0) return [];
    const looking = known ?? this.#lookFor(audioHash);
    this.#rivalsOf.set(audioHash, looking);
    const { lost, elsewhere } = await looking;
    return [...lost, ...elsewhere.filter((twin) => files.some((file) => isSameFile(twin, file)))].filter(({ id }) => !this.#found.has(id));
  }

  async #lookFor(audioHash: string): Promise<Rivals> {
    const { folders, gone, changed } = this.#walked;
    const rivals: Rivals = { lost: [], elsewhere: [] };
    for (const twin of this.#store.tracks.twins(audioHash, this.#newest)) {
      if (changed.has(twin.id)) rivals.lost.push(twin);
      else if (folders.has(twin.folderId)) {
        if (gone.has(twin.id)) rivals.lost.push(twin);
      } else if (await isAbsent(twin.path)) {
        if (await this.#isAttached(twin)) rivals.lost.push(twin);
        else rivals.elsewhere.push(twin);
      }
    }
    return rivals;
  }

  async #isAttached({ folderId }: KnownTrack): Promise<boolean> {
    const drive = this.#folders.get(folderId)?.drive ?? null;
    if (drive === null) return true;
    const known = this.#attached.get(folderId) ?? isAttached(drive);
    this.#attached.set(folderId, known);
    return known;
  }

  /** No other file can agree with the track more than this one does: it has its size, and it alone has its name. */
  #isCertain(twin: Twin, file: FoundFile): boolean {
    const isUndecided = this.#walked.changed.has(twin.id);
    return (
      !isUndecided && twin.size === file.size && basename(twin.path) === basename(file.path) && this.#names.get(basename(file.path)) === 1
    );
  }
}

function isSameFile(twin: Twin, { inode = null, size, mtimeMs }: File): boolean {
  return inode !== null && inode === twin.inode && size === twin.size && mtimeMs === twin.mtimeMs;
}

function evidenceOf({ path, size, mtimeMs, inode = null, title, artist, album, discNumber, trackNumber }: TrackFile): Evidence {
  return { path, size, mtimeMs, inode, title, artist, album, discNumber, trackNumber };
}
