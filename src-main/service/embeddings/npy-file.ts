/** @file Embeddings as NumPy's `.npy` (format 1.0: float32, C order), with what the rows are in a JSON file beside it. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { TrackEmbeddings } from './embedding-rows.ts';
import type { EmbeddingAbout, EmbeddingFile } from './embedding-file.ts';

/** The header: magic, version, length, a Python literal, blanks up to a multiple of 64 (numpy.lib.format, version 1.0). */
export function npyHeader(rows: number, dimensions: number): Buffer {
  const literal = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${dimensions}), }`;
  const length = Math.ceil((10 + literal.length + 1) / 64) * 64 - 10;
  const header = Buffer.alloc(10 + length, ' ');
  header.write('\x93NUMPY\x01\x00', 0, 'latin1');
  header.writeUInt16LE(length, 8);
  header.write(literal, 10, 'latin1');
  header.write('\n', header.length - 1);
  return header;
}

/** Writes the matrix and its description as the rows come. */
export class NpyFile implements EmbeddingFile {
  readonly #matrix: FileHandle;
  readonly #description: FileHandle;
  #rows = 0;

  private constructor(matrix: FileHandle, description: FileHandle) {
    this.#matrix = matrix;
    this.#description = description;
  }

  /** @param paths the matrix's and the description's; both new */
  static async create([matrixPath, descriptionPath]: readonly [string, string], about: EmbeddingAbout): Promise<NpyFile> {
    const matrix = await open(matrixPath, 'wx');
    const description = await open(descriptionPath, 'wx');
    await matrix.write(npyHeader(about.rows, about.dimensions));
    await description.write(`${JSON.stringify(about, null, 2).slice(0, -2)},\n  "tracks": [`);
    return new NpyFile(matrix, description);
  }

  async write({ trackId, path, title, artist, rows, embeddings }: TrackEmbeddings): Promise<void> {
    await this.#matrix.write(new Uint8Array(embeddings.buffer, embeddings.byteOffset, embeddings.byteLength));
    const track = { trackId, path, title, artist, firstRow: this.#rows, rows };
    await this.#description.write(`${this.#rows === 0 ? '' : ','}\n    ${JSON.stringify(track)}`);
    this.#rows += rows;
  }

  async finish(): Promise<void> {
    await this.#description.write('\n  ]\n}\n');
    await Promise.all([this.#matrix.sync(), this.#description.sync()]);
  }

  async close(): Promise<void> {
    await Promise.all([this.#matrix.close(), this.#description.close()]);
  }
}
