/** @file Labels in a table's columns: a column of 0 and 1 is one label, a column of words is one label a word. */
import { dirname, resolve } from 'node:path';
import { AppError, breather, countOf, visibleLine } from '../../../base/index.ts';
import { longestTagName, pretraining } from '../../../contract/index.ts';
import { cleanTagText, quotedTag } from '../../../store/index.ts';
import type { AudioTrack } from '../../../store/index.ts';
import { EntryMatcher } from '../../playlists/match-entries.ts';
import type { KnownLabels } from './known-labels.ts';
import type { Table } from './table-file.ts';

/** How a column can be learnt from. */
export type LabelColumn = { name: string; kind: 'label' | 'words'; labels: number };

/** What of a table is wanted. No columns: all that hold labels. */
export type TableWish = { columns: readonly string[]; isExclusive: boolean; tracks: readonly AudioTrack[] };

type Column = LabelColumn & { at: number; words: string[] };

const [yes, no] = [new Set(['1', '1.0', 'true', 'yes', 'y']), new Set(['0', '0.0', 'false', 'no', 'n'])];
/** How tables say that nobody knows. */
const unknown = new Set(['', 'na', 'n/a', 'null', '?']);
/** Where tables name files. */
const pathNames = new Set([
  'path',
  'mp3_path',
  'file',
  'filename',
  'file_name',
  'file_path',
  'filepath',
  'audio',
  'audio_path',
  'location',
]);
const numberNames = new Set(['track', 'track_id', 'trackid', 'track id', 'id']);
/** Rows that tell which column names tracks. */
const rowsTried = 500;
/** A column of more words than this, of which nobody asked, tells titles or numbers rather than classes. */
const mostWordsUnasked = 100;
const namesShown = 8;
/** Of a cell that names no track. */
const longestShown = 500;

/** @throws AppError BAD_INPUT: no row names a track, a column that is not there or holds no labels, one class only, two classes for a track */
export async function labelsOfTable(table: Table, wish: TableWish): Promise<KnownLabels> {
  const { trackIds, column: identifies } = await findTracks(table, wish.tracks);
  const columns = chosenColumns(table, wish, identifies).map((column) => withFound(table, column, trackIds));
  for (const column of columns) refuseNumbers(table, column);
  const names = columns.flatMap(({ name, kind, words }) => (kind === 'label' ? [name] : words));
  for (const column of columns) checkNames(table, column);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw bad(table, `two of the labels in it are called “${twice}”. Choose one column of the two`);
  if (names.length > pretraining.mostLabels)
    throw bad(table, `its columns hold ${names.length} labels, more than the ${pretraining.mostLabels} that a head can have`);
  const answers = new Map<number, Float32Array>();
  let leftOut = 0;
  for (const [row, trackId] of trackIds.entries()) {
    if (trackId === null) continue;
    const own = answersOf(table, columns, { row, outputs: names.length });
    if (own.every((one) => one === -1)) {
      leftOut++;
      continue;
    }
    const known = answers.get(trackId);
    if (wish.isExclusive && own.filter((one) => one === 1).length !== 1) leftOut++;
    else if (known === undefined) answers.set(trackId, own);
    else if (wish.isExclusive && own.join() !== known.join())
      throw bad(table, `line ${table.lines[row]} says another class of a track than a line before it`);
    else for (const [at, one] of own.entries()) known[at] = Math.max(known[at] ?? -1, one);
  }
  const missing = trackIds.flatMap((trackId, row) =>
    trackId === null ? [{ line: table.lines[row] ?? 0, text: (table.rows[row]?.[identifies] ?? '').slice(0, longestShown) }] : [],
  );
  return { names, isExclusive: wish.isExclusive, answers, leftOut, missing };
}

/** The columns that can be learnt from, for a person to choose. */
export function labelColumns(table: Table): LabelColumn[] {
  return table.header.flatMap((_, at) => {
    const column = describe(table, at);
    return column === null || !isLikely(table, column) ? [] : [{ name: column.name, kind: column.kind, labels: column.labels }];
  });
}

/** Numbers of tracks, and words that hardly come twice, are no labels unless somebody says so. */
function isLikely(table: Table, { name, kind, labels }: Column): boolean {
  if (kind === 'label') return !numberNames.has(name.toLowerCase());
  return labels <= mostWordsUnasked && labels < table.rows.length / 2;
}

/** Of each row the track that it names, in the library or null. */
async function findTracks(table: Table, tracks: readonly AudioTrack[]): Promise<{ trackIds: (number | null)[]; column: number }> {
  const matcher = new EntryMatcher(tracks);
  const folder = dirname(table.path);
  const byPath = (cell: string): number | null => matcher.match([{ line: cell.trim(), seconds: null }], folder).trackIds[0] ?? null;
  const known = new Set<number>(tracks.map(({ trackId }) => trackId));
  const byNumber = (cell: string): number | null => (/^\d+$/.test(cell.trim()) && known.has(Number(cell)) ? Number(cell) : null);
  const few = table.rows.slice(0, rowsTried);
  const ways = table.header.flatMap((name, column) => {
    const isNumber = numberNames.has(name.toLowerCase());
    const found = (of: (cell: string) => number | null): number => few.filter((row) => of(row[column] ?? '') !== null).length;
    const paths = { column, of: byPath, found: found(byPath) + (pathNames.has(name.toLowerCase()) ? 0.5 : 0) };
    return isNumber ? [paths, { column, of: byNumber, found: found(byNumber) }] : [paths];
  });
  // A path says more than a number, which another program may have given.
  const best = ways.reduce((one, other) =>
    other.found > one.found || (other.found >= 1 && other.of === byPath && one.of === byNumber) ? other : one,
  );
  const pause = breather();
  const trackIds: (number | null)[] = [];
  for (const row of table.rows) {
    await pause();
    trackIds.push(best.of(row[best.column] ?? ''));
  }
  if (best.of === byPath) forgetNamesakes(table, { tracks, trackIds, column: best.column });
  if (trackIds.some((trackId) => trackId !== null)) return { trackIds, column: best.column };
  const says = `none of its ${countOf(table.rows.length, 'row')} names a track that is chosen, by a path or by Earmark’s number`;
  throw bad(table, `${says}. Scan the folder with its music first, or choose other tracks`);
}

/** Where several paths of a table look like one track, that which is its path means it; without one, none can be told to. */
function forgetNamesakes(
  { rows, path }: Table,
  { tracks, trackIds, column }: { tracks: readonly AudioTrack[]; trackIds: (number | null)[]; column: number },
): void {
  const cellOf = (row: number): string => (rows[row]?.[column] ?? '').trim();
  const paths = new Map<number, string>(tracks.map((track) => [track.trackId, track.path]));
  const named = Map.groupBy(trackIds.keys(), (row) => trackIds[row] ?? null);
  for (const [trackId, own] of named) {
    if (trackId === null || new Set(own.map(cellOf)).size === 1) continue;
    const isExact = (row: number): boolean => resolve(dirname(path), cellOf(row)) === paths.get(trackId);
    for (const row of own) if (!isExact(row)) trackIds[row] = null;
  }
}

function chosenColumns(table: Table, { columns, isExclusive }: TableWish, identifies: number): Column[] {
  if (columns.length > 0) return columns.map((name) => named(table, name));
  const all = table.header.flatMap((_, at) => (at === identifies ? [] : [describe(table, at)])).filter((column) => column !== null);
  const likely = all.filter((column) => isLikely(table, column));
  const [labels, words] = (['label', 'words'] as const).map((kind) => likely.filter((column) => column.kind === kind)) as [
    Column[],
    Column[],
  ];
  // Zeros and ones with something that is no number among them are labels that are broken, not words.
  for (const column of all)
    if (column.words.some(isPlain) && column.words.every((one) => isPlain(one) || isNoNumber(one))) refuseNumbers(table, column);
  const [only] = words;
  if (labels.length > 1 || (labels.length === 1 && words.length === 0)) return labels;
  if (only !== undefined && words.length === 1 && labels.length === 0) return [only];
  if (labels.length === 1 && words.length === 1)
    throw bad(table, `its columns “${labels[0]?.name}” and “${only?.name}” can both be learnt. Name what to learn with --column`);
  const says =
    words.length > 1 ? `several of its columns hold words (${someOf(words.map(({ name }) => name))})` : 'none of its columns holds labels';
  throw bad(table, `${says}. Name ${isExclusive ? 'the one' : 'those'} to learn with --column`);
}

function named(table: Table, name: string): Column {
  const at = table.header.indexOf(name);
  if (at < 0) throw bad(table, `it has no column “${name}”. It has ${someOf(table.header)}`);
  const column = describe(table, at);
  if (column !== null) return column;
  throw bad(table, `its column “${name}” is empty`);
}

/** What a column holds; null for an empty one. */
function describe(table: Table, at: number): Column | null {
  const name = table.header[at] ?? '';
  const words = new Map<string, number>();
  for (const [row, cells] of table.rows.entries()) {
    const cell = (cells[at] ?? '').trim();
    if (!unknown.has(cell.toLowerCase()) && !words.has(cell)) words.set(cell, row);
  }
  if (words.size === 0) return null;
  const all = [...words.keys()];
  if (all.every(isPlain)) return { name, kind: 'label', labels: 1, at, words: [] };
  return { name, kind: 'words', labels: all.length, at, words: all.toSorted() };
}

function answersOf(table: Table, columns: readonly Column[], { row, outputs }: { row: number; outputs: number }): Float32Array {
  const answers = new Float32Array(outputs).fill(-1);
  let from = 0;
  for (const column of columns) {
    const cell = (table.rows[row]?.[column.at] ?? '').trim();
    if (unknown.has(cell.toLowerCase())) {
      from += column.kind === 'label' ? 1 : column.words.length;
      continue;
    }
    if (column.kind === 'label') answers[from] = yes.has(cell.toLowerCase()) ? 1 : 0;
    if (column.kind === 'words') for (const [place, word] of column.words.entries()) answers[from + place] = word === cell ? 1 : 0;
    from += column.kind === 'label' ? 1 : column.words.length;
  }
  return answers;
}

/** −1 says in some tables that nobody knows, in others that it is not so. */
const isNoNumber = (cell: string): boolean => /^([-+]?(nan|inf(inity)?)|-1(\.0)?)$/i.test(cell);
const isPlain = (cell: string): boolean => yes.has(cell.toLowerCase()) || no.has(cell.toLowerCase());
const isPart = (cell: string): boolean => /^[-+]?\d*[.,]\d+(e[-+]?\d+)?$/i.test(cell) && !isPlain(cell);

/** Of measurements nobody can say which label they mean. @throws AppError BAD_INPUT */
function refuseNumbers(table: Table, { name, at, words }: Column): void {
  const wrong = words.find((cell) => isNoNumber(cell) || isPart(cell));
  if (wrong === undefined) return;
  const row = table.rows.findIndex((cells) => cells[at]?.trim() === wrong);
  throw bad(table, `its column “${name}” holds “${wrong}” in line ${table.lines[row]}, which is neither 0 nor 1 nor the name of a class`);
}

/** A word that stands in rows of other tracks alone is no label here: nothing could be learnt of it, and nobody could leave it out. */
function withFound({ rows }: Table, column: Column, trackIds: readonly (number | null)[]): Column {
  const found = new Set(rows.flatMap((cells, row) => (trackIds[row] === null ? [] : [(cells[column.at] ?? '').trim()])));
  const words = column.words.filter((word) => found.has(word));
  return words.length === 0 ? column : { ...column, words, labels: words.length };
}

/** Labels are called as tags may be. @throws AppError BAD_INPUT */
function checkNames(table: Table, { name, at, kind, words }: Column): void {
  for (const label of kind === 'label' ? [name] : words) {
    const wrong = wrongName(label);
    if (wrong === null) continue;
    const row = kind === 'label' ? -1 : table.rows.findIndex((cells) => cells[at]?.trim() === label);
    const where = row < 0 ? 'the name of one of its columns' : `a label in line ${table.lines[row]}`;
    throw bad(table, `${where} (${visibleLine(quotedTag({ kind: '', name: label }))}) ${wrong}. Shorten or clean it`);
  }
}

/** Why a label cannot be called so; null where it can. */
function wrongName(label: string): string | null {
  const length = Array.from(label).length;
  if (length > longestTagName) return `has ${length} characters, and a label may have ${longestTagName}`;
  if (/\p{Cc}/u.test(label)) return 'has control characters, such as a line break';
  return cleanTagText(label) === '' ? 'cannot be seen' : null;
}

function someOf(names: readonly string[]): string {
  const shown = names.slice(0, namesShown).map((name) => visibleLine(Array.from(name).slice(0, longestShown).join('')));
  return `${shown.join(', ')}${names.length > namesShown ? ' …' : ''}`;
}

function bad({ path }: Table, why: string): AppError {
  return new AppError('BAD_INPUT', `Nothing can be learnt from ${path}: ${why}.`, { details: { path } });
}
