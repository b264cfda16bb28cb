/** @file Finds audio files below a folder: symbolic links are followed once, unreadable folders are reported and do not stop the walk. */
import type { Dirent, Stats } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isAudioName, leftoverOf, unreadSound } from '../../audio/about.ts';
import { AppError, toAppError, toStoredPath, toSystemPath } from '../../base/index.ts';

/** A file that may be a track. `inode`: the file system's own number of it, where that is known. */
export type FoundFile = { path: string; size: number; mtimeMs: number; inode?: string | null };

/** What a walk meets. `unreadable` names a folder whose files are unknown, or a file that cannot be looked at. */
export type WalkEvent =
  | { type: 'file'; file: FoundFile }
  | { type: 'directory'; path: string }
  /** A copy that a process left which was killed while it wrote tags. */
  | { type: 'leftover'; path: string }
  | { type: 'passedOver'; item: PassedOver }
  | { type: 'unreadable'; path: string; isDirectory: boolean; error: AppError };

/** Folders that systems and programs keep for themselves, in lower case. Others are walked, also those whose names begin with a dot. */
const systemFolders = new Set(
  `@eadir|#recycle|#snapshot|$recycle.bin|recycler|system volume information|lost+found|__macosx|.git|.hg|.svn|.spotlight-v100|.fseventsd|.trashes
  |.documentrevisions-v100|.temporaryitems|.appledouble|.appledb|.appledesktop|.thumbnails|.snapshot|.snapshots|.zfs|.cache|.stfolder|.stversions
  |.dropbox.cache|.sync|.earmark`.split(/\s*\|/),
);

/** What is passed over, and why: a folder of the system, a kind of sound that is not read, a companion of another file, or no sound at all. */
export type PassedOver = { what: string; why: 'system' | 'format' | 'companion' | 'other' };

/**
 * Walks a folder depth first.
 * @param root stored form of the path (see `toStoredPath`)
 * @param options `except`: folders that are walked for themselves and passed over here
 * @throws AppError FOLDER_GONE when the root is not there, FOLDER_UNREADABLE when it cannot be read
 */
export async function* walk(
  root: string,
  { signal, except }: { signal: AbortSignal; except: ReadonlySet<string> },
): AsyncGenerator<WalkEvent> {
  const seen = new Set<string>();
  const pending = [root];
  await checkRoot(root);
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    signal.throwIfAborted();
    if ((directory !== root && except.has(directory)) || !(await isNew(directory, seen))) continue;
    yield { type: 'directory', path: directory };
    try {
      // Names come as bytes: not every file system keeps to UTF-8.
      const entries = await opendir(toSystemPath(directory), { encoding: 'buffer' as BufferEncoding, bufferSize: 256 });
      for await (const entry of entries as AsyncIterable<unknown> as AsyncIterable<Dirent<Buffer>>) {
        const event = await visit(directory, entry, pending);
        if (event !== null) yield event;
        signal.throwIfAborted();
      }
    } catch (error) {
      if (signal.aborted) throw error;
      const known = toAppError(error, `read the folder ${directory}`);
      const code = known.code === 'FILE_GONE' ? 'FOLDER_GONE' : 'FOLDER_UNREADABLE';
      yield { type: 'unreadable', path: directory, isDirectory: true, error: new AppError(code, known.message, { cause: error }) };
    }
  }
}

async function visit(directory: string, entry: Dirent<Buffer>, pending: string[]): Promise<WalkEvent | null> {
  const name = toStoredPath(entry.name);
  if (leftoverOf(name) !== null) return { type: 'leftover', path: join(directory, name) };
  const path = join(directory, name);
  if (entry.isDirectory() || entry.isSymbolicLink())
    if (isSystemFolder(name)) return { type: 'passedOver', item: { what: name, why: 'system' } };
  if (entry.isDirectory()) {
    pending.push(path);
    return null;
  }
  if (entry.isFile() && !isAudioName(name)) return { type: 'passedOver', item: passedFile(name) };
  if (!entry.isSymbolicLink() && !entry.isFile()) return null;
  let info: Stats;
  try {
    info = await stat(toSystemPath(path));
  } catch (error) {
    if (!isAudioName(name)) return null;
    return { type: 'unreadable', path, isDirectory: false, error: toAppError(error, `read ${path}`) };
  }
  if (info.isDirectory()) pending.push(path);
  if (!info.isFile() || !isAudioName(name)) return null;
  return { type: 'file', file: { path, size: info.size, mtimeMs: info.mtimeMs, inode: String(info.ino) } };
}

function isSystemFolder(name: string): boolean {
  const plain = name.toLowerCase();
  return systemFolders.has(plain) || plain.startsWith('.trash');
}

function passedFile(name: string): PassedOver {
  if (name.startsWith('._') && isAudioName(name.slice(2))) return { what: '._ companion', why: 'companion' };
  const sound = unreadSound(name);
  return sound === null ? { what: 'other', why: 'other' } : { what: sound, why: 'format' };
}

async function checkRoot(root: string): Promise<void> {
  try {
    const info = await stat(toSystemPath(root));
    if (!info.isDirectory()) throw new AppError('BAD_INPUT', `${root} is a file, not a folder. Choose the folder that it lies in.`);
  } catch (error) {
    const known = toAppError(error, `read the folder ${root}`);
    if (known.code !== 'FILE_GONE') throw known;
    throw new AppError(
      'FOLDER_GONE',
      `The folder ${root} is not there. If it lies on a drive, attach the drive; if it moved, say where it is now. Its tracks are kept.`,
      {
        cause: error,
      },
    );
  }
}

/** False for a folder that the walk has been in already, under this or another name: links may lead in circles. */
async function isNew(directory: string, seen: Set<string>): Promise<boolean> {
  try {
    const real = toStoredPath(Buffer.from(await realpath(toSystemPath(directory), { encoding: 'buffer' })));
    if (seen.has(real)) return false;
    seen.add(real);
    return true;
  } catch {
    // The reading that follows says what is wrong.
    return true;
  }
}
