/**
 * @file An open file, as the demuxer and the tag reader get it. Both take names as UTF-8 text and look at the extension before the content;
 * so the file is opened here, under whatever name, and handed on as a descriptor.
 *
 * FFmpeg's callbacks into JavaScript would do the same on every system, but a thread in which a file is open in that way can neither be
 * terminated nor left by `process.exit()` (node-av 6.1.1).
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { AppError, toAppError, toSystemPath } from '../base/index.ts';

/** The name of an open file for native code of this process. */
export function openNameOf(path: string, descriptor: number): string {
  if (process.platform === 'win32') return path;
  return process.platform === 'linux' ? `/proc/self/fd/${descriptor}` : `/dev/fd/${descriptor}`;
}

/** An open file that is read in place; `close` it. */
export class FileSource {
  readonly path: string;
  readonly size: number;
  /** Another text for another file at the same path. */
  readonly version: string;
  readonly #descriptor: number;

  /**
   * @param path stored form (see `toStoredPath`)
   * @throws AppError FILE_GONE, NOT_ALLOWED, FILE_UNREADABLE, BAD_INPUT, FILE_EMPTY
   */
  constructor(path: string) {
    this.path = path;
    try {
      this.#descriptor = openSync(toSystemPath(path), 'r');
    } catch (error) {
      throw toAppError(error, `open ${path}`);
    }
    try {
      const stats = fstatSync(this.#descriptor);
      if (stats.isDirectory()) throw new AppError('BAD_INPUT', `Could not open ${path}: it is a folder, not a file.`);
      if (!stats.isFile()) throw new AppError('BAD_INPUT', `Could not open ${path}: it is a device or a pipe, not a file.`);
      if (stats.size === 0) throw new AppError('FILE_EMPTY', `${path} is empty (0 bytes). Copy it again from where it came from.`);
      this.size = stats.size;
      this.version = `${stats.ino} ${stats.size} ${stats.mtimeMs}`;
    } catch (error) {
      closeSync(this.#descriptor);
      throw toAppError(error, `open ${path}`);
    }
  }

  /**
   * A name under which native code of this process can open the file. Except on Windows, where names are always text, it says nothing about
   * the real name.
   */
  get openName(): string {
    return openNameOf(this.path, this.#descriptor);
  }

  /**
   * Up to `length` bytes from `position`; fewer at the end.
   * @throws AppError FILE_UNREADABLE
   */
  readAt(position: number, length: number): Uint8Array {
    const bytes = Buffer.alloc(Math.max(0, Math.min(length, this.size - position)));
    let filled = 0;
    try {
      while (filled < bytes.length) {
        const got = readSync(this.#descriptor, bytes, filled, bytes.length - filled, position + filled);
        if (got === 0) break;
        filled += got;
      }
    } catch (error) {
      throw toAppError(error, `read ${this.path}`);
    }
    return bytes.subarray(0, filled);
  }

  /** Closes the file. */
  close(): void {
    closeSync(this.#descriptor);
  }
}
