/**
 * @file The files of an index. Rows (segments) are cut into chunks of 65 536. A chunk has two files: `embeddings-NNNN.f32`, row after row in
 * float32, and `activations-NNNN.f32`, the same numbers feature after feature, where a feature's run starts at a fixed place, so that one
 * feature of all segments is one contiguous read a chunk. Both grow as holes that are filled; little-endian like every machine Earmark runs on.
 */
import { closeSync, fdatasyncSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, flushFolder } from '../../base/index.ts';

/** Rows of one chunk. */
export const chunkRows = 65_536;

/** Bytes of a feature's run in a chunk. */
const runBytes = chunkRows * Float32Array.BYTES_PER_ELEMENT;

/** Files kept open at once; macOS allows a process 256 by default. */
const openFiles = 96;

/** The two kinds of chunk files. */
export type ChunkKind = 'embeddings' | 'activations';

/** The system's calls that write; a test stands in for a full disk here. */
export type WriteCalls = {
  write(file: number, bytes: Uint8Array, position: number): number;
  sync(file: number): void;
};

const systemCalls: WriteCalls = {
  write: (file, bytes, position) => writeSync(file, bytes, 0, bytes.length, position),
  sync: fdatasyncSync,
};

/** The name of a chunk's file. */
export function chunkName(kind: ChunkKind, chunk: number): string {
  return `${kind}-${String(chunk).padStart(4, '0')}.f32`;
}

/** Opens chunk files as they are needed, reads and writes parts of them at their place. */
export class ChunkFiles {
  readonly #directory: string;
  readonly #dimensions: number;
  readonly #calls: WriteCalls;
  readonly #open = new Map<string, number>();
  readonly #written = new Set<string>();
  #madeFiles = false;

  /**
   * @param directory the index's folder; made at the first write
   * @param dimensions features of a row
   */
  constructor(directory: string, dimensions: number, calls: WriteCalls = systemCalls) {
    this.#directory = directory;
    this.#dimensions = dimensions;
    this.#calls = calls;
  }

  /** Reads a feature's values of `into.length` rows from `firstRow` on. */
  readColumn(feature: number, firstRow: number, into: Float32Array): void {
    forChunks(firstRow, into.length, (chunk, rowInChunk, start, count) => {
      this.#read(
        chunkName('activations', chunk),
        into.subarray(start, start + count),
        feature * runBytes + rowInChunk * Float32Array.BYTES_PER_ELEMENT,
      );
    });
  }

  /** Reads whole rows `[into.length / dimensions, dimensions]` from `firstRow` on. */
  readRows(firstRow: number, into: Float32Array): void {
    const rowBytes = this.#dimensions * Float32Array.BYTES_PER_ELEMENT;
    forChunks(firstRow, into.length / this.#dimensions, (chunk, rowInChunk, start, count) => {
      const part = into.subarray(start * this.#dimensions, (start + count) * this.#dimensions);
      this.#read(chunkName('embeddings', chunk), part, rowInChunk * rowBytes);
    });
  }

  /**
   * Reads as much as there is from a place on, within one chunk: whole rows of `embeddings`, or a feature's values of `activations`.
   * @returns values read; fewer than `into` holds where the file is short, gone or unreadable
   */
  readAvailable(kind: ChunkKind, { first, feature }: { first: number; feature: number }, into: Float32Array): number {
    const row = first % chunkRows;
    const bytes = Float32Array.BYTES_PER_ELEMENT;
    const position = kind === 'embeddings' ? row * this.#dimensions * bytes : feature * runBytes + row * bytes;
    const target = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
    let done = 0;
    try {
      const file = this.#file(chunkName(kind, Math.floor(first / chunkRows)), 'r');
      while (done < target.length) {
        const count = readSync(file, target, done, target.length - done, position + done);
        if (count === 0) break;
        done += count;
      }
    } catch {
      // A file that is gone, or that the drive cannot read from here on, holds no more than what was read.
    }
    return Math.floor(done / bytes);
  }

  /** The file that holds a row. */
  pathOf(kind: ChunkKind, row: number): string {
    return join(this.#directory, chunkName(kind, Math.floor(row / chunkRows)));
  }

  /** Writes whole rows at `firstRow`; they must lie in one chunk. */
  writeRows(firstRow: number, rows: Float32Array): void {
    const position = (firstRow % chunkRows) * this.#dimensions * Float32Array.BYTES_PER_ELEMENT;
    this.#write(chunkName('embeddings', Math.floor(firstRow / chunkRows)), rows, position);
  }

  /** Writes a feature's values at `firstRow`; they must lie in one chunk. */
  writeColumn(feature: number, firstRow: number, values: Float32Array): void {
    const position = feature * runBytes + (firstRow % chunkRows) * Float32Array.BYTES_PER_ELEMENT;
    this.#write(chunkName('activations', Math.floor(firstRow / chunkRows)), values, position);
  }

  /** Flushes everything that was written to disk (fsync). */
  sync(): void {
    for (const name of this.#written) this.#calls.sync(this.#file(name, 'r+'));
    this.#written.clear();
    if (this.#madeFiles) flushFolder(this.#directory);
    this.#madeFiles = false;
  }

  /** Closes the files; they are opened again when needed. */
  close(): void {
    for (const file of this.#open.values()) closeSync(file);
    this.#open.clear();
  }

  #read(name: string, into: Float32Array, position: number): void {
    const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
    const file = this.#file(name, 'r');
    for (let done = 0; done < bytes.length;) {
      const count = readSync(file, bytes, done, bytes.length - done, position + done);
      if (count === 0) throw incompleteIndex(join(this.#directory, name), position + bytes.length);
      done += count;
    }
  }

  #write(name: string, values: Float32Array, position: number): void {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const file = this.#file(name, 'r+');
    this.#written.add(name);
    for (let done = 0; done < bytes.length;) done += this.#calls.write(file, bytes.subarray(done), position + done);
  }

  #file(name: string, use: 'r' | 'r+'): number {
    const key = `${use} ${name}`;
    const known = this.#open.get(key);
    if (known !== undefined) {
      this.#open.delete(key);
      this.#open.set(key, known);
      return known;
    }
    const file = use === 'r' ? this.#openForReading(name) : this.#openForWriting(name);
    this.#open.set(key, file);
    const [oldest] = this.#open;
    if (oldest !== undefined && this.#open.size > openFiles) {
      closeSync(oldest[1]);
      this.#open.delete(oldest[0]);
    }
    return file;
  }

  #openForReading(name: string): number {
    const path = join(this.#directory, name);
    try {
      return openSync(path, 'r');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw incompleteIndex(path, 0);
      throw error;
    }
  }

  #openForWriting(name: string): number {
    const path = join(this.#directory, name);
    try {
      return openSync(path, 'r+');
    } catch {
      mkdirSync(this.#directory, { recursive: true });
      this.#madeFiles = true;
      return openSync(path, 'w+');
    }
  }
}

/** Cuts a run of rows at the chunks' borders: `start` counts from `firstRow`. */
export function forChunks(
  firstRow: number,
  rowCount: number,
  visit: (chunk: number, rowInChunk: number, start: number, count: number) => void,
): void {
  for (let start = 0; start < rowCount;) {
    const row = firstRow + start;
    const rowInChunk = row % chunkRows;
    const count = Math.min(rowCount - start, chunkRows - rowInChunk);
    visit(Math.floor(row / chunkRows), rowInChunk, start, count);
    start += count;
  }
}

/**
 * That an index's file or folder was taken away or cut.
 * @param expectedBytes how long the file has to be at least; 0 where it has to be there at all
 */
export function incompleteIndex(path: string, expectedBytes: number): AppError {
  return new AppError(
    'DATABASE_DAMAGED',
    `The index’s file ${path} is not whole. Repair the index (in Settings, or with \`earmark index --repair\`): what the other files still hold is kept, and only the tracks that are lost are encoded again.`,
    { details: { path, expectedBytes, part: 'index' } },
  );
}
