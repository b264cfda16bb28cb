/** @file The folders that make up the library. Taking one out only marks it; its tracks and all that is attached to them stay. */
import { AppError, defined } from '../base/index.ts';
import type { Folder, FolderId } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import type { Revisions } from './revisions.ts';
import { change } from './statement.ts';

/** A folder as it is stored; whether it is watched is known to who watches. */
export type StoredFolder = Omit<Folder, 'watched'> & {
  /** When it was taken out of the library, ms since 1970; null while it is in. */
  removedAt: number | null;
  /** The drive that it lay on at its last scan; null before the first. */
  drive: Drive | null;
};

/** A drive, known by where it is attached and by its size in bytes. */
export type Drive = { mountPoint: string; bytes: number };

type FolderRow = Omit<StoredFolder, 'drive' | 'isDemo'> & { isDemo: number; mountPoint: string | null; driveBytes: number | null };

const columns = `f.id, f.path, f.state, f.message, f.moved_to AS movedTo, f.added_at AS addedAt, f.scanned_at AS scannedAt,
  f.removed_at AS removedAt, f.is_demo AS isDemo, f.mount_point AS mountPoint, f.drive_bytes AS driveBytes,
  (SELECT count(*) FROM tracks t WHERE t.folder_id = f.id AND t.missing_since IS NULL) AS tracks`;

/** Reads and changes the table of folders. */
export class Folders {
  readonly #connection: Connection;
  readonly #revisions: Revisions;

  constructor(connection: Connection, revisions: Revisions) {
    this.#connection = connection;
    this.#revisions = revisions;
  }

  /** Adds a folder; one that is there already is returned as it is, one that was removed comes back with all that was attached. */
  add(path: string): StoredFolder {
    const id = this.#connection
      .prepare<[string, number], number>(
        'INSERT INTO folders (path, added_at) VALUES (?, ?) ON CONFLICT (path) DO UPDATE SET removed_at = NULL RETURNING id',
      )
      .pluck()
      .get(path, Date.now());
    this.#revisions.libraryChanged();
    return this.get(defined(id, 'the added folder') as FolderId);
  }

  /** The folders of the library by path; with `includeRemoved` also those taken out. */
  list(options: { includeRemoved?: boolean } = {}): StoredFolder[] {
    const where = options.includeRemoved === true ? '' : 'WHERE f.removed_at IS NULL';
    const found = this.#connection.prepare<[], FolderRow>(`SELECT ${columns} FROM folders f ${where} ORDER BY f.path`).all();
    return found.map(toFolder);
  }

  /** @throws AppError `NOT_FOUND` */
  get(id: FolderId): StoredFolder {
    const folder = this.#connection.prepare<[number], FolderRow>(`SELECT ${columns} FROM folders f WHERE f.id = ?`).get(id);
    if (folder === undefined) throw unknownFolder(id);
    return toFolder(folder);
  }

  /** The demo library, in the library or taken out; null where it was never added. */
  demo(): StoredFolder | null {
    const row = this.#connection.prepare<[], FolderRow>(`SELECT ${columns} FROM folders f WHERE f.is_demo = 1`).get();
    return row === undefined ? null : toFolder(row);
  }

  /** Adds the folder at a path as the demo library; one that was removed comes back with all that was attached. */
  addDemo(path: string): StoredFolder {
    return this.#connection.transaction(() => {
      const { id } = this.add(path);
      this.#update(id, 'is_demo = ?', 1);
      return this.get(id);
    })();
  }

  /** Takes a folder out of the library; nothing is deleted. */
  remove(id: FolderId): void {
    this.#update(id, 'removed_at = coalesce(removed_at, ?)', Date.now());
  }

  /** Brings a removed folder back. */
  restore(id: FolderId): void {
    this.#update(id, 'removed_at = ?', null);
  }

  /** Notes when a folder was scanned to its end, ms since 1970, and the drive that it was found on. */
  setScanned(id: FolderId, at: number, drive: Drive | null = null): void {
    this.#update(id, 'scanned_at = ?, mount_point = ?, drive_bytes = ?', at, drive?.mountPoint ?? null, drive?.bytes ?? null);
  }

  /**
   * Gives a folder another path, and brings it back where it was taken out. Another folder of that path becomes part of it: its tracks become this
   * one's, and it is taken out of the library under a path at which nothing lies.
   */
  move(id: FolderId, path: string): void {
    this.#connection.transaction(() => {
      const other = this.list({ includeRemoved: true }).find((folder) => folder.path === path && folder.id !== id);
      if (other !== undefined) {
        change(this.#connection, 'UPDATE tracks SET folder_id = ? WHERE folder_id = ?').run(id, other.id);
        this.#revisions.tracksChanged();
        this.#update(
          other.id,
          'path = ?, removed_at = coalesce(removed_at, ?)',
          `${path} [part of folder ${id}, was ${other.id}]`,
          Date.now(),
        );
      }
      this.#update(id, `path = ?, removed_at = NULL, state = 'ready', message = '', moved_to = NULL`, path);
    })();
  }

  /** Notes where a folder that is gone seems to be now; null: nowhere that is known. */
  setMovedTo(id: FolderId, path: string | null): void {
    this.#update(id, 'moved_to = ?', path);
  }

  /** Notes whether a folder can be read now, and if not, why. */
  setState(id: FolderId, state: Folder['state'], message: string): void {
    this.#update(id, `state = ?, message = ?${state === 'ready' ? ', moved_to = NULL' : ''}`, state, message);
  }

  #update(id: FolderId, assignments: string, ...values: (string | number | null)[]): void {
    const { changes } = this.#connection.prepare(`UPDATE folders SET ${assignments} WHERE id = ?`).run(...values, id);
    if (changes === 0) throw unknownFolder(id);
    this.#revisions.libraryChanged();
  }
}

function toFolder({ mountPoint, driveBytes, isDemo, ...folder }: FolderRow): StoredFolder {
  return { ...folder, isDemo: isDemo === 1, drive: mountPoint === null || driveBytes === null ? null : { mountPoint, bytes: driveBytes } };
}

function unknownFolder(id: number): AppError {
  return new AppError('NOT_FOUND', `There is no folder with the number ${id} in the library. Look at the list of folders again.`, {
    details: { folderId: id },
  });
}
