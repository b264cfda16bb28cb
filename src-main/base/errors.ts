/** @file One error type for the whole program. Its code is stable, its message is a sentence that a person can act on. */

/** Stable codes; scripts and the renderer rely on them, so they are added to and never renamed. */
export const errorCodes = [
  'BAD_INPUT',
  'NOT_FOUND',
  'NOT_ALLOWED',
  'ALREADY_RUNNING',
  'CANCELLED',
  'NEWER_DATABASE',
  'DATABASE_DAMAGED',
  'DATA_DIRECTORY_IN_USE',
  'DISK_FULL',
  'FOLDER_UNREADABLE',
  'FOLDER_GONE',
  'FILE_UNREADABLE',
  'FILE_GONE',
  'FILE_EMPTY',
  'NOT_AUDIO',
  'NO_AUDIO_STREAM',
  'PROTECTED',
  'DECODE_FAILED',
  'DECODER_CRASHED',
  'TOO_SHORT',
  'WEIGHTS_UNREADABLE',
  'WEIGHTS_UNSAFE',
  'WEIGHTS_MISMATCH',
  'DEVICE_UNAVAILABLE',
  'DEVICE_FAILED',
  'OUT_OF_MEMORY',
  'NOT_FINITE',
  'CHECKPOINT_UNREADABLE',
  'NETWORK_FAILED',
  'INTERNAL',
] as const;

/** One of {@link errorCodes}. */
export type ErrorCode = (typeof errorCodes)[number];

/** Everything that crosses a process as an error. */
export type ErrorData = { code: ErrorCode; message: string; details: Record<string, unknown> };

/** The only error that rooms throw on purpose; anything else that is caught is a defect and becomes `INTERNAL`. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: Record<string, unknown>;

  /**
   * @param code stable code
   * @param message what failed, on what, and what to do, as a sentence
   * @param options `details` for programs (paths, numbers), `cause` for the log
   */
  constructor(code: ErrorCode, message: string, options: { details?: Record<string, unknown>; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.details = options.details ?? {};
  }

  /** The part of the error that may leave the process. */
  toData(): ErrorData {
    return { code: this.code, message: this.message, details: this.details };
  }

  /** Rebuilds an error that came from another process. */
  static fromData(data: ErrorData): AppError {
    return new AppError(data.code, data.message, { details: data.details });
  }
}

/** True for an error whose code is `CANCELLED` and for the platform's own `AbortError`. */
export function isCancelled(error: unknown): boolean {
  return (error instanceof AppError && error.code === 'CANCELLED') || (error instanceof Error && error.name === 'AbortError');
}

/**
 * Turns anything that was thrown into an {@link AppError}; errors of the operating system that have a plain meaning get their own code.
 * @param error what was caught
 * @param doing what was being done, as the end of "could not …", for example `read /music/a.mp3`
 */
export function toAppError(error: unknown, doing: string): AppError {
  if (error instanceof AppError) return error;
  if (isCancelled(error)) return new AppError('CANCELLED', 'The work was cancelled.', { cause: error });
  const code = systemCode(error);
  const known = code === undefined ? undefined : systemMeanings[code];
  if (known !== undefined) {
    const says = code === 'EACCES' ? deniedSay(pathOf(error), doing) : known.says;
    return new AppError(known.code, `Could not ${doing}: ${says}`, { details: { system: code }, cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new AppError('INTERNAL', `Could not ${doing}: ${message}`, { cause: error });
}

function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** What was denied is named where what was being done does not name it. */
function deniedSay(path: string | undefined, doing: string): string {
  return `permission was denied${path === undefined || doing.includes(path) ? '' : ` for ${path}`}. Check who may read it and write there.`;
}

function pathOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'path' in error && typeof error.path === 'string' ? error.path : undefined;
}

const full = { code: 'DISK_FULL', says: 'the disk is full. Free some space and start again; what was stored before is intact.' } as const;

const systemMeanings: Record<string, { code: ErrorCode; says: string }> = {
  ENOSPC: full,
  EDQUOT: full,
  SQLITE_FULL: full,
  ENOENT: { code: 'FILE_GONE', says: 'there is no such file or folder. Check its path, and that its drive is plugged in.' },
  EACCES: { code: 'NOT_ALLOWED', says: 'permission was denied.' },
  EPERM: { code: 'NOT_ALLOWED', says: 'the system does not permit it.' },
  // A NUL in a path: no system has such names.
  ERR_INVALID_ARG_VALUE: { code: 'BAD_INPUT', says: 'its name has a character that no file can have.' },
  EISDIR: { code: 'BAD_INPUT', says: 'it is a folder, not a file.' },
  ENOTDIR: { code: 'BAD_INPUT', says: 'a part of its path is a file, not a folder.' },
  ELOOP: { code: 'FILE_UNREADABLE', says: 'its symbolic links lead back to themselves.' },
  ENAMETOOLONG: { code: 'BAD_INPUT', says: 'the name is too long for the file system.' },
  EIO: { code: 'FILE_UNREADABLE', says: 'the drive reported a read error.' },
};
