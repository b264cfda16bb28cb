/** @file `runs` with `show`, `compare`, `remove` and `restore`; `export weights` (and `export embeddings` beside it). */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { pretraining } from '../../../contract/index.ts';
import { duration, table } from '../output.ts';
import { runVerb, withServices } from '../session.ts';
import type { CommonOptions } from '../session.ts';
import { flatten, inUse } from '../../../service/index.ts';
import { choice, verb } from '../verb.ts';
import { addEmbeddingsExport } from './export-embeddings.ts';
import { addEncoderExport } from './export-encoder.ts';
import { heldOutLines } from './held-out-text.ts';
import { findStep, runPlace } from './run-place.ts';
import type { RunPlace } from './run-place.ts';

type Run = pretraining.Run;

const layouts = ['clmr', 'onnx', 'run'] as const;
const shownPoints = 1000;

/** Adds the verbs that look at runs and keep what they learnt. */
export function addRunVerbs(program: Command): void {
  const runs = verb(program, 'runs', 'List the pre-training runs.').action(async (options: CommonOptions) => list(options));
  verb(runs, 'show <run>', 'Show a run: settings, figures, checkpoints; with --json also its curves.').action(
    async (run: string, _: unknown, command: Command) => show(place(command, run), command.optsWithGlobals()),
  );
  verb(runs, 'compare <run> <other>', 'Show in which settings two runs differ, and their figures side by side.').action(
    async (run: string, other: string, _: unknown, command: Command) =>
      compareRuns([place(command, run), place(command, other)], command.optsWithGlobals()),
  );
  verb(runs, 'remove <run>', 'Take a run out of the list; its files are deleted a week later.').action(
    async (run: string, _: unknown, command: Command) => remove(place(command, run), command.optsWithGlobals()),
  );
  verb(runs, 'restore <run>', 'Bring a removed run back.').action(async (run: string, _: unknown, command: Command) =>
    restore(place(command, run), command.optsWithGlobals()),
  );
  const exporting = program.command('export').description('Write something for other programs.');
  verb(exporting, 'weights <run[:step]> <file>', 'Write a checkpoint (default: the last) to a new file.')
    .option(
      '--layout <name>',
      'clmr: safetensors by CLMR’s names; onnx: the encoder; run: settings and curves as JSON',
      choice(layouts),
      'clmr',
    )
    .action(async (run: string, file: string, options: ExportOptions, command: Command) =>
      exportWeights(place(command, run), file, options),
    );
  addEncoderExport(exporting);
  addEmbeddingsExport(exporting);
}

type ExportOptions = CommonOptions & { layout: (typeof layouts)[number] };

/** Reads a run's place; a wrong one is bad usage. */
function place(command: Command, text: string): RunPlace {
  try {
    return runPlace(text);
  } catch (error) {
    return command.error(`error: command-argument value '${text}' is invalid. ${error instanceof Error ? error.message : ''}`, {
      exitCode: 2,
    });
  }
}

async function list(options: CommonOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async ({ handlers }) => {
      const runs = await handlers.runs.list(undefined, session.interrupted);
      session.output.result({ runs }, () => {
        if (runs.length === 0) return 'No run yet. Begin one with `earmark pretrain`.';
        const cells = runs.map((run) => [
          run.id,
          run.name,
          run.state,
          run.device ?? run.deviceWanted,
          run.tracks,
          ...figureCells(run),
          dateOf(run),
        ]);
        return table(['id', 'name', 'state', 'device', 'tracks', 'steps', 'loss', 'rank', 'time', 'begun'], cells);
      });
    }),
  );
}

function figureCells({ step, last, health, activeSeconds }: Run): (string | number)[] {
  return [step, last?.loss.toPrecision(4) ?? '–', health?.rank.toFixed(1) ?? '–', duration(activeSeconds)];
}

const dateOf = ({ createdAt }: Run): string => new Date(createdAt).toISOString().slice(0, 16).replace('T', ' ');

async function show({ runId }: RunPlace, options: CommonOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async ({ handlers }) => {
      const run = await handlers.runs.get({ runId }, session.interrupted);
      const curves = await handlers.runs.curves({ runId, points: shownPoints }, session.interrupted);
      session.output.result({ run, curves }, () => runText(run));
    }),
  );
}

function runText(run: Run): string {
  const { id, name, state, message, health, checkpoints, codeVersion, continuesRunId, continuesStep } = run;
  const lines = [`Run ${id}: ${name}`, `${state}${message === '' ? '' : `. ${message}`}`, ''];
  const figures = figuresOf(run).map(([title, value]) => [title, value]);
  if (continuesRunId !== null) figures.push(['goes on from', `run ${continuesRunId}, step ${continuesStep}`]);
  lines.push(table(['figure', ''], [...figures, ['begun', dateOf(run)], ['Earmark', codeVersion]]), '');
  if (health !== null) lines.push(health.says, '');
  if (health?.heldOut !== undefined) lines.push(...heldOutLines(health.heldOut, pretraining.encoderStep(run)), '');
  const kept = checkpoints.map((one) => [
    one.step,
    one.loss.toPrecision(4),
    one.rank.toFixed(1),
    one.isBest ? 'best' : '',
    one.encoderId ?? '',
  ]);
  if (kept.length > 0) lines.push(table(['checkpoint', 'loss', 'rank', '', 'encoder'], kept), '');
  lines.push(
    table(
      ['setting', ''],
      [...inUse(run.settings)].map(([path, value]) => [path, valueText(value)]),
    ),
  );
  return lines.join('\n');
}

type Figure = [name: string, value: string | number | null];

function figuresOf({
  settings,
  device,
  deviceWanted,
  tracks,
  step,
  totalSteps,
  last,
  health,
  activeSeconds,
}: Run): [string, string | number][] {
  return [
    ['recipe', settings.recipe],
    ['device', device ?? deviceWanted],
    ['tracks', tracks],
    ['steps', totalSteps === null ? step : `${step} of ${totalSteps}`],
    ['epochs', last?.epoch.toFixed(1) ?? '–'],
    ['loss', last?.loss.toPrecision(4) ?? '–'],
    ['rank', health === null ? '–' : `${health.rank.toFixed(1)} of ${health.dimensions}`],
    ['clips a second', last?.clipsPerSecond.toFixed(1) ?? '–'],
    ['time', duration(activeSeconds)],
  ];
}

/** The same figures as numbers, for programs. */
function plainFigures({ device, tracks, step, last, health, activeSeconds }: Run): Figure[] {
  return [
    ['device', device],
    ['tracks', tracks],
    ['steps', step],
    ['epochs', last?.epoch ?? null],
    ['loss', last?.loss ?? null],
    ['rank', health?.rank ?? null],
    ['clipsPerSecond', last?.clipsPerSecond ?? null],
    ['seconds', activeSeconds],
  ];
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

async function compareRuns([one, other]: [RunPlace, RunPlace], options: CommonOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async ({ pretraining: runs }) => {
      const pair: [Run, Run] = [runs.get(one.runId), runs.get(other.runId)];
      const settings = differences(pair);
      const [mine, others] = [plainFigures(pair[0]), plainFigures(pair[1])];
      const figures = mine.map(([name, value], i) => ({ name, values: [value, others[i]?.[1] ?? null] }));
      session.output.result({ runs: [one.runId, other.runId], settings, figures }, () => compareText(pair, settings));
    }),
  );
}

type Difference = { path: string; values: [unknown, unknown] };

function differences([one, other]: [Run, Run]): Difference[] {
  const [mine, others] = [flatten(one.settings), flatten(other.settings)];
  return [...new Set([...inUse(one.settings).keys(), ...inUse(other.settings).keys()])]
    .map((path): Difference => ({ path, values: [mine.get(path) ?? null, others.get(path) ?? null] }))
    .filter(({ values: [a, b] }) => JSON.stringify(a) !== JSON.stringify(b));
}

function compareText(pair: [Run, Run], settings: readonly Difference[]): string {
  const headings = pair.map(({ id, name }) => `${id}: ${name}`);
  const others = figuresOf(pair[1]);
  const figures = figuresOf(pair[0]).map(([name, value], i) => [name, value, others[i]?.[1] ?? '–']);
  const rows = settings.map(({ path, values }) => [path, ...values.map((value) => (value === null ? '–' : valueText(value)))]);
  const differing = rows.length === 0 ? 'Their settings are the same.' : table(['setting', ...headings], rows);
  return `${table(['figure', ...headings], figures)}\n\n${differing}`;
}

async function remove({ runId }: RunPlace, options: CommonOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async ({ pretraining: runs }) => {
      await runs.remove(runId);
      session.output.result(
        { removed: runId },
        () => `Run ${runId} is removed. \`earmark runs restore ${runId}\` brings it back for a week.`,
      );
    }),
  );
}

async function restore({ runId }: RunPlace, options: CommonOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async ({ pretraining: runs }) => {
      runs.restore(runId);
      const run = runs.get(runId);
      session.output.result({ run }, () => `Run ${runId} is back: ${run.name}`);
    }),
  );
}

async function exportWeights(from: RunPlace, file: string, options: ExportOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async ({ pretraining: runs }) => {
      const { runId } = from;
      const { layout } = options;
      const run = runs.get(runId);
      const step = layout === 'run' ? run.step : findStep(run, from);
      const { path, bytes } = await runs.export({ runId, step, path: resolve(file), layout });
      session.output.result({ run: runId, step, layout, path, bytes }, () => `Written: ${path} (${(bytes / 1e6).toFixed(1)} MB)`);
    }),
  );
}
