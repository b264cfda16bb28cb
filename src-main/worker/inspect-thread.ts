/** @file Entry of a thread that looks at an index's neurons, one column after the other: it reads Earmark's own files and computes, nothing more. */
import { parentPort, workerData } from 'node:worker_threads';
import { defined, toAppError } from '../base/index.ts';
import { nameNeuron, neuronStatistics } from '../inspect/index.ts';
import type { InspectAnswer, NeuronOrder, SeenNeuron } from '../service/index.ts';
import { ChunkFiles } from '../store/activations/thread.ts';

const port = defined(parentPort, 'the thread that started this one');
/** How often it tells how far it is. */
const toldEvery = 4;

/** Rows of tracks that lie behind each other are read at once. */
type Run = { firstRow: number; from: number; end: number };

function runsOf({ firstRows, counts }: NeuronOrder): Run[] {
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

/** The mean of each track's segments; of what is no finite number, 0. */
function trackMeans(values: Float32Array, counts: Int32Array): Float32Array {
  let at = 0;
  return Float32Array.from(counts, (count) => {
    let sum = 0;
    for (const end = at + count; at < end; at++) sum += values[at] as number;
    return Number.isFinite(sum) ? sum / count : 0;
  });
}

function look(order: NeuronOrder): SeenNeuron[] {
  const files = new ChunkFiles(order.directory, order.dimensions);
  const runs = runsOf(order);
  const values = new Float32Array(runs.at(-1)?.end ?? 0);
  try {
    return Array.from(order.features, (feature, seen) => {
      for (const { firstRow, from, end } of runs) files.readColumn(feature, firstRow, values.subarray(from, end));
      const means = trackMeans(values, order.counts);
      const names = order.labels.members.length === 0 ? [] : nameNeuron(means, order.labels, order.z);
      if ((seen + 1) % toldEvery === 0) port.postMessage({ done: seen + 1 } satisfies InspectAnswer);
      const sampled = Float32Array.from(order.sample, (track) => means[track] as number);
      return { feature, ...neuronStatistics(values, order.known), names, means: sampled };
    });
  } finally {
    files.close();
  }
}

try {
  port.postMessage({ neurons: look(workerData as NeuronOrder) } satisfies InspectAnswer);
} catch (error) {
  port.postMessage({ error: toAppError(error, 'look at the neurons').toData() } satisfies InspectAnswer);
}
