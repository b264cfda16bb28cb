/** @file What SQLite's errors mean to a person. */
import { AppError, toAppError } from '../base/index.ts';

/** The primary or extended code of an SQLite error (`SQLITE_CORRUPT` …), else undefined. */
export function sqliteCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return error.code.startsWith('SQLITE_') ? error.code : undefined;
}

/** True for errors that say that the file's content is wrong, rather than the statement or the disk. */
export function isDamage(error: unknown): boolean {
  const code = sqliteCode(error);
  return code !== undefined && (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB');
}

/**
 * The error for a database that cannot be trusted; the file stays as it is.
 * @param path the database's file
 * @param backups the folder of its copies
 * @param found what is wrong with it
 */
export function damaged(path: string, backups: string, found: string, cause?: unknown): AppError {
  return new AppError(
    'DATABASE_DAMAGED',
    `The library's database ${path} is damaged (${found}). It was left as it is. Put back a copy of it from your own backups or from ${backups}, ` +
      `or move it elsewhere to begin with an empty library; your music files are not affected.`,
    { details: { path, backups, found }, cause },
  );
}

/** Turns an error of a statement into an {@link AppError}; damage gets its own code, a full disk `DISK_FULL`. */
export function statementError(error: unknown, path: string, backups: string, doing: string): AppError {
  if (error instanceof AppError) return error;
  if (isDamage(error)) return damaged(path, backups, error instanceof Error ? error.message : String(error), error);
  return toAppError(error, doing);
}
