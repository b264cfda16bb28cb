/** @file Where a person may have a file written: a whole path, with the ending that the kind of file has. */
import { extname, isAbsolute } from 'node:path';
import { AppError } from './errors.ts';

/**
 * Checks a path that came from outside before anything is written there. A relative one would lie wherever the core was started.
 * @param endings for example `.json`
 * @throws AppError BAD_INPUT
 */
export function checkTarget(path: string, endings: readonly string[]): void {
  if (path.includes('\0')) throw new AppError('BAD_INPUT', 'A path has a character that no file’s name can have. Choose another name.');
  if (!isAbsolute(path)) throw new AppError('BAD_INPUT', `${path} is not a whole path. Name the file from its drive or root on.`);
  if (!endings.includes(extname(path).toLowerCase()))
    throw new AppError('BAD_INPUT', `${path} must end with ${endings.join(' or ')} for this format. Choose another name.`);
}
