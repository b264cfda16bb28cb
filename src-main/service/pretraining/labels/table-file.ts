/** @file Reads a table of labels: comma, semicolon or tab between cells, or what its first line says (`sep=;`, as Excel writes it); quotes as in RFC 4180. Rows are only looked at, nothing in them is run. */
import { AppError, breather, readRegularFile } from '../../../base/index.ts';
import { decodeList } from '../../playlists/list-entries.ts';

/** A table. `lines`: of each row the line that it begins at, from 1. */
export type Table = { path: string; header: string[]; rows: string[][]; lines: number[] };

/** MagnaTagATune's table of 25 863 clips and 188 tags has 10 MB. */
const mostBytes = 256 * 2 ** 20;
const mostColumns = 10_000;
const advice = 'Name a table (.csv or .tsv) with one row a track: a column with its path, and columns with labels.';

/** @throws AppError BAD_INPUT for what is no table, or an empty one; codes of the file system */
export async function readTable(path: string): Promise<Table> {
  const bytes = await readRegularFile(path, { mostBytes, advice });
  if (bytes.includes(0) && !isWide(bytes)) throw noTable(path, 'it holds bytes that no text has');
  const { text, delimiter, firstLine } = separated(decodeList(bytes).replace(/^\uFEFF/, ''));
  const pause = breather();
  const [rows, lines]: [string[][], number[]] = [[], []];
  for (const { cells, line } of rowsOf(text, { delimiter, firstLine })) {
    if (rows.length % 256 === 0) await pause();
    if (cells.length === 1 && cells[0] === '') continue;
    rows.push(cells);
    lines.push(line);
  }
  const [header, ...others] = rows;
  if (header === undefined || header.length < 2) throw noTable(path, 'its first line names fewer than two columns');
  if (header.length > mostColumns) throw noTable(path, `it has ${header.length} columns`);
  if (others.length === 0) throw noTable(path, 'it has no row below its header');
  const names = header.map((name) => name.trim());
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw noTable(path, `two of its columns are called “${twice}”`);
  const uneven = others.findIndex((row) => row.length !== header.length);
  if (uneven >= 0)
    throw noTable(path, `line ${lines[uneven + 1]} has ${others[uneven]?.length ?? 0} cells, and the header ${header.length}`);
  return { path, header: names, rows: others, lines: lines.slice(1) };
}

/** UTF-16 with its mark has zeros in every other byte. */
function isWide(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

function noTable(path: string, why: string): AppError {
  return new AppError('BAD_INPUT', `${path} is no table of labels: ${why}. ${advice}`, { details: { path } });
}

/** What a first line `sep=;` says: it is no row. */
const separator = /^"?sep=([^\r\n"])"?[ \t]*(?:\r\n|\r|\n|$)/i;

function separated(text: string): { text: string; delimiter: string; firstLine: number } {
  const [line, delimiter] = separator.exec(text) ?? [];
  if (line === undefined || delimiter === undefined) return { text, delimiter: delimiterOf(text), firstLine: 1 };
  return { text: text.slice(line.length), delimiter, firstLine: 2 };
}

/** What stands most often in the first line, outside of quotes. */
function delimiterOf(text: string): string {
  const end = text.search(/[\r\n]/);
  const first = (end < 0 ? text : text.slice(0, end)).replace(/"[^"]*"/g, '');
  const count = (one: string): number => first.split(one).length - 1;
  return ['\t', ';', ','].reduce((best, one) => (count(one) > count(best) ? one : best), ',');
}

/** Rows with the lines that they begin at; a quoted cell may hold delimiters, line ends, and quotes written twice. */
function* rowsOf(
  text: string,
  { delimiter, firstLine }: { delimiter: string; firstLine: number },
): Generator<{ cells: string[]; line: number }, void> {
  let [at, line] = [0, firstLine];
  while (at < text.length) {
    const row = { cells: [] as string[], line };
    for (;;) {
      const cell = text[at] === '"' ? quotedCell(text, at, delimiter) : plainCell(text, at, delimiter);
      row.cells.push(cell.value);
      line += cell.value.split('\n').length - 1;
      at = cell.end;
      if (text[at] !== delimiter) break;
      at++;
    }
    if (text[at] === '\r') at++;
    if (text[at] === '\n') at++;
    line++;
    yield row;
  }
}

function plainCell(text: string, at: number, delimiter: string): { value: string; end: number } {
  let end = at;
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end++;
  return { value: text.slice(at, end), end };
}

/** A quote that is not closed goes to the end; what stands between the closing one and the next delimiter belongs to the cell, as Python's `csv` has it. */
function quotedCell(text: string, at: number, delimiter: string): { value: string; end: number } {
  let value = '';
  let from = at + 1;
  for (;;) {
    const close = text.indexOf('"', from);
    if (close < 0) return { value: value + text.slice(from), end: text.length };
    value += text.slice(from, close);
    if (text[close + 1] !== '"') {
      const behind = plainCell(text, close + 1, delimiter);
      return { value: value + behind.value, end: behind.end };
    }
    value += '"';
    from = close + 2;
  }
}
