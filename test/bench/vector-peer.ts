/**
 * @file Another program's vector search in a process of its own, so that its memory can be told. Reads one line of JSON ({@link PeerOrder}) from stdin,
 * builds the index, asks, and prints one line of JSON ({@link PeerAnswer}).
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';
import { load } from 'sqlite-vec';
import { Index, MetricKind, ScalarKind } from 'usearch';

/** What to build from: unit vectors, float32 `[rows, dimensions]` in a file; `queries` are rows of it. */
export type PeerOrder = {
  program: 'sqlite-vec' | 'usearch';
  vectors: string;
  indexPath: string;
  rows: number;
  dimensions: number;
  queries: number[];
  count: number;
};

/** Times in ms; `answers` name rows, nearest first. */
export type PeerAnswer = { buildSeconds: number; diskBytes: number; memoryBytes: number; times: number[]; answers: number[][] };

const batchRows = 8192;
/** As the program's own benchmarks have it. */
const connectivity = 16;

type Peer = { add(firstRow: number, rows: Float32Array): void; finish(): void; ask(query: Float32Array): number[] };

function sqliteVec({ indexPath, dimensions, count }: PeerOrder): Peer {
  const database = new Database(indexPath);
  load(database);
  database.pragma('journal_mode = WAL');
  database.exec(`CREATE VIRTUAL TABLE vectors USING vec0(id INTEGER PRIMARY KEY, v float[${dimensions}] distance_metric=cosine)`);
  const insert = database.prepare('INSERT INTO vectors (id, v) VALUES (?, ?)');
  const select = database.prepare<[Buffer, number], number>('SELECT id FROM vectors WHERE v MATCH ? AND k = ? ORDER BY distance').pluck();
  const bytes = (vector: Float32Array): Buffer => Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
  return {
    add: database.transaction((firstRow: number, rows: Float32Array) => {
      for (let row = 0; row * dimensions < rows.length; row++)
        insert.run(BigInt(firstRow + row), bytes(rows.subarray(row * dimensions, (row + 1) * dimensions)));
    }),
    finish: () => void database.pragma('wal_checkpoint(TRUNCATE)'),
    ask: (query) => select.all(bytes(query), count),
  };
}

function usearch({ indexPath, dimensions, count }: PeerOrder): Peer {
  const index = new Index({
    ...{ dimensions, metric: MetricKind.Cos, quantization: ScalarKind.F16, connectivity },
    ...{ expansion_add: 128, expansion_search: 128, multi: false },
  });
  return {
    add: (firstRow, rows) => {
      const keys = BigUint64Array.from({ length: rows.length / dimensions }, (_, row) => BigInt(firstRow + row));
      const vectors = Array.from(keys, (_, row) => rows.subarray(row * dimensions, (row + 1) * dimensions));
      index.add(keys, vectors, availableParallelism());
    },
    finish: () => index.save(indexPath),
    ask: (query) => Array.from(index.search(query, count, 1).keys, Number),
  };
}

function measure(order: PeerOrder): PeerAnswer {
  const { vectors, rows, dimensions, queries, indexPath } = order;
  const file = openSync(vectors, 'r');
  const read = (firstRow: number, count: number): Float32Array => {
    const values = new Float32Array(count * dimensions);
    readSync(file, new Uint8Array(values.buffer), 0, values.byteLength, firstRow * dimensions * 4);
    return values;
  };
  const before = process.memoryUsage().rss;
  const startedAt = performance.now();
  const peer = order.program === 'usearch' ? usearch(order) : sqliteVec(order);
  for (let row = 0; row < rows; row += batchRows) peer.add(row, read(row, Math.min(batchRows, rows - row)));
  peer.finish();
  const buildSeconds = (performance.now() - startedAt) / 1000;
  const ask = (row: number): { time: number; answer: number[] } => {
    const query = read(row, 1);
    const start = performance.now();
    const answer = peer.ask(query);
    return { time: performance.now() - start, answer };
  };
  for (const row of queries.slice(0, 3)) ask(row);
  const asked = queries.map(ask);
  closeSync(file);
  return {
    ...{ buildSeconds, diskBytes: statSync(indexPath).size, memoryBytes: process.memoryUsage().rss - before },
    ...{ times: asked.map(({ time }) => time), answers: asked.map(({ answer }) => answer) },
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(measure(JSON.parse(line) as PeerOrder))}\n`);
  break;
}
