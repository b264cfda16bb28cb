/** @file Rows of delimited text, read piece by piece: quotes as in RFC 4180, cells of several lines, any line ends. */
import { AppError, breather, countOf } from '../base/index.ts';
import type { DatasetFolder } from './dataset.ts';

/** A row as it stands. `line`: where it begins, from 1. */
export type Row = { line: number; cells: string[] };

/** No row of a published table is longer than a tenth of this. */
const longestRow = 4 * 2 ** 20;

/** Splits text into rows. `isQuoted`: quotes hold cells together; else they are characters like others. Empty lines are left out. */
export async function* rowsOf(
  pieces: AsyncIterable<string>,
  { delimiter, isQuoted }: { delimiter: string; isQuoted: boolean },
): AsyncGenerator<Row, void> {
  const reader = new RowReader(delimiter, isQuoted);
  const pause = breather();
  for await (const piece of pieces) {
    for (const row of reader.take(piece)) {
      if (!isBlank(row)) yield row;
      await pause();
    }
  }
  const last = reader.end();
  if (!isBlank(last)) yield last;
}

const isBlank = ({ cells }: Row): boolean => cells.length === 1 && cells[0] === '';

/** Reads characters one after the other and remembers where in a row it is. */
class RowReader {
  readonly #delimiter: string;
  readonly #isQuoted: boolean;
  #cells: string[] = [];
  #cell = '';
  #length = 0;
  #line = 1;
  #began = 1;
  #isFirst = true;
  #state: 'start' | 'plain' | 'quoted' | 'quote' = 'start';
  #wasReturn = false;

  constructor(delimiter: string, isQuoted: boolean) {
    this.#delimiter = delimiter;
    this.#isQuoted = isQuoted;
  }

  *take(piece: string): Generator<Row, void> {
    const text = this.#isFirst ? piece.replace(/^\uFEFF/, '') : piece;
    if (piece !== '') this.#isFirst = false;
    this.#length += text.length;
    for (let at = 0; at < text.length;) {
      const quick = this.#wholeCell(text, at);
      if (quick > 0) {
        at = quick;
        continue;
      }
      const from = at;
      while (at < text.length && !this.#isSpecial(text[at] as string)) at++;
      if (at > from) this.#append(text.slice(from, at));
      if (at === text.length) break;
      const row = this.#special(text[at] as string);
      at++;
      if (row === null) continue;
      this.#length = text.length - at;
      yield row;
    }
    if (this.#length > longestRow)
      throw new AppError('BAD_INPUT', `The row that begins at line ${this.#began} does not end. A quote may be missing.`);
  }

  end(): Row {
    return this.#finishRow();
  }

  /** Most cells stand whole in a piece, and on one line. @returns where the next one begins; 0 where that is not known at once */
  #wholeCell(text: string, at: number): number {
    if (!this.#isQuoted || this.#state !== 'start' || text[at] !== '"') return 0;
    const close = text.indexOf('"', at + 1);
    if (close < 0 || text[close + 1] !== this.#delimiter) return 0;
    const cell = text.slice(at + 1, close);
    if (cell.includes('\n')) return 0;
    this.#cells.push(cell);
    this.#wasReturn = false;
    return close + 2;
  }

  #isSpecial(character: string): boolean {
    if (character === '\n') return true;
    if (this.#isQuoted && character === '"') return true;
    return this.#state !== 'quoted' && (character === this.#delimiter || character === '\r');
  }

  #append(text: string): void {
    this.#cell += text;
    this.#wasReturn = false;
    if (this.#state === 'start' || this.#state === 'quote') this.#state = 'plain';
  }

  #special(character: string): Row | null {
    const followsReturn = this.#wasReturn;
    this.#wasReturn = character === '\r';
    if (character === '\n' && !followsReturn) this.#line++;
    if (character === '\r') this.#line++;
    if (this.#state === 'quoted') {
      if (character === '"') this.#state = 'quote';
      else this.#cell += character;
      return null;
    }
    if (character === '"') {
      this.#onQuote();
      return null;
    }
    if (character === this.#delimiter) {
      this.#finishCell();
      return null;
    }
    return character === '\n' && followsReturn ? null : this.#finishRow();
  }

  /** A quote opens a cell only at its beginning; written twice within one it stands for itself. */
  #onQuote(): void {
    if (this.#state === 'start') {
      this.#state = 'quoted';
      return;
    }
    this.#cell += '"';
    this.#state = this.#state === 'quote' ? 'quoted' : 'plain';
  }

  #finishCell(): void {
    this.#cells.push(this.#cell);
    this.#cell = '';
    this.#state = 'start';
  }

  #finishRow(): Row {
    this.#finishCell();
    const row = { line: this.#began, cells: this.#cells };
    this.#cells = [];
    this.#began = this.#line;
    return row;
  }
}

/** Which columns of which table are wanted. `delimiter`: a tab where left out; then quotes are looked at only where `isQuoted`. */
export type TableWish<Column extends string> = {
  path: string;
  columns: readonly Column[];
  delimiter?: ',' | '\t';
  isQuoted?: boolean;
  /** The last columns may be left out, or repeated, as in MTG-Jamendo's rows of any number of tags; what follows comes in `others`. */
  isRagged?: boolean;
};

/** The wanted cells of a row by their columns' names. */
export type TableRow<Column extends string> = { line: number; cells: Readonly<Record<Column, string>>; others: readonly string[] };

/**
 * Reads a table with a heading.
 * @returns null where the file is not there
 * @throws AppError BAD_INPUT for a column that it lacks, and for a row that is longer or shorter than the heading: such a file was cut
 */
export async function readTable<Column extends string>(
  folder: DatasetFolder,
  wish: TableWish<Column>,
): Promise<AsyncGenerator<TableRow<Column>, void> | null> {
  const pieces = await folder.pieces(wish.path);
  return pieces === null ? null : tableRows(pieces, wish);
}

async function* tableRows<Column extends string>(
  pieces: AsyncIterable<string>,
  { path, columns, delimiter = '\t', isQuoted = false, isRagged = false }: TableWish<Column>,
): AsyncGenerator<TableRow<Column>, void> {
  const rows = rowsOf(pieces, { delimiter, isQuoted });
  const first = await rows.next();
  if (first.done === true) throw new AppError('BAD_INPUT', `${path} is empty. ${again}`);
  const heading = first.value.cells.map((name) => name.trim());
  const places = columns.map((column) => heading.indexOf(column));
  const lacking = columns.filter((_, at) => places[at] === -1);
  if (lacking.length > 0) throw lacksColumns(path, lacking, heading);
  for await (const { line, cells } of rows) {
    if (isRagged ? cells.length < heading.length - 1 : cells.length !== heading.length)
      throw new AppError(
        'BAD_INPUT',
        `Line ${line} of ${path} has ${countOf(cells.length, 'cell')}, and its heading ${heading.length}. ${again}`,
      );
    const named = Object.fromEntries(columns.map((column, at) => [column, cells[places[at] as number] ?? '']));
    yield { line, cells: named as Record<Column, string>, others: cells.slice(heading.length - 1) };
  }
}

const again = 'It may have been cut while it was copied: bring the whole file, as it was published.';
const namesShown = 12;

function lacksColumns(path: string, lacking: readonly string[], heading: readonly string[]): AppError {
  const shown = (names: readonly string[]): string =>
    names
      .slice(0, namesShown)
      .map((name) => `“${name}”`)
      .join(', ') + (names.length > namesShown ? ` and ${names.length - namesShown} more` : '');
  const what = lacking.length === 1 ? `has no column ${shown(lacking)}` : `lacks the columns ${shown(lacking)}`;
  return new AppError('BAD_INPUT', `${path} ${what}. Its columns are ${shown(heading)}.`, { details: { path, lacking: [...lacking] } });
}
