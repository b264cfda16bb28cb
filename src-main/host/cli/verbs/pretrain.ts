/** @file `pretrain`: begins a run or goes on with one, and shows how it learns. */
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { AppError, countOf, isCancelled } from '../../../base/index.ts';
import { pretraining, timbreStatistics } from '../../../contract/index.ts';
import type { BegunRun, PretrainResult, Services, StartedRun } from '../../../service/index.ts';
import { duration } from '../output.ts';
import { follow, orBadUsage, runVerb, withServices } from '../session.ts';
import type { CommonOptions, Session } from '../session.ts';
import { resolveLength, resolveSettings, selectionOf } from '../../../service/index.ts';
import type { SettingsOptions } from '../../../service/index.ts';
import { choice, called, count, seed, verb } from '../verb.ts';
import { heldOutLines } from './held-out-text.ts';
import { labelLines } from './label-text.ts';
import { labelSource, labelWish } from './label-options.ts';
import type { LabelOptions } from './label-options.ts';
import { findStep, runPlace } from './run-place.ts';
import type { RunPlace } from './run-place.ts';

/** Adds the verb that trains. */
export function addPretrainVerb(program: Command): void {
  verb(program, 'pretrain', 'Learn an encoder from your tracks; Ctrl-C leaves a checkpoint to go on from.')
    .option('-r, --recipe <name>', `${pretraining.recipeNames.join(' or ')} (default: clmr)`, choice(pretraining.recipeNames))
    .option('--preset <name>', `one of ${pretraining.presetNames.join(', ')}`, choice(pretraining.presetNames))
    .option('-t, --tracks <what...>', '`library`, a folder that was scanned, or files of the library (default: library)')
    .option(
      '--tags <names>',
      'with the recipe `supervised`: tags of the library to learn, with commas between (a name with a comma in double quotes); may be repeated',
      collect,
    )
    .option(
      '--labels <table>',
      'with the recipe `supervised`: a .csv or .tsv with a row a track, its path in a column and labels in others',
    )
    .option('--column <name...>', 'columns of the table to learn (default: all that hold 0 and 1, or the one that holds words)')
    .option('--device <id>', 'where to train: `auto`, or an id that `earmark devices` lists (default: auto)')
    .option('--steps <number>', 'how long, in steps', count)
    .option('--epochs <number>', 'how long, in epochs: every track once', count)
    .option('--minutes <number>', 'how long, in minutes of training', positive)
    .option('-b, --batch <number>', 'tracks a step', count)
    .option('--chunk <number>', 'tracks that are computed at a time, for large batches', count)
    .option('--seed <number>', 'seed of weights, crops and transforms', seed)
    .option('--set <path=value>', 'any other setting, for example optimizer.learningRate=0.001; may be repeated', collect)
    .option('--name <text>', 'what to call the run', called)
    .option('--resume <run>', 'go on with a run from its last checkpoint; with a length, up to that', count)
    .option('--continue <run[:step]>', 'begin a new run with the weights of a checkpoint (step: a number, last or best)', runPlace)
    .action(async (options: PretrainOptions) => pretrain(options));
}

type PretrainOptions = CommonOptions &
  SettingsOptions &
  LabelOptions & { tracks?: string[]; device?: string; name?: string; resume?: number; continue?: RunPlace };

/** Options that cannot go with `--resume`, since the run has its own. */
const ownOfRun = ['recipe', 'preset', 'tracks', 'tags', 'labels', 'column', 'batch', 'chunk', 'seed', 'set', 'name', 'continue'] as const;

function positive(text: string): number {
  if (!(Number(text) > 0)) throw new InvalidArgumentError('It must be a number above 0.');
  return Number(text);
}

function collect(text: string, before: string[] = []): string[] {
  return [...before, text];
}

async function pretrain(options: PretrainOptions): Promise<void> {
  const begin = orBadUsage(options, () => (options.resume === undefined ? newRun(options) : goingOn(options, options.resume)));
  if (begin === undefined) return;
  await runVerb(options, (session) =>
    withServices(options, session, async (services) => {
      const run = await begin(services);
      const { result } = await followRun(services, session, run);
      const { names = [] } = services.pretraining.get(run.runId).settings.labels ?? {};
      const { leftOut = null, notFound = null, notFoundRows = [] } = ('labels' in run ? run.labels : null) ?? {};
      const labels = names.length === 0 ? null : { names, leftOut, notFound, notFoundRows };
      session.output.result({ ...(result as PretrainResult), labels }, () => resultText(result as PretrainResult));
    }),
  );
}

type Begin = (services: Services) => StartedRun | Promise<BegunRun>;

function goingOn(options: PretrainOptions, resume: number): Begin {
  const wrong = ownOfRun.find((name) => options[name] !== undefined);
  if (wrong !== undefined)
    throw new AppError(
      'BAD_INPUT',
      `A run goes on with its own settings: leave out --${wrong}, or begin a new one with --continue ${resume}.`,
    );
  const length = resolveLength(options);
  return ({ pretraining: runs }) => runs.resume({ runId: resume as pretraining.RunId, device: options.device, length });
}

function newRun(options: PretrainOptions): Begin {
  const wish = labelWish(options);
  const settings = resolveSettings(wish === null ? options : { ...options, recipe: options.recipe ?? 'supervised' });
  return (services) => {
    const labels = wish === null ? null : { from: labelSource(services, wish), names: [] };
    const selection = selectionOf(services, options.tracks ?? ['library']);
    const place = options.continue;
    const continues =
      place === undefined ? undefined : { runId: place.runId, step: findStep(services.pretraining.get(place.runId), place) };
    return services.pretraining.begin({
      settings: { ...settings, labels },
      selection,
      device: options.device ?? 'auto',
      name: options.name,
      continues,
    });
  };
}

/** Shows a run until it ends; what ends it early says how to go on. */
async function followRun(services: Services, session: Session, run: StartedRun | BegunRun): ReturnType<typeof follow> {
  const goOn = `\`earmark pretrain --resume ${run.runId}\``;
  const details = { run: run.runId };
  const says = `Interrupted; what was learnt up to the last checkpoint is kept. Go on with ${goOn}.`;
  session.interruption = new AppError('CANCELLED', says, { details });
  const known = services.pretraining.get(run.runId);
  session.output.say(`Run ${run.runId}: ${known.name}`);
  const unheard = unheardLine(services, known.settings);
  if (unheard !== null) session.output.say(unheard);
  for (const line of labelLines(services.store.paths, known, 'labels' in run ? run.labels : null)) session.output.say(line);
  try {
    return await follow(services, session, run);
  } catch (error) {
    // Of a run that was refused nothing is left to go on with.
    if (!(error instanceof AppError) || isCancelled(error) || !services.store.runs.has(run.runId)) throw error;
    throw new AppError(error.code, `${error.message} (Run ${run.runId}: ${goOn}.)`, {
      details: { ...error.details, ...details },
      cause: error,
    });
  }
}

/** Of what learns from an index: that there is more to learn from. */
function unheardLine({ encoders }: Services, settings: pretraining.PretrainSettings): string | null {
  if (!pretraining.isFedEmbeddings(settings)) return null;
  const base = encoders.list().find(({ architecture }) => architecture === timbreStatistics);
  const waiting = base?.index?.waiting ?? 0;
  if (base === undefined || waiting === 0) return null;
  const are = countOf(waiting, 'track has', 'tracks have');
  return `${are} not been heard by ${base.name.toLowerCase()} yet; it learns from the others. \`earmark index --encoder ${base.id}\` has all of them heard.`;
}

function resultText(result: PretrainResult): string {
  const { run, state, steps, loss, clipsPerSecond, device, seconds, checkpoint, encoder, failed, heldOut, judgement } = result;
  const lines = [
    `Run ${run} ${state === 'done' ? 'finished' : 'stopped'}: ${countOf(steps, 'step')}, loss ${loss.toPrecision(4)}, ${clipsPerSecond.toFixed(1)} clips a second on ${device}, ${duration(seconds)}.`,
  ];
  if (heldOut !== null) lines.push(...heldOutLines(heldOut, result.checkpointStep));
  if (checkpoint !== null) lines.push(`Checkpoint: ${checkpoint}`);
  if (encoder !== null && judgement === '')
    lines.push(`Encoder ${encoder}: index your library with \`earmark index --encoder ${encoder}\`.`);
  if (encoder !== null && judgement !== '') lines.push(`Encoder ${encoder} has heard your library. ${judgement}`);
  if (failed.length > 0)
    lines.push(`${countOf(failed.length, 'track was', 'tracks were')} left out:`, ...failed.map(({ message }) => `  ${message}`));
  return lines.join('\n');
}
