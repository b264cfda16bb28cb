/** @file A playlist as a file: what it is called, and where it may be written. */
import { AppError, checkTarget, openRegularFile, toAppError, writeWhole } from '../../base/index.ts';
import type { PlaylistFormat } from '../../contract/index.ts';
import { listFormats } from './formats/index.ts';

/** Enough of a file to know its format, also of a JSON document as a whole for most lists. */
const mostRecognisedBytes = 64 * 1024 * 1024;

/** A name that every file system takes, from a playlist's. */
export function listFileName(name: string, format: PlaylistFormat): string {
  const plain = name
    .replace(/[\\/:*?"<>|\p{Cc}]+/gu, '_')
    .replace(/^[. ]+|[. ]+$/g, '')
    .slice(0, 100)
    .toWellFormed();
  const isDevice = /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(plain);
  return `${isDevice ? '_' : ''}${plain === '' ? 'playlist' : plain}${listFormats[format].extensions[0] ?? ''}`;
}

/**
 * Writes a list as a whole. Only a new file, or a list of the same format, is written.
 * @throws AppError BAD_INPUT for another kind of file or name; FILE_GONE, NOT_ALLOWED, DISK_FULL
 */
export async function writeList(path: string, format: PlaylistFormat, text: string): Promise<void> {
  const { extensions, recognises } = listFormats[format];
  checkTarget(path, extensions);
  const before = await readIfThere(path);
  if (before !== null && !recognises(before))
    throw new AppError('BAD_INPUT', `${path} is there already, and no list that Earmark may write over. Choose another name.`, {
      details: { path },
    });
  await writeWhole(path, text, `write ${path}`);
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    const { file, size } = await openRegularFile(path);
    try {
      const bytes = Buffer.alloc(Math.min(size, mostRecognisedBytes));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
      return bytes.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    const known = toAppError(error, `read ${path}`);
    if (known.code === 'FILE_GONE') return null;
    throw known;
  }
}
