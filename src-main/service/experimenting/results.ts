/** @file The table of an experiment as far as it is done: means over seeds with intervals, beside published rows. */
import { countOf, defined, formatCount } from '../../base/index.ts';
import type {
  Evaluation,
  ExperimentFigure,
  FigureName,
  Interval,
  PublishedRow,
  ResultCell,
  ResultColumn,
  ResultPublished,
  ResultRow,
  Results,
} from '../../contract/index.ts';
import type { KnownWork } from './known.ts';
import { overSeeds } from './over-seeds.ts';
import { isPutTo } from './unfold.ts';
import type { Unfolded, Unit } from './unfold.ts';

/** Everything that is done by now. */
export function resultsOf(unfolded: Unfolded, known: KnownWork): Results {
  const { experiment, units, rows } = unfolded;
  const own = unfolded.columns.flatMap(({ name, base, percent, figures }) =>
    figures.map((figure): ResultColumn => ({ name, figure, percent, base })),
  );
  const columns = [...own, ...experiment.averages.map(({ name }): ResultColumn => ({ name, figure: 'mean', percent: null, base: name }))];
  const found = new Map(units.map((unit) => [unit, evaluationsOf(unfolded, known, unit)]));
  const told = rows.map((row): ResultRow => {
    const ofRow = units.filter((unit) => unit.row === row);
    const all = ofRow.map((unit) => defined(found.get(unit), 'evaluations'));
    return { row, seeds: ofRow.length, cells: columns.map((column) => cellOf(unfolded, column, all)) };
  });
  const done = [...found.values()].reduce((sum, { size }) => sum + size, 0);
  const all = units.reduce((sum, unit) => sum + unfolded.columns.filter((column) => isPutTo(unit, column)).length, 0);
  return {
    columns,
    rows: told,
    published: experiment.published.map((one) => publishedOf(one, columns)),
    done,
    all,
    notes: [...mixedNotes(unfolded, found), ...shareNotes(unfolded, found)],
  };
}

type Found = ReadonlyMap<string, Evaluation>;

/** Columns whose rows were judged by other clips: their figures are not compared. */
function mixedNotes({ columns }: Unfolded, found: ReadonlyMap<Unit, Found>): string[] {
  return columns.flatMap(({ name }) => {
    const hashes = new Set([...found.values()].flatMap((own) => own.get(name)?.manifest ?? []));
    if (hashes.size < 2) return [];
    return [
      `“${name}” has rows of ${hashes.size} different sets of clips, which are not compared: files of the data set are missing or came since. Bring them back, remove the older evaluations, and run it again.`,
    ];
  });
}

/** How many clips each share of the labels is. */
function shareNotes({ columns }: Unfolded, found: ReadonlyMap<Unit, Found>): string[] {
  const all = [...found.values()];
  return [...Map.groupBy(columns, ({ base }) => base)].flatMap(([base, shares]) => {
    const told = shares.flatMap(({ name, percent }) => {
      const clips = all.flatMap((own) => own.get(name)?.counts.train ?? [])[0];
      return clips === undefined ? [] : [{ percent, clips }];
    });
    if (shares.length < 2 || told.length === 0) return [];
    const [first, ...others] = told.map(
      ({ percent, clips }, at) => `${at === 0 ? countOf(clips, 'clip') : formatCount(clips)} at ${percent} %`,
    );
    const isSame = new Set(told.map(({ clips }) => clips)).size < told.length;
    const why = isSame ? ' Of each combination of labels at least one clip is kept, so that small shares can be the same clips.' : '';
    return [`“${base}” learns from ${[first, ...others].join(', ')}.${why}`];
  });
}

function evaluationsOf({ columns }: Unfolded, known: KnownWork, unit: Unit): Found {
  const { encoderId } = known.of(unit);
  return new Map(
    columns.flatMap((column): [string, Evaluation][] => {
      const one = known.evaluation(unit, encoderId, column);
      return one === null ? [] : [[column.name, one]];
    }),
  );
}

/** @param all evaluations of each seed by their columns */
function cellOf({ experiment }: Unfolded, { name, figure }: ResultColumn, all: readonly Found[]): ResultCell | null {
  const parts = experiment.averages.find((one) => one.name === name)?.of ?? [{ evaluation: name, figure: figure as ExperimentFigure }];
  const each = all.flatMap((found): Interval[] => {
    const values = parts.flatMap((part): Interval[] => {
      const evaluation = found.get(part.evaluation);
      const value = evaluation === undefined ? null : figureIn(evaluation, part.figure);
      return value === null ? [] : [value];
    });
    if (values.length < parts.length) return [];
    const [only] = values;
    if (values.length === 1 && only !== undefined) return [only];
    return [{ value: values.reduce((sum, { value }) => sum + value, 0) / values.length, low: null, high: null }];
  });
  const [first] = each;
  if (first === undefined) return null;
  return { ...(each.length === 1 ? first : overSeeds(each.map(({ value }) => value))), seeds: each.length };
}

function figureIn({ figures, labels }: Evaluation, wanted: ExperimentFigure): Interval | null {
  if (wanted.startsWith('label:')) {
    const value = labels.find(({ name }) => name === wanted.slice('label:'.length))?.figure ?? null;
    return value === null ? null : { value, low: null, high: null };
  }
  const found = figures.find(({ name }) => name === (wanted as FigureName));
  return found === undefined ? null : { value: found.value, low: found.low, high: found.high };
}

function publishedOf({ row, note, cells }: PublishedRow, columns: readonly ResultColumn[]): ResultPublished {
  const percent = 100;
  const values = columns.map(({ name, figure }) => cells[name]?.[figure] ?? null);
  return { row, note, cells: values.map((value) => (value === null ? null : value / percent)) };
}
