/** @file An experiment’s rows and columns: every run with its settings, and every evaluation with its share of labels. */
import { dirname, resolve } from 'node:path';
import { AppError, defined } from '../../base/index.ts';
import { pretraining, protocols } from '../../contract/index.ts';
import type { Experiment, ExperimentEvaluation, ExperimentRun, ScratchWish } from '../../contract/index.ts';

/** What a row begins with. */
export type UnitWork =
  | { kind: 'pretrain'; settings: pretraining.PretrainSettings; tracks: ChosenTracks }
  | ({ kind: 'untrained' } & NonNullable<ExperimentRun['untrained']>)
  | { kind: 'encoder'; encoder: NonNullable<ExperimentRun['encoder']> }
  | { kind: 'supervised'; wish: ScratchWish }
  | { kind: Baseline };

/** Statistics that learnt nothing. */
export type Baseline = keyof typeof baselineRows;

/** What a run learns from, or why that is not known. */
export type ChosenTracks = { selection: pretraining.TrackSelection } | { problem: AppError };

/** One encoder to be: a row with one of its seeds, which is null where nothing is drawn. */
export type Unit = { row: string; seed: number | null; work: UnitWork };

/** A column of evaluations. */
export type Column = Omit<ExperimentEvaluation, 'percents' | 'folder' | 'head'> & {
  percent: number;
  head: NonNullable<ExperimentEvaluation['head']>;
  /** What columns are called that differ in their share of labels alone. */
  base: string;
  /** The folder’s name, and where it lies; null where nobody has said. */
  place: string;
  folder: string | null;
};

/** An experiment as it is carried out. */
export type Unfolded = { experiment: Experiment; rows: string[]; units: Unit[]; columns: Column[] };

/** Settings of a run by their paths. @throws AppError BAD_INPUT as for the options of `pretrain` */
export type Resolver = {
  settings(wish: {
    recipe: pretraining.RecipeName;
    preset: pretraining.PresetName | undefined;
    changes: Map<string, unknown>;
  }): pretraining.PretrainSettings;
  /** Tracks of the library below a folder; null: all. @throws AppError NOT_FOUND */
  selection(folder: string | null): pretraining.TrackSelection;
};

/** Rows of statistics that learnt nothing, as evaluations call them. */
export const baselineRows = { statistics: 'Timbre statistics', cepstra: '20 mel cepstral coefficients', chroma: 'Chroma' } as const;

/** Whether a row begins with statistics that learnt nothing. */
export function isBaseline(work: UnitWork): work is { kind: Baseline } {
  return Object.hasOwn(baselineRows, work.kind);
}

/** Whether a row is evaluated without an encoder of the library. */
export function isWithoutEncoder(work: UnitWork): work is Extract<UnitWork, { kind: 'supervised' | Baseline }> {
  return work.kind === 'supervised' || isBaseline(work);
}

/** Whether a row is put to a column: chroma is put to those that show the key score alone, since it stands beside encoders for musical keys. */
export function isPutTo({ work }: Pick<Unit, 'work'>, { figures }: Pick<Column, 'figures'>): boolean {
  return work.kind !== 'chroma' || figures.includes('keyScore');
}

const mostUnits = 2_000;

/**
 * Every run and every column. @param file that the experiment was read from
 * @throws AppError BAD_INPUT for settings that a recipe does not take, and names that mean nothing or two things
 */
export function unfold(experiment: Experiment, file: string, resolver: Resolver): Unfolded {
  const rows = experiment.runs.flatMap((run, at) => rowsOf(experiment, { run, at, file, resolver }));
  for (const kind of baselinesOf(experiment)) rows.push({ row: baselineRows[kind], units: [{ seed: null, work: { kind } }] });
  const units = rows.flatMap(({ row, units: own }) => own.map((unit) => ({ row, ...unit })));
  if (units.length > mostUnits)
    throw new AppError('BAD_INPUT', `${file} has ${units.length} runs with their seeds; ${mostUnits} are the most. Vary less.`);
  const unfolded = { experiment, rows: rows.map(({ row }) => row), units, columns: columnsOf(experiment, file) };
  checkNames(unfolded, file);
  return unfolded;
}

function baselinesOf({ baselines, evaluations }: Experiment): Baseline[] {
  if (!baselines) return [];
  const all: Baseline[] = ['statistics', 'cepstra', 'chroma'];
  return all.filter((kind) => evaluations.some((column) => isPutTo({ work: { kind } }, column)));
}

type Row = { row: string; units: Omit<Unit, 'row'>[] };
type RunAt = { run: ExperimentRun; at: number; file: string; resolver: Resolver };

function rowsOf(experiment: Experiment, { run, at, file, resolver }: RunAt): Row[] {
  const { recipe, untrained, encoder, supervised } = run;
  if (encoder !== undefined) return [{ row: run.name, units: [{ seed: null, work: { kind: 'encoder', encoder } }] }];
  if (supervised !== undefined) return [{ row: run.name, units: [{ seed: null, work: { kind: 'supervised', wish: supervised } }] }];
  if (untrained !== undefined)
    return [{ row: run.name, units: experiment.seeds.map((seed) => ({ seed, work: { kind: 'untrained', ...untrained } })) }];
  const folder = run.tracks === null ? null : folderNamed(experiment, run.tracks, `${file}, runs[${at}].tracks`);
  const tracks: ChosenTracks =
    run.tracks !== null && folder === null ? { problem: unknownPlace(run.tracks) } : chosenTracks(() => resolver.selection(folder));
  return combinations(run.vary).map((varied) => {
    const row = [run.name, ...[...varied].map(([path, value]) => `${lastName(path)} ${valueText(value)}`)].join(', ');
    const units = experiment.seeds.map((seed) => {
      const changes = new Map([...Object.entries(experiment.settings), ...Object.entries(run.settings), ...varied, ['seed', seed]]);
      const settings = placed(`${file}, runs[${at}]`, () =>
        resolver.settings({ recipe: defined(recipe, 'a recipe'), preset: run.preset, changes }),
      );
      const labels = run.labels === undefined ? settings.labels : labelsOf(run.labels, file);
      return { seed, work: { kind: 'pretrain' as const, settings: { ...settings, labels }, tracks } };
    });
    return { row, units };
  });
}

function chosenTracks(select: () => pretraining.TrackSelection): ChosenTracks {
  try {
    return { selection: select() };
  } catch (error) {
    if (error instanceof AppError) return { problem: error };
    throw error;
  }
}

function labelsOf({ table, columns }: NonNullable<ExperimentRun['labels']>, file: string): pretraining.LabelChoice {
  return { from: { kind: 'table', path: resolve(dirname(file), table), columns }, names: [] };
}

/** Every value of one with every value of the others. */
function combinations(vary: Readonly<Record<string, readonly unknown[]>>): [string, unknown][][] {
  return Object.entries(vary).reduce<[string, unknown][][]>(
    (before, [path, values]) => before.flatMap((one) => values.map((value): [string, unknown][] => [...one, [path, value]])),
    [[]],
  );
}

const lastName = (path: string): string => path.slice(path.lastIndexOf('.') + 1);
const valueText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function columnsOf(experiment: Experiment, file: string): Column[] {
  return experiment.evaluations.flatMap(({ percents, folder, ...evaluation }, at) => {
    const where = folderNamed(experiment, folder, `${file}, evaluations[${at}].folder`);
    const { heads, layers } = protocols[evaluation.protocol];
    if (!layers.includes(evaluation.layers))
      throw new AppError(
        'BAD_INPUT',
        `${file}, evaluations[${at}].layers: The protocol ${evaluation.protocol} has ${layers.join(' and ')}, not ${evaluation.layers}.`,
      );
    const head = evaluation.head ?? defined(heads[0], 'a head');
    if (!heads.includes(head))
      throw new AppError(
        'BAD_INPUT',
        `${file}, evaluations[${at}].head: The protocol ${evaluation.protocol} has ${heads.join(' and ')}, not ${head}.`,
      );
    return percents.map((percent) => ({
      ...{ ...evaluation, head, percent, place: folder, folder: where, base: evaluation.name },
      name: percents.length === 1 ? evaluation.name : `${evaluation.name}, ${percent} %`,
    }));
  });
}

function folderNamed({ folders }: Experiment, name: string, place: string): string | null {
  const found = Object.hasOwn(folders, name) ? folders[name] : undefined;
  if (found === undefined)
    throw new AppError('BAD_INPUT', `${place}: “${name}” stands for no folder. List it under folders, with its path or null.`);
  return found;
}

/** What is missing before an experiment can be carried out. */
export function unknownPlace(name: string): AppError {
  return new AppError('BAD_INPUT', `Nobody has said where “${name}” lies. Say it with \`--folder ${name}=DIR\`, or in the file.`, {
    details: { name },
  });
}

function placed<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError(error.code, `${place}: ${error.message}`, { details: error.details, cause: error });
  }
}

/** Names of rows and columns mean one thing each, and what is published and averaged has its column. */
function checkNames({ experiment, rows, columns }: Unfolded, file: string): void {
  const columnNames = [...columns.map(({ name }) => name), ...experiment.averages.map(({ name }) => name)];
  for (const [what, names] of [
    ['rows', rows],
    ['columns', columnNames],
  ] as const) {
    const twice = names.find((name, at) => names.indexOf(name) !== at);
    if (twice !== undefined) throw new AppError('BAD_INPUT', `${file}: Two ${what} are called “${twice}”. Give each a name of its own.`);
  }
  const figures = new Map<string, readonly string[]>(columns.map((column) => [column.name, column.figures]));
  const check = (place: string, evaluation: string, figure: string): void => {
    const known = figures.get(evaluation);
    if (known === undefined)
      throw new AppError(
        'BAD_INPUT',
        `${file}, ${place}: There is no column “${evaluation}”. There are ${[...figures.keys()].join('; ')}.`,
      );
    if (!known.includes(figure))
      throw new AppError('BAD_INPUT', `${file}, ${place}: “${evaluation}” has no figure ${figure}. It has ${known.join(', ')}.`);
  };
  for (const [at, { of }] of experiment.averages.entries())
    for (const { evaluation, figure } of of) check(`averages[${at}]`, evaluation, figure);
  for (const { name } of experiment.averages) figures.set(name, ['mean']);
  for (const [at, { cells }] of experiment.published.entries())
    for (const [evaluation, own] of Object.entries(cells))
      for (const figure of Object.keys(own)) check(`published[${at}]`, evaluation, figure);
}
