/** @file Reading columns of an index, one neuron after the other: what came is added to what was kept of those before. */
import { addedSums } from '../../inspect/index.ts';
import type { NeuronSums } from '../../inspect/index.ts';
import type { RowsOrder } from '../../service/index.ts';
import { ChunkFiles } from '../../store/activations/thread.ts';
import { ColumnReader } from './runs.ts';
import type { Told } from './told.ts';

/** The mean of each track's segments; of what is no finite number, 0. */
function trackMeans(values: Float32Array, counts: Int32Array, means: Float32Array): void {
  let at = 0;
  for (const [track, count] of counts.entries()) {
    let sum = 0;
    for (const end = at + count; at < end; at++) sum += values[at] as number;
    means[track] = Number.isFinite(sum) ? sum / count : 0;
  }
}

/** A neuron's values on all segments of tracks, which lie in the same memory for every neuron. */
function columnsOf(files: ChunkFiles, tracks: { firstRows: Int32Array; counts: Int32Array }): (feature: number) => Float32Array {
  const column = new ColumnReader(files, tracks);
  let values: Float32Array | undefined;
  return (feature) => {
    values ??= new Float32Array(column.length);
    column.read(feature, values);
    return values;
  };
}

/** Reads each neuron's column. */
export function readSums({ directory, dimensions, features, means, ...order }: RowsOrder, told: Told): NeuronSums[] {
  const { firstRows, counts, from, before, known } = order;
  const files = new ChunkFiles(directory, dimensions);
  const fresh = columnsOf(files, { firstRows: firstRows.subarray(from), counts: counts.subarray(from) });
  const all = columnsOf(files, { firstRows, counts });
  try {
    return Array.from(features, (feature, seen) => {
      const values = fresh(feature);
      trackMeans(values, counts.subarray(from), means.values.subarray(feature * means.tracks, (feature + 1) * means.tracks));
      const sums = addedSums(before?.[seen] ?? null, { fresh: values, known, all: () => all(feature) });
      told(seen + 1);
      return sums;
    });
  } finally {
    files.close();
  }
}
