/** @file `backup`, `restore`, `export library`, `import library`. */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { AppError } from '../../../base/index.ts';
import type { JobProgress, LibraryReport } from '../../../contract/index.ts';
import { lastReplaced, newestGoodBackup, restoreLibrary, runDatabaseTask, salvageLibrary } from '../../../service/index.ts';
import { backupFiles, DataPaths, newBackupFile, rotateBackups } from '../../../store/index.ts';
import { sourceEntries } from '../../core.ts';
import { table } from '../output.ts';
import { dataDirectoryOf, orBadUsage, runVerb, withServices } from '../session.ts';
import type { CommonOptions, Session } from '../session.ts';
import { verb } from '../verb.ts';

type RestoreOptions = CommonOptions & { newest: boolean; undo: boolean; salvage: boolean };

/** Adds the verbs that keep what people made. */
export function addDataVerbs(program: Command): void {
  verb(
    program,
    'backup [file]',
    'Make a verified backup of everything that you made; without a file, beside the others. Earmark may be open.',
  )
    .option('--list', 'list the backups instead', false)
    .action(async (file: string | undefined, options: CommonOptions & { list: boolean }) =>
      options.list ? list(options) : backup(file, options),
    );
  verb(program, 'restore [file]', 'Put a backup in the place of the database; the one that was becomes a backup.')
    .option('--newest', 'the newest backup that is whole', false)
    .option('--undo', 'the database that the last restored backup replaced', false)
    .option('--salvage', 'no backup: save what can still be read of a damaged database', false)
    .action(async (file: string | undefined, options: RestoreOptions) => restore(file, options));
}

/** Adds `library` to `export` and `import`. */
export function addLibraryExchange(exporting: Command, importing: Command): void {
  verb(
    exporting,
    'library <file>',
    'Write all that you made (tags, answers, notes, playlists, heads, settings) as one readable JSON file.',
  ).action(async (file: string, options: CommonOptions) => exportLibrary(file, options));
  verb(importing, 'library <file>', 'Read such a file into this library: what is here stays, and what found no place is said.').action(
    async (file: string, options: CommonOptions) => importLibrary(file, options),
  );
}

async function list(options: CommonOptions): Promise<void> {
  await runVerb(options, async ({ output }) => {
    const backups = backupFiles(new DataPaths(dataDirectoryOf(options)));
    output.result({ backups }, () => {
      if (backups.length === 0) return 'No backup yet.';
      return table(
        ['made', 'why', 'MB', 'file'],
        backups.map(({ at, kind, bytes, file }) => [new Date(at).toLocaleString('en-GB'), kind, (bytes / 1e6).toFixed(1), file]),
      );
    });
  });
}

async function backup(file: string | undefined, options: CommonOptions): Promise<void> {
  await runVerb(options, async (session) => {
    const paths = new DataPaths(dataDirectoryOf(options));
    const target = file === undefined ? newBackupFile(paths, 'regular') : resolve(file);
    if (file !== undefined) refuseTarget(paths, target);
    const task = { type: 'copy' as const, source: paths.database, target };
    const report = await runDatabaseTask(sourceEntries.databaseProcess, task, watch(session, 'Back up'));
    if (file === undefined) rotateBackups(paths);
    session.output.result(report, () => `${says(report)} in ${report.file}.`);
  });
}

/** A backup replaces nothing but a backup. */
function refuseTarget(paths: DataPaths, target: string): void {
  const there = statSync(target, { throwIfNoEntry: false });
  if (there === undefined) return refuseMissingFolder(dirname(target), target);
  const database = statSync(paths.database, { throwIfNoEntry: false });
  const isItself = database !== undefined && there.ino === database.ino && there.dev === database.dev;
  if (isItself || !there.isFile() || !isDatabase(target))
    throw new AppError('BAD_INPUT', `${target} is there and no backup, so it is not replaced. Name another file.`, { details: { target } });
}

/** The place of a drive that is not plugged in, perhaps: made there, the backup would lie on the disk that it is to outlive. */
function refuseMissingFolder(folder: string, target: string): void {
  if (statSync(folder, { throwIfNoEntry: false }) !== undefined) return;
  throw new AppError(
    'FILE_GONE',
    `There is no folder ${folder}, so nothing was backed up. Plug in the drive that it is on, make it, or name another.`,
    {
      details: { target },
    },
  );
}

function isDatabase(path: string): boolean {
  const head = Buffer.alloc(16);
  const file = openSync(path, 'r');
  try {
    return readSync(file, head, 0, head.length, 0) === head.length && head.toString('latin1') === 'SQLite format 3\0';
  } finally {
    closeSync(file);
  }
}

async function restore(file: string | undefined, options: RestoreOptions): Promise<void> {
  const ways = [file !== undefined, options.newest, options.undo, options.salvage].filter(Boolean).length;
  const isOne = orBadUsage(options, () => {
    if (ways !== 1)
      throw new AppError('BAD_INPUT', 'Name a file, or one of --newest, --undo and --salvage. List backups with `earmark backup --list`.');
    return true;
  });
  if (isOne === undefined) return;
  await runVerb(options, async (session) => {
    const dataDirectory = dataDirectoryOf(options);
    const work = { dataDirectory, entry: sourceEntries.databaseProcess, ...watch(session, options.salvage ? 'Salvage' : 'Restore') };
    if (options.salvage) {
      if (!existsSync(new DataPaths(dataDirectory).database))
        throw new AppError('NOT_FOUND', `There is no database in ${dataDirectory}. Restore a backup instead.`);
      const report = await salvageLibrary(work);
      const lost = report.lost.length === 0 ? 'Everything could be read.' : `Not all could be read of: ${report.lost.join(', ')}.`;
      return session.output.result(report, () => `${says(report)} saved. ${lost} The damaged database is ${report.kept}.`);
    }
    const chosen = options.newest
      ? (await newestGoodBackup(work)).file
      : options.undo
        ? lastReplaced(dataDirectory).file
        : resolve(file ?? '');
    const report = await restoreLibrary(chosen, work);
    const undo = report.kept === null ? '' : ` What it replaced is ${report.kept}; \`earmark restore --undo\` takes this back.`;
    session.output.result(report, () => `${says(report)} restored from ${report.file}.${undo}`);
  });
}

function says({ bytes, tables }: { bytes: number; tables: Record<string, number> }): string {
  const rows = Object.values(tables).reduce((sum, count) => sum + count, 0);
  return `${rows} rows in ${Object.keys(tables).length} tables (${(bytes / 1e6).toFixed(1)} MB)`;
}

function watch({ output, interrupted }: Session, title: string): { signal: AbortSignal; onShare: (share: number) => void } {
  const start = performance.now();
  return {
    signal: interrupted,
    onShare: (share) => {
      const seconds = (performance.now() - start) / 1000;
      const progress: JobProgress = {
        ...{ done: Math.round(100 * share), total: 100, unit: '%', audioSeconds: 0, rate: 0, detail: '', failed: 0 },
        secondsLeft: share > 0 ? seconds * (1 / share - 1) : null,
      };
      output.progress(title, progress);
    },
  };
}

async function exportLibrary(file: string, options: CommonOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async ({ data }) => {
      const { path, bytes } = await data.exportLibrary(resolve(file));
      session.output.result({ file: path, bytes }, () => `All that you made is in ${path} (${(bytes / 1e6).toFixed(2)} MB).`);
    }),
  );
}

async function importLibrary(file: string, options: CommonOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async ({ data }) => {
      const report = await data.importLibrary(resolve(file));
      session.output.result(report, () => reportText(report));
    }),
  );
}

function reportText({ kinds, unplaced, changeId }: LibraryReport): string {
  if (kinds.length === 0) return 'Nothing that people make is in this file.';
  const cells = kinds.map(({ kind, added, known, unplaced: lost }) => [kind, added, known, lost]);
  const shown = unplaced.slice(0, 20).map((why) => `  ${why}`);
  const more = unplaced.length > shown.length ? [`  … and ${unplaced.length - shown.length} more (--json lists them)`] : [];
  const undo = changeId === null ? [] : [`\`earmark tag undo ${changeId}\` takes the tags back.`];
  return [table(['', 'added', 'there already', 'no place'], cells), ...shown, ...more, ...undo].join('\n');
}
