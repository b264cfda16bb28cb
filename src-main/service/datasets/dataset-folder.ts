/** @file A data set's folder on disk: nothing outside of it is read, links that lead out are not followed, and texts have a budget. */
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { AppError, openRegularFile, readRegularFile, toAppError } from '../../base/index.ts';
import { whyRefused } from '../../datasets/index.ts';
import type { DatasetFolder } from '../../datasets/index.ts';

const mostTextBytes = 64 * 2 ** 20;
/** FMA’s tracks.csv has 260 MB, the largest table of all. */
const mostPiecesBytes = 2 ** 30;
const pieceBytes = 2 ** 16;
const mostEntries = 2_000_000;
const advice = 'Name the folder of a data set, with its tables as they were published.';

/** Where a file lies, or why it cannot be used. `leadsOut`: by a link. */
export type Found = { isThere: true; path: string; bytes: number } | { isThere: false; why: string; leadsOut: boolean };

const unusable = (why: string, leadsOut = false): Found => ({ isThere: false, why, leadsOut });

/** The real file system below one folder. */
export class OpenDatasetFolder implements DatasetFolder {
  readonly path: string;
  readonly #root: string;
  /** Where folders really lie, null for those that lead out or are not there. */
  readonly #folders = new Map<string, Promise<string | null>>();

  private constructor(path: string, root: string) {
    this.path = path;
    this.#root = root;
  }

  /** @throws AppError FOLDER_GONE, BAD_INPUT for what is no folder, or a code of the file system */
  static async open(path: string): Promise<OpenDatasetFolder> {
    const whole = resolve(path);
    try {
      const root = await realpath(whole);
      if ((await stat(root)).isDirectory()) return new OpenDatasetFolder(whole, root);
    } catch (error) {
      const known = toAppError(error, `open ${whole}`);
      if (known.code !== 'FILE_GONE') throw known;
      throw new AppError('FOLDER_GONE', `There is no folder ${whole}. ${advice}`, { details: { path: whole }, cause: error });
    }
    throw new AppError('BAD_INPUT', `${whole} is no folder. ${advice}`, { details: { path: whole } });
  }

  async readText(path: string): Promise<string | null> {
    const file = await this.#text(path);
    if (file === null) return null;
    const bytes = await readRegularFile(file, { mostBytes: mostTextBytes, advice });
    return decoded(path, () => new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  }

  async pieces(path: string): Promise<AsyncIterable<string> | null> {
    const file = await this.#text(path);
    return file === null ? null : piecesOf(file, path);
  }

  async list(path: string): Promise<readonly string[]> {
    const folder = await this.#folder(path.replace(/\/$/, ''));
    if (folder === null) return [];
    const entries = await readdir(folder, { withFileTypes: true });
    if (entries.length > mostEntries)
      throw new AppError('BAD_INPUT', `${folder} holds ${entries.length} files, more than any data set has in one folder.`);
    const names = await Promise.all(
      entries.map(async (entry) => {
        if (entry.isFile()) return entry.name;
        if (entry.isDirectory()) return `${entry.name}/`;
        return entry.isSymbolicLink() ? this.#linked(folder, entry.name) : null;
      }),
    );
    return names.filter((name) => name !== null).toSorted();
  }

  /** Finds a clip’s file. Never throws for one that cannot be used. */
  async find(path: string): Promise<Found> {
    const why = whyRefused(path);
    if (why !== null) return unusable(why, true);
    const at = path.lastIndexOf('/');
    const folder = await this.#folder(path.slice(0, Math.max(0, at)));
    if (folder === null) return unusable('Its folder is not there, or is a link that leads outside.');
    try {
      const file = join(folder, path.slice(at + 1));
      const about = await lstat(file);
      const inside = about.isSymbolicLink() ? await this.#inside(file) : file;
      if (inside === null) return unusable('It is a link that leads outside of the folder, or nowhere.', true);
      const { size, isFile } = about.isSymbolicLink() ? await sizeOf(inside) : { size: about.size, isFile: about.isFile() };
      return isFile ? { isThere: true, path: inside, bytes: size } : unusable('It is no file.');
    } catch (error) {
      // Hundreds of thousands may be missing, and a sentence costs more than looking.
      const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      return unusable(isGone ? 'It is not there.' : toAppError(error, `read ${path}`).message);
    }
  }

  /** Where a text lies; null where there is none. @throws AppError BAD_INPUT for a link that leads out */
  async #text(path: string): Promise<string | null> {
    const found = await this.find(path);
    if (found.isThere) return found.path;
    if (found.leadsOut) throw new AppError('BAD_INPUT', `${path} is not read. ${found.why}`, { details: { path } });
    return null;
  }

  #folder(path: string): Promise<string | null> {
    const known = this.#folders.get(path) ?? (path === '' ? Promise.resolve(this.#root) : this.#inside(join(this.#root, path)));
    this.#folders.set(path, known);
    return known;
  }

  /** Where a path really lies; null outside of the folder, and where nothing is. */
  async #inside(path: string): Promise<string | null> {
    const real = await realpath(path).catch(() => null);
    return real !== null && (real === this.#root || real.startsWith(this.#root.endsWith(sep) ? this.#root : this.#root + sep))
      ? real
      : null;
  }

  async #linked(folder: string, name: string): Promise<string | null> {
    const inside = await this.#inside(join(folder, name));
    if (inside === null) return null;
    return (await stat(inside)).isDirectory() ? `${name}/` : name;
  }
}

async function sizeOf(path: string): Promise<{ size: number; isFile: boolean }> {
  const about = await stat(path);
  return { size: about.size, isFile: about.isFile() };
}

async function* piecesOf(file: string, name: string): AsyncGenerator<string, void> {
  const { file: open, size } = await openRegularFile(file);
  try {
    if (size > mostPiecesBytes) throw new AppError('BAD_INPUT', `${name} is larger than 1 GB. ${advice}`, { details: { size } });
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const bytes = Buffer.alloc(pieceBytes);
    for (let at = 0; ;) {
      const { bytesRead } = await open.read(bytes, 0, pieceBytes, at);
      at += bytesRead;
      yield decoded(name, () => decoder.decode(bytes.subarray(0, bytesRead), { stream: bytesRead > 0 }));
      if (bytesRead === 0) return;
    }
  } catch (error) {
    throw toAppError(error, `read ${name}`);
  } finally {
    await open.close();
  }
}

/** @throws AppError BAD_INPUT for bytes that no UTF-8 text has */
function decoded(name: string, decode: () => string): string {
  try {
    return decode();
  } catch (error) {
    throw new AppError('BAD_INPUT', `${name} is no text in UTF-8. Bring the file as it was published.`, {
      details: { path: name },
      cause: error,
    });
  }
}
