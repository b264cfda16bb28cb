/**
 * @file Looks through an index's files and mends them. Every number is there twice, in its row and in its feature's column: what one file lost is
 * written again from the other. Rows that neither has, or that the two disagree on, are lost; their tracks wait to be encoded again, and no others.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import { toAppError } from '../../base/index.ts';
import type { ChunkFiles } from './chunk-files.ts';
import { chunkRows } from './chunk-files.ts';

/** Rows compared at a time: a few megabytes. */
const blockRows = 2048;

/** What was found in an index, row by row. */
export type RepairReport = {
  /** Paths of files that were not whole. */
  files: string[];
  /** Rows whose columns were written again from the row, and the other way round. */
  columnsRebuilt: number;
  rowsRebuilt: number;
  /** Numbers of rows that are lost, ascending. */
  lostRows: number[];
};

/** How to go about it. `isLive`: whether a track needs a row. `writes`: false only looks. */
export type RepairOptions = {
  rows: number;
  dimensions: number;
  isLive: (row: number) => boolean;
  writes: boolean;
  signal?: AbortSignal | undefined;
  onRows?: ((done: number) => void) | undefined;
};

/** Looks through the files, a block at a time; others can work in between. @throws AppError `DISK_FULL` and the like */
export async function repairFiles(files: ChunkFiles, options: RepairOptions): Promise<RepairReport> {
  const report: RepairReport = { files: [], columnsRebuilt: 0, rowsRebuilt: 0, lostRows: [] };
  const broken = new Set<string>();
  try {
    for (let first = 0; first < options.rows;) {
      options.signal?.throwIfAborted();
      const count = Math.min(blockRows, options.rows - first, chunkRows - (first % chunkRows));
      mendBlock(files, { first, count }, { options, report, broken });
      first += count;
      options.onRows?.(first);
      await breathe();
    }
    if (options.writes) files.sync();
  } catch (error) {
    throw toAppError(error, 'mend the index');
  }
  report.files = [...broken].toSorted();
  return report;
}

type Mending = { options: RepairOptions; report: RepairReport; broken: Set<string> };
type Block = { first: number; count: number };

function mendBlock(files: ChunkFiles, { first, count }: Block, { options, report, broken }: Mending): void {
  const { dimensions } = options;
  const rows = new Float32Array(count * dimensions);
  const columns = new Float32Array(count * dimensions);
  const wholeRows = Math.floor(files.readAvailable('embeddings', { first, feature: 0 }, rows) / dimensions);
  const hasColumn = new Uint8Array(count).fill(1);
  const column = new Float32Array(count);
  for (let feature = 0; feature < dimensions; feature++) {
    const there = files.readAvailable('activations', { first, feature }, column);
    hasColumn.fill(0, there);
    for (let row = 0; row < there; row++) columns[row * dimensions + feature] = column[row] as number;
  }
  const fromRow = new Uint8Array(count);
  const fromColumn = new Uint8Array(count);
  for (let row = 0; row < count; row++) {
    const part = (values: Float32Array): Float32Array => values.subarray(row * dimensions, (row + 1) * dimensions);
    const isLive = options.isLive(first + row);
    const state = judge({ row: row < wholeRows ? part(rows) : null, column: hasColumn[row] === 1 ? part(columns) : null, isLive });
    if (state === 'row') fromRow[row] = 1;
    if (state === 'column') fromColumn[row] = 1;
    if (state === 'lost') {
      part(rows).fill(0);
      fromRow[row] = 1;
      fromColumn[row] = 1;
      if (isLive) report.lostRows.push(first + row);
    }
    if (fromRow[row] === 1) broken.add(files.pathOf('activations', first + row));
    if (fromColumn[row] === 1) broken.add(files.pathOf('embeddings', first + row));
    if (state === 'row') report.columnsRebuilt++;
    if (state === 'column') report.rowsRebuilt++;
    if (state === 'column') part(rows).set(part(columns));
  }
  if (!options.writes) return;
  for (const [start, end] of stretches(fromColumn)) files.writeRows(first + start, rows.subarray(start * dimensions, end * dimensions));
  for (const [start, end] of stretches(fromRow)) {
    const values = new Float32Array(end - start);
    for (let feature = 0; feature < dimensions; feature++) {
      for (let row = start; row < end; row++) values[row - start] = rows[row * dimensions + feature] as number;
      files.writeColumn(feature, first + start, values);
    }
  }
}

type Twice = { row: Float32Array | null; column: Float32Array | null; isLive: boolean };

/** Which of the two is to be believed. A file that was cut and grew again reads as zeros, which no encoder gives throughout. */
function judge({ row, column, isLive }: Twice): 'whole' | 'row' | 'column' | 'lost' {
  if (row === null && column === null) return 'lost';
  if (column === null) return 'row';
  if (row === null) return 'column';
  if (isSame(row, column)) return isLive && isEmpty(row) ? 'lost' : 'whole';
  const [isRowEmpty, isColumnEmpty] = [isEmpty(row), isEmpty(column)];
  if (isRowEmpty !== isColumnEmpty) return isRowEmpty ? 'column' : 'row';
  // What no track needs may differ: rows that were given up were not all written twice.
  return isLive ? 'lost' : 'whole';
}

function isSame(a: Float32Array, b: Float32Array): boolean {
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

/** All zeros, or something that is no number: nothing that an encoder gave. */
function isEmpty(values: Float32Array): boolean {
  return values.every((value) => value === 0) || !values.every((value) => Number.isFinite(value));
}

/** Runs of ones: `[start, end)`. */
function stretches(marks: Uint8Array): [number, number][] {
  const found: [number, number][] = [];
  for (let at = 0; at < marks.length;) {
    const start = marks.indexOf(1, at);
    if (start < 0) break;
    let end = start;
    while (marks[end] === 1) end++;
    found.push([start, end]);
    at = end;
  }
  return found;
}
