/** @file What threads compute from an index's rows: every track's mean, the directions that codes are made along, and codes. */
import { codeRow } from './quantise.ts';
import { directionsBytes, leadingDirections } from './directions.ts';
import type { Directions } from './directions.ts';
import { rowBytesOf } from './kernel.ts';
import { encodeRecord } from './record-file.ts';
import { blockRows, makeBlock, readBlock } from './row-block.ts';
import type { RowBlock } from './row-block.ts';
import type { Runs } from './runs.ts';
import { codeTailBytes, leadFloats } from './space.ts';
import type { Source, ThreadState } from './thread-state.ts';

/** Rows that the directions are found from. */
const sampleRows = 16_384;

/** Means of runs, as records that follow one another; a record's payload is float32 `[dimensions]`. */
export function meanRecords(state: ThreadState, { source, runs }: { source: Source; runs: Runs }): Uint8Array<ArrayBuffer> {
  const { dimensions } = source;
  const files = state.files(source);
  const records = Array.from(runs.segments, (segments, run) => {
    const sums = new Float64Array(dimensions);
    for (let done = 0; done < segments; done += blockRows) {
      const rows = new Float32Array(Math.min(blockRows, segments - done) * dimensions);
      files.readRows((runs.firstRows[run] as number) + done, rows);
      for (let at = 0; at < rows.length;) for (let i = 0; i < dimensions; i++) sums[i] = (sums[i] as number) + (rows[at++] as number);
    }
    const mean = Float32Array.from(sums, (sum) => sum / segments);
    return encodeRecord(runs, run, new Uint8Array(mean.buffer));
  });
  return joined(records);
}

/** Finds the directions of codes from rows that are spread evenly over the runs. */
export function findDirections(
  state: ThreadState,
  { source, runs, mean }: { source: Source; runs: Runs; mean: Float32Array },
): Directions & { basis: Float32Array<ArrayBuffer> } {
  const { dimensions } = source;
  const total = runs.segments.reduce((sum, segments) => sum + segments, 0);
  const every = Math.max(1, total / sampleRows);
  const rows: number[] = [];
  let before = 0;
  for (const [run, segments] of runs.segments.entries()) {
    for (let next = rows.length * every; next < before + segments; next = rows.length * every)
      rows.push((runs.firstRows[run] as number) + Math.floor(next) - before);
    before += segments;
  }
  const block = makeBlock(state, source, mean);
  const sample = new Float32Array(rows.length * dimensions);
  const floats = new Float32Array(block.kernel.memory.buffer);
  for (const [i, firstRow] of rows.entries()) {
    readBlock(state, source, block, { firstRow, count: 1 });
    sample.set(floats.subarray(block.rows / 4, block.rows / 4 + dimensions), i * dimensions);
  }
  return leadingDirections(state.work(directionsBytes(rows.length, dimensions)), sample, dimensions);
}

/** What codes are made with: the mean that was subtracted, and the directions, float32 `[leadFloats + width, dimensions]`. */
export type Coding = { mean: Float32Array; basis: Float32Array; width: number };

/** Codes of runs, as records; a payload is int8 `[segments, width]`, then float32 `[codeColumns, segments]`: scales, offsets, leading numbers. */
export function codeRecords(
  state: ThreadState,
  { source, runs, coding }: { source: Source; runs: Runs; coding: Coding },
): Uint8Array<ArrayBuffer> {
  const { width } = coding;
  const rowBytes = rowBytesOf(source.dimensions);
  const directions = leadFloats + width;
  const block = makeBlock(state, source, coding.mean, directions * rowBytes + directions * 4);
  const floats = new Float32Array(block.kernel.memory.buffer);
  for (let k = 0; k < directions; k++) {
    const at = block.free / 4 + (k * rowBytes) / 4;
    floats.fill(0, at, at + rowBytes / 4);
    floats.set(coding.basis.subarray(k * source.dimensions, (k + 1) * source.dimensions), at);
  }
  const records = Array.from(runs.segments, (segments, run) => {
    const payload = new Uint8Array(segments * (width + codeTailBytes));
    for (let done = 0; done < segments; done += blockRows) {
      const count = Math.min(blockRows, segments - done);
      readBlock(state, source, block, { firstRow: (runs.firstRows[run] as number) + done, count });
      codeBlock(block, payload, { segments, done, count, width });
    }
    return encodeRecord(runs, run, payload);
  });
  return joined(records);
}

/** Multiplies each row of a block by the directions behind it, and codes what comes out. */
function codeBlock(
  { kernel, rows, rowBytes, free }: RowBlock,
  payload: Uint8Array<ArrayBuffer>,
  { segments, done, count, width }: { segments: number; done: number; count: number; width: number },
): void {
  const out = free + (leadFloats + width) * rowBytes;
  const leads = new Float32Array(kernel.memory.buffer, out, leadFloats);
  const values = new Float32Array(kernel.memory.buffer, out + 4 * leadFloats, width);
  const tail = new DataView(payload.buffer, segments * width);
  for (let row = 0; row < count; row++) {
    kernel.dots(rows + row * rowBytes, free, rowBytes, leadFloats + width, out);
    const segment = done + row;
    const { scale, offset } = codeRow(values, new Int8Array(payload.buffer, segment * width, width));
    tail.setFloat32(segment * 4, scale, true);
    tail.setFloat32((segments + segment) * 4, offset, true);
    for (const [i, lead] of leads.entries()) tail.setFloat32(((2 + i) * segments + segment) * 4, lead, true);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
