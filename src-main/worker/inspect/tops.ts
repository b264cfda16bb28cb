/** @file Finding where neurons give most, one column of an index after the other. */
import { topPlaces } from '../../inspect/index.ts';
import type { TopsOrder } from '../../service/index.ts';
import { ChunkFiles } from '../../store/activations/thread.ts';
import { readRuns, runsOf } from './runs.ts';
import type { Told } from './told.ts';

/** Of each neuron that is asked about, the places of its top segments when all tracks’ follow each other. */
export function tops(order: TopsOrder, told: Told): Int32Array[] {
  const files = new ChunkFiles(order.directory, order.dimensions);
  const runs = runsOf(order);
  const values = new Float32Array(runs.at(-1)?.end ?? 0);
  try {
    return Array.from(order.features, (feature, seen) => {
      readRuns(files, runs, feature, values);
      told(seen + 1);
      return topPlaces(values, order.most);
    });
  } finally {
    files.close();
  }
}
