/** @file Writing a file as a whole: beside its place, to the disk, then moved there. A reader sees the old file or the new one, never half of one. */
import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { toAppError } from './errors.ts';

/**
 * @param doing what to say that could not be done, for example `write the weights to /a/b`
 * @throws AppError of the file system; nothing half-written stays
 */
export async function writeWhole(path: string, content: Uint8Array | string, doing: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw toAppError(error, doing);
  }
}
