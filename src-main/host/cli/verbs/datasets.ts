/** @file `datasets`: which labelled data sets Earmark knows, and whether a folder holds one as it was published. */
import { extname, resolve } from 'node:path';
import type { Command } from 'commander';
import { AppError, countOf, formatCount, writeWhole } from '../../../base/index.ts';
import { csvFile, distributionFigure, svgFile } from '../../../contract/index.ts';
import type { DatasetCheck } from '../../../contract/index.ts';
import { datasetNamed, datasets } from '../../../datasets/index.ts';
import type { Dataset, LeftOut } from '../../../datasets/index.ts';
import { table } from '../output.ts';
import { exitCodes, runVerb, withServices } from '../session.ts';
import type { CommonOptions } from '../session.ts';
import { choice, verb } from '../verb.ts';
import { addIndexVerb } from './evaluate.ts';
import { figureFile, fileSize } from './figure-options.ts';

type CheckOptions = CommonOptions & { as?: string; task?: string; split?: string; decode: boolean; out?: string };

/** Adds the verb with its own verbs. */
export function addDatasetVerbs(program: Command): void {
  const group = verb(program, 'datasets', 'List the labelled data sets that Earmark knows, with their tasks and splits.').action(
    (options: CommonOptions) => list(options),
  );
  verb(
    group,
    'check <folder>',
    'Tell what a data set’s folder holds, what is missing or broken, and by which rules figures are made of it.',
  )
    .option('--as <name>', 'which data set it is; else what it looks like', choice(datasets.map(({ name }) => name)))
    .option('--task <name>', 'one of the data set’s tasks; else its first')
    .option('--split <name>', 'one of the data set’s splits; else its first')
    .option('--decode', 'decode every file, which finds those that are broken or cut', false)
    .option('-o, --out <file>', 'also write how often each label occurs: a file that ends with .svg or .csv', figureFile)
    .action((folder: string, _: CheckOptions, command: Command) => check(folder, command.optsWithGlobals<CheckOptions>()));
  addIndexVerb(group);
}

async function list(options: CommonOptions): Promise<void> {
  await runVerb(options, async ({ output }) => {
    const known = datasets.map(({ name, title, about, holds, tasks, splits }) => ({ name, title, about, holds, tasks, splits }));
    output.result({ datasets: known }, () => {
      const folders = known.map(({ name, holds }) => `  ${name}: ${holds}`);
      return [table(['name', 'what', 'tasks', 'splits'], known.map(knownCells)), 'A folder holds:', ...folders].join('\n');
    });
  });
}

function knownCells({ name, title, tasks, splits }: Pick<Dataset, 'name' | 'title' | 'tasks' | 'splits'>): string[] {
  const names = (all: readonly { name: string }[]): string => all.map((one) => one.name).join(', ');
  return [name, title, tasks.length === 0 ? 'none: to learn from' : names(tasks), names(splits)];
}

async function check(folder: string, options: CheckOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async ({ datasets: known }) => {
      const { as = null, task = null, split = null, decode } = options;
      const found = await known.check(
        { path: folder, dataset: as, task, split },
        {
          decodes: decode,
          signal: session.interrupted,
          onProgress: (progress) => session.output.progress('Check', progress),
        },
      );
      await writeDistribution(found, options.out);
      session.output.result(found, () => checkText(found));
      if (!found.ok) process.exitCode = exitCodes.failed;
    }),
  );
}

/** @throws AppError BAD_INPUT of numbers, which every clip has */
async function writeDistribution(found: DatasetCheck, out: string | undefined): Promise<void> {
  if (out === undefined) return;
  const figure = distributionFigure(datasetNamed(found.dataset).title, found);
  if (figure === null) throw new AppError('BAD_INPUT', 'Every clip of this task has its numbers: there is nothing to count.');
  const { words, table: cells, draw, heightPx } = figure;
  const text =
    extname(out).toLowerCase() === '.csv' ? csvFile(words, cells()) : svgFile(words, draw({ width: fileSize.width, height: heightPx }));
  await writeWhole(resolve(out), text, `write the figure to ${out}`);
}

const rowsShown = 20;

function checkText({ manifest, counts, missing, broken, decoded, path }: DatasetCheck): string {
  const { dataset, task, split, kind, labels, policies, notes, sha256, leftOut } = manifest;
  const { train, validation, test } = counts;
  const facts = [
    ['clips', `${formatCount(train)} for training, ${formatCount(validation)} for validation, ${formatCount(test)} for testing`],
    ['labels', `${countOf(labels.length, 'label')} (${kind}): ${labels.join(', ')}`],
    ['order of labels', policies.labelOrder],
    ['ties', policies.ties],
    ['without a label', policies.emptyLabels],
    ['figures', policies.aggregation],
    ['resampling', policies.groups],
    ['SHA-256', sha256],
  ];
  const apart = leftOut.map(
    ({ why, clips, ids }) => `  ${countOf(clips, 'clip')} (${ids.join(', ')}${clips > ids.length ? ', …' : ''}): ${why}`,
  );
  return [
    `${dataset}, task ${task}, split ${split}, in ${path}`,
    table(['', ''], facts).trimStart(),
    ...notes,
    ...(apart.length === 0 ? [] : ['Left out:', ...apart]),
    fileText('Missing', missing),
    fileText(decoded ? 'Broken' : 'Empty (--decode finds those that are broken)', broken),
  ].join('\n');
}

function fileText(title: string, clips: readonly LeftOut[]): string {
  if (clips.length === 0) return `${title}: none`;
  const rows = clips.slice(0, rowsShown).map(({ path, why }) => `  ${path ?? ''}: ${why}`);
  return [
    `${title}: ${formatCount(clips.length)}`,
    ...rows,
    ...(clips.length > rowsShown ? [`  and ${formatCount(clips.length - rowsShown)} more`] : []),
  ].join('\n');
}
