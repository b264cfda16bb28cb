/**
 * @file What is known of a damaged database. A note beside it (`damaged.json`) holds across starts: as long as it is there the database is not opened
 * for writing, unless it turns out to be whole again, mended or replaced by hand.
 */
import { readFileSync, rmSync } from 'node:fs';
import { AppError, toAppError, writeWholeNow } from '../base/index.ts';
import { backupFiles } from './backups/backup-files.ts';
import type { DataPaths } from './data-directory.ts';
import { isDamage, sqliteCode } from './sqlite-errors.ts';

/** What was found, and when, in ms since 1970. */
export type Damage = { found: string; at: number };

/** Notes that the database is damaged. @returns the error that says so and what to do */
export function noteDamage(paths: DataPaths, found: string, cause?: unknown): AppError {
  try {
    if (readDamage(paths) === null) writeWholeNow(paths.damage, `${JSON.stringify({ found, at: Date.now() } satisfies Damage)}\n`);
  } catch {
    // A disk that takes no note takes no change of the database either.
  }
  return damagedError(paths, found, cause);
}

/** What was noted of the database; null while it counts as whole. */
export function readDamage(paths: DataPaths): Damage | null {
  let text: string;
  try {
    text = readFileSync(paths.damage, 'utf8');
  } catch {
    return null;
  }
  try {
    const { found, at } = JSON.parse(text) as Partial<Damage>;
    return { found: found ?? 'a check found it so', at: at ?? 0 };
  } catch {
    return { found: 'a check found it so', at: 0 };
  }
}

/** The database is whole again, or another. */
export function forgetDamage(paths: DataPaths): void {
  rmSync(paths.damage, { force: true });
}

/** Turns an error of a statement into an {@link AppError}; damage is noted and gets its own code, a full disk `DISK_FULL`. */
export function statementError(error: unknown, paths: DataPaths, doing: string): AppError {
  if (error instanceof AppError) return error;
  if (isDamage(error)) return noteDamage(paths, error instanceof Error ? error.message : String(error), error);
  const known = readDamage(paths);
  if (known !== null && sqliteCode(error)?.startsWith('SQLITE_READONLY') === true) return damagedError(paths, known.found, error);
  return toAppError(error, doing);
}

function damagedError(paths: DataPaths, found: string, cause: unknown): AppError {
  const [newest] = backupFiles(paths);
  const way =
    newest === undefined
      ? 'There is no backup yet; `earmark restore --salvage` saves what can still be read.'
      : `\`earmark restore --newest\` puts the backup of ${new Date(newest.at).toLocaleString('en-GB')} in its place, \`earmark restore --salvage\` saves what can still be read; both keep the damaged file.`;
  return new AppError(
    'DATABASE_DAMAGED',
    `The library’s database ${paths.database} is damaged (${found}). It was left as it is, and nothing is written to it. ${way} Your music files are not affected.`,
    { details: { path: paths.database, found, backups: paths.backups }, cause },
  );
}
