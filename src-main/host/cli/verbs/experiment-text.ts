/** @file The table of an experiment as text, CSV and LaTeX. */
import type { ExperimentFigure } from '../../../contract/index.ts';
import type { ResultCell, ResultColumn, Results } from '../../../service/index.ts';
import { table } from '../output.ts';

const titles: Readonly<Record<Exclude<ExperimentFigure, `label:${string}`> | 'mean', string>> = {
  ...{ averagePrecision: 'AP', rocAuc: 'ROC-AUC', averagePrecisionByClip: 'AP by clip', rocAucByClip: 'ROC-AUC by clip' },
  ...{ accuracy: 'accuracy', keyScore: 'key score', r2: 'R²', mean: 'mean' },
};

/** What a column is headed by: `MTAT, linear: AP`. */
export function headingOf({ name, figure }: ResultColumn): string {
  if (figure === 'mean') return name;
  return `${name}: ${figure.startsWith('label:') ? figure.slice('label:'.length) : titles[figure as keyof typeof titles]}`;
}

const percent = 100;
const shown = (value: number): string => (value * percent).toFixed(1);

function cellText(cell: ResultCell | null, all: number): string {
  if (cell === null) return '–';
  const { value, low, high, seeds } = cell;
  const spread = low === null || high === null ? '' : ` (${shown(low)} to ${shown(high)})`;
  return `${shown(value)}${spread}${seeds < all ? `, ${seeds} of ${all} seeds` : ''}`;
}

/** Published figures with as many digits as were printed, two at most. */
function publishedText(value: number | null): string {
  return value === null ? '' : String(Number((value * percent).toFixed(2)));
}

/** What a table is read by. */
export type ShownExperiment = { title: string; about: string; source: string; notes: readonly string[] };

const publishedMark = ', published';

/** Whether a line of {@link resultsText} is a published row. */
export function isPublishedLine(line: string): boolean {
  return /^\S.*, published( \*)?(\s|$)/.test(line);
}

/** For a terminal: columns are numbered, since it is narrow. */
export function resultsText({ title, about, source, notes }: ShownExperiment, results: Results): string {
  const { columns, rows, published, done, all } = results;
  const numbered = columns.map((column, at) => `  [${at + 1}] ${headingOf(column)}`);
  const own = rows.map(({ row, seeds, cells }) => [row, ...cells.map((cell) => cellText(cell, seeds))]);
  const theirs = published.map(({ row, note, cells }) => [`${row}${publishedMark}${note === '' ? '' : ' *'}`, ...cells.map(publishedText)]);
  const remarks = [...new Set(published.flatMap(({ row, note }) => (note === '' ? [] : [`* ${row}: ${note}`])))];
  return [
    source === '' ? title : `${title}. ${source}`,
    ...(about === '' ? [] : [about]),
    ...numbered,
    table(['', ...columns.map((_, at) => `[${at + 1}]`)], [...own, ...theirs]),
    `${done} of ${all} evaluations are done. Percent; 95 % intervals: over seeds where a row has several, else over what the data set keeps together.`,
    ...remarks,
    ...notes,
  ].join('\n');
}

const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** A row a figure: own and published alike, shares from 0 to 1. */
export function resultsCsv({ columns, rows, published }: Results): string {
  const own = rows.flatMap(({ row, cells }) =>
    cells.map((cell, at) => ['own', row, ...placeOf(columns[at]), cell?.value, cell?.low, cell?.high, cell?.seeds, '']),
  );
  const theirs = published.flatMap(({ row, note, cells }) =>
    cells.flatMap((value, at) =>
      value === null ? [] : [['published', row, ...placeOf(columns[at]), Number(value.toFixed(6)), '', '', '', note]],
    ),
  );
  const heading = ['from', 'row', 'evaluation', 'figure', 'value', 'low', 'high', 'seeds', 'note'];
  return `${[heading, ...own, ...theirs].map((line) => line.map((cell) => quoted(String(cell ?? ''))).join(',')).join('\n')}\n`;
}

function placeOf(column: ResultColumn | undefined): [string, string] {
  return [column?.name ?? '', column?.figure ?? ''];
}

const escapes: Readonly<Record<string, string>> = {
  ...{ '\\': '\\textbackslash{}', '~': '\\textasciitilde{}', '^': '\\textasciicircum{}', '²': '\\textsuperscript{2}' },
  ...{ '–': '--', '’': "'", '−': '$-$' },
};

function latex(text: string): string {
  return text.replace(/[\\~^²–’−]|[&%$#_{}]/g, (sign) => escapes[sign] ?? `\\${sign}`);
}

/** A table with rules of `booktabs`, published rows in grey (`xcolor`). */
export function resultsLatex({ title, source }: ShownExperiment, { columns, rows, published }: Results): string {
  const line = (cells: readonly string[]): string => `  ${cells.join(' & ')} \\\\`;
  const grey = (text: string): string => (text === '' ? '' : `\\textcolor{gray}{${text}}`);
  const own = rows.map(({ row, cells }) => line([latex(row), ...cells.map(cellLatex)]));
  const theirs = published.map(({ row, cells }) => line([grey(latex(row)), ...cells.map((value) => grey(publishedText(value)))]));
  const notes = published.flatMap(({ row, note }) => (note === '' ? [] : [`% ${row}: ${note}`]));
  return [
    '% \\usepackage{booktabs, xcolor}',
    ...notes,
    '\\begin{table}',
    `  \\caption{${latex(source === '' ? title : `${title}. ${source}`)}}`,
    `  \\begin{tabular}{l${'r'.repeat(columns.length)}}`,
    '  \\toprule',
    line(['', ...columns.map((column) => latex(headingOf(column)))]),
    ...['  \\midrule', ...own],
    ...(theirs.length === 0 ? [] : ['  \\midrule', ...theirs]),
    ...['  \\bottomrule', '  \\end{tabular}', '\\end{table}', ''],
  ].join('\n');
}

function cellLatex(cell: ResultCell | null): string {
  if (cell === null) return '--';
  const { value, low, high } = cell;
  return low === null || high === null ? shown(value) : `${shown(value)} [${shown(low)}, ${shown(high)}]`;
}
