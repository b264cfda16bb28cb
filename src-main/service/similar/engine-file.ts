/** @file Adds records to the files beside an index. See `store/neighbours/record-file.ts` for why nothing is flushed to disk (fsync) in any order. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { toAppError } from '../../base/index.ts';
import { incompleteIndex } from '../../store/index.ts';

/** A file that is added to. */
export class RecordWriter {
  readonly #file: FileHandle;
  readonly #path: string;
  #position: number;

  private constructor(file: FileHandle, path: string, position: number) {
    this.#file = file;
    this.#path = path;
    this.#position = position;
  }

  /**
   * Opens a file behind its sound part, cutting off the rest; a file without one is begun with `header`.
   * @throws AppError DISK_FULL, NOT_ALLOWED; DATABASE_DAMAGED, with the way to repair, when the index's folder was taken away
   */
  static async open(path: string, { validBytes, header }: { validBytes: number; header: Uint8Array }): Promise<RecordWriter> {
    try {
      const file = await open(path, validBytes === 0 ? 'w' : 'r+');
      const writer = new RecordWriter(file, path, validBytes);
      if (validBytes === 0) await writer.add(header);
      else await file.truncate(validBytes);
      return writer;
    } catch (error) {
      const known = toAppError(error, `write ${path}`);
      throw known.code === 'FILE_GONE' ? incompleteIndex(path, 0) : known;
    }
  }

  /** Writes records behind what is there. @throws AppError DISK_FULL … */
  async add(bytes: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, this.#position + done);
        done += bytesWritten;
      }
      this.#position += bytes.length;
    } catch (error) {
      throw toAppError(error, `write ${this.#path}`);
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
