/**
 * @file One process a data directory. The lock is an exclusive SQLite transaction on a tiny file: the operating system holds it and lets it go
 * when the process ends in whatever way, so that a lock never outlives its owner. The owner's process number lies beside it, for the message only.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { AppError, toAppError } from '../base/index.ts';
import { sqliteCode } from './sqlite-errors.ts';

/** A held lock. */
export type DirectoryLock = {
  /** True when the process before this one ended without letting go in order: killed, or the power failed. */
  readonly wasInterrupted: boolean;
  release(): void;
};

/**
 * Takes the lock of a data directory.
 * @param lockPath the lock's file; `<lockPath>.pid` holds the owner's process number
 * @param directory the data directory, for messages
 * @throws AppError `DATA_DIRECTORY_IN_USE` while another process, or another store of this one, holds it
 */
export function lockDirectory(lockPath: string, directory: string): DirectoryLock {
  const ownerPath = `${lockPath}.pid`;
  const connection = hold(lockPath, directory, ownerPath);
  held.add(connection);
  const wasInterrupted = readOwner(ownerPath) !== undefined;
  writeFileSync(ownerPath, `${process.pid}\n`);
  let isHeld = true;
  return {
    wasInterrupted,
    release: () => {
      if (!isHeld) return;
      isHeld = false;
      rmSync(ownerPath, { force: true });
      held.delete(connection);
      connection.close();
    },
  };
}

/** Connections that hold a lock: one that nobody refers to would be collected, and its lock with it. */
const held = new Set<Database.Database>();

function hold(lockPath: string, directory: string, ownerPath: string): Database.Database {
  try {
    return begin(lockPath);
  } catch (error) {
    const code = sqliteCode(error);
    if (code === 'SQLITE_BUSY') throw inUse(directory, readOwner(ownerPath), error);
    if (code !== 'SQLITE_NOTADB') throw toAppError(error, `lock the data directory ${directory}`);
    rmSync(lockPath, { force: true });
    return begin(lockPath);
  }
}

function begin(lockPath: string): Database.Database {
  const connection = new Database(lockPath, { timeout: 0 });
  try {
    connection.pragma('journal_mode = MEMORY');
    connection.exec('BEGIN EXCLUSIVE');
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function readOwner(ownerPath: string): number | undefined {
  try {
    const owner = Number.parseInt(readFileSync(ownerPath, 'utf8'), 10);
    return Number.isFinite(owner) ? owner : undefined;
  } catch {
    return undefined;
  }
}

function inUse(directory: string, owner: number | undefined, cause: unknown): AppError {
  const who = owner === undefined ? 'another process' : owner === process.pid ? `this process (${owner})` : `process ${owner}`;
  return new AppError(
    'DATA_DIRECTORY_IN_USE',
    `The data directory ${directory} is in use by ${who}. Close the other Earmark, or choose another directory with --data.`,
    { details: { directory, processId: owner ?? null }, cause },
  );
}
