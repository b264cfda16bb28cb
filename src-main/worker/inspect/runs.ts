/** @file Columns of an index: what lies behind each other is read at once. */
import type { ChunkFiles } from '../../store/activations/thread.ts';

/** Rows of tracks that lie behind each other: the first, and which of all values they are. */
export type Run = { firstRow: number; from: number; end: number };

/** Where tracks' segments lie, joined where they follow each other. */
export function runsOf({ firstRows, counts }: { firstRows: Int32Array; counts: Int32Array }): Run[] {
  const runs: Run[] = [];
  let at = 0;
  for (const [track, firstRow] of firstRows.entries()) {
    const [last, count] = [runs.at(-1), counts[track] as number];
    if (last !== undefined && last.firstRow + last.end - last.from === firstRow) last.end += count;
    else runs.push({ firstRow, from: at, end: at + count });
    at += count;
  }
  return runs;
}

/** Reads a neuron's values of all runs. */
export function readRuns(files: ChunkFiles, runs: readonly Run[], feature: number, values: Float32Array): void {
  for (const { firstRow, from, end } of runs) files.readColumn(feature, firstRow, values.subarray(from, end));
}
