/** @file `doctor`, `parity`, `bench`, `serve`. */
import { existsSync } from 'node:fs';
import { cpus, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { checkFolder } from '../../../compute/index.ts';
import { AppError } from '../../../base/index.ts';
import type { Check } from '../../../contract/index.ts';
import { startCore } from '../../core.ts';
import { demoDirectory } from '../../demo-directory.ts';
import { experimentsDirectory } from '../../experiments-directory.ts';
import { publishedFrom } from '../../published-from.ts';
import { sourceEntries } from '../../core.ts';
import { goOnAfterDefects, tellDefect } from '../../last-line.ts';
import { openBrowser } from '../../serve/open-browser.ts';
import { startServe } from '../../serve/server.ts';
import { table } from '../output.ts';
import { dataDirectoryOf, exitCodes, runVerb, version, withServices } from '../session.ts';
import type { CommonOptions, Session } from '../session.ts';
import { count, verb } from '../verb.ts';

/** Adds the verbs that look after Earmark itself. */
export function addToolVerbs(program: Command): void {
  verb(program, 'serve', 'Open Earmark in a browser on this machine.')
    .option('-p, --port <number>', 'port on the loopback address (0: any free one)', count, 4747)
    .option('--open', 'open the browser', false)
    .action(async (options: ServeOptions) => serve(options));
  verb(program, 'doctor', 'Check the installation and the data.').action(async (options: CommonOptions) => doctor(options));
  verb(
    program,
    'parity <folder>',
    'Check known reference files against their values, and print the largest relative error of each.',
  ).action(async (folder: string, options: CommonOptions) => parity(folder, options));
  verb(program, 'bench [name]', 'Measure something and print figures; without a name, list what can be measured.')
    .option('--all', 'measure everything', false)
    .option('--recipe <name>', 'whose training step the bench train measures: clmr unless said')
    .action(async (name: string | undefined, options: BenchVerbOptions) => bench(name, options));
}

type ServeOptions = CommonOptions & { port: number; open: boolean };

async function serve(options: ServeOptions): Promise<void> {
  const work = async (session: Session): Promise<void> => {
    const host = {
      kind: 'serve' as const,
      version: version(),
      chooseFolder: async () => null,
      chooseWeights: async () => null,
      reveal: async () => Promise.reject(new AppError('BAD_INPUT', 'A browser cannot show files in the file manager.')),
    };
    goOnAfterDefects(tellDefect);
    const core = await startCore({
      dataDirectory: dataDirectoryOf(options),
      host,
      entries: sourceEntries,
      report: tellDefect,
      publishedFrom: publishedFrom(),
      demoDirectory: demoDirectory(),
      experimentsDirectory: experimentsDirectory(),
    });
    const pagesDirectory = fileURLToPath(new URL('../../../../out/renderer', import.meta.url));
    try {
      const server = await startOnFreePort({ core, pagesDirectory, port: options.port });
      session.output.result({ link: server.link, port: server.port }, () => `Earmark is at ${server.link}\nPress Ctrl-C to end it.`);
      const forget = options.open ? openBrowser(server.link, core.services.store.paths.root) : () => undefined;
      await ended(session);
      forget();
      await server.close();
    } finally {
      await core.close();
    }
  };
  await runVerb(options, work, { goesOn: true });
}

/** The usual port, or any other when it is taken: the link says which. */
async function startOnFreePort(options: Parameters<typeof startServe>[0]): ReturnType<typeof startServe> {
  try {
    return await startServe(options);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'ALREADY_RUNNING' || options.port !== 4747) throw error;
    return startServe({ ...options, port: 0 });
  }
}

function ended({ interrupted }: Session): Promise<void> {
  if (interrupted.aborted) return Promise.resolve();
  return new Promise((done) => interrupted.addEventListener('abort', () => done(), { once: true }));
}

async function doctor(options: CommonOptions): Promise<void> {
  await runVerb(options, async (session) => {
    const checks = await withServices(options, session, (services) =>
      services.doctor({
        signal: session.interrupted,
        onProgress: ({ check, progress }) => session.output.progress(check, progress, progress.total === null ? 'is being checked' : ''),
      }),
    ).catch((error: unknown): Check[] => {
      if (!(error instanceof AppError) || error.code !== 'DATABASE_DAMAGED') throw error;
      return [{ name: 'Database', ok: false, message: error.message }];
    });
    session.output.result({ checks }, () =>
      table(
        ['', 'check', 'what was found'],
        checks.map(({ ok, name, message }) => [ok ? 'ok' : '!!', name, message]),
      ),
    );
    if (checks.some((check) => !check.ok)) process.exitCode = exitCodes.failed;
  });
}

async function parity(folder: string, options: CommonOptions): Promise<void> {
  await runVerb(options, async (session) => {
    const { checks, notChecked } = await checkFolder(resolve(folder));
    session.output.result({ checks, notChecked }, () => {
      const cells = checks.map(({ ok, file, name, relativeError, tolerance }) => [
        ok ? 'ok' : '!!',
        file,
        name,
        relativeError.toExponential(2),
        tolerance.toExponential(0),
      ]);
      const rest = notChecked.map(({ file, why }) => `  ${file}: ${why}`);
      return [
        table(['', 'file', 'value', 'relative error', 'at most'], cells),
        ...(rest.length === 0 ? [] : ['Not checked:', ...rest]),
      ].join('\n');
    });
    if (checks.some((check) => !check.ok)) process.exitCode = exitCodes.failed;
  });
}

type BenchVerbOptions = CommonOptions & { all: boolean; recipe?: string };
type BenchRow = { what: string; value: number; unit: string; against?: string; ratio?: number };
type Benches = Record<string, (options?: { recipe?: string }) => Promise<{ name: string; rows: BenchRow[] }>>;

async function bench(name: string | undefined, options: BenchVerbOptions): Promise<void> {
  await runVerb(options, async (session) => {
    const { recipe } = options;
    if (recipe !== undefined && name !== 'train')
      throw new AppError('BAD_INPUT', 'A recipe is measured by the bench train: earmark bench train --recipe NAME.');
    const index = new URL('../../../../test/bench/index.ts', import.meta.url);
    if (!existsSync(index)) throw new AppError('NOT_FOUND', 'The benches come with the source checkout, and this is none.');
    const { benches } = (await import(index.href)) as { benches: Benches };
    const machine = machineText();
    if (name === undefined && !options.all)
      return session.output.result({ benches: Object.keys(benches) }, () => Object.keys(benches).join('\n'));
    const chosen = name === undefined ? Object.keys(benches) : [name];
    const results = [];
    for (const one of chosen) {
      const run = benches[one];
      if (run === undefined) throw new AppError('NOT_FOUND', `There is no bench ${one}. There are ${Object.keys(benches).join(', ')}.`);
      const result = { name: one, machine, rows: (await run(recipe === undefined ? {} : { recipe })).rows };
      results.push(result);
      session.output.say(`${one} — ${machine}\n${benchText(result.rows)}\n`);
    }
    if (session.output.isJson) session.output.result(name === undefined ? { results } : results[0], () => '');
  });
}

function machineText(): string {
  const [first] = cpus();
  return `${cpus().length} × ${first?.model.trim() ?? 'unknown processor'}, ${(totalmem() / 2 ** 30).toFixed(0)} GB, ${type()} ${process.arch}, Node ${process.versions.node}`;
}

function benchText(rows: BenchRow[]): string {
  const cells = rows.map(({ what, value, unit, against, ratio }) => [
    what,
    value.toPrecision(4),
    unit,
    against === undefined ? '' : `against ${against}`,
    ratio === undefined ? '' : `${ratio.toFixed(2)} ×`,
  ]);
  return table(['what', 'value', 'unit', '', 'ratio'], cells);
}
