/** @file Looks through a whole database file without writing to it. */
import Database from 'better-sqlite3';
import { toAppError } from '../../base/index.ts';
import { isDamage } from '../sqlite-errors.ts';

/** What is wrong with a database; null when nothing is. @throws AppError `FILE_GONE` and the like when it cannot be looked at */
export function findDamage(path: string): string | null {
  try {
    const connection = new Database(path, { readonly: true, fileMustExist: true });
    try {
      const found = String(connection.pragma('quick_check(1)', { simple: true }));
      return found === 'ok' ? null : found;
    } finally {
      connection.close();
    }
  } catch (error) {
    if (isDamage(error)) return error instanceof Error ? error.message : String(error);
    throw toAppError(error, `look through the database ${path}`);
  }
}
