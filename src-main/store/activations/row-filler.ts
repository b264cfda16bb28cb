/** @file Gathers rows in memory and writes them to the chunk files in both layouts. */
import { chunkRows, forChunks } from './chunk-files.ts';
import type { ChunkFiles } from './chunk-files.ts';

/** Features transposed at a time: a row's values of one cache line. */
const featuresAtOnce = 16;

/** Where the rows go and how many are gathered. */
export type FillerOptions = { firstRow: number; capacity: number; dimensions: number };

/** A buffer of rows `[capacity, dimensions]` that lies at a moving place of an index. */
export class RowFiller {
  readonly #files: ChunkFiles;
  readonly #dimensions: number;
  readonly #capacity: number;
  readonly #buffer: Float32Array;
  readonly #columns: Float32Array;
  #firstRow: number;
  #count = 0;

  constructor(files: ChunkFiles, options: FillerOptions) {
    this.#files = files;
    this.#dimensions = options.dimensions;
    this.#capacity = options.capacity;
    this.#firstRow = options.firstRow;
    this.#buffer = new Float32Array(options.capacity * options.dimensions);
    this.#columns = new Float32Array(options.capacity * featuresAtOnce);
  }

  /** The row that the next added segment gets. */
  get nextRow(): number {
    return this.#firstRow + this.#count;
  }

  /** Rows that wait to be written. */
  get count(): number {
    return this.#count;
  }

  /** Whether rows must be written before more are added. */
  get isFull(): boolean {
    return this.#count === this.#capacity;
  }

  /** Takes as many rows `[rows, dimensions]` as there is room for; returns how many. */
  add(rows: Float32Array): number {
    const part = rows.subarray(0, (this.#capacity - this.#count) * this.#dimensions);
    this.#buffer.set(part, this.#count * this.#dimensions);
    this.#count += part.length / this.#dimensions;
    return part.length / this.#dimensions;
  }

  /** Forgets rows from `row` on, written or not. */
  backTo(row: number): void {
    if (row < this.#firstRow) this.#firstRow = row;
    this.#count = row - this.#firstRow;
  }

  /** Writes what waits; the buffer is empty then and lies behind it. */
  write(): void {
    forChunks(this.#firstRow, this.#count, (chunk, rowInChunk, start, count) => {
      const firstRow = chunk * chunkRows + rowInChunk;
      const rows = this.#buffer.subarray(start * this.#dimensions, (start + count) * this.#dimensions);
      this.#files.writeRows(firstRow, rows);
      this.#writeColumns(firstRow, rows, count);
    });
    this.#firstRow += this.#count;
    this.#count = 0;
  }

  #writeColumns(firstRow: number, rows: Float32Array, count: number): void {
    const dimensions = this.#dimensions;
    const columns = this.#columns;
    for (let first = 0; first < dimensions; first += featuresAtOnce) {
      const width = Math.min(featuresAtOnce, dimensions - first);
      for (let row = 0, at = first; row < count; row++, at += dimensions)
        for (let feature = 0; feature < width; feature++) columns[feature * count + row] = rows[at + feature] as number;
      for (let feature = 0; feature < width; feature++)
        this.#files.writeColumn(first + feature, firstRow, columns.subarray(feature * count, (feature + 1) * count));
    }
  }
}
