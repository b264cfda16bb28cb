/** @file Rows of an index's files, brought into a thread's own memory a block at a time, centred there. */
import { makeKernel, rowBytesOf, scratchBytes, scratchOf } from './kernel.ts';
import type { Kernel, Scratch } from './kernel.ts';
import type { Source, ThreadState } from './thread-state.ts';

/** Rows of one block: 512 KB of 512 features. */
export const blockRows = 256;

/** A block of rows in memory: where it lies, and where there is place for a query, a mean and scores. */
export type RowBlock = { kernel: Kernel; scratch: Scratch; rows: number; rowBytes: number; free: number };

/** Makes room for a block, with the mean in its place, and `freeBytes` behind. */
export function makeBlock(state: ThreadState, { dimensions }: Source, mean: Float32Array, freeBytes = 0): RowBlock {
  const rowBytes = rowBytesOf(dimensions);
  const rows = scratchBytes(rowBytes);
  const free = rows + blockRows * rowBytes;
  const kernel = state.work(free + freeBytes);
  const scratch = scratchOf(rowBytes, 0);
  putVector(kernel, scratch.mean, rowBytes, mean);
  return { kernel, scratch, rows, rowBytes, free };
}

/** Writes a vector, filled up with zeros. */
export function putVector(kernel: ReturnType<typeof makeKernel>, address: number, rowBytes: number, vector: Float32Array): void {
  const place = new Float32Array(kernel.memory.buffer, address, rowBytes / 4);
  place.set(vector);
  place.fill(0, vector.length);
}

/** Reads rows from `firstRow` on to `address` of a kernel's memory, scaled, each filled up with zeros. */
export function readPadded(
  state: ThreadState,
  source: Source,
  { firstRow, count, kernel, address }: { firstRow: number; count: number; kernel: Kernel; address: number },
): void {
  const { dimensions, scale } = source;
  const rowFloats = rowBytesOf(dimensions) / 4;
  const place = new Float32Array(kernel.memory.buffer, address, count * rowFloats);
  const files = state.files(source);
  if (rowFloats === dimensions && scale === null) return files.readRows(firstRow, place);
  const rows = new Float32Array(count * dimensions);
  files.readRows(firstRow, rows);
  scaleRows(rows, scale);
  place.fill(0);
  for (let row = 0; row < count; row++) place.set(rows.subarray(row * dimensions, (row + 1) * dimensions), row * rowFloats);
}

/** Multiplies the features of rows `[rows, dimensions]`, in place; without a scale they stay as they are. */
export function scaleRows(rows: Float32Array, scale: Float32Array | null): void {
  if (scale === null) return;
  for (let at = 0; at < rows.length;) for (let i = 0; i < scale.length; i++, at++) rows[at] = (rows[at] as number) * (scale[i] as number);
}

/** Reads rows into a block, at most {@link blockRows}, and centres them. */
export function readBlock(
  state: ThreadState,
  source: Source,
  block: RowBlock,
  { firstRow, count }: { firstRow: number; count: number },
): void {
  readPadded(state, source, { firstRow, count, kernel: block.kernel, address: block.rows });
  block.kernel.centre(block.rows, block.rowBytes, count, block.scratch.mean);
}
