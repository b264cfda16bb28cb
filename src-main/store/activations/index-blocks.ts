/** @file Hashes of an index's rows, block by block as they were committed, and the comparison of its files with them. */
import { createHash } from 'node:crypto';
import type { Connection } from '../connection.ts';
import { change, rows } from '../statement.ts';
import { chunkName, chunkRows } from './chunk-files.ts';
import type { ChunkFiles } from './chunk-files.ts';
import type { ActivationIndexInfo, IndexId } from './index-table.ts';

/** Rows of a block at most: 16 MB of 512 features. */
const blockRows = 8192;

/** SHA-256 of `rowCount` embeddings from `firstRow` on; they lie in one chunk. */
export type IndexBlock = { firstRow: number; rowCount: number; sha256: string };

/** Hashes rows `[from, to)` as they are in the files. */
export function hashBlocks(files: ChunkFiles, dimensions: number, { from, to }: { from: number; to: number }): IndexBlock[] {
  const blocks: IndexBlock[] = [];
  for (let firstRow = from; firstRow < to;) {
    const rowCount = Math.min(blockRows, to - firstRow, chunkRows - (firstRow % chunkRows));
    blocks.push({ firstRow, rowCount, sha256: hashOf(readBlock(files, dimensions, { firstRow, rowCount })) });
    firstRow += rowCount;
  }
  return blocks;
}

/** Keeps hashes; in the transaction that commits the rows. */
export function putBlocks(connection: Connection, id: IndexId, blocks: readonly IndexBlock[]): void {
  const put = change(connection, 'INSERT OR REPLACE INTO index_blocks (index_id, first_row, row_count, sha256) VALUES (?, ?, ?, ?)');
  for (const { firstRow, rowCount, sha256 } of blocks) put.run(id, firstRow, rowCount, sha256);
}

/** What comparing found: files that are not what was written, each once, and rows that there is no hash of. */
export type IndexComparison = { damaged: string[]; rowsWithoutHash: number };

/**
 * Compares an index's rows with their hashes, and its columns with its rows. Other work goes on between blocks.
 * @param progress hears how many rows of how many were compared
 */
export async function compareBlocks(
  { connection, files, index }: { connection: Connection; files: ChunkFiles; index: ActivationIndexInfo },
  progress: (done: number, total: number) => void = () => undefined,
): Promise<IndexComparison> {
  const sql = 'SELECT first_row AS firstRow, row_count AS rowCount, sha256 FROM index_blocks WHERE index_id = ? ORDER BY first_row';
  const blocks = rows<[number], IndexBlock>(connection, sql).all(index.id);
  const total = blocks.reduce((sum, { rowCount }) => sum + rowCount, 0);
  const damaged = new Set<string>();
  let done = 0;
  for (const block of blocks) {
    for (const name of damageOf(files, index.dimensions, block)) damaged.add(name);
    progress((done += block.rowCount), total);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { damaged: [...damaged], rowsWithoutHash: Math.max(0, index.committedRows - total) };
}

function damageOf(files: ChunkFiles, dimensions: number, block: IndexBlock): string[] {
  const { firstRow, rowCount, sha256 } = block;
  const [ofRows, ofColumns] = (['embeddings', 'activations'] as const).map((kind) => chunkName(kind, Math.floor(firstRow / chunkRows)));
  let embeddings: Float32Array;
  try {
    embeddings = readBlock(files, dimensions, block);
  } catch {
    return [ofRows as string];
  }
  if (hashOf(embeddings) !== sha256) return [ofRows as string];
  try {
    const bits = new Uint32Array(embeddings.buffer);
    const column = new Float32Array(rowCount);
    const columnBits = new Uint32Array(column.buffer);
    for (let feature = 0; feature < dimensions; feature++) {
      files.readColumn(feature, firstRow, column);
      for (let row = 0; row < rowCount; row++) if (columnBits[row] !== bits[row * dimensions + feature]) return [ofColumns as string];
    }
    return [];
  } catch {
    return [ofColumns as string];
  }
}

function readBlock(files: ChunkFiles, dimensions: number, { firstRow, rowCount }: { firstRow: number; rowCount: number }): Float32Array {
  const embeddings = new Float32Array(rowCount * dimensions);
  files.readRows(firstRow, embeddings);
  return embeddings;
}

function hashOf(embeddings: Float32Array): string {
  return createHash('sha256')
    .update(new Uint8Array(embeddings.buffer, embeddings.byteOffset, embeddings.byteLength))
    .digest('hex');
}
