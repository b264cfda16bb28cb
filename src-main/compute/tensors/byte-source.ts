/** @file Bytes of a file by their place. Only what is asked for is read, so that a checkpoint of gigabytes costs no more than its weights. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { AppError, toAppError } from '../../base/index.ts';
import { Malformed } from './unreadable.ts';

/** Bytes that can be read anywhere. */
export type ByteSource = {
  readonly size: number;
  /** @throws Malformed beyond the end, or when the file became shorter */
  read(start: number, length: number): Uint8Array;
};

/** Small reads come out of one larger one. */
const windowBytes = 64 * 1024;
/** No tensor of an encoder is as large, and no system reads more at once. */
const mostBytesAtOnce = 2 ** 31 - 4096;

/** Bytes in memory. */
export function memorySource(bytes: Uint8Array): ByteSource {
  const read = (start: number, length: number): Uint8Array => {
    checkRange(bytes.byteLength, start, length);
    return bytes.subarray(start, start + length);
  };
  return { size: bytes.byteLength, read };
}

/** A part of another source. @throws Malformed when it reaches beyond that */
export function sectionOf(source: ByteSource, start: number, size: number): ByteSource {
  checkRange(source.size, start, size);
  const read = (at: number, length: number): Uint8Array => {
    checkRange(size, at, length);
    return source.read(start + at, length);
  };
  return { size, read };
}

/**
 * Opens a regular file for the time that `use` takes. What it grows by meanwhile is not looked at.
 * @throws AppError BAD_INPUT for a folder, a pipe or a device; FILE_GONE, NOT_ALLOWED …; what `use` throws
 */
export function withFile<Result>(path: string, use: (source: ByteSource) => Result): Result {
  const file = open(path);
  try {
    return use(fileSource(file, fstatSync(file).size));
  } catch (error) {
    throw error instanceof Malformed ? error : toAppError(error, `read the weights in ${path}`);
  } finally {
    closeSync(file);
  }
}

function open(path: string): number {
  const other = new AppError('BAD_INPUT', `${path} is a folder, a pipe or a device, not a file of weights. Choose a file.`, {
    details: { path },
  });
  let file: number;
  try {
    // Without O_NONBLOCK the opening of a named pipe waits until somebody writes into it. Windows has none.
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    throw code === 'ENXIO' || code === 'ENODEV' ? other : toAppError(error, `read the weights in ${path}`);
  }
  if (fstatSync(file).isFile()) return file;
  closeSync(file);
  throw other;
}

function fileSource(file: number, size: number): ByteSource {
  let window = { start: 0, bytes: new Uint8Array(0) };
  const load = (start: number, length: number): Uint8Array<ArrayBuffer> => {
    const bytes = new Uint8Array(length);
    for (let filled = 0; filled < length;) {
      const count = readSync(file, bytes, filled, length - filled, start + filled);
      if (count === 0) throw new Malformed('it became shorter while it was read');
      filled += count;
    }
    return bytes;
  };
  const read = (start: number, length: number): Uint8Array => {
    checkRange(size, start, length);
    if (length > mostBytesAtOnce)
      throw new Malformed(
        `one part of it has ${(length / 1e9).toFixed(1)} GB, more than any tensor of an encoder; save the encoder’s weights alone`,
      );
    if (length > windowBytes) return load(start, length);
    const isInside = start >= window.start && start + length <= window.start + window.bytes.byteLength;
    if (!isInside) window = { start, bytes: load(start, Math.min(windowBytes, size - start)) };
    return window.bytes.subarray(start - window.start, start - window.start + length);
  };
  return { size, read };
}

function checkRange(size: number, start: number, length: number): void {
  const isInside = Number.isSafeInteger(start) && Number.isSafeInteger(length) && start >= 0 && length >= 0 && start + length <= size;
  if (!isInside) throw new Malformed('it points outside itself; the file may be cut');
}
