/** @file Columns of an index: the segments of tracks lie in any order there, and what lies near each other is read at once. */
import type { ChunkFiles } from '../../store/activations/thread.ts';

/** Rows of one track, or of several that follow each other here and there: the first, and which of all values they are. */
export type Run = { firstRow: number; from: number; end: number };

/** A stretch of a column that is read at once, and the runs in it. */
export type Stretch = { firstRow: number; rows: number; runs: Run[] };

/** Rows that nobody asked for, up to which reading on costs less than reading anew. */
const mostBetween = 4096;
/** Rows of a stretch at most, so that it stays in the processor's cache. */
const mostRows = 65_536;

/** Where tracks' segments lie, in the order of the rows. */
export function stretchesOf({ firstRows, counts }: { firstRows: Int32Array; counts: Int32Array }): Stretch[] {
  const stretches: Stretch[] = [];
  for (const run of runsOf(firstRows, counts)) {
    const last = stretches.at(-1);
    const rows = last === undefined ? Infinity : run.firstRow + run.end - run.from - last.firstRow;
    const between = last === undefined ? Infinity : run.firstRow - last.firstRow - last.rows;
    if (last !== undefined && between <= mostBetween && rows <= mostRows) {
      last.runs.push(run);
      last.rows = Math.max(last.rows, rows);
    } else stretches.push({ firstRow: run.firstRow, rows: run.end - run.from, runs: [run] });
  }
  return stretches;
}

function runsOf(firstRows: Int32Array, counts: Int32Array): Run[] {
  let at = 0;
  const each = Array.from(firstRows, (firstRow, track): Run => {
    const [from, count] = [at, counts[track] as number];
    at += count;
    return { firstRow, from, end: at };
  });
  const runs: Run[] = [];
  for (const run of each.filter(({ from, end }) => end > from).sort((a, b) => a.firstRow - b.firstRow)) {
    const last = runs.at(-1);
    const isNext = last !== undefined && last.end === run.from && last.firstRow + last.end - last.from === run.firstRow;
    if (isNext) last.end = run.end;
    else runs.push(run);
  }
  return runs;
}

/** Reads columns into the order of tracks. */
export class ColumnReader {
  readonly #files: ChunkFiles;
  readonly #stretches: Stretch[];
  readonly #buffer: Float32Array;
  /** Values of one column. */
  readonly length: number;

  constructor(files: ChunkFiles, tracks: { firstRows: Int32Array; counts: Int32Array }) {
    this.#files = files;
    this.#stretches = stretchesOf(tracks);
    this.#buffer = new Float32Array(Math.max(0, ...this.#stretches.filter(({ runs }) => runs.length > 1).map(({ rows }) => rows)));
    this.length = tracks.counts.reduce((sum, count) => sum + count, 0);
  }

  /** A neuron's values on all segments. @param values as many as {@link length} @throws AppError INDEX_INCOMPLETE */
  read(feature: number, values: Float32Array): void {
    for (const { firstRow, rows, runs } of this.#stretches) {
      const [only] = runs;
      if (runs.length === 1 && only !== undefined) this.#files.readColumn(feature, firstRow, values.subarray(only.from, only.end));
      else {
        const stretch = this.#buffer.subarray(0, rows);
        this.#files.readColumn(feature, firstRow, stretch);
        for (const run of runs) copy(stretch, run.firstRow - firstRow, { values, run });
      }
    }
  }
}

/** Most runs are so short that a view of them would take longer than their values. */
function copy(stretch: Float32Array, start: number, { values, run: { from, end } }: { values: Float32Array; run: Run }): void {
  for (let at = from; at < end; at++) values[at] = stretch[start + at - from] as number;
}
