/** @file Opening files of other people's making: only regular ones. A named pipe would wait for ever, a device never ends, a folder is none. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { AppError, toAppError } from './errors.ts';

/** An open file and its size when it was opened; whoever asked for it closes it. */
export type OpenFile = { file: FileHandle; size: number };

/**
 * Opens a regular file for reading, without waiting for anything.
 * @param path what the system takes
 * @throws AppError BAD_INPUT for a folder, a pipe, a socket or a device; FILE_GONE, NOT_ALLOWED …
 */
export async function openRegularFile(path: string | Buffer): Promise<OpenFile> {
  const name = path.toString();
  let file: FileHandle;
  try {
    // Without O_NONBLOCK the opening of a named pipe waits until somebody writes into it. Windows has neither.
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0));
  } catch (error) {
    throw kindOf(error) ?? toAppError(error, `read ${name}`);
  }
  try {
    const about = await file.stat();
    if (!about.isFile()) throw notRegular(name, about.isDirectory() ? 'a folder' : 'a pipe, a socket or a device');
    return { file, size: about.size };
  } catch (error) {
    await file.close().catch(() => undefined);
    throw toAppError(error, `read ${name}`);
  }

  /** A socket, or a device without a driver, cannot even be opened. */
  function kindOf(error: unknown): AppError | null {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    return code === 'ENXIO' || code === 'ENODEV' ? notRegular(name, 'a pipe, a socket or a device') : null;
  }
}

/**
 * Reads a whole regular file of a limited size. One that grows meanwhile is read as far as it went when it was opened.
 * @param limit `mostBytes`, and what to say of a file that is larger
 * @throws AppError as {@link openRegularFile}; BAD_INPUT for a file above the limit
 */
export async function readRegularFile(path: string | Buffer, limit: { mostBytes: number; advice: string }): Promise<Buffer> {
  const { file, size } = await openRegularFile(path);
  try {
    if (size > limit.mostBytes) {
      const megabytes = Math.round(limit.mostBytes / 2 ** 20);
      throw new AppError('BAD_INPUT', `${path.toString()} is larger than ${megabytes} MB. ${limit.advice}`, { details: { size } });
    }
    const bytes = Buffer.alloc(size);
    let filled = 0;
    while (filled < size) {
      const { bytesRead } = await file.read(bytes, filled, size - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } catch (error) {
    throw toAppError(error, `read ${path.toString()}`);
  } finally {
    await file.close();
  }
}

function notRegular(name: string, what: string): AppError {
  return new AppError('BAD_INPUT', `${name} is ${what}, not a file. Choose a file.`, { details: { path: name } });
}
