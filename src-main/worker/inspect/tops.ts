/** @file Finding where neurons give most, one column of an index after the other. */
import { topPlaces } from '../../inspect/index.ts';
import type { TopsOrder } from '../../service/index.ts';
import { ChunkFiles } from '../../store/activations/thread.ts';
import { ColumnReader } from './runs.ts';
import type { Told } from './told.ts';

/** Of each neuron that is asked about, the places of its top segments when all tracks’ follow each other. */
export function tops(order: TopsOrder, told: Told): Int32Array[] {
  const files = new ChunkFiles(order.directory, order.dimensions);
  const column = new ColumnReader(files, order);
  const values = new Float32Array(column.length);
  try {
    return Array.from(order.features, (feature, seen) => {
      column.read(feature, values);
      told(seen + 1);
      return topPlaces(values, order.most);
    });
  } finally {
    files.close();
  }
}
