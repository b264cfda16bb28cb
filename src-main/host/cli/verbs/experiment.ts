/** @file `experiment`: plans, carries out and shows a file of runs and evaluations. */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { AppError, writeWhole } from '../../../base/index.ts';
import { csvFile, experimentFigures, resultsCsv, resultsLatex, svgFile } from '../../../contract/index.ts';
import type { ExperimentWish, Results, ShownExperiment } from '../../../contract/index.ts';
import { carriedText } from '../../../service/index.ts';
import { experimentsDirectory } from '../../experiments-directory.ts';
import { table } from '../output.ts';
import { follow, runVerb, withServices } from '../session.ts';
import type { CommonOptions, Session } from '../session.ts';
import { verb } from '../verb.ts';
import { planText } from './experiment-plan-text.ts';
import { isPublishedLine, resultsText } from './experiment-text.ts';
import { fileSize } from './figure-options.ts';

type FileOptions = CommonOptions & { folder?: [string, string][] };
type PlanOptions = FileOptions & { quick: boolean; device: string };
type RunOptions = FileOptions & { device: string };
type ShowOptions = FileOptions & { csv: boolean; latex: boolean; figures?: string };

/** Adds the verb with its own verbs. */
export function addExperimentVerbs(program: Command): void {
  const group = program
    .command('experiment')
    .description('Runs and evaluations that a file lists: planned, carried out, shown beside what was published.');
  verb(group, 'list', 'Experiments of papers that come with Earmark; each can be named instead of a file.').action(list);
  onFile(verb(group, 'plan <file>', 'Every run and evaluation with what is done, and what the rest would take.'))
    .option('--device <id>', 'where to train', 'auto')
    .option('--quick', 'measure nothing', false)
    .action((file: string, options: PlanOptions) => plan(file, options));
  onFile(verb(group, 'run <file>', 'Do what is left; after Ctrl-C or a crash the same command goes on.'))
    .option('--device <id>', 'where to train', 'auto')
    .action((file: string, options: RunOptions) => run(file, options));
  onFile(verb(group, 'show <file>', 'The table as far as it is done, beside published rows.'))
    .option('--csv', 'a row a figure', false)
    .option('--latex', 'a table for a paper', false)
    .option('--figures <folder>', 'also write every figure, as SVG and CSV')
    .action((file: string, options: ShowOptions) => show(file, options));
}

function onFile(command: Command): Command {
  return command.option('--folder <name=dir>', 'where a folder lies that the file names; may be repeated', place);
}

function place(text: string, before: [string, string][] = []): [string, string][] {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1)
    throw new InvalidArgumentError('It must be a name of the file and a folder: magnatagatune=/music/mtat.');
  return [...before, [text.slice(0, at), resolve(text.slice(at + 1))]];
}

/** The file, with the folders that options name. */
function wishOf(file: string, { folder = [] }: FileOptions): ExperimentWish {
  return { file, folders: Object.fromEntries(folder) };
}

async function list(options: CommonOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async (services) => {
      const experiments = await services.experiments.list();
      session.output.result({ directory: experimentsDirectory(), experiments }, () =>
        table(
          ['name', 'what', 'source'],
          experiments.map(({ name, title, source }) => [name, title, source]),
        ),
      );
    }),
  );
}

async function plan(file: string, options: PlanOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async (services) => {
      const { experiment, unfolded } = await services.experiments.read(wishOf(file, options));
      const showing = { ...session, title: `Measure “${experiment.title}”` };
      const measure = options.quick
        ? null
        : { device: options.device, signal: session.interrupted, onUnit: (at: number, all: number) => tellUnit(showing, at, all) };
      const found = await services.experimenting.plan(unfolded, measure);
      session.output.result(found, () => planText(experiment.title, found));
    }),
  );
}

function tellUnit({ output, title }: Session & { title: string }, done: number, total: number): void {
  output.progress(title, { ...{ done, total, unit: 'runs', audioSeconds: 0, rate: 0, secondsLeft: null, detail: '', failed: 0 } });
}

async function run(file: string, options: RunOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async (services) => {
      const { unfolded: whole } = await services.experiments.read(wishOf(file, options));
      const says = `Interrupted. What was finished is kept; \`earmark experiment run ${file}\` goes on from there.`;
      session.interruption = new AppError('CANCELLED', says);
      const carried = await services.experimenting.run(whole, {
        ...{ device: options.device, signal: session.interrupted },
        follow: (job) => follow(services, session, job),
        say: (line) => session.output.say(line),
      });
      const { done, all } = services.experimenting.results(whole);
      session.output.result({ ...carried, done, all }, () =>
        [
          carriedText(carried),
          ...carried.failures.map(({ what, message }) => `  ${what}: ${message}`),
          `\`earmark experiment show ${file}\` shows the table: ${done} of ${all} evaluations are done.`,
        ].join('\n'),
      );
      if (carried.failures.length > 0) process.exitCode = 1;
    }),
  );
}

async function show(file: string, options: ShowOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async (services) => {
      const { experiment, unfolded } = await services.experiments.read(wishOf(file, options));
      const results = services.experimenting.results(unfolded);
      const { title, about, source, notes } = experiment;
      if (options.figures !== undefined) await writeFigures(options.figures, experiment, results);
      if (options.csv) return session.output.file(resultsCsv(results));
      if (options.latex) return session.output.file(resultsLatex(experiment, results));
      session.output.result(
        { ...results, title, about, source, notes: [...notes, ...results.notes] },
        () => resultsText(experiment, results),
        isPublishedLine,
      );
    }),
  );
}

/** Bars of every column, and curves over shares of labels. */
async function writeFigures(folder: string, experiment: ShownExperiment, results: Results): Promise<void> {
  await mkdir(resolve(folder), { recursive: true });
  for (const { figure } of experimentFigures(experiment, results)) {
    const { words, draw, table: cells, fileName, heightPx } = figure;
    const path = join(resolve(folder), fileName);
    await writeWhole(`${path}.svg`, svgFile(words, draw({ width: fileSize.width, height: heightPx })), `write ${path}.svg`);
    await writeWhole(`${path}.csv`, csvFile(words, cells()), `write ${path}.csv`);
  }
}
