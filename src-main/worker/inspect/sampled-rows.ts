/** @file Rows of an index by their numbers, without those that hold numbers that are not finite. */
import type { ChunkFiles } from '../../store/activations/thread.ts';

/** Reads them: `[rows that are whole, dimensions]`. */
export function readSampled(files: ChunkFiles, rows: Int32Array, dimensions: number): Float32Array {
  const values = new Float32Array(rows.length * dimensions);
  let taken = 0;
  for (let at = 0; at < rows.length;) {
    let end = at + 1;
    while (end < rows.length && rows[end] === (rows[end - 1] as number) + 1) end++;
    const part = values.subarray(taken * dimensions, (taken + end - at) * dimensions);
    files.readRows(rows[at] as number, part);
    taken += keepFinite(part, dimensions);
    at = end;
  }
  return values.subarray(0, taken * dimensions);
}

/** Moves whole rows to the beginning. @returns how many there are */
function keepFinite(rows: Float32Array, dimensions: number): number {
  let kept = 0;
  for (let from = 0; from < rows.length; from += dimensions) {
    let sum = 0;
    for (let at = from; at < from + dimensions; at++) sum += (rows[at] as number) * 0;
    if (sum !== 0) continue;
    rows.copyWithin(kept * dimensions, from, from + dimensions);
    kept++;
  }
  return kept;
}
