/** @file The error for a file of weights that is not what it should be. */
import { AppError } from '../../base/index.ts';

/** `WEIGHTS_UNREADABLE`: the file, what is wrong with it, and what to do. */
export function unreadable(path: string, why: string, cause?: unknown): AppError {
  return new AppError('WEIGHTS_UNREADABLE', `Could not read the weights in ${path}: ${why}. Copy or download the file again.`, {
    details: { path },
    cause,
  });
}

/** Reading beyond the end of something, which a reader turns into {@link unreadable}. */
export class Malformed extends Error {}
