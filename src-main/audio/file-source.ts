/**
 * @file A file as the demuxer reads it. FFmpeg takes names as UTF-8 text only, so the file is opened here, under whatever name, and handed
 * over as callbacks; that also keeps the demuxer from opening anything else.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { IOContext } from 'node-av/lib';
import { AVERROR_EINVAL, AVERROR_EIO, AVSEEK_CUR, AVSEEK_END, AVSEEK_FORCE, AVSEEK_SIZE } from 'node-av/constants';
import { AppError, toAppError, toSystemPath } from '../base/index.ts';

/** What the demuxer asks for at a time, bytes. */
const readBytes = 128 * 1024;

/** An open file that is read in place; `close` it. */
export class FileSource {
  readonly path: string;
  readonly size: number;
  /** The system's error of the last read that failed. */
  failure: unknown = null;
  readonly #descriptor: number;
  readonly #scratch = Buffer.alloc(readBytes);
  #position = 0;
  #context: IOContext | null = null;

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
    } catch (error) {
      closeSync(this.#descriptor);
      throw toAppError(error, `open ${path}`);
    }
  }

  /**
   * A name under which other code of this process can open the same file, whatever its real name is; null on Windows, which has none.
   * It carries no extension, so what opens it must look at the content.
   */
  get descriptorPath(): string | null {
    if (process.platform === 'win32') return null;
    return process.platform === 'linux' ? `/proc/self/fd/${this.#descriptor}` : `/dev/fd/${this.#descriptor}`;
  }

  /** Up to `length` bytes from `position`; fewer at the end. */
  readAt(position: number, length: number): Uint8Array {
    const bytes = Buffer.alloc(Math.max(0, Math.min(length, this.size - position)));
    let filled = 0;
    while (filled < bytes.length) {
      const got = readSync(this.#descriptor, bytes, filled, bytes.length - filled, position + filled);
      if (got === 0) break;
      filled += got;
    }
    return bytes.subarray(0, filled);
  }

  /** The callbacks as FFmpeg takes them; one context a file. */
  get context(): IOContext {
    if (this.#context !== null) return this.#context;
    const context = new IOContext();
    context.allocContextWithCallbacks(
      readBytes,
      0,
      (length) => this.#read(length),
      null,
      (offset, whence) => this.#seek(Number(offset), whence & ~AVSEEK_FORCE),
    );
    this.#context = context;
    return context;
  }

  /** Frees the context, which nothing may use any more, and closes the file. */
  close(): void {
    this.#context?.freeContext();
    this.#context = null;
    closeSync(this.#descriptor);
  }

  #read(length: number): Buffer | number | null {
    // Damaged files send the demuxer to places that no file has.
    if (this.#position >= this.size) return null;
    const bytes = length <= this.#scratch.length ? this.#scratch : Buffer.alloc(length);
    try {
      const got = readSync(this.#descriptor, bytes, 0, length, this.#position);
      this.#position += got;
      return got === 0 ? null : bytes.subarray(0, got);
    } catch (error) {
      this.failure = error;
      return AVERROR_EIO;
    }
  }

  #seek(offset: number, whence: number): bigint {
    if (whence === AVSEEK_SIZE) return BigInt(this.size);
    const from = whence === AVSEEK_CUR ? this.#position : whence === AVSEEK_END ? this.size : 0;
    if (from + offset < 0) return BigInt(AVERROR_EINVAL);
    this.#position = from + offset;
    return BigInt(this.#position);
  }
}
