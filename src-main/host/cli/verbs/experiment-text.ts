/** @file The table of an experiment as text. */
import { headingOf, publishedText } from '../../../contract/index.ts';
import type { ResultCell, Results, ShownExperiment } from '../../../contract/index.ts';
import { table } from '../output.ts';

const percent = 100;
const shown = (value: number): string => (value * percent).toFixed(1);

function cellText(cell: ResultCell | null, all: number): string {
  if (cell === null) return '–';
  const { value, low, high, seeds } = cell;
  const spread = low === null || high === null ? '' : ` (${shown(low)} to ${shown(high)})`;
  return `${shown(value)}${spread}${seeds < all ? `, ${seeds} of ${all} seeds` : ''}`;
}

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
    ...results.notes,
  ].join('\n');
}
