/** @file Folders of this machine for a person who has no native dialog. Lists names alone; no file's content leaves through here. */
import { opendir, stat, access, constants } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
import { isAudioName } from '../../audio/about.ts';
import { AppError, toAppError, toStoredPath, toSystemPath } from '../../base/index.ts';
import type { BrowseResult } from '../../contract/index.ts';
import { weightsEndings } from '../encoders/weights-name.ts';

const extensions = {
  weights: weightsEndings,
  tags: new Set(['.txt', '.json', '.csv']),
  tables: new Set(['.csv', '.tsv', '.txt']),
  backups: new Set(['.db']),
  libraries: new Set(['.json']),
};
/** A folder with more entries is cut; its audio files are still counted. */
const mostEntries = 5_000;

/** Which files are listed beside folders. */
export type BrowsedFiles = 'none' | 'audio' | 'weights' | 'tags' | 'tables' | 'backups' | 'libraries';

/**
 * Lists a folder.
 * @param path null for the person's home; `~` at its beginning is that too
 * @throws AppError FOLDER_GONE, NOT_ALLOWED, BAD_INPUT (a file)
 */
export async function browse(path: string | null, files: BrowsedFiles): Promise<BrowseResult> {
  const folder = resolve(path === null ? homedir() : path.replace(/^~(?=$|[\\/])/, homedir()));
  const entries: BrowseResult['entries'] = [];
  let audioFiles = 0;
  try {
    for await (const entry of await opendir(toSystemPath(folder), { encoding: 'buffer' as BufferEncoding })) {
      const name = toStoredPath(entry.name as unknown as Buffer);
      if (name.startsWith('.')) continue;
      const full = join(folder, name);
      const kind = await kindOf(entry, full);
      if (kind === 'file' && isAudioName(name)) audioFiles++;
      if (kind === null || (kind === 'file' && !isShown(name, files)) || entries.length >= mostEntries) continue;
      entries.push({ name, path: full, kind, readable: kind === 'file' || (await isReadable(full)) });
    }
  } catch (error) {
    throw asFolderError(error, folder);
  }
  const order = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
  entries.sort((a, b) => (a.kind === b.kind ? order.compare(a.name, b.name) : a.kind === 'folder' ? -1 : 1));
  const parent = dirname(folder);
  return { path: folder, parent: parent === folder ? null : parent, places: await places(), entries, audioFiles };
}

function asFolderError(error: unknown, folder: string): AppError {
  const known = toAppError(error, `list ${folder}`);
  if (known.code !== 'FILE_GONE') return known;
  return new AppError('FOLDER_GONE', `There is no folder ${folder}. Check its spelling.`, { cause: error });
}

async function kindOf(
  entry: { isDirectory(): boolean; isFile(): boolean; isSymbolicLink(): boolean },
  path: string,
): Promise<'folder' | 'file' | null> {
  if (entry.isDirectory()) return 'folder';
  if (entry.isFile()) return 'file';
  if (!entry.isSymbolicLink()) return null;
  try {
    const info = await stat(toSystemPath(path));
    return info.isDirectory() ? 'folder' : info.isFile() ? 'file' : null;
  } catch {
    return null;
  }
}

function isShown(name: string, files: BrowsedFiles): boolean {
  if (files === 'none') return false;
  return files === 'audio' ? isAudioName(name) : extensions[files].has(extname(name).toLowerCase());
}

async function isReadable(path: string): Promise<boolean> {
  return access(toSystemPath(path), constants.R_OK).then(
    () => true,
    () => false,
  );
}

async function places(): Promise<BrowseResult['places']> {
  const home = homedir();
  const wanted = [
    { name: 'Home', path: home },
    { name: 'Music', path: join(home, 'Music') },
    { name: 'Downloads', path: join(home, 'Downloads') },
    { name: 'Drives', path: process.platform === 'darwin' ? '/Volumes' : '/media' },
    { name: 'Computer', path: resolve('/') },
  ];
  const there = await Promise.all(wanted.map(async ({ path }) => isReadable(path)));
  return wanted.filter((_, i) => there[i]);
}
