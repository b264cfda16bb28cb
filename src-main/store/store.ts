/** @file Opens a data directory and puts the store's parts together. */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { AppError, toAppError } from '../base/index.ts';
import { ActivationIndex } from './activations/activation-index.ts';
import type { WriteCalls } from './activations/chunk-files.ts';
import { Checkpoints } from './checkpoints.ts';
import { DataPaths } from './data-directory.ts';
import { checkDatabase, openDatabase } from './database.ts';
import type { Connection } from './connection.ts';
import { noteDamage, readDamage, statementError } from './damage.ts';
import { Duplicates } from './duplicates.ts';
import { Encoders } from './encoders.ts';
import { Evaluations } from './evaluations.ts';
import { Fingerprints } from './fingerprints.ts';
import { Folders } from './folders.ts';
import { Heads } from './heads.ts';
import { readNotice, setNotice, settleIdentity, makeWay } from './identity.ts';
import { Jobs } from './jobs.ts';
import { KeptByPeople } from './kept-by-people.ts';
import { lockDirectory } from './lock.ts';
import type { DirectoryLock } from './lock.ts';
import { Notes } from './notes.ts';
import { removeStoreLeftovers } from './leftovers.ts';
import { passOverUsedNumbers } from './numbers.ts';
import { Peaks } from './peaks.ts';
import { withPlainErrors } from './plain-errors.ts';
import { Playlists } from './playlists.ts';
import { keepPrivate } from './privacy.ts';
import { Problems } from './problems.ts';
import { Revisions } from './revisions.ts';
import { RunPoints } from './run-points.ts';
import { Runs } from './runs.ts';
import { SettingsTable } from './settings.ts';
import { isDamage } from './sqlite-errors.ts';
import { Tags } from './tags.ts';
import { Tracks } from './tracks.ts';
import { Writings } from './writings.ts';

/** How a store is opened. */
export type StoreOptions = {
  /** Stands in for the system's write calls to chunk files. */
  writeCalls?: WriteCalls;
  /** Hears once when the database is found damaged while it is open. */
  onDamage?: () => void;
};

/** Everything that Earmark remembers. All calls are synchronous; one process at a time. */
export type Store = {
  readonly paths: DataPaths;
  readonly folders: Folders;
  readonly tracks: Tracks;
  readonly tags: Tags;
  readonly writings: Writings;
  readonly peaks: Peaks;
  readonly problems: Problems;
  readonly encoders: Encoders;
  readonly index: ActivationIndex;
  readonly notes: Notes;
  readonly heads: Heads;
  readonly jobs: Jobs;
  readonly runs: Runs;
  readonly runPoints: RunPoints;
  readonly checkpoints: Checkpoints;
  readonly settings: SettingsTable;
  readonly playlists: Playlists;
  readonly fingerprints: Fingerprints;
  readonly duplicates: Duplicates;
  readonly evaluations: Evaluations;
  readonly keptByPeople: KeptByPeople;
  /** Does several changes as one: all of them or, when `work` throws, none. @throws AppError `DISK_FULL`, `DATABASE_DAMAGED` … */
  transaction<T>(work: () => T): T;
  /** Looks through the whole database. @returns what was found, as a sentence @throws AppError `DATABASE_DAMAGED` */
  check(): string;
  /** What happened when the directory was opened and the person has not seen yet, as a sentence; null when nothing. */
  notice(): string | null;
  /** The person has seen it. */
  dismissNotice(): void;
  /** The database was found damaged: from here on it is read alone, now and at later starts, until it is mended. @returns the error that says so */
  stopWriting(found: string): AppError;
  /** Commits what index writers finished, closes everything, and lets go of the directory. */
  close(): void;
};

/**
 * Opens a data directory, making it when it is not there. Jobs and runs that an earlier process left running become `interrupted`.
 * @throws AppError `DATA_DIRECTORY_IN_USE`, `NEWER_DATABASE`, `DATABASE_DAMAGED`, `DISK_FULL`, `NOT_ALLOWED`
 */
export function openStore(dataDirectory: string, options: StoreOptions = {}): Store {
  const paths = new DataPaths(dataDirectory);
  makeRoot(paths);
  const lock = lockDirectory(paths.lock, paths.root);
  let connection: Connection | undefined;
  try {
    const setAside = makeWay(paths);
    makeDirectories(paths);
    connection = openDatabase({ paths, wasInterrupted: lock.wasInterrupted });
    const notice = settleIdentity(connection, paths) ?? setAside;
    if (notice !== null) setNotice(connection, notice);
    makeDirectories(paths);
    passOverUsedNumbers(connection, paths);
    keepPrivate(paths);
    // Nobody waits for it: what stays is removed at the next start.
    removeStoreLeftovers(paths).catch(() => undefined);
    return assemble({ connection, lock, paths, options });
  } catch (error) {
    connection?.close();
    lock.release();
    throw statementError(error, paths, `open the data directory ${paths.root}`);
  }
}

type Opened = { connection: Connection; lock: DirectoryLock; paths: DataPaths; options: StoreOptions };

function assemble(opened: Opened): Store {
  const { connection, lock, paths } = opened;
  const revisions = new Revisions();
  const parts = openParts(opened, revisions);
  const stopWriting = (found: string): AppError => takeAsDamaged(opened, found);
  const translate = (error: unknown): Error =>
    isDamage(error)
      ? stopWriting(error instanceof Error ? error.message : String(error))
      : statementError(error, paths, 'read or change what is stored');
  return {
    paths,
    ...(Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, withPlainErrors(part, translate)])) as Parts),
    transaction: (work) => {
      try {
        return connection.transaction(work)();
      } catch (error) {
        revisions.everythingChanged();
        throw translate(error);
      }
    },
    check: () => {
      checkDatabase(connection, paths);
      return `${paths.database} is sound.`;
    },
    notice: () => readNotice(connection),
    dismissNotice: () => setNotice(connection, null),
    stopWriting,
    close: () => {
      if (!connection.open) return;
      try {
        parts.index.close();
      } finally {
        connection.close();
        lock.release();
      }
    },
  };
}

/** What is kept, by subject. */
type Parts = Omit<Store, 'paths' | 'transaction' | 'check' | 'notice' | 'dismissNotice' | 'stopWriting' | 'close'>;

/** Makes the parts, and settles what an earlier process left running. */
function openParts({ connection, paths, options: { writeCalls } }: Opened, revisions: Revisions): Parts {
  const tracks = new Tracks(connection, revisions);
  const encoders = new Encoders(connection, revisions);
  const index = new ActivationIndex({ connection, revisions, paths, tracks, encoders, writeCalls });
  const jobs = new Jobs(connection);
  jobs.interruptRunning();
  const runs = new Runs(connection);
  runs.interruptRunning();
  const writings = new Writings(connection);
  writings.interruptRunning();
  const tags = new Tags(connection, revisions);
  tags.takeBackUnfinished();
  const playlists = new Playlists(connection);
  playlists.takeBackUnfinished();
  return {
    folders: new Folders(connection, revisions),
    tracks,
    tags,
    writings,
    peaks: new Peaks(connection),
    problems: new Problems(connection, revisions),
    encoders,
    index,
    notes: new Notes(connection),
    heads: new Heads(connection),
    jobs,
    runs,
    runPoints: new RunPoints(connection),
    checkpoints: new Checkpoints(connection),
    settings: new SettingsTable(connection),
    playlists,
    fingerprints: new Fingerprints(connection),
    duplicates: new Duplicates(connection),
    evaluations: new Evaluations(connection),
    keptByPeople: new KeptByPeople(connection),
  };
}

/** Keeps the database from being written, and says so once. @returns the error that says so */
function takeAsDamaged({ connection, paths, options }: Opened, found: string): AppError {
  const isNew = readDamage(paths) === null;
  if (connection.open) connection.pragma('query_only = ON');
  const error = noteDamage(paths, found);
  if (isNew) options.onDamage?.();
  return error;
}

function makeDirectories(paths: DataPaths): void {
  for (const directory of [paths.encoders, paths.indexes, paths.cache]) mkdirSync(directory, { recursive: true, mode: 0o700 });
}

function makeRoot(paths: DataPaths): void {
  try {
    mkdirSync(paths.root, { recursive: true, mode: 0o700 });
    keepPrivate(paths);
    accessSync(paths.root, constants.W_OK);
  } catch (error) {
    const known = toAppError(error, `make the data directory ${paths.root}`);
    throw new AppError(known.code, `${known.message} Choose another directory with --data.`, {
      details: { directory: paths.root },
      cause: error,
    });
  }
}
