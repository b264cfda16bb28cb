/** @file Entry of a thread that draws a map: it reads Earmark's own files and computes, nothing more. */
import { parentPort, workerData } from 'node:worker_threads';
import { defined, toAppError } from '../base/index.ts';
import { musicMap, standardRows } from '../inspect/index.ts';
import type { Rows } from '../inspect/index.ts';
import type { MapAnswer, MapOrder } from '../service/index.ts';
import { ChunkFiles } from '../store/activations/thread.ts';

const port = defined(parentPort, 'the thread that started this one');
/** How often it tells how far it is: at every so much of the work. */
const toldEvery = 0.005;

/** Rows of the points whose numbers are all finite, and which those are. */
function readPoints({ directory, dimensions, firstRows, counts, owners, segments }: MapOrder): { rows: Rows; kept: Int32Array } {
  const files = new ChunkFiles(directory, dimensions);
  const values = new Float32Array(owners.length * dimensions);
  const kept: number[] = [];
  try {
    for (let point = 0; point < owners.length;) {
      const owner = owners[point] as number;
      const count = counts[owner] as number;
      const rows = new Float32Array(count * dimensions);
      files.readRows(firstRows[owner] as number, rows);
      for (; point < owners.length && owners[point] === owner; point++) {
        const segment = segments[point] as number;
        const row = segment < 0 ? meanOf(rows, dimensions) : rows.subarray(segment * dimensions, (segment + 1) * dimensions);
        if (!row.every(Number.isFinite)) continue;
        values.set(row, kept.length * dimensions);
        kept.push(point);
      }
    }
  } finally {
    files.close();
  }
  return {
    rows: { values: values.subarray(0, kept.length * dimensions), count: kept.length, width: dimensions },
    kept: Int32Array.from(kept),
  };
}

function meanOf(rows: Float32Array, dimensions: number): Float32Array {
  const sums = new Float64Array(dimensions);
  const count = rows.length / dimensions;
  for (let at = 0; at < rows.length; at++) sums[at % dimensions] = (sums[at % dimensions] as number) + (rows[at] as number) / count;
  return Float32Array.from(sums);
}

function draw(order: MapOrder): void {
  const pause = new Int32Array(order.pause);
  let told = 0;
  const onShare = (share: number): void => {
    while (Atomics.load(pause, 0) === 1) Atomics.wait(pause, 0, 1);
    if (share - told < toldEvery) return;
    told = share;
    port.postMessage({ share } satisfies MapAnswer);
  };
  const { rows, kept } = readPoints(order);
  const drawn = order.isStandardised ? standardRows(rows) : rows;
  const places = musicMap(drawn, { method: order.method, seed: order.seed, onShare });
  port.postMessage({ places, kept } satisfies MapAnswer);
}

try {
  draw(workerData as MapOrder);
} catch (error) {
  port.postMessage({ error: toAppError(error, 'draw the map').toData() } satisfies MapAnswer);
}
