/** @file The table of an experiment as far as it is done, and the same as CSV and LaTeX. Pure. */
import { z } from 'zod';
import { experimentFigureSchema } from './experiments.ts';
import { figureShortTitles } from './evaluate/names.ts';
import { intervalSchema } from './interval.ts';

/** A figure of a column; `figure` of an average is `mean`. `percent`: its share of labels, and `base` what columns are called that differ in it alone. */
export const resultColumnSchema = z.object({
  name: z.string(),
  figure: z.union([experimentFigureSchema, z.literal('mean')]),
  percent: z.number().nullable(),
  base: z.string(),
});
export type ResultColumn = z.infer<typeof resultColumnSchema>;

/** A figure with its interval: over seeds where there are several, else over what the data set keeps together; `seeds`: how many are done. */
export const resultCellSchema = intervalSchema.extend({ seeds: z.int() });
export type ResultCell = z.infer<typeof resultCellSchema>;

/** A row of one’s own: null where nothing is done. */
export const resultRowSchema = z.object({ row: z.string(), seeds: z.int(), cells: z.array(resultCellSchema.nullable()) });
export type ResultRow = z.infer<typeof resultRowSchema>;

/** A published row in the same columns. Figures are shares, as of one’s own, not percent. */
export const resultPublishedSchema = z.object({ row: z.string(), note: z.string(), cells: z.array(z.number().nullable()) });
export type ResultPublished = z.infer<typeof resultPublishedSchema>;

export const resultsSchema = z.object({
  columns: z.array(resultColumnSchema),
  rows: z.array(resultRowSchema),
  published: z.array(resultPublishedSchema),
  done: z.int(),
  all: z.int(),
  /** What a reader has to know: rows of a column that were judged by other clips, for example. */
  notes: z.array(z.string()),
});
/** The table. */
export type Results = z.infer<typeof resultsSchema>;

/** What a table is read by. */
export type ShownExperiment = { title: string; about: string; source: string; notes: readonly string[] };

/** What a column is headed by: `MTAT, linear: AP`. */
export function headingOf({ name, figure }: Pick<ResultColumn, 'name' | 'figure'>): string {
  return figure === 'mean' ? name : `${name}: ${resultFigureTitle(figure)}`;
}

/** What a figure of a column is called. */
export function resultFigureTitle(figure: ResultColumn['figure']): string {
  if (figure === 'mean') return 'mean';
  return figure.startsWith('label:') ? figure.slice('label:'.length) : figureShortTitles[figure as keyof typeof figureShortTitles];
}

const percent = 100;
const shown = (value: number): string => (value * percent).toFixed(1);

/** Published figures with as many digits as were printed, two at most. */
export function publishedText(value: number | null): string {
  return value === null ? '' : String(Number((value * percent).toFixed(2)));
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
